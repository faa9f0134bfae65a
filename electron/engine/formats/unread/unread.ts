import { type Remark, remark } from '../../../../shared/remarks/index.ts'
import type { Family, Signature } from '../family.ts'
import { namedByStart, namedByType } from './signatures.ts'

/** What is recognised and cannot be read yet, so that it is refused under its true name. */
export const unread: Family = {
  formats: [],
  announced: ({ latin1 }) => {
    const what = documentAsText(latin1)
    return what === null ? null : { kind: 'unsupported', what }
  },
  signed: ({ latin1 }, signature) => {
    const what = namedByStart(latin1) ?? (signature === null ? null : namedByType(signature.mime, signature.extension))
    return what === null ? null : { kind: 'unsupported', what }
  },
  packages: [
    { root: 'VisioDocument', is: 'visio_drawing' },
    { ending: '.bin', usualPart: 'xl/workbook.bin', is: 'binary_workbook' },
  ],
  archived: ({ names, mime }) => {
    if (/opendocument\./.test(mime)) return refused(remark('open_document'))
    const known =
      byMime.find(([type]) => type.test(mime)) ??
      byNames.find(([patterns]) => patterns.every(pattern => names.some(name => pattern.test(name))))
    return known === undefined ? null : refused(known[1])
  },
  compounds: [
    [/^EncryptedPackage$/, remark('encrypted_document')],
    [/^PowerPoint Document$/, remark('old_presentation')],
    [/^__properties_version1\.0$/, remark('outlook_message')],
    [/^VisioDocument$/, remark('visio_drawing')],
    [/^Quill$/, remark('paged_file', { name: 'Publisher' })],
    [/HwpSummaryInformation$|^BodyText$/, remark('paged_file', { name: 'HWP' })],
    [/^ClassDirectory3$/, remark('design_file', { name: '3ds Max' })],
    // Names of its tables, in characters of the installer's own.
    [/^\u4840/, remark('program', { name: 'MSI' })],
  ],
}

function refused(what: Remark) {
  return { kind: 'unsupported', what } as const
}

const byMime: readonly (readonly [RegExp, Remark])[] = [
  [/corel\.draw/, remark('design_file', { name: 'CorelDRAW' })],
  [/^application\/vnd\.adobe\.sparkler/, remark('design_file', { name: 'Adobe XD' })],
  [/indesign-idml/, remark('design_file', { name: 'InDesign' })],
  [/^application\/x-krita/, remark('design_file', { name: 'Krita' })],
  [/^image\/openraster/, remark('design_file', { name: 'OpenRaster' })],
]

