import type { Failure } from '../../../../shared/conclusion.ts'
import { type Remark, remark, sumRemarks } from '../../../../shared/remarks/index.ts'
import { inputFailure } from '../../base/input-failure.ts'
import type { DocumentFile, DocumentSurvey, OpenDocument, Piece } from '../documents/document.ts'
import type { ExtractedText } from '../family.ts'
import { extractHtml } from '../html/extract-html.ts'
import { createHeldPictures } from '../html/held-pictures.ts'
import { isForeign } from '../text/spellings.ts'
import { contentsOf, fieldOf, type Leaf, type LeafText, type MailContents } from './contents.ts'
import { decodedWords, readingsOf } from './header.ts'
import { selfContained } from './mail-page.ts'
import { type Entity, maxParts, TooManyParts } from './mime.ts'

/**
 * A mail or a saved page: the words of its header, those of its text and of its pages (both, where one stands for the other), and its
 * pictures. What is attached to it is a file of its own (`mail-attachments.ts`).
 */
export function openMail(file: Pick<DocumentFile, 'whole'>): OpenDocument | Failure {
  let mail: MailContents
  try {
    mail = contentsOf(file.whole())
  } catch (error) {
    if (!(error instanceof TooManyParts)) throw error
    return inputFailure('too_large', [remark('mail_parts', { limit: maxParts })])
  }
  return {
    kind: 'document',
    survey: async () => readMail(mail),
    load: async handle => {
      const picture = mail.pictures.find(({ entity }) => entity.path === handle)
      return picture?.content.bytes ?? inputFailure('damaged_document', [remark('damaged_part', { name: handle })])
    },
    close: () => undefined,
  }
}

function readMail(mail: MailContents): DocumentSurvey | Failure {
  const omitted: Remark[] = []
  const notes: Remark[] = []
  const lines: string[] = []
  const pieces: Piece[] = []
  for (const entity of mail.entities) {
    lines.push(...wordsOfHeader(entity, mail.charset, omitted), ...wordsAround(entity, mail.charset))
    if (entity.flaw !== null) omitted.push(remark(entity.flaw === 'cut' ? 'cut_mail' : 'doubtful_mail'))
  }
  for (const { sha256, entity, name } of mail.pictures) {
    const place = { file: (name || fieldOf(entity, 'content-location') || entity.path).slice(0, 1000) }
    const known = pieces.findIndex(each => each.sha256 === sha256)
    const at = known < 0 ? pieces.length : known
    const places = [...(pieces[at]?.places ?? []), place]
    pieces[at] = {
      kind: 'picture',
      name: `picture ${at + 1}`,
      places,
      from: { kind: 'handle', handle: entity.path },
      sha256,
    }
  }
  const places = placesIn(mail)
  const pages = mail.pages.map(page => readPage(page, places))
  const shown = new Set<string>()
  for (const page of pages) {
    if (page.kind === 'failure') return page
    omitted.push(...page.omitted)
    notes.push(...page.notes)
    for (const { kind, places, from } of page.pieces ?? [])
      pieces.push({ kind, name: `picture ${pieces.length + 1}`, places, from })
    shown.add(page.text)
  }
  const all = bare([...shown].join('\n'))
  // The text that stands for a page has mostly the same words.
  const texts = mail.texts
    .map(({ text }) => text)
    .filter(text => !text.split(/[\r\n]+/).every(line => all.includes(bare(line))))
  lines.push(...texts, ...shown)
  const read: readonly Leaf[] = [...mail.texts, ...mail.pages, ...mail.sheets, ...mail.pictures]
  const damaged = read.filter(({ content }) => content.isDamaged)
  if (damaged.length > 0) omitted.push(remark('damaged_mail_part', { count: damaged.length }))
  if (mail.locked.length > 0) omitted.push(remark('encrypted_mail'))
  for (const { why, name } of mail.unread)
    omitted.push(remark(why === 'kind' ? 'unread_mail_part' : 'mail_charset', { name: name.slice(0, 100) }))
  if (mail.attachments.length > 0) notes.push(remark('mail_attachments', { count: mail.attachments.length }))
  return {
    kind: 'extracted',
    text: lines.filter(line => line.trim() !== '').join('\n'),
    format: 'mail',
    anchors: null,
    sections: [],
    pieces,
    omitted: sumRemarks(omitted),
    notes: sumRemarks(notes),
  }
}

