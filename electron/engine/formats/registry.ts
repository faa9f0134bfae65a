import { archives } from './archives/archives.ts'
import { audio } from './audio/audio.ts'
import { doc } from './doc/doc.ts'
import { docx } from './docx/docx.ts'
import { epub } from './epub/epub.ts'
import type { Family } from './family.ts'
import { html } from './html/html.ts'
import { json } from './json/json.ts'
import { mail } from './mail/mail.ts'
import { odf } from './odf/odf.ts'
import { oldWorkbook } from './old-workbook/old-workbook.ts'
import { pdf } from './pdf/pdf.ts'
import { photoshop } from './photoshop/photoshop.ts'
import { pictures } from './pictures/pictures.ts'
import { pptx } from './pptx/pptx.ts'
import { subtitles } from './subtitles/subtitles.ts'
import { tables } from './tables/tables.ts'
import { text } from './text/text.ts'
import { unread } from './unread/unread.ts'
import { video } from './video/video.ts'
import { workbook } from './workbook/workbook.ts'
import { xml } from './xml/xml.ts'

/**
 * All families of formats, in the order in which they are asked whether a file is theirs. A family that reads what `unread` refuses
 * today stands above it; among texts, what announces itself stands above what may hold its words.
 */
export const families: readonly Family[] = [
  docx,
  doc,
  pptx,
  odf,
  epub,
  workbook,
  oldWorkbook,
  tables,
  pdf,
  photoshop,
  video,
  unread,
  pictures,
  audio,
  archives,
  html,
  xml,
  mail,
  subtitles,
  json,
  text,
]
