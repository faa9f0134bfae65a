import type { XmlAttribute, XmlElement } from '../xml/read-xml.ts'

/**
 * What the markup of Office documents says of how things look and where they are, and not to a reader: fonts, colours, places, keys,
 * names of styles. Whatever is on none of these lists and is made of words is sent like the words between the tags, since nobody here
 * knows that it is not shown. (ECMA-376 parts 1 and 4, and Microsoft's extensions [MS-DOCX], [MS-XLSX], [MS-ODRAWXML].)
 */

const wordsOf = (text: string): readonly string[] => text.trim().split(/\s+/)

/** Attributes that mean the same wherever they are. */
const silentAttributes = new Set(
  wordsOf(`
  accent1 accent2 accent3 accent4 accent5 accent6 activePane algIdExt algorithmName algn alignment allowincell allowoverlap altLang
  anchor anchorId anchorx anchory appName arrowok ascii asciiTheme aspectratio author authorId axis b baseType bg1 bg2 bidi blackWhiteMode
  breakLatinWord breakNonLatinWord bullet button bwmode bwMode bwnormal bwpure calcMode cap caps cellComments charset checked clear
  clrIdx cmpd codeName color color2 colors comment compression conformance connectortype connecttype coordorigin coordsize cropping
  cryptAlgorithmClass cryptAlgorithmSid cryptAlgorithmType cryptProvider cs csCatId csTypeId cstate cstheme dT dataCaption dataCellStyle
  dataDxfId date dateUtc dateTimeGrouping defaultPivotStyle defaultSlicerStyle defaultTableStyle defaultTimelineStyle destination
  detectmouseclick dir displacedByCustomXml displayName documentId DrawAspect drawAspect dropCap dropStyle dropLines durableId dvAspect
  eastAsia eastAsiaTheme edGrp ed editAs editas elementFormDefault endarrow endarrowlength endarrowwidth eqn errorStyle errors ext
  extrusionok f face fill fillcolor filled fillok fillmethod fitpath fitshape fldCharType flip fmla fmlaGroup fmlaLink fmlaPict fmlaRange
  fmlaTxbx fmt folHlink font fontAlgn fontKey formatColumns forceAspect forceaspect from gfxdata gradientshapeok grouping
  hAnchor hAnsi hAnsiTheme hRule hash hashValue headerRowCellStyle hint hlink horizontal horiz horzAnchor horzOverflow hr hralign
  hrnoshade hrpct hrstd iconSet idx Ignorable imeMode indent initials inset insetmode insetpen instance joinstyle kern lang lastGuid
  layoutInCell layoutincell leader legacySpreadsheetColors len lengthspecified lim limo lineRule linePitch lineSpacingType linestyle
  lineunion link linktarget listName loCatId loTypeId location lvl macro matrix method minVer mirrorIndents moveWithCells
  MustUnderstand name2 nameIndex noGrp objectType ObjectType obscured offset offset2 offsetFrom ole on oned opacity operator orient
  orientangle orientation origin pageOrder pane panose1 paraId parent parentTextId password path patternType phldrT phldr pitchFamily
  pivot pointsTo position preferrelative prefixMappings PreserveAttributes PreserveElements presId presName presStyleLbl prevContent
  ProcessContent progId ProgID prompt2 providerId prst prstMaterial qsCatId qsTypeId r refMode referenceMode relativeFrom relativeTo
  Requires revisionsPassword rgb rig rotation roundtripDataSignature rsid rsidDel rsidP rsidR rsidRDefault rsidRPr rsidSect rsidTr
  rule saltValue schemaLocation scheme script securityDescriptor selection selectionMode shadowok shapeId ShapeID shapetype
  showObjects side sig singleclick sizerelh sizerelv smartTagType sortMethod sourceObject space spc spcCol specularity spid sqref src
  srcId stAng startarrow startarrowlength startarrowwidth state storeItemID strike stringRefSyntax strokecolor stroked strokeok
  strokeweight style styleId styleName sx sy subtype tableBorderDxfId tableType tblpXSpec tblpYSpec textAlignment textId textlink
  textpathok tgtFrame themeColor themeFill themeFillShade themeFillTint themeShade themeTint timePeriod tip to totalsRowCellStyle
  totalsRowFunction totalsRowLabel trim tx1 tx2 typeface Type u UpdateMode uid uniqueName updateLinks uri url userId userName v
  vAnchor vert vertAnchor vertOverflow vertical view viewBox visibility w weight wR wrap wrapText wrapcoords workbookAlgorithmName
  workbookHashValue workbookPassword workbookSaltValue revisionsAlgorithmName revisionsHashValue revisionsSaltValue xAlign xf
  xmlDataType xpath xrange xscale xy yAlign yrange yscale zOrderOff xmlns
  `),
)