/** Archives that hold all of these names. */
const byNames: readonly (readonly [names: readonly RegExp[], is: Remark])[] = [
  [[/^ofd\.xml$/], remark('ofd_document')],
  [[/^fixeddocseq\.fdseq$|\.fdseq$/], remark('xps_document')],
  [[/^androidmanifest\.xml$|^meta-inf\/manifest\.mf$|^payload\/[^/]+\.app\/info\.plist$/], remark('program_archive')],
  [[/^index\/.*\.iwa$|^index\.zip$|^index\.apxl(?:\.gz)?$/], remark('iwork_document')],
  [[/^index\.xml(?:\.gz)?$/, /^buildversionhistory\.plist$/], remark('iwork_document')],
  [[/^content\/riffdata\.cdr$/], remark('design_file', { name: 'CorelDRAW' })],
  [[/^designmap\.xml$/], remark('design_file', { name: 'InDesign' })],
  [[/^document\.json$/, /^meta\.json$/, /^pages\/.*\.json$/], remark('design_file', { name: 'Sketch' })],
  [[/^canvas\.fig$/], remark('design_file', { name: 'Figma' })],
  [[/^document\.archive$/, /^quicklook\//], remark('design_file', { name: 'Procreate' })],
  [[/^content\.json$/, /^metadata\.json$/], remark('mind_map', { name: 'XMind' })],
  [[/^content\.xml$/, /^(?:meta|styles)\.xml$/, /^meta-inf\/manifest\.xml$/], remark('mind_map', { name: 'XMind' })],
  [[/^document\.xml$/, /^(?:xsd\/|bin\/|preview\.png$)/], remark('mind_map', { name: 'MindManager' })],
]

/** Says of bytes with a signature that no family takes what they are. */
export function unreadBySignature({ mime, extension }: Signature): Remark {
  const name = extension.toUpperCase()
  if (mime.startsWith('audio/')) return remark('untaken_audio', { name })
  if (mime.startsWith('image/')) return remark('unread_image', { name })
  if (mime.startsWith('font/')) return remark('font', { name })
  if (/x-msdownload|x-elf|mach-binary|x-executable|wasm|java/.test(mime)) return remark('program', { name })
  if (/zip|rar|7z|tar|compress|gzip|xz|zstd|lz|cab|archive/.test(mime)) return remark('archive', { name })
  return remark('other_type', { name })
}

/** How far from its beginning readers look for a document's mark: blank lines, a byte-order mark and rubbish may stand before it. */
const markReach = 1024

/** What programs that read on find behind that, by marks that no text has in a line's first place. */
function laterDocument(letters: string): Remark | null {
  if (/(?:^|[\r\n])%PDF-\d\.\d/.test(letters) && /\d \d{1,5} obj\b/.test(letters)) return remark('pdf')
  if (/\{\\u?rtf\d?\\(?:ansi|mac|pca?|adeflang|fbidis)/.test(letters)) return remark('rtf')
  if (/%!PS-Adobe-\d/.test(letters)) return remark('postscript')
  return null
}

/** Formats that begin with readable words but are no text to be screened. */
function documentAsText(letters: string): Remark | null {
  // Begins as a text in UTF-16 does.
  if (letters.startsWith('\xff\xfe\xff\x0eS\0k\0e\0t\0c\0h')) return remark('design_file', { name: 'SketchUp' })
  const start = letters.slice(0, markReach)
  const rtf = start.indexOf('{\\rtf')
  if (rtf >= 0 && (beginsLine(start, rtf) || /^\{\\rtf\d?\\(?:ansi|mac|pca?|adeflang|fbidis)/.test(start.slice(rtf)))) {
    return remark('rtf')
  }
  const postscript = start.indexOf('%!PS')
  if (postscript >= 0 && beginsLine(start, postscript)) {
    return remark(/^%%Creator: *Adobe Illustrator/m.test(letters) ? 'illustrator_without_pdf' : 'postscript')
  }
  const later = laterDocument(letters)
  if (later !== null) return later
  const first = start.replace(/^\xef\xbb\xbf/, '').trimStart()
  if (/^%FDF-\d/.test(first)) return remark('pdf')
  if (
    /^0\s+SECTION\s+2\s+(?:HEADER|CLASSES|TABLES|BLOCKS|ENTITIES)\s/.test(first) ||
    /^999\s[^\n]*\n\s*0\s+SECTION\s/.test(first)
  )
    return remark('design_file', { name: 'DXF' })
  if (/^P7\s+(?:#[^\n]*\n\s*)*WIDTH \d|^P[Ff]\s\d+ \d+\s-?[\d.]+\s/.test(first))
    return remark('unread_image', { name: 'PNM' })
  if (/^#\?(?:RADIANCE|RGBE)\s/.test(first)) return remark('unread_image', { name: 'HDR' })
  if (/^#FIG \d/.test(first)) return remark('unread_image', { name: 'FIG' })
  // Pictures whose pixels are written in digits or letters.
  if (/^P[123]\s+(?:#[^\n]*\n\s*)*\d+\s+(?:#[^\n]*\n\s*)*\d+\s/.test(first.slice(0, 512)))
    return remark('unread_image', { name: 'PNM' })
  if (/(?:^|\n)\/\*\s*XPM\s*\*\//.test(first)) return remark('unread_image', { name: 'XPM' })
  if (/^#define\s+\w{0,200}_?width\s+\d+\s+#define\s+\w{0,200}_?height\s+\d/.test(first))
    return remark('unread_image', { name: 'XBM' })
  return null
}

function beginsLine(start: string, at: number): boolean {
  return /(?:^|[\r\n])[\t \xef\xbb\xbf]*$/.test(start.slice(0, at))
}
