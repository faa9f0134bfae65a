/** First bytes of what is recognised and not read here: each with its true name and with what to do. */

import { type Remark, remark } from '../../../../shared/remarks/index.ts'

/** A byte that may be any. */
const any = (count: number) => '\ufffd'.repeat(count)

/** Over bytes as letters, one for each; the first that holds. */
const starts: readonly (readonly [Remark, ...string[]])[] = [
  // Drawings and layouts.
  [remark('design_file', { name: 'CorelDRAW' }), `RIFF${any(4)}CDR`, `RIFF${any(4)}CDT`, `RIFF${any(4)}cdr`],
  [remark('design_file', { name: 'InDesign' }), '\x06\x06\xed\xf5\xd8\x1d\x46\xe5'],
  [remark('design_file', { name: 'Figma' }), 'fig-kiwi', 'fig-jam.', 'fig-deck', 'fig-make'],
  [remark('design_file', { name: 'AutoCAD DWG' }), 'AC100', 'AC101', 'AC102', 'AC103'],
  [remark('design_file', { name: 'DXF' }), 'AutoCAD Binary DXF'],
  [remark('design_file', { name: 'Affinity' }), '\0\xffKA'],
  [remark('design_file', { name: 'Clip Studio Paint' }), 'CSFCHUNK\0'],
  [remark('design_file', { name: 'PaintShop Pro' }), 'Paint Shop Pro Image File\n'],
  [remark('design_file', { name: 'GIMP' }), 'gimp xcf '],
  [remark('design_file', { name: 'Blender' }), 'BLENDER-', 'BLENDER_'],
  [remark('design_file', { name: 'Cinema 4D' }), 'QC4DC4D'],
  [remark('design_file', { name: 'After Effects' }), `RIFX${any(4)}Egg!`],
  [remark('postscript'), '\xc5\xd0\xd3\xc6'],
  [remark('paged_file', { name: 'OneNote' }), '\xe4\x52\x5c\x7b\x8c\xd8\xa7\x4d'],
  [remark('paged_file', { name: 'WordPerfect' }), '\xffWPC'],
  // Books and papers.
  [remark('paged_file', { name: 'CAJ' }), 'CAJ\0', 'HN\0\0', 'KDH ', 'TEB\0'],
  [remark('paged_file', { name: 'MOBI/AZW' }), `${any(60)}BOOKMOBI`, `${any(60)}TEXtREAd`],
  [remark('paged_file', { name: 'Kindle KFX' }), '\xeaDRMION\xee', 'CONT\x01\0', 'CONT\x02\0'],
  [remark('paged_file', { name: 'DjVu' }), `AT&TFORM${any(4)}DJV`],
  [remark('paged_file', { name: 'CHM' }), 'ITSF\x03\0'],
  // Pictures.
  [remark('unread_image', { name: 'WMF' }), '\xd7\xcd\xc6\x9a', `${any(1)}\0\x09\0\0\x01`, `${any(1)}\0\x09\0\0\x03`],
  [remark('unread_image', { name: 'EMF' }), `\x01\0\0\0${any(36)} EMF`],
  [remark('unread_image', { name: 'DDS' }), 'DDS '],
  [remark('unread_image', { name: 'OpenEXR' }), '\x76\x2f\x31\x01'],
  [remark('unread_image', { name: 'QOI' }), 'qoif'],
  [
    remark('unread_image', { name: 'PCX' }),
    '\x0a\x05\x01\x01',
    '\x0a\x05\x01\x02',
    '\x0a\x05\x01\x04',
    '\x0a\x05\x01\x08',
  ],
  [remark('unread_image', { name: 'KTX' }), '\xabKTX'],
  [remark('unread_image', { name: 'FITS' }), `SIMPLE  =${' '.repeat(20)}T`],
  // Photographs as the camera has them.
  [remark('camera_raw', { name: 'Olympus ORF' }), 'IIRO', 'IIRS', 'MMOR'],
  [remark('camera_raw', { name: 'Panasonic RW2' }), 'IIU\0'],
  [remark('camera_raw', { name: 'Sigma X3F' }), 'FOVb'],
  [remark('camera_raw', { name: 'Canon CRW' }), 'II\x1a\0\0\0HEAPCCDR'],
  [remark('camera_raw', { name: 'Minolta MRW' }), '\0MRM'],
  // Films and recordings.
  [remark('video', { name: 'RMVB' }), '.RMF'],
  [remark('untaken_audio', { name: 'SILK' }), '#!SILK_V3', '\x02#!SILK_V3'],
  // Mails, databases, programs, fonts.
  [remark('outlook_packet'), '\x78\x9f\x3e\x22'],
  [remark('mailbox', { name: 'Outlook PST' }), '!BDN'],
  [remark('mailbox', { name: 'Outlook Express DBX' }), '\xcf\xad\x12\xfe'],
  [remark('database', { name: 'SQLite' }), 'SQLite format 3\0'],
  [remark('database', { name: 'Access' }), '\0\x01\0\0Standard Jet DB', '\0\x01\0\0Standard ACE DB'],
  [remark('database', { name: 'Parquet' }), 'PAR1'],
  [remark('program', { name: 'DEX' }), `dex\n${any(3)}\0`],
  [remark('shortcut'), 'L\0\0\0\x01\x14\x02\0'],
  [remark('font', { name: 'PFB' }), `\x80\x01${any(4)}%!`],
  [remark('font', { name: 'EOT' }), `${any(34)}LP`],
]

