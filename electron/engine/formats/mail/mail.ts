import { remark } from '../../../../shared/remarks/index.ts'
import { inputFailure } from '../../base/input-failure.ts'
import type { Family, TextFormat, WrittenText } from '../family.ts'

const message: TextFormat = {
  reads: 'text',
  name: 'mail',
  reading: ['mail', 2],
  extensions: [],
  read: () => inputFailure('unsupported_type', [remark('mail')]),
  account: { isMarked: true, areLinesFolded: false },
}

/** Mails and web archives (MIME), which are refused: their words are encoded in parts. */
export const mail: Family = {
  formats: [message],
  written: text => (isMail(text) ? message : null),
}

/** Whether a text is a mail, or has parts that are encoded as in one, wherever its header says so. */
function isMail({ text, head }: WrittenText): boolean {
  if (/^(?:MIME-Version|Content-Transfer-Encoding)[ \t]*:/im.test(head)) return true
  if (/^Content-Transfer-Encoding[ \t]*:[ \t]*(?:base64|quoted-printable)\b/im.test(text)) return true
  const header = /^\s*[!-9;-~]{1,100}[ \t]*:/.test(head) ? text.slice(0, text.search(/\r?\n\r?\n/)) : ''
  if (/^MIME-Version[ \t]*:/im.test(header)) return true
  // Parts of types other than text, and names that are encoded in pieces.
  const isLetter = /^(?:From|To|Subject|Date|Message-ID|Received)[ \t]*:/im.test(header)
  return isLetter && /^Content-Type[ \t]*:\s*(?!text\/(?:plain|html)\b)\w+\/|\*\d\*?=/im.test(header)
}
