import { createHash } from 'node:crypto'
import { isPicture } from '../office/package-media.ts'
import { decodeText } from '../text/decode-text.ts'
import { decodedAs, decodedWords, readingsOf } from './header.ts'
import { type Content, contentOf, type Entity, parseMail } from './mime.ts'

/** A part without parts. */
export interface Leaf {
  readonly entity: Entity
  readonly content: Content
  /** What people see it called; null where it has no name. */
  readonly name: string | null
}

export interface LeafText extends Leaf {
  readonly text: string
}

/** What is done with each part of a mail: every part is in one of these, and in no two. */
export interface MailContents {
  readonly root: Entity
  readonly entities: readonly Entity[]
  /** What a field of the header, or the charset of its words, is in where they do not say. */
  readonly charset: string | null
  readonly texts: readonly LeafText[]
  readonly pages: readonly LeafText[]
  /** Style sheets of its pages. */
  readonly sheets: readonly LeafText[]
  readonly pictures: readonly (Leaf & { readonly sha256: string })[]
  /** Files of their own, as those of an archive. */
  readonly attachments: readonly (Leaf & { readonly path: string })[]
  /** What is locked: its words are not in the file for anybody without the key. */
  readonly locked: readonly Entity[]
  /** By their types: what a program fetches elsewhere, and what cannot be decoded. */
  readonly unread: readonly { readonly entity: Entity; readonly why: 'kind' | 'encoding'; readonly name: string }[]
}

const pageTypes = /^(?:text\/(?:html|x-amp-html|watch-html)|application\/xhtml\+xml)$/
/** Shown among the words of the mail, whether or not they have a name. */
const textTypes =
  /^(?:text\/(?:plain|calendar|enriched|richtext|markdown|x-markdown|rfc822-headers)|message\/(?:delivery-status|disposition-notification|feedback-report|global-delivery-status|tracking-status))$/
/** Signatures and keys: programs check them, and show none of their letters. */
const silentTypes = /^application\/(?:(?:x-)?pkcs7-signature|pgp-signature|pgp-keys)$/
const lockedTypes = /^(?:multipart\/encrypted|application\/(?:(?:x-)?pkcs7-mime|pgp-encrypted|pgp))$/
const absentTypes = /^message\/(?:partial|external-body)$/
/** Code and fonts that a saved page names, whose reader says what they are to it. */
const pageParts = /^(?:(?:text|application)\/(?:x-|ecma|j)?(?:java)?script|font\/.+|application\/(?:x-)?font-.+)$/

/** Throws `TooManyParts`. */
export function contentsOf(bytes: Uint8Array): MailContents {
  const root = parseMail(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength))
  const entities = allOf(root)
  const charset =
    entities
      .map(({ parameters }) => parameters.get('charset') ?? '')
      .find(each => decodedAs(new Uint8Array(), each) !== null && !/^(?:us-)?ascii$/i.test(each)) ?? null
  const kept = {
    texts: [] as LeafText[],
    pages: [] as LeafText[],
    sheets: [] as LeafText[],
    pictures: [] as (Leaf & { sha256: string })[],
    locked: [] as Entity[],
    unread: [] as { entity: Entity; why: 'kind' | 'encoding'; name: string }[],
  }
  const isSavedPage = fieldOf(root, 'snapshot-content-location') !== '' || hasPage(root)
  const files: Leaf[] = []
  for (const entity of entities) {
    const { type, disposition } = entity
    if (lockedTypes.test(type)) kept.locked.push(entity)
    if (lockedTypes.test(type) || type.startsWith('multipart/') || silentTypes.test(type)) continue
    if (isSavedPage && pageParts.test(type)) continue
    const content = contentOf(entity)
    if (absentTypes.test(type) || content === null) {
      const name = content === null ? fieldOf(entity, 'content-transfer-encoding') : type
      kept.unread.push({ entity, why: 'kind', name })
      continue
    }
    const leaf = { entity, content, name: entity.fileName }
    const isInline = disposition !== 'attachment'
    const into = !isInline
      ? null
      : pageTypes.test(type)
        ? kept.pages
        : type === 'text/css'
          ? kept.sheets
          : isShown(entity)
            ? kept.texts
            : null
    if (into === null) {
      files.push(leaf)
      continue
    }
    const text = textOf(entity, content, charset)
    if (text === null) kept.unread.push({ entity, why: 'encoding', name: entity.parameters.get('charset') ?? '' })
    else into.push({ ...leaf, text })
  }
  const shown = kept.pages.map(({ text }) => text).join('\n')
  const attachments: Leaf[] = []
  for (const leaf of files) {
    const { entity, content } = leaf
    const isAsked = entity.disposition !== 'attachment' || isNamed(entity, shown)
    if (isAsked && isPicture(content.bytes))
      kept.pictures.push({ ...leaf, sha256: createHash('sha256').update(content.bytes).digest('hex') })
    else attachments.push(leaf)
  }
  return { root, entities, charset, ...kept, attachments: named(attachments) }
}

