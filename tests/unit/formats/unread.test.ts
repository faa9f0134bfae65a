import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openFile } from '../../../electron/engine/base/open-file.ts'
import { examine } from '../../../electron/engine/formats/examine.ts'
import { intakeLimits } from '../../../electron/engine/formats/source.ts'
import { decodeRemarks } from '../../../shared/remarks/index.ts'
import { archiveOf } from '../../fixtures/formats/zips.ts'
import { temporaryFolder } from '../intake/harness.ts'

/** What is behind the first bytes is none of any format. */
const behind = Buffer.from(Array.from({ length: 2000 }, (_, at) => (at * 37 + (at >> 3)) & 255))
const starting = (letters: string) => Buffer.concat([Buffer.from(letters, 'latin1'), behind])
const zip = (...names: readonly string[]) =>
  archiveOf(
    names.map(each => {
      const [name = '', content = 'x'] = each.split('=')
      return { name, content }
    }),
  )
const packets = (length: number, at: number) =>
  Buffer.from(Array.from({ length: length * 40 }, (_, index) => (index % length === at ? 0x47 : (index * 7) & 255)))

/** By what it is, its bytes: whatever it is called, it is told by these. */
const files: readonly (readonly [name: string, Uint8Array, what: string])[] = [
  ['CorelDRAW', starting('RIFF\0\x10\0\0CDRAvrsn'), 'design_file CorelDRAW'],
  [
    'newer CorelDRAW',
    zip('mimetype=application/x-vnd.corel.draw.document+zip', 'content/riffData.cdr'),
    'design_file CorelDRAW',
  ],
  ['InDesign', starting('\x06\x06\xed\xf5\xd8\x1d\x46\xe5\xbd\x31\xef\xe7\xfe\x74\xb7\x1d'), 'design_file InDesign'],
  [
    'InDesign markup',
    zip('mimetype=application/vnd.adobe.indesign-idml-package', 'designmap.xml'),
    'design_file InDesign',
  ],
  ['Sketch', zip('document.json', 'meta.json', 'pages/A.json', 'previews/preview.png'), 'design_file Sketch'],
  ['Figma', starting('fig-kiwi\x0f\0\0\0'), 'design_file Figma'],
  ['Figma with pictures', zip('canvas.fig', 'thumbnail.png', 'meta.json'), 'design_file Figma'],
  ['Adobe XD', zip('mimetype=application/vnd.adobe.sparkler.project+dcxucf', 'artwork/x.agc'), 'design_file Adobe XD'],
  ['Keynote', zip('Index/Document.iwa', 'Metadata/Properties.plist'), 'iwork_document '],
  ['older Keynote', zip('index.apxl', 'x.png'), 'iwork_document '],
  ['OFD', zip('OFD.xml', 'Doc_0/Document.xml'), 'ofd_document '],
  ['XMind', zip('content.json', 'metadata.json', 'manifest.json'), 'mind_map XMind'],
  ['older XMind', zip('content.xml', 'meta.xml', 'META-INF/manifest.xml'), 'mind_map XMind'],
  ['MindManager', zip('Document.xml', 'Preview.png'), 'mind_map MindManager'],
  ['Procreate', zip('Document.archive', 'QuickLook/Thumbnail.png'), 'design_file Procreate'],
  ['an app', zip('Payload/A.app/Info.plist'), 'program_archive '],
  ['DWG', starting('AC1032\0\0\0\0\0'), 'design_file AutoCAD DWG'],
  ['DXF', Buffer.from('  0\r\nSECTION\r\n  2\r\nHEADER\r\n  9\r\n$ACADVER\r\n'), 'design_file DXF'],
  ['SketchUp', starting('\xff\xfe\xff\x0eS\0k\0e\0t\0c\0h\0U\0p\0'), 'design_file SketchUp'],
  ['CAJ', starting('CAJ\0'), 'paged_file CAJ'],
  ['KDH', starting('KDH \0\0'), 'paged_file CAJ'],
  ['a book of Kindle', starting(`${'\0'.repeat(60)}BOOKMOBI\0`), 'paged_file MOBI/AZW'],
  ['DjVu', starting('AT&TFORM\0\0\x10\0DJVU'), 'paged_file DjVu'],
  ['WMF', starting('\xd7\xcd\xc6\x9a\0\0'), 'unread_image WMF'],
  ['EMF', starting(`\x01\0\0\0${'\0'.repeat(36)} EMF`), 'unread_image EMF'],
  ['an icon', starting('\0\0\x01\0\x01\0\x10\x10\0\0\x01\0\x20\0h\x04\0\0\x16\0\0\0'), 'unread_image ICO'],
  ['JPEG XL', starting('\xff\x0a'), 'unread_image JXL'],
  ['JPEG 2000', starting('\0\0\0\x0cjP  \r\n\x87\n\0\0\0\x14ftypjp2 '), 'unread_image JP2'],
  ['TGA', starting('\0\0\x02\0\0\0\0\0\0\0\0\0\x10\0\x10\0\x18\x20'), 'unread_image TGA'],
  ['TGA in colours of a table', starting('\0\x01\x01\0\0\0\x01\x18\0\0\0\0\x10\0\x10\0\x08\x20'), 'unread_image TGA'],
  ['a cursor', starting('\0\0\x02\0\x01\0\x10\x10\0\0\x01\0\x20\0h\x04\0\0\x16\0\0\0'), 'unread_image CUR'],
  ['Canon', starting('\0\0\0\x18ftypcrx \0\0\0\x01crx '), 'camera_raw CR3'],
  ['Olympus', starting('IIRO\x08\0\0\0'), 'camera_raw Olympus ORF'],
  ['Flash', starting('CWS\x0a\0\0\0'), 'flash '],
  ['FLV', starting('FLV\x01\x05\0\0\0\x09\0\0\0\0'), 'video FLV'],
  ['AVI', starting('RIFF\0\x10\0\0AVI LIST'), 'video AVI'],
  ['WMV', starting('\x30\x26\xb2\x75\x8e\x66\xcf\x11\xa6\xd9\0\xaa\0\x62\xce\x6c'), 'video ASF'],
  ['MPEG', starting('\0\0\x01\xba\x44\0'), 'video MPG'],
  ['a transport stream', packets(188, 0), 'video MTS'],
  ['RMVB', starting('.RMF\0\0\0\x12'), 'video RMVB'],
  ['SILK', starting('\x02#!SILK_V3'), 'untaken_audio SILK'],
  ['winmail.dat', starting('\x78\x9f\x3e\x22'), 'outlook_packet '],
  [
    'mails one after the other',
    Buffer.from('From a@b Mon Jun 01 10:00:00 2009\n\nSubject: 一\n\n一\n\nFrom a@b Mon Jun 01 11:00:00 2009\n'),
    'mailbox MBOX',
  ],
  ['a mailbox', starting('!BDN\0'), 'mailbox Outlook PST'],
  ['SQLite', starting('SQLite format 3\0'), 'database SQLite'],
  ['Access', starting('\0\x01\0\0Standard ACE DB\0'), 'database Access'],
  ['a font', starting('\0\x01\0\0\0\x10\x01\0'), 'font TTF'],
  ['a program', starting('MZ\x90\0'), 'program EXE'],
  ['a shortcut', starting('L\0\0\0\x01\x14\x02\0\0\0\0\0\xc0\0\0\0\0\0\0\x46'), 'shortcut '],
  ['CHM', starting('ITSF\x03\0\0\0'), 'paged_file CHM'],
]

test.each(files)('%s is told by its content, under any name', async (_, bytes, what) => {
  for (const name of ['a', 'a.jpg', 'a.txt']) {
    const path = join(await temporaryFolder(), name)
    await writeFile(path, bytes)
    const file = await openFile(path)
    if (file.kind === 'failure') throw new Error(file.detail)
    const examined = await examine(file, name, intakeLimits)
    await file.handle.close()
    const [said] = examined.kind === 'failure' ? (decodeRemarks(examined.detail) ?? []) : []
    expect(`${said?.code} ${said?.name ?? ''}`).toBe(what)
  }
})

test('Archives that only hold such files are folders.', async () => {
  const path = join(await temporaryFolder(), 'a.zip')
  await writeFile(path, zip('设计/canvas.fig', '文案/document.json', 'pages/a.txt', 'content.xml'))
  const file = await openFile(path)
  if (file.kind === 'failure') throw new Error(file.detail)
  expect((await examine(file, 'a.zip', intakeLimits)).kind).toBe('archive')
  await file.handle.close()
})
