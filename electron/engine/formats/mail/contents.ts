import { createHash } from 'node:crypto'
import type { Failure } from '../../../../shared/conclusion.ts'
import { remark } from '../../../../shared/remarks/index.ts'
import { inputFailure } from '../../base/input-failure.ts'
import { isPicture } from '../office/package-media.ts'
import { decodeText } from '../text/decode-text.ts'
import { decodedAs, decodedWords, readingsOf } from './header.ts'
import { type Content, contentOf, type Entity, isMailbox, maxParts, parseMail, TooManyParts } from './mime.ts'

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
  readonly unread: readonly {
    readonly entity: Entity
    readonly why: 'kind' | 'encoding' | 'damage'
    readonly name: string
  }[]
}

const pageTypes = /^(?:text\/(?:html|x-amp-html|watch-html)|application\/xhtml\+xml)$/
/** Shown among the words of the mail, whether or not they have a name. */
const textTypes =
  /^(?:text\/(?:plain|calendar|enriched|richtext|markdown|x-markdown|rfc822-headers)|message\/(?:delivery-status|disposition-notification|feedback-report|global-delivery-status|tracking-status))$/
/**
 * Signatures, keys and what macOS keeps of a file beside it, by how they begin: programs show none of their letters. What else comes under
 * their types is a file as any other.
 */
const silent: readonly { readonly type: RegExp; begins(bytes: Buffer): boolean }[] = [
  { type: /^application\/(?:x-)?pkcs7-signature$/, begins: bytes => bytes[0] === 0x30 },
  { type: /^application\/pgp-(?:signature|keys)$/, begins: bytes => armour.test(bytes.toString('latin1')) },
  { type: /^application\/applefile$/, begins: bytes => bytes.toString('latin1', 0, 4) === '\0\x05\x16\x07' },
]
const armour = /^\s*-----BEGIN PGP [A-Z ]+-----[\w\s+/=:.()@<>,-]*-----END PGP [A-Z ]+-----\s*$/
const lockedTypes = /^(?:multipart\/encrypted|application\/(?:(?:x-)?pkcs7-mime|pgp-encrypted|pgp))$/
const absentTypes = /^message\/(?:partial|external-body)$/
/** Code and fonts that a saved page names, whose reader says what they are to it. */
const pageParts = /^(?:(?:text|application)\/(?:x-|ecma|j)?(?:java)?script|font\/.+|application\/(?:x-)?font-.+)$/

export function contentsOf(bytes: Uint8Array): MailContents | Failure {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (isMailbox(file)) return inputFailure('unsupported_type', [remark('mailbox', { name: 'MBOX' })])
  let root: Entity
  try {
    root = parseMail(file)
  } catch (error) {
    if (!(error instanceof TooManyParts)) throw error
    return inputFailure('too_large', [remark('mail_parts', { limit: maxParts })])
  }
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
    unread: [] as { entity: Entity; why: 'kind' | 'encoding' | 'damage'; name: string }[],
  }
  const isSavedPage = fieldOf(root, 'snapshot-content-location') !== '' || hasPage(root)
  const files: Leaf[] = []
  for (const entity of entities) {
    const { type, disposition } = entity
    if (lockedTypes.test(type)) kept.locked.push(entity)
    if (lockedTypes.test(type) || type.startsWith('multipart/')) continue
    if (isSavedPage && pageParts.test(type) && disposition !== 'attachment' && entity.fileName === null) continue
    const content = contentOf(entity)
    if (content !== null && isSilent(type, content)) continue
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
    if (text === null) {
      const why = content.isDamaged ? 'damage' : 'encoding'
      kept.unread.push({ entity, why, name: entity.parameters.get('charset') ?? '' })
    } else into.push({ ...leaf, text })
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

function isSilent(type: string, { bytes, isDamaged }: Content): boolean {
  return !isDamaged && silent.some(each => each.type.test(type) && each.begins(bytes))
}

function textOf(entity: Entity, content: Content, beside: string | null): string | null {
  const text = decodedText(entity, content, beside)
  if (text === null) return null
  const { parameters, type } = entity
  const isFlowed = type === 'text/plain' && /^flowed$/i.test(parameters.get('format') ?? '')
  const shown = withoutControls(text)
  return isFlowed && /^yes$/i.test(parameters.get('delsp') ?? '') ? unflowed(shown) : shown
}

/** Programs drop them between letters, or show nothing for them. */
export function withoutControls(text: string): string {
  return text.replaceAll(/[^\P{Cc}\s\x85]/gu, '')
}

/** Lines that go on behind a space, which is not shown, at the same depth of quoting (RFC 3676, 4). */
function unflowed(text: string): string {
  const lines: { depth: string; text: string }[] = []
  let goesOn = false
  for (const line of text.split(/\r\n|\r|\n/)) {
    const depth = /^>*/.exec(line)?.[0] ?? ''
    const own = line.slice(depth.length).replace(/^ /, '')
    const isSignature = own === '-- '
    const last = lines.at(-1)
    if (goesOn && !isSignature && last?.depth === depth) last.text = last.text.slice(0, -1) + own
    else lines.push({ depth, text: own })
    goesOn = own.endsWith(' ') && !isSignature
  }
  return lines.map(line => (line.depth === '' ? line.text : `${line.depth} ${line.text}`)).join('\n')
}

/** Encodings of seven bits that are none of Node's: without their marks, a text in them is one in ASCII. */
const shifting = /^(?:(?:unicode-1-1-)?utf-?7|(?:x-)?imap.*|hz.*|iso-2022-.*)$/i
const shifts = ['+', '&', '~', '\x0e', '\x1b']

function decodedText({ parameters, type }: Entity, { bytes }: Content, beside: string | null): string | null {
  const charset = parameters.get('charset') ?? (pageTypes.test(type) ? charsetIn(bytes) : '')
  const declared = charset === '' ? null : decodedAs(bytes, charset)
  if (declared !== null) return declared
  if (shifting.test(charset.trim()) && shifts.some(mark => bytes.includes(mark))) return null
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
  const next = new Map<string, number>()
  return files.map(leaf => {
    const { type, path } = leaf.entity
    const own = (leaf.name ?? '').replaceAll(/[/\\\0]/g, '_').trim()
    const usual = `part ${path || '1'}.${endings[type] ?? /^(?:image|audio|video)\/([\w-]+)$/.exec(type)?.[1] ?? 'bin'}`
    const name = /^\.*$/.test(own) ? usual : own
    let free = name
    while (taken.has(free)) {
      const number = next.get(name) ?? 2
      next.set(name, number + 1)
      free = name.replace(/(\.[^.]*)?$/, ending => ` (${number})${ending}`)
    }
    taken.add(free)
    return { ...leaf, path: free }
  })
}
