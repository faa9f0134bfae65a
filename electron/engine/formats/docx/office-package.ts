import { posix } from 'node:path'
import type { Failure } from '../../../../shared/conclusion.ts'
import type { FailureCode } from '../../../../shared/failures.ts'
import { type Remark, remark } from '../../../../shared/remarks/index.ts'
import { inputFailure } from '../../base/input-failure.ts'
import {
  readZipDirectory,
  readZipDirectoryIn,
  unpackEntry,
  unpackEntryIn,
  type ZipEntry,
} from '../archives/zip-archive.ts'
import type { DocumentFile } from '../documents/document.ts'
import { readXml, type Take, type XmlElement } from '../xml/read-xml.ts'

/** Why a document cannot be read at all; `documentFailure` makes a failure of it. */
export class DocumentError extends Error {
  readonly code: FailureCode
  readonly remark: Remark
  constructor(code: FailureCode, why: Remark) {
    super(why.code)
    this.code = code
    this.remark = why
  }
}

export interface Relationship {
  readonly id: string
  /** Last word of its type; the rest differs between the transitional and the strict form of the format. */
  readonly type: string
  /** Name of the part it leads to; null when that is outside the document. */
  readonly part: string | null
}

/** The parts of an Office document (OPC: a zip of parts that name each other by relationships). Names are in lower case. */
export interface OfficePackage {
  readonly kind: 'package'
  readonly names: readonly string[]
  has(name: string): boolean
  /** `take` as for `readXml`. */
  read(name: string, take?: Take): Promise<XmlElement>
  /** A file as it is, of at most `maxBytes`, which do not count as XML. */
  bytesOf(name: string, maxBytes: number): ReturnType<typeof unpackEntry>
  /** Those of a part; those of the package itself by the empty name. */
  relationshipsOf(name: string): Promise<readonly Relationship[]>
}

/** All XML of the document together may unpack to `maxBytes`. Throws `DocumentError`, as do the functions of what it returns. */
export function openPackage(source: PackageSource, maxBytes: number): OfficePackage | Failure {
  const archive = source instanceof Uint8Array ? readZipDirectory(source) : readZipDirectoryIn(source)
  if (archive.kind === 'failure') return archive
  const unpack: Unpack = (entry, most) =>
    source instanceof Uint8Array ? unpackEntry(source, entry, most) : unpackEntryIn(source, entry, most)
  return createPackage(unpack, archive.entries, maxBytes)
}

/** A package that lies in memory whole, or one whose parts are read when they are wanted. */
export type PackageSource = Uint8Array | Pick<DocumentFile, 'sizeBytes' | 'read'>

type Unpack = (entry: ZipEntry, maxBytes: number) => ReturnType<typeof unpackEntry>

/** The failure for what was thrown while a package was read; anything that says nothing about the document is thrown again. */
export function documentFailure(error: unknown): Failure {
  if (error instanceof DocumentError) return inputFailure(error.code, [error.remark])
  throw error
}

function damaged(name: string): DocumentError {
  return new DocumentError('damaged_document', remark('damaged_part', { name }))
}

