import type { Family, TextFormat } from '../family.ts'
import { extractHtml, extractXhtml } from './extract-html.ts'
import { createHeldPictures } from './held-pictures.ts'

// Marks are elements here, which the reader knows.
const account = { isMarked: false, areLinesFolded: false }

const page: TextFormat = {
  reads: 'text',
  name: 'html',
  reading: ['html', 2],
  shownAs: ['HTML'],
  extensions: ['html', 'htm', 'smi', 'sami'],
  read: decoded => extractHtml(decoded, undefined, createHeldPictures()),
  account,
}

const strictPage: TextFormat = {
  reads: 'text',
  name: 'xhtml',
  reading: ['xhtml', 2],
  extensions: ['xhtml', 'xht'],
  read: decoded => extractXhtml(decoded, createHeldPictures()),
  account,
}

/** Web pages, whatever program saved them. */
export const html: Family = {
  formats: [page, strictPage],
  familiar: { kind: 'text', extensions: ['html', 'htm'] },
  written: ({ head, extension }) => {
    if (beginsAsPage(head)) {
      return /^\s*<\?xml\s/i.test(head) || strictPage.extensions.includes(extension) ? strictPage : page
    }
    // Pages without a head that spreadsheets and word processors open under the name of their own files.
    return officeNames.test(extension) && fragmentStart.test(head) ? page : null
  },
}

const prolog = /\s+|<!--[\s\S]*?-->|<\?[\s\S]*?\?>/y
const pageStart = /<(?:!doctype\s+html|html)\b/iy

/** A loop, since one pattern for all of it would try every way to divide a row of comments. */
function beginsAsPage(head: string): boolean {
  let at = 0
  prolog.lastIndex = 0
  while (prolog.test(head)) at = prolog.lastIndex
  pageStart.lastIndex = at
  return pageStart.test(head)
}

const officeNames = /^(?:xlsx?|et|docx?|wps)$/
const fragmentStart = /^\s*<(?:table|div|meta|style|head|body|p|center|font|span)\b/i