/** Fields that programs write for programs, and that no mail program shows: RFC 4021, and those of the large mailers. */
const silentFields =
  /^(?:received(?:-spf)?|return-path|delivered-to|envelope-to|delivery-date|message-id|in-reply-to|references|date|mime-version|content-(?:type|transfer-encoding|disposition|id|location|language|md5|length|class|base|features|duration)|snapshot-content-location|dkim-signature|domainkey-signature|arc-.*|authentication-results(?:-original)?|list-(?!id$).*|precedence|auto-submitted|importance|priority|sensitivity|thread-(?:index|topic)|user-agent|mailer|lines|status|errors-to|return-receipt-to|disposition-notification-(?:to|options)|original-message-id|resent-(?:date|message-id)|feedback-id|require-recipient-valid-since|autocrypt|openpgp|acceptlanguage|accept-language|deferred-delivery|expires|expiry-date|reply-by|bounces-to|mailing-list|newsgroups|path|xref|nntp-posting-.*|x-(?!face$|image-url$).*)$/

/** What is said in the fields of a mail or a part, in each way in which it may be said. */
function wordsOfHeader(
  { header, fileName, type }: Entity,
  charset: string | null,
  omitted: Remark[],
): readonly string[] {
  const lines = header.flatMap(({ name, value }) => {
    if (/^x-(?:face|image-url)$|^face$/.test(name)) {
      omitted.push(remark('picture'))
      return []
    }
    return readingsOf(value, charset).flatMap(reading => {
      const { text, unread } = decodedWords(reading)
      // What a program wrote is in Latin letters.
      if (silentFields.test(name) && !isForeign(text)) return []
      if (unread > 0) omitted.push(remark('mail_charset', { name: '' }))
      return [text]
    })
  })
  // Parameters in pieces and in percent signs.
  return fileName === null || type.startsWith('multipart/') ? lines : [...lines, fileName]
}

const stockWords =
  /^\s*(?:This is a (?:cryptographically signed |S\/MIME signed )?(?:multi-?part )?message in MIME format\.?)?\s*$/i

/** Old programs show what stands around the parts. */
function wordsAround({ around }: Entity, charset: string | null): readonly string[] {
  return around.flatMap(each => readingsOf(each, charset)).filter(text => !stockWords.test(text))
}

function readPage({ entity, text }: LeafText, places: Places): ExtractedText | Failure {
  const base = fieldOf(entity, 'content-location')
  const find = (address: string) => places.get(keyOf(address, base)) ?? places.get(address)
  return extractHtml(
    selfContained(text, {
      holds: (address, as) => find(address)?.as === as,
      sheetOf: address => find(address)?.sheet ?? null,
    }),
    undefined,
    createHeldPictures({ hasFilesBeside: false }),
  )
}

type Places = ReadonlyMap<string, { readonly as: 'picture' | 'page' | 'sheet'; readonly sheet: string | null }>

/** What pages may show of their mail: by ids, and by the addresses where it was. */
function placesIn({ root, pages, sheets, pictures }: MailContents): Places {
  const [first] = pages
  const base =
    fieldOf(root, 'content-location') || (first === undefined ? '' : fieldOf(first.entity, 'content-location'))
  const places = new Map<string, { as: 'picture' | 'page' | 'sheet'; sheet: string | null }>()
  const add = ({ entity }: Leaf, as: 'picture' | 'page' | 'sheet', sheet: string | null) => {
    const id = fieldOf(entity, 'content-id').replace(/^<|>$/g, '')
    const location = fieldOf(entity, 'content-location').replaceAll(/\s/g, '')
    if (id !== '') places.set(`cid:${id}`, { as, sheet })
    if (location === '') return
    places.set(location, { as, sheet })
    places.set(keyOf(location, base), { as, sheet })
  }
  for (const each of pages) add(each, 'page', null)
  for (const each of pictures) add(each, 'picture', null)
  for (const each of sheets) add(each, 'sheet', each.text)
  return places
}

function keyOf(address: string, base: string): string {
  const id = /^cid:(.*)$/is.exec(address)?.[1]
  if (id !== undefined) return `cid:${unpercented(id)}`
  return URL.parse(address, base === '' ? undefined : base)?.href ?? address
}

function unpercented(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

function bare(text: string): string {
  return text.replaceAll(/\s+/g, '')
}