/** A page that was saved with all that is on it: mails have no addresses of their own. */
function hasPage({ parts }: Entity): boolean {
  return parts.some(part => pageTypes.test(part.type) && /^(?:https?|file):/i.test(fieldOf(part, 'content-location')))
}

function isShown({ type, fileName }: Entity): boolean {
  return textTypes.test(type) || (type.startsWith('text/') && fileName === null && !/rtf|vcard/.test(type))
}

/** The parts of a mail in their order. What is locked has only parts that are locked with it. */
function allOf(entity: Entity): readonly Entity[] {
  return entity.type === 'multipart/encrypted' ? [entity] : [entity, ...entity.parts.flatMap(allOf)]
}

export function fieldOf({ header }: Entity, name: string): string {
  const value = header.find(each => each.name === name)?.value
  return value === undefined ? '' : decodedWords(readingsOf(value, null)[0] ?? '').text.trim()
}

/** Whether a page shows it by the name that the mail gives it. */
function isNamed(entity: Entity, pages: string): boolean {
  const id = fieldOf(entity, 'content-id').replace(/^<|>$/g, '')
  const location = fieldOf(entity, 'content-location')
  return (id !== '' && pages.includes(id)) || (location !== '' && pages.includes(location))
}

function textOf({ parameters, type }: Entity, { bytes }: Content, beside: string | null): string | null {
  const charset = parameters.get('charset') ?? (pageTypes.test(type) ? charsetIn(bytes) : '')
  const declared = charset === '' ? null : decodedAs(bytes, charset)
  if (declared !== null) return declared
  const decoded = decodeText(bytes)
  if (decoded.kind !== 'failure') return decoded.text
  return charset === '' && beside !== null ? decodedAs(bytes, beside) : null
}

function charsetIn(bytes: Buffer): string {
  return (
    /<meta[^<>]{0,200}?charset\s*=\s*["']?([\w-]{1,40})/i.exec(bytes.subarray(0, 2048).toString('latin1'))?.[1] ?? ''
  )
}

const endings: Readonly<Record<string, string>> = {
  'message/rfc822': 'eml',
  'message/global': 'eml',
  'text/html': 'html',
  'text/calendar': 'ics',
  'text/rtf': 'rtf',
  'application/rtf': 'rtf',
  'text/vcard': 'vcf',
  'text/x-vcard': 'vcf',
  'image/jpeg': 'jpg',
  'image/svg+xml': 'svg',
  'application/pdf': 'pdf',
  'application/ms-tnef': 'dat',
}

/** With a name for each, which is no path and which no other has: mails have many a `image001.png`. */
function named(files: readonly Leaf[]): MailContents['attachments'] {
  const taken = new Set<string>()
  return files.map(leaf => {
    const { type, path } = leaf.entity
    const own = (leaf.name ?? '').replaceAll(/[/\\\0]/g, '_').trim()
    const usual = `part ${path || '1'}.${endings[type] ?? /^(?:image|audio|video)\/([\w-]+)$/.exec(type)?.[1] ?? 'bin'}`
    const name = /^\.*$/.test(own) ? usual : own
    let free = name
    for (let number = 2; taken.has(free); number++)
      free = name.replace(/(\.[^.]*)?$/, ending => ` (${number})${ending}`)
    taken.add(free)
    return { ...leaf, path: free }
  })
}
