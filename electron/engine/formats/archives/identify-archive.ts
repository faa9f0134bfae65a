import { posix } from 'node:path'
import { type Remark, remark } from '../../../../shared/remarks/index.ts'
import type { ArchiveFormat, DocumentFormat, RowsFormat } from '../family.ts'
import { families } from '../registry.ts'
import { zip } from './archives.ts'
import type { ZipEntry } from './zip-archive.ts'

/**
 * The format that reads an archive by what the first bytes of its entries are, or what it truly is for the sentence that says why none
 * does. What is no document is a folder.
 */
export async function identifyEntries(
  entries: readonly ZipEntry[],
  peekAt: (entry: ZipEntry) => Promise<Uint8Array>,
): Promise<DocumentFormat | RowsFormat | ArchiveFormat | Remark> {
  const byName = new Map(
    entries.map(entry => [entry.name.replaceAll('\\', '/').replace(/^\/+/, '').toLowerCase(), entry]),
  )
  const peek = async (name: string) => {
    const entry = byName.get(name)
    return entry === undefined ? '' : new TextDecoder().decode((await peekAt(entry)).subarray(0, peekedBytes))
  }
  const packages = families.flatMap(family => family.packages ?? [])
  const main = mainPartOf(await peek('_rels/.rels'))
  const part =
    main !== null && byName.has(main)
      ? main
      : packages.find(({ usualPart }) => usualPart !== undefined && byName.has(usualPart))?.usualPart
  if (part !== undefined) {
    if (byName.get(part)?.isEncrypted === true) return remark('encrypted_document')
    const root = rootOf(await peek(part))
    // Under its usual name a part that cannot be read is a damaged document, which its reader says.
    const known =
      packages.find(each => each.root === root) ??
      packages.find(each => each.ending !== undefined && part.endsWith(each.ending)) ??
      packages.find(each => each.folder === posix.dirname(part))
    if (known !== undefined) return typeof known.is === 'string' ? remark(known.is) : known.is
  }
  const facts = { names: [...byName.keys()], mime: (await peek('mimetype')).trim() }
  for (const family of families) {
    const answer = family.archived?.(facts) ?? null
    if (answer?.kind === 'format') return answer.format
    if (answer?.kind === 'unsupported') return answer.what
  }
  return zip
}

/** Enough for the relationships of a package and for the first element of a part. */
const peekedBytes = 1 << 16

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