/** Attributes of many meanings, by the elements on which they are silent. */
const silentOn: Readonly<Record<string, ReadonlySet<string>>> = Object.fromEntries(
  Object.entries({
    display: 'hyperlink pgBorders cTn',
    element: 'customXml smartTag',
    name: `attr bookmarkStart cNvPr cellStyle control controlPr customPr customWorkbookView definedName docPr feature gd
      moveFromRangeStart moveToRangeStart protectedRange sheet style table tableColumn tableStyle tableStyleInfo font scenario
      customSheetView cfStyle slicer slicerStyle timelineStyle person cSld sdtName pic ext inkGrp oleObj snd wavAudioFile`,
    ref: 'c row table autoFilter sortState sortCondition mergeCell hyperlink dimension comment f threadedComment',
    t: 'c f v comment rect',
    text: 'cfRule lock',
    // The name of the picture's file, as it was when it was put in.
    title: 'fill imagedata stroke',
    type: `bottom br buAutoNum cat cfRule cfvo clrScheme cxn dataValidation dataField docGrid endnote fill fld footerReference footnote
      fgColor hdr headerReference headEnd ftr left pgNumType phoneticPr proofErr pt right sectPr shadow shape stretch sheet tab tableStyleElement
      tailEnd tblCellSpacing tblInd tblLayout tblStylePr tblW tcW top trPr wAfter wBefore wrap ph path gradientFill axis extrusion
      callout skew comp calculatedColumn tcMar start end rule presOf constr alg layoutNode forEach sampData pivotArea i filter
      dimension data axisTitle dataLabels numDim strDim series layoutPr tx colorStyle sldSz sldLayout cmd iterate`,
    val: `adjustRightInd algn alignment appearance argPr attr autoHyphenation axPos barDir bdo bdr between bottom builtInUnit calendar
      charset clrSchemeMapping cnfStyle color compatSetting crossBetween crosses defTabStop degHide
      dispBlanksAs dLblPos docPart docPartGallery docPartUnique drop dir eastAsianLayout effect em endnotePr errBarType errDir
      errValType family filter fitText fldSimple flip footnotePr formatting gapWidth grouping gutter h highlight hpsMeasure insideH
      insideV insideHorz jc kern lang layoutTarget lblAlgn left legendPos lid limLoc link lock lvlJc lvlRestart lvlSuff majorTickMark
      majorTimeUnit mathFont mcJc mcPos minorTickMark minorTimeUnit multiLevelType name naryLim nsid nsmgr numFmt numForm numId
      numRestart numSpacing orientation outlineLvl ofPieType pStyle pgBorders pos position prstClr prstDash prstTxWarp
      radarStyle rFont rStyle resizeHandles right rubyAlign scatterStyle scheme schemeClr scr shape shd shp sizeRepresents sizeAt
      snapToGrid specVanish splitType start end storeMappedDataAs sty style styleLink stylisticSets suff suppressLineNumbers symbol
      sysClr tab tag tblDir tblOverlap tblStyle tblLook tcFitText textAlignment textboxTightWrap textDirection textFlow themeFontLang
      tickLblPos timeUnit tmpl top trendlineType tl2br tr2bl type u umbrella vAlign vAnchor vMerge hMerge vertAlign vertJc w wAfter
      wBefore webHidden writingMode x xMode y yMode zOrder ligatures cntxtAlts glow props3d headers rtl id uiPriority panose1 pitch
      sig sqref stopIfTrue protocol trPr background altName gender cx baseTimeUnit trendlineLbl tileAlign outline thickness
      numStyleLink pBdr lnNumType bar noEndnote tagId filterVal srgbClr lumMod lumOff wrapText rtn strVal`,
    value: 'listItem',
    id: 'altChunk background drawing group line oval rect roundrect shape shapetype',
    idref: 'shape',
    instr: 'fldSimple',
    // Presentations: what a click does, how a slide comes and what moves on it when, and where the points of an outline are.
    action: 'hlinkClick hlinkHover hlinkMouseOver',
    sz: 'ph',
    spd: 'transition',
    transition: 'animEffect',
    filter: 'animEffect',
    ...Object.fromEntries(
      wordsOf(
        'dur restart nodeType presetClass syncBehavior evtFilter tmFilter masterRel repeatCount repeatDur evt delay nextAc prevAc',
      ).map(name => [name, 'cTn cond seq endSync']),
    ),
    valueType: 'anim',
    by: 'anim animMotion animScale animRot animClr',
    calcmode: 'anim',
    prLst: 'animEffect',
    pathEditMode: 'animMotion',
    ptsTypes: 'animMotion',
    clrSpc: 'animClr',
    cmd: 'cmd',
    build: 'bldP',
    bld: 'bldDgm bldChart bldOleChart bldSub',
    status: 'cm reply',
    layout: 'photoAlbum',
    frame: 'photoAlbum',
    invalStChars: 'kinsoku',
    invalEndChars: 'kinsoku',
    hashData: 'modifyVerifier',
    saltData: 'modifyVerifier',
    ...Object.fromEntries(wordsOf('l b').map(name => [name, 'rect'])),
    ...Object.fromEntries(wordsOf('x y').map(name => [name, 'pt pos'])),
    ...Object.fromEntries(wordsOf('hR swAng ang').map(name => [name, 'arcTo cxn'])),
    ...Object.fromEntries(
      wordsOf('gdRefX gdRefY gdRefR gdRefAng minX maxX minY maxY minR maxR minAng maxAng').map(name => [
        name,
        'ahXY ahPolar',
      ]),
    ),
    object: 'sig',
  }).map(([name, elements]) => [name, new Set(wordsOf(elements))]),
)