function createPackage(unpack: Unpack, entries: readonly ZipEntry[], maxBytes: number): OfficePackage | Failure {
  // Names of parts do not differ by case alone (OPC, part 2), and some writers use backslashes.
  const byName = new Map(entries.map(entry => [partName(entry.name), entry]))
  if (byName.size !== entries.length) return inputFailure('damaged_document', [remark('two_parts_of_one_name')])
  let left = maxBytes

  async function read(name: string, take?: Take): Promise<XmlElement> {
    const entry = byName.get(name)
    if (entry === undefined) throw new DocumentError('damaged_document', remark('missing_part', { name }))
    const unpacked = await unpack(entry, left)
    if (unpacked.kind === 'encrypted') throw new DocumentError('unsupported_type', remark('encrypted_document'))
    if (unpacked.kind === 'over limit') {
      throw new DocumentError('too_large', remark('unpacked_limit', { limit: maxBytes }))
    }
    if (unpacked.kind === 'damaged') throw damaged(name)
    left -= unpacked.bytes.length
    try {
      return readXml(decodePart(unpacked.bytes), take)
    } catch {
      throw damaged(name)
    }
  }

  const relationships = new Map<string, Promise<readonly Relationship[]>>()
  async function readRelationships(name: string): Promise<readonly Relationship[]> {
    const folder = posix.dirname(name)
    const file = posix.join(folder, '_rels', `${posix.basename(name)}.rels`)
    if (!byName.has(file)) return []
    const root = await read(file)
    return root.children.flatMap(child => (child.kind === 'element' ? [relationshipOf(child, folder)] : []))
  }

  return {
    kind: 'package',
    names: [...byName.keys()],
    has: name => byName.has(name),
    read,
    bytesOf: async (name, maxBytes) => {
      const entry = byName.get(name)
      return entry === undefined ? { kind: 'damaged' } : await unpack(entry, maxBytes)
    },
    relationshipsOf(name) {
      const known = relationships.get(name) ?? readRelationships(name)
      relationships.set(name, known)
      return known
    },
  }
}

function partName(name: string): string {
  return name.replaceAll('\\', '/').replace(/^\/+/, '').toLowerCase()
}

/** XML of documents is UTF-8 or UTF-16; a part that declares anything else would be read in another way by other programs. */
function decodePart(bytes: Uint8Array): string {
  const encoding =
    bytes[0] === 0xff && bytes[1] === 0xfe ? 'utf-16le' : bytes[0] === 0xfe && bytes[1] === 0xff ? 'utf-16be' : 'utf-8'
  const text = new TextDecoder(encoding, { fatal: true }).decode(bytes)
  const declared = /^\s*<\?xml\s[^>]{0,200}?encoding\s*=\s*["']([\w.-]{1,40})["']/.exec(text)?.[1]?.toLowerCase()
  if (declared !== undefined && !/^(?:utf-?8|us-ascii|utf-?16(?:le|be)?)$/.test(declared)) throw new Error(declared)
  return text
}

function relationshipOf(element: XmlElement, folder: string): Relationship {
  const value = (name: string) => element.attributes.find(each => each.local === name)?.value ?? ''
  const id = value('Id')
  const type = value('Type').split('/').at(-1) ?? ''
  if (value('TargetMode') === 'External') return { id, type, part: null }
  const [target = ''] = value('Target').replaceAll('\\', '/').split('#')
  const path = posix.join('/', target.startsWith('/') ? '' : folder, decoded(target))
  return { id, type, part: path.slice(1).toLowerCase() }
}

function decoded(target: string): string {
  try {
    return decodeURI(target)
  } catch {
    return target
  }
}

/** Names of the files that no relationship leads to from any part: nothing shows them, but nobody here knows what they are for. */
export async function unlinkedOf(parts: OfficePackage): Promise<readonly string[]> {
  const reached = new Set<string>([''])
  for (const name of reached) {
    for (const { part } of await parts.relationshipsOf(name)) if (part !== null) reached.add(part)
  }
  return parts.names.filter(name => !reached.has(name) && !belongsToPackage.test(name))
}

/** The list of types, relationships, folders, and what Office throws away and leaves in the file. */
const belongsToPackage = /^\[content_types\]\.xml$|(?:^|\/)_rels\/[^/]*\.rels$|\/$|^\[trash\]\//

/** What a package itself leads to besides its main part: who wrote it and when, its preview, signatures, labels. */
const besideMain = new Set([
  'officeDocument',
  'core-properties',
  'extended-properties',
  'extendedProperties',
  'custom-properties',
  'thumbnail',
  'origin',
  'classificationlabels',
])

/** Counts what else a package leads to; of two main parts programs differ in which they show. */
export function countUnknownBesideMain(own: readonly Relationship[]): number {
  const mains = own.filter(each => each.type === 'officeDocument').length
  return own.filter(each => !besideMain.has(each.type)).length + Math.max(0, mains - 1)
}
