import { remark } from '../../../../shared/remarks/index.ts'
import { inputFailure } from '../../base/input-failure.ts'
import type { DocumentFormat, Family, TextFormat, WrittenText } from '../family.ts'

const message: DocumentFormat = {
  reads: 'document',
  kind: 'document',
  name: 'mail',
  reading: ['mail', 4],
  shownAs: ['EML', 'MHT'],
  holds: { reads: 'archive', name: 'mail' },
  maxBytes: 100_000_000,
  open: async file => (await import('./extract-mail.ts')).openMail(file),
  // Its text may be folded where its writer's program liked.
  account: { isMarked: true, areLinesFolded: true },
}

/** Parts of a mail without the beginning that says what they are. */
const fragment: TextFormat = {
  reads: 'text',
  name: 'mail_fragment',
  reading: ['mail_fragment', 1],
  extensions: [],
  read: () => inputFailure('unsupported_type', [remark('mail')]),
  account: { isMarked: true, areLinesFolded: false },
}

/** Mails, and pages that were saved as one (MIME). */
export const mail: Family = {
  formats: [message, fragment],
  familiar: { kind: 'document', extensions: ['eml', 'mht', 'mhtml'] },
  announced: ({ latin1 }) => {
    if (beginsAsMailbox(latin1)) return { kind: 'unsupported', what: remark('mailbox', { name: 'MBOX' }) }
    return beginsAsMail(latin1) ? { kind: 'format', format: message } : null
  },
  written: text => (holdsMail(text) ? fragment : null),
}

/** Mails one after the other, each behind a line of its sender and its time; one by itself is a mail. */
function beginsAsMailbox(head: string): boolean {
  const line = /^From \S[^\r\n]*\b\d{4}[ \t]*\r?$/gm
  return head.startsWith('From ') && Array.from(head.matchAll(line)).length > 1
}

const surelyMail =
  /^(?:mime-version|received|return-path|message-id|dkim-signature|delivered-to|content-transfer-encoding)$/
const likelyMail = /^(?:from|to|cc|bcc|reply-to|sender|subject|date|content-type|x-mailer)$/

/** By the fields that it begins with. */
function beginsAsMail(head: string): boolean {
  const start = head.replace(/^\xef\xbb\xbf/, '').replace(/^From [^\r\n]*(?:\r\n|\r|\n)/, '')
  const fields =
    /^(?:[!-9;-~]+[ \t]*:[^\r\n]*(?:\r\n|\r|\n|$)(?:[ \t]+[^\r\n]*(?:\r\n|\r|\n|$))*)+/.exec(start)?.[0] ?? ''
  const names = new Set(Array.from(fields.matchAll(/^([!-9;-~]+)[ \t]*:/gm), ([, name = '']) => name.toLowerCase()))
  const sure = [...names].filter(name => surelyMail.test(name)).length
  const likely = [...names].filter(name => likelyMail.test(name)).length
  return (
    (sure > 0 && sure + likely > 1) ||
    (likely > 2 && names.has('from') && names.has('date')) ||
    names.has('mime-version') ||
    /^Content-Type[ \t]*:\s*multipart\/[^\0]*;\s*boundary\b/im.test(fields)
  )
}

/** Whether a text has parts that are encoded as in a mail, wherever its header says so. */
function holdsMail({ text, head }: WrittenText): boolean {
  if (/^(?:MIME-Version|Content-Transfer-Encoding)[ \t]*:/im.test(head)) return true
  if (/^Content-Transfer-Encoding[ \t]*:[ \t]*(?:base64|quoted-printable)\b/im.test(text)) return true
  const header = /^\s*[!-9;-~]{1,100}[ \t]*:/.test(head) ? text.slice(0, text.search(/\r?\n\r?\n/)) : ''
  if (/^MIME-Version[ \t]*:/im.test(header)) return true
  // Parts of types other than text, and names that are encoded in pieces.
  const isLetter = /^(?:From|To|Subject|Date|Message-ID|Received)[ \t]*:/im.test(header)
  return isLetter && /^Content-Type[ \t]*:\s*(?!text\/(?:plain|html)\b)\w+\/|\*\d\*?=/im.test(header)
}
