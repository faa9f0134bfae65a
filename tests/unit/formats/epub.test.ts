import { describe, expect, test } from 'vitest'
import { extractEpub, loadFromEpub } from '../../../electron/engine/formats/epub/extract-epub.ts'
import { detailText, remarksText } from '../../../shared/remarks/index.ts'
import { mutationsOf } from './mutations.ts'
import { zipOf } from './zip-file.ts'

type Files = Readonly<Record<string, string | Uint8Array>>
const png = (mark: string) => Buffer.from(`\x89PNG\r\n\x1a\n${mark}`, 'latin1')
const page = (body: string, head = '') =>
  `<?xml version="1.0" encoding="utf-8"?><html xmlns="http://www.w3.org/1999/xhtml"><head>${head}</head><body>${body}</body></html>`

/** A book with these files in its folder, and their types in its manifest; pages stand in its order of reading. */
function epubOf(
  items: readonly (readonly [file: string, type: string, content: string | Uint8Array])[],
  beside: Files = {},
) {
  const manifest = items
    .map(([file, type], index) => `<item id="i${index}" href="${file}" media-type="${type}"/>`)
    .join('')
  const spine = items.map(([, type], index) => (type === xhtml ? `<itemref idref="i${index}"/>` : '')).join('')
  return new Uint8Array(
    zipOf({
      mimetype: 'application/epub+zip',
      'META-INF/container.xml': '<container><rootfiles><rootfile full-path="OEBPS/book.opf"/></rootfiles></container>',
      'OEBPS/book.opf': `<package xmlns:dc="d"><metadata><dc:title>书名</dc:title><dc:language>zh-CN</dc:language></metadata><manifest>${manifest}</manifest><spine>${spine}</spine></package>`,
      ...Object.fromEntries(items.map(([file, , content]) => [`OEBPS/${decodeURIComponent(file)}`, content])),
      ...beside,
    }),
  )
}
const xhtml = 'application/xhtml+xml'

async function read(bytes: Uint8Array) {
  const extracted = await extractEpub(bytes)
  if (extracted.kind === 'failure') throw new Error(detailText(extracted.detail, 'en'))
  const { text, pieces = [], omitted, sections = [] } = extracted
  return {
    lines: text.split('\n').filter(line => line !== ''),
    places: sections.map(({ place }) => place.file),
    pieces: pieces.map(({ name }) => name),
    said: remarksText(omitted, 'en'),
  }
}

describe('an e-book', () => {
  test('is read page by page with its title and contents, and its pictures as pieces', async () => {
    const cover =
      '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"><image width="1" xlink:href="../images/a%20b.png"/></svg>'
    const bytes = epubOf([
      ['text/1.xhtml', xhtml, page(cover)],
      [
        'text/2.xhtml',
        xhtml,
        page(
          '<p>第一章</p><img alt="插图" src="../images/c.png"/>',
          '<link rel="stylesheet" type="text/css" href="../book.css"/>',
        ),
      ],
      ['book.css', 'text/css', 'p { background: url(images/c.png) } p::before { content: "前言" }'],
      [
        'toc.ncx',
        'application/x-dtbncx+xml',
        '<ncx><navPoint><navLabel><text>目录一</text></navLabel></navPoint></ncx>',
      ],
      ['images/a%20b.png', 'image/png', png('a')],
      ['images/c.png', 'image/png', png('c')],
    ])
    const { lines, places, pieces, said } = await read(bytes)
    expect(said).toBe('')
    expect(lines).toEqual(expect.arrayContaining(['书名', '目录一', '第一章', '插图', '前言']))
    expect(places).toEqual(['oebps/text/2.xhtml'])
    expect(pieces).toEqual(['picture 1', 'picture 2'])
    expect(await loadFromEpub(bytes, 'oebps/images/a b.png')).toEqual(png('a'))
  })

  test.each<[string, Parameters<typeof epubOf>, string]>([
    ['a picture elsewhere', [[['1.xhtml', xhtml, page('<img src="https://example.com/a.png"/>')]]], 'picture'],
    ['a picture that it lacks', [[['1.xhtml', xhtml, page('<img src="a.png"/>')]]], 'picture'],
    [
      'a second address of a picture',
      [
        [
          ['1.xhtml', xhtml, page('<img src="a.png" srcset="b.png 2x"/>')],
          ['a.png', 'image/png', png('a')],
        ],
      ],
      'picture',
    ],
    [
      'a drawing',
      [[['1.xhtml', xhtml, page('<svg xmlns="http://www.w3.org/2000/svg"><path d="M0 0"/></svg>')]]],
      'picture',
    ],
    [
      'a script',
      [
        [
          ['1.xhtml', xhtml, page('<p>x</p>')],
          ['a.js', 'text/javascript', 'x'],
        ],
      ],
      '1 file inside it (JS)',
    ],
    [
      'a film',
      [
        [
          ['1.xhtml', xhtml, page('<p>x</p>')],
          ['a.mp4', 'video/mp4', Buffer.from('\0\0\0\x18ftypmp42\0\0\0\0mp42isom', 'latin1')],
        ],
      ],
      'video',
    ],
    [
      'a file that it does not list',
      [[['1.xhtml', xhtml, page('<p>x</p>')]], { 'OEBPS/new.xhtml': page('<p>违禁词</p>') }],
      'nothing refers to',
    ],
  ])('leaves out %s', async (_, book, said) => {
    expect((await read(epubOf(...book))).said).toContain(said)
  })

  test('under copy protection is refused, and not for its fonts', async () => {
    const encrypted = (method: string) => ({
      'META-INF/encryption.xml': `<encryption><EncryptedData><EncryptionMethod Algorithm="${method}"/></EncryptedData></encryption>`,
    })
    const pages = [['1.xhtml', xhtml, page('<p>茶</p>')]] as const
    const answer = await extractEpub(epubOf(pages, encrypted('http://www.w3.org/2001/04/xmlenc#aes128-cbc')))
    expect(answer.kind === 'failure' ? detailText(answer.detail, 'en') : '').toContain('protected')
    expect((await read(epubOf(pages, encrypted('http://www.idpf.org/2008/embedding')))).said).toBe('')
  })

  test('ends with words or a reason however it is damaged', async () => {
    const whole = epubOf([
      ['1.xhtml', xhtml, page('<p>限时优惠</p><img src="a.png"/>')],
      ['a.png', 'image/png', png('a')],
    ])
    for (const { seed, mutated } of mutationsOf(whole)) {
      const answer = await extractEpub(mutated)
      expect(['extracted', 'failure'], `seed ${seed}`).toContain(answer.kind)
      if (answer.kind === 'failure') expect(answer.detail, `seed ${seed}`).not.toBe('')
    }
  })
})
