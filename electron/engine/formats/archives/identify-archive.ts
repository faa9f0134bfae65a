import { posix } from 'node:path'
import { type Remark, remark } from '../../../../shared/remarks/index.ts'
import { peekEntry, type ZipEntry } from './zip-archive.ts'

/** What an archive is: a document that can be read, or what it truly is for the sentence that says why it cannot. */
export async function identifyArchive(
  bytes: Uint8Array,
  entries: readonly ZipEntry[],
): Promise<'docx' | 'workbook' | Remark> {
  const byName = new Map(
    entries.map(entry => [entry.name.replaceAll('\\', '/').replace(/^\/+/, '').toLowerCase(), entry]),
  )
  const peek = async (name: string) => {
    const entry = byName.get(name)
    return entry === undefined ? '' : new TextDecoder().decode((await peekEntry(bytes, entry)).subarray(0, peekedBytes))
  }
  const main = mainPartOf(await peek('_rels/.rels'))
  const part = main !== null && byName.has(main) ? main : usualParts.find(name => byName.has(name))
  if (part !== undefined) {
    if (byName.get(part)?.isEncrypted === true) return remark('encrypted_document')
    const root = rootOf(await peek(part))
    // Under its usual name a part that cannot be read is a damaged document, which its reader says.
    const what = byRoot[root] ?? (part.endsWith('.bin') ? 'binary_workbook' : byFolder[posix.dirname(part)])
    if (what !== undefined) return typeof what === 'string' && isReadable(what) ? what : remark(what)
  }
  const mime = (await peek('mimetype')).trim()
  if (mime.startsWith('application/epub')) return remark('epub_book')
  if (/opendocument\.(?:text|spreadsheet|presentation|graphics)/.test(mime)) return remark('open_document')
  for (const [pattern, code] of byNames) if ([...byName.keys()].some(name => pattern.test(name))) return remark(code)
  return remark(entries.some(entry => entry.isEncrypted) ? 'encrypted_archive' : 'archive')
}

/** Enough for the relationships of a package and for the first element of a part. */
const peekedBytes = 1 << 16

const usualParts = ['word/document.xml', 'xl/workbook.xml', 'ppt/presentation.xml', 'xl/workbook.bin']

const byRoot: Readonly<Record<string, 'docx' | 'workbook' | 'presentation' | 'visio_drawing'>> = {
  document: 'docx',
  workbook: 'workbook',
  presentation: 'presentation',
  VisioDocument: 'visio_drawing',
}
const byFolder: Readonly<Record<string, 'docx' | 'workbook' | 'presentation'>> = {
  word: 'docx',
  xl: 'workbook',
  ppt: 'presentation',
}

function isReadable(what: string): what is 'docx' | 'workbook' {
  return what === 'docx' || what === 'workbook'
}

const byNames = [
  [/^ofd\.xml$/, 'ofd_document'],
  [/^fixeddocseq\.fdseq$|\.fdseq$/, 'xps_document'],
  [/^androidmanifest\.xml$|^meta-inf\/manifest\.mf$/, 'program_archive'],
  [/^index\/.*\.iwa$|^index\.zip$/, 'iwork_document'],
] as const

/** The part that a package's relationships name as its document. */
function mainPartOf(relationships: string): string | null {
  for (const [tag] of relationships.matchAll(/<(?:\w+:)?Relationship\s[^<>]*>/g)) {
    const type = /\sType\s*=\s*["']([^"']*)["']/.exec(tag)?.[1] ?? ''
    const target = /\sTarget\s*=\s*["']([^"'#]*)["']/.exec(tag)?.[1]
    if (target === undefined || type.split('/').at(-1) !== 'officeDocument') continue
    return posix.join('/', target.replaceAll('\\', '/')).slice(1).toLowerCase()
  }
  return null
}

/** The local name of the first element. */
function rootOf(xml: string): string {
  return /<(?:[\w.-]+:)?([A-Za-z][\w.-]*)[\s>/]/.exec(xml.replaceAll(/<[?!][^<>]*>/g, ''))?.[1] ?? ''
}