/** Elements whose text is a measure, a formula or a key. */
const silentTexts = new Set(
  wordsOf(`
  align posOffset pctHeight pctWidth pctPosHOffset pctPosVOffset FieldCodes instrText delInstrText fldData
  Anchor AutoFill AutoLine AutoPict AutoScale CF Checked Colored Column DDE Default DefaultSize Disabled Dx DropLines DropStyle
  FirstButton FmlaGroup FmlaLink FmlaMacro FmlaPict FmlaRange FmlaTxbx Horiz Inc JustLastX LCT LockText Locked LockedText MapOCX
  Max Min MoveWithCells MultiLine MultiSel NoThreeD NoThreeD2 Page PrintObject RecalcAlways Row RowHidden ColHidden ScriptExtended
  ScriptLanguage ScriptLocation ScriptText SecretEdit Sel SelType SizeWithCells TextHAlign TextVAlign UIObj VScroll VTEdit Val
  ValidIds Visible WidthMin
  attrName
  col row colOff rowOff f formula formulas formula1 formula2 sqref calculatedColumnFormula totalsRowFormula definedName id
  `),
)

/** Whether an attribute of this name, on this element, is never shown. */
function isSilent(element: string, attribute: string): boolean {
  return silentAttributes.has(attribute) || silentOn[attribute]?.has(element) === true
}

/** What an attribute says in words, when it is on no list. */
export function unlistedValue(element: XmlElement, { local, name, value }: XmlAttribute): readonly string[] {
  if (!hasWords(value)) return []
  if (local === 'formatCode') return literalsOfFormat(value)
  return isPlumbing(name, value) || isSilent(element.local, local) ? [] : [value]
}

/** What in `text`, which stands in `element` where no reader looks for text, is on no list and made of words. */
export function unlistedText(element: XmlElement, text: string): readonly string[] {
  if (!hasWords(text)) return []
  if (element.local === 'formatCode') return literalsOfFormat(text)
  return silentTexts.has(element.local) ? [] : [text]
}

/** Declarations of prefixes, and the keys of relationships. */
function isPlumbing(name: string, value: string): boolean {
  return name === 'xmlns' || name.startsWith('xmlns:') || (name.startsWith('r:') && /^[\x21-\x7e]{1,60}$/.test(value))
}

const units = /[年月日时時分秒上下午元万亿]/g

/** The words that a number format adds to a number, other than those of dates and amounts. */
export function literalsOfFormat(code: string): readonly string[] {
  const literals = (code.match(/"[^"]*"|\P{ASCII}/gu) ?? []).join('')
  if (!/\p{L}/u.test(literals.replaceAll(units, ''))) return []
  return [
    code.replaceAll(/"([^"]*)"|\[[^\]]{0,80}\]|[\\_*!](.)/gu, (_, quoted = '', escaped = '') => `${quoted}${escaped}`),
  ]
}

const measure =
  /^(?:true|false|auto|none|yes|no|on|off|t|f|#[\da-f]{3,8}|(?=[a-f]*\d)[\da-f]{3,12}|f{2,8}|\{?[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}\}?|rid\d+|[+-]?[\d.]+(?:e[+-]?\d+)?(?:pt|in|cm|mm|px|pc|em|emu|fd|f|%)?|\d{4}-\d\d-\d\d(?:t[\d:.z+-]*)?|\$?[a-z]{1,3}\$?\d{1,7}(?::\$?[a-z]{1,3}\$?\d{1,7})?)$/i

/** Whether a value has letters, and is no number, measure, colour, key, date or reference to cells. */
export function hasWords(value: string): boolean {
  if (!/\p{L}/u.test(value)) return false
  const trimmed = value.trim()
  return trimmed.length > 60 || !measure.test(trimmed)
}

/** Whether a value is packed data and no text: long, and of the letters of base64 or hexadecimal digits only. */
export function isPacked(value: string): boolean {
  return (
    value.length >= 256 && /^[A-Za-z0-9+/=\s_-]+$/.test(value) && !/[A-Za-z]\s+[A-Za-z]+\s/.test(value.slice(0, 256))
  )
}
