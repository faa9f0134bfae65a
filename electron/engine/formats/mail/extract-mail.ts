import type { Failure } from '../../../../shared/conclusion.ts'
import { type Remark, remark, sumRemarks } from '../../../../shared/remarks/index.ts'
import { inputFailure } from '../../base/input-failure.ts'
import type { DocumentFile, DocumentSurvey, OpenDocument, Piece } from '../documents/document.ts'
import type { ExtractedText } from '../family.ts'
import { extractHtml } from '../html/extract-html.ts'
import { createHeldPictures } from '../html/held-pictures.ts'
import { isForeign } from '../text/spellings.ts'
import { contentsOf, fieldOf, type Leaf, type LeafText, type MailContents, withoutControls } from './contents.ts'
import { decodedWords, readingsOf } from './header.ts'
import { isPageSheet, selfContained } from './mail-page.ts'
import type { Entity } from './mime.ts'

/**
 * A mail or a saved page: the words of its header, those of its text and of its pages (both, where one stands for the other), and its
 * pictures. What is attached to it is a file of its own (`mail-attachments.ts`).
 */
export function openMail(file: Pick<DocumentFile, 'whole'>): OpenDocument | Failure {
  const mail = contentsOf(file.whole())
  if ('kind' in mail) return mail
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
  const used = new Set<string>()
  const pages = mail.pages.map(page => readPage(page, places, used))
  const shown = new Set<string>()
  for (const page of pages) {
    if (page.kind === 'failure') return page
    omitted.push(...page.omitted)
    notes.push(...page.notes)
    for (const { kind, places, from } of page.pieces ?? [])
      pieces.push({ kind, name: `picture ${pieces.length + 1}`, places, from })
    shown.add(page.text)
  }
  const idle = mail.sheets.filter(({ text }) => !used.has(text))
  const unfit = pages.length === 0 ? 0 : idle.filter(({ text }) => !isPageSheet(text)).length
  if (unfit > 0) omitted.push(remark('adding_style', { count: unfit }))
  const all = bare([...shown].join('\n'))
  // The text that stands for a page has mostly the same words; a sheet that is no page's is shown as it stands.
  const texts = [...mail.texts, ...idle].map(({ text }) => text).filter(text => !isWithin(text, all))
  lines.push(...texts, ...shown)
  const read: readonly Leaf[] = [...mail.texts, ...mail.pages, ...mail.sheets, ...mail.pictures]
  const damaged =
    read.filter(({ content }) => content.isDamaged).length + mail.unread.filter(({ why }) => why === 'damage').length
  if (damaged > 0) omitted.push(remark('damaged_mail_part', { count: damaged }))
  if (mail.locked.length > 0) omitted.push(remark('encrypted_mail'))
  for (const { why, name } of mail.unread)
    if (why !== 'damage')
      omitted.push(remark(why === 'kind' ? 'unread_mail_part' : 'mail_charset', { name: name.slice(0, 100) }))
  if (mail.attachments.length > 0) notes.push(remark('mail_attachments', { count: mail.attachments.length }))
  return {
    kind: 'extracted',
    text: [...new Set(lines)].filter(line => line.trim() !== '').join('\n'),
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
  /^(?:received(?:-spf)?|return-path|delivered-to|envelope-to|delivery-date|message-id|in-reply-to|references|mime-version|content-(?:type|transfer-encoding|disposition|id|location|language|md5|length|class|base|features|duration)|snapshot-content-location|dkim-signature|domainkey-signature|arc-.*|authentication-results(?:-original)?|list-(?!id$).*|precedence|auto-submitted|importance|priority|sensitivity|thread-index|user-agent|mailer|lines|status|errors-to|return-receipt-to|disposition-notification-(?:to|options)|original-message-id|resent-(?:date|message-id)|feedback-id|require-recipient-valid-since|autocrypt|openpgp|acceptlanguage|accept-language|deferred-delivery|expires|expiry-date|reply-by|bounces-to|mailing-list|path|xref|nntp-posting-.*|x-(?!face$|image-url$).*)$/

/** What is said in the fields of a mail or a part, in each way in which it may be said. */
function wordsOfHeader({ header, names, type }: Entity, charset: string | null, omitted: Remark[]): readonly string[] {
  const lines = header.flatMap(({ name, value }) => {
    if (/^x-(?:face|image-url)$|^face$/.test(name)) {
      omitted.push(remark('picture'))
      return []
    }
    return readingsOf(value, charset).flatMap(reading => {
      const { text: written, unread } = decodedWords(reading)
      const text = withoutControls(written)
      // What a program wrote is in Latin letters.
      if ((silentFields.test(name) || (name === 'date' && time.test(text))) && !isForeign(text)) return []
      if (unread > 0) omitted.push(remark('mail_charset', { name: '' }))
      // In quotes and comments a letter may have a mark before it, which is not shown (RFC 5322, 3.2.1).
      return text.includes('\\') ? [text, text.replaceAll(/\\(.)/g, '$1')] : [text]
    })
  })
  // Parameters in pieces and in percent signs.
  return type.startsWith('multipart/') ? lines : [...lines, ...names]
}

/** A time as programs write it, with the name of its zone; other words in its place are shown. */
const time =
  /^(?:[a-z]{3}, *)?\d{1,2} +[a-z]{3,9} +\d{2,4} +\d{1,2}:\d\d(?::\d\d)?(?: *(?:[+-]\d{4}|[a-z]{1,5}))?(?: *\([a-z]{1,5}\))?$/i

const stockWords =
  /^\s*(?:This is a (?:cryptographically signed |S\/MIME signed )?(?:multi-?part )?message in MIME format\.?)?\s*$/i

/** Old programs show what stands around the parts. */
function wordsAround({ around }: Entity, charset: string | null): readonly string[] {
  return around.flatMap(each => readingsOf(each, charset)).filter(text => !stockWords.test(text))
}

function readPage({ entity, text }: LeafText, places: Places, used: Set<string>): ExtractedText | Failure {
  const base = fieldOf(entity, 'content-location')
  const find = (address: string) => places.get(keyOf(address, base)) ?? places.get(address)
  return extractHtml(
    selfContained(text, {
      holds: (address, as) => find(address)?.as === as,
      sheetOf: address => {
        const sheet = find(address)?.sheet ?? null
        if (sheet !== null) used.add(sheet)
        return sheet
      },
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
  for (const each of sheets) add(each, 'sheet', isPageSheet(each.text) ? each.text : null)
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

/** Whether the lines of a text stand in another one, in their order. */
function isWithin(text: string, all: string): boolean {
  let at = 0
  return text.split(/[\r\n]+/).every(each => {
    const line = bare(each)
    const start = all.indexOf(line, at)
    at = start + line.length
    return start >= 0
  })
}

function bare(text: string): string {
  return text.replaceAll(/\s+/g, '')
}