/** Null where nothing here is known of what begins so. */
export function namedByStart(latin1: string): Remark | null {
  const known = starts.find(([, ...marks]) => marks.some(mark => beginsWith(latin1, mark)))
  if (known !== undefined) return known[0]
  if (isTarga(latin1)) return remark('unread_image', { name: 'TGA' })
  return isFlash(latin1) ? remark('flash') : null
}

function beginsWith(letters: string, mark: string): boolean {
  for (let at = 0; at < mark.length; at++) if (mark[at] !== '\ufffd' && mark[at] !== letters[at]) return false
  return true
}

/** Its header has no mark, and is that of a cursor but for the number of pictures in one. */
function isTarga(letters: string): boolean {
  const [, table = 0, kind = 0] = Array.from(letters.slice(0, 18), each => each.charCodeAt(0))
  const byteAt = (at: number) => letters.charCodeAt(at)
  const isSized = byteAt(12) + byteAt(13) > 0 && byteAt(14) + byteAt(15) > 0
  if (letters.length < 18 || byteAt(0) !== 0 || !isSized) return false
  if (table === 1) return (kind === 1 || kind === 9) && byteAt(16) === 8 && [15, 16, 24, 32].includes(byteAt(7))
  return (
    table === 0 &&
    [2, 3, 10, 11].includes(kind) &&
    letters.startsWith('\0\0\0\0\0', 3) &&
    [8, 15, 16, 24, 32].includes(byteAt(16))
  )
}

function isFlash(letters: string): boolean {
  return /^[FCZ]WS/.test(letters) && letters.charCodeAt(3) > 0 && letters.charCodeAt(3) < 0x40
}

/** What the library for signatures calls by a name that people do not know, or by a wrong one. */
const types: readonly (readonly [RegExp, (name: string) => Remark])[] = [
  [/^application\/vnd\.ms-asf$|^video\//, name => remark('video', { name })],
  [/^image\/x-(?:canon|nikon|sony|adobe|fujifilm|olympus|panasonic)-/, name => remark('camera_raw', { name })],
  [/^application\/vnd\.apple\.(?:pages|keynote|numbers)$/, () => remark('iwork_document')],
  [
    /^application\/(?:vnd\.ms-cab-compressed|x-arj|x-apple-diskimage|x-iso9660-image|x-rpm|x-deb)$/,
    name => remark('archive', { name }),
  ],
  [/^application\/vnd\.rn-realmedia$/, () => remark('video', { name: 'RMVB' })],
]

export function namedByType(mime: string, name: string): Remark | null {
  return types.find(([type]) => type.test(mime))?.[1](name.toUpperCase()) ?? null
}
