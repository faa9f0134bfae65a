/** The fields of a Word document: what their instructions say, and what they fetch where no result is stored. */

import { isForeign } from '../text/spellings.ts'

interface OpenField {
  instruction: string
  isInstruction: boolean
  readonly isDirty: boolean
  readonly shownBefore: number
}

export function createFields() {
  const open: OpenField[] = []
  const counts = { drawn: 0, linked: 0 }
  /** How much text was shown so far: a field that adds none has no result. */
  let shown = 0
  const fetches = { data: false, blocks: false }

  /** What the instruction says. */
  function end(instruction: string, isEmpty: boolean): readonly string[] {
    const name = nameOf(instruction)
    if (drawnField.test(instruction)) counts.drawn++
    if (isEmpty && linkedFields.has(name)) counts.linked++
    if (isEmpty && dataFields.has(name)) fetches.data = true
    if (isEmpty && blockFields.has(name)) fetches.blocks = true
    if (name === 'HYPERLINK') return tipsOf(instruction)
    if (name === '' || drawnField.test(instruction)) return []
    const isSaid = isEmpty && (wordedFields.has(name) || isForeign(instruction))
    return isSaid || !plainFields.has(name) || isWorded(instruction) ? [instruction.trim()] : []
  }

  return {
    counts,
    fetches,
    isInInstruction: () => open.at(-1)?.isInstruction === true,
    /** Text of a run: a part of the instruction, or shown. */
    addShown(text: string): void {
      const field = open.at(-1)
      if (field?.isInstruction === true) field.instruction += text
      else shown += text.length
    },
    appendInstruction(text: string): void {
      const field = open.at(-1)
      if (field !== undefined) field.instruction += text
    },
    /** Returns what the instruction of a field that ends here says. */
    visitCharacter(type: string | undefined, isDirty: boolean): readonly string[] {
      const field = open.at(-1)
      if (type === 'begin') {
        open.push({ instruction: '', isInstruction: true, isDirty, shownBefore: shown })
      } else if (type === 'separate' && field !== undefined) {
        field.isInstruction = false
      } else if (type === 'end' && field !== undefined) {
        open.pop()
        return end(field.instruction, field.isDirty || shown === field.shownBefore)
      }
      return []
    },
    /** A field with its instruction in one place; the function that is returned ends it. */
    beginSimple(instruction: string, isDirty: boolean): () => readonly string[] {
      const before = shown
      return () => end(instruction, isDirty || shown === before)
    },
    /** What breaks off before it ends. */
    finish: () => open.splice(0).flatMap(field => end(field.instruction, true)),
  }
}

function nameOf(instruction: string): string {
  return /^\s*(?:=|[\p{L}\p{N}]+)/u.exec(instruction)?.[0].trim().toUpperCase() ?? ''
}

/** The tips of a link, unless they repeat its address as many writers do. */
function tipsOf(instruction: string): readonly string[] {
  const [, address] = /"([^"]*)"/.exec(instruction) ?? []
  return Array.from(instruction.matchAll(screenTip), ([, quoted, bare]) => quoted ?? bare ?? '')
    .filter(tip => tip !== address)
    .map(tip => tip.replaceAll('\\"', '"'))
}

/** Whether the picture of a date or number adds words other than those of dates and amounts. */
function isWorded(instruction: string): boolean {
  return Array.from(instruction.matchAll(picture)).some(([, quoted = '', bare = '']) =>
    isForeign((quoted + bare).replaceAll(units, '')),
  )
}

const picture = /\\[@#]\s{0,20}(?:["“]([^"“”]*)["”]|([^\s"“\\]+))/g
const units = /[年月日时時分秒上下午星期周第页頁元万亿]/g

/** Fields that show what their instruction says, and not a result that is text: enclosed and stacked characters, buttons, bar codes. */
const drawnField = /^\s*(?:EQ|SYMBOL|MACROBUTTON|GOTOBUTTON|INCLUDEPICTURE|IMPORT|PRINT|(?:DISPLAY|MERGE)?BARCODE)\b/i

/** The tip of a link: `\o "tip"`, or one word without quotation marks. */
const screenTip = /\\o\s+(?:["“]((?:[^"“”\\]|\\")*)["”]|([^\s"“\\]+))/gi

/** Fields whose instruction names what is to be shown, and does not say it; the result that was stored is read as text. */
const plainFields = new Set(
  `= ADDIN ADDRESSBLOCK ADVANCE AUTHOR AUTONUM AUTONUMLGL AUTONUMOUT AUTOTEXT BARCODE BIBLIOGRAPHY CITATION COMMENTS COMPARE CONTROL
  CREATEDATE DATABASE DATE DDE DDEAUTO DISPLAYBARCODE DOCPROPERTY DOCVARIABLE EDITTIME EMBED EQ FILENAME FILESIZE FORMCHECKBOX
  FORMDROPDOWN FORMTEXT GLOSSARY GREETINGLINE HTMLACTIVEX INCLUDEPICTURE INCLUDETEXT INDEX INFO KEYWORDS LASTSAVEDBY LINK LISTNUM
  MERGEBARCODE MERGEFIELD MERGEREC MERGESEQ NEXT NOTEREF NUMCHARS NUMPAGES NUMWORDS PAGE PAGEREF PRINT PRINTDATE PRIVATE QUOTE RD REF REVNUM
  SAVEDATE SECTION SECTIONPAGES SEQ SHAPE STYLEREF SUBJECT SYMBOL TA TC TEMPLATE TIME TITLE TOA TOC USERADDRESS USERINITIALS USERNAME
  XE`.split(/\s+/),
)

/** Those among them that may say it as well. */
const wordedFields = new Set(['QUOTE', 'GREETINGLINE', 'LISTNUM'])

/** Fields that show another file. */
const linkedFields = new Set(['INCLUDETEXT', 'LINK', 'DDE', 'DDEAUTO', 'DATABASE', 'RD'])

/** Fields that show a building block. */
const blockFields = new Set(['AUTOTEXT', 'GLOSSARY'])

/** Fields that show what is stored with the document, when they are brought up to date. */
const dataFields = new Set(
  'AUTHOR COMMENTS DOCPROPERTY DOCVARIABLE INFO KEYWORDS LASTSAVEDBY SUBJECT TITLE USERADDRESS USERNAME'.split(' '),
)
