import { describe, expect, test } from 'vitest'
import { extractDocx, loadFromDocx } from '../../../electron/engine/formats/docx/extract-docx.ts'
import { detailText, remarksText } from '../../../shared/remarks/index.ts'
import { docxOf, relationships, wordBody, wordMarkup, wordPart, xlsxOf } from './zip-file.ts'

const png = (mark: string) => Buffer.from(`\x89PNG\r\n\x1a\n${mark}`, 'latin1')
const shown = (id: string) => `<w:p><w:r><w:drawing><a:blip r:embed="${id}"/></w:drawing></w:r></w:p>`

async function read(parts: Readonly<Record<string, string | Uint8Array>>) {
  const bytes = docxOf(['茶'], parts)
  const extracted = await extractDocx(bytes)
  if (extracted.kind === 'failure') throw new Error(detailText(extracted.detail, 'en'))
  const { pieces = [], omitted, notes } = extracted
  return {
    names: pieces.map(({ name }) => name),
    handles: pieces.map(({ from }) => (from.kind === 'handle' ? from.handle : '')),
    said: remarksText(omitted, 'en'),
    noted: remarksText(notes, 'en'),
    load: (handle: string) => loadFromDocx(bytes, handle),
  }
}

describe('the pictures of a Word document', () => {
  test('are pieces in the order in which they are shown, wherever that is', async () => {
    const { handles, names, said, load } = await read({
      'word/document.xml': wordBody(shown('r2') + shown('r1')),
      'word/_rels/document.xml.rels': relationships(
        ['image', 'media/b.png'],
        ['image', 'media/a.png'],
        ['header', 'header1.xml'],
      ),
      'word/header1.xml': wordPart('hdr', '页眉'),
      'word/_rels/header1.xml.rels': relationships(['image', 'media/c.png']),
      'word/media/a.png': png('a'),
      'word/media/b.png': png('b'),
      'word/media/c.png': png('c'),
    })
    expect([names, handles, said]).toEqual([
      ['picture 1', 'picture 2', 'picture 3'],
      ['word/media/a.png', 'word/media/b.png', 'word/media/c.png'],
      '',
    ])
    expect(await load('word/media/b.png')).toEqual(png('b'))
  })

  test('are one piece when their bytes are the same', async () => {
    const { names } = await read({
      'word/_rels/document.xml.rels': relationships(['image', 'media/a.png'], ['image', 'media/b.png']),
      'word/media/a.png': png('a'),
      'word/media/b.png': png('a'),
    })
    expect(names).toEqual(['picture 1'])
  })

  test('are sent with their second form, which other programs show', async () => {
    const { handles, said } = await read({
      'word/_rels/document.xml.rels': relationships(['image', 'media/a.png'], ['image', 'media/a.svg']),
      'word/media/a.png': png('a'),
      'word/media/a.svg': '<svg xmlns="http://www.w3.org/2000/svg"/>',
    })
    expect([handles, said]).toEqual([['word/media/a.png', 'word/media/a.svg'], ''])
  })

  test('are sent also where nothing leads to them', async () => {
    const { handles, said } = await read({ 'word/media/a.png': png('a'), 'word/media/a.bin': 'words of an object' })
    expect([handles, said]).toEqual([['word/media/a.png'], '1 file inside that nothing refers to'])
  })

  test.each([
    ['an EMF', Buffer.concat([Buffer.from([1, 0, 0, 0]), Buffer.alloc(36), Buffer.from(' EMF')]), 'EMF/WMF'],
    ['a WMF', Buffer.from([0xd7, 0xcd, 0xc6, 0x9a, 0, 0]), 'EMF/WMF'],
    ['a film', Buffer.from('\0\0\0\x18ftypmp42\0\0\0\0mp42isom', 'latin1'), 'video'],
    ['what nobody knows', Buffer.from('what is this'), '(BIN)'],
  ])('are left out as %s', async (_, bytes, said) => {
    const read1 = await read({
      'word/_rels/document.xml.rels': relationships(['image', 'media/a.bin']),
      'word/media/a.bin': bytes,
    })
    expect(read1.names).toEqual([])
    expect(read1.said).toContain(said)
  })

  test('that a picture was before its effects are noted', async () => {
    const { noted, said } = await read({
      'word/_rels/document.xml.rels': relationships(['hdphoto', 'media/a.wdp']),
      'word/media/a.wdp': 'II\xbc',
    })
    expect([said, noted]).toEqual(['', expect.stringContaining('before effects')])
  })

  test('that are missing or damaged are left out', async () => {
    const { said } = await read({ 'word/_rels/document.xml.rels': relationships(['image', 'media/a.png']) })
    expect(said).toBe('1 picture that cannot be read')
  })

  test('do not stand for an object, which is left out', async () => {
    const object = '<w:p><w:r><w:object><v:imagedata r:id="r1"/><o:OLEObject r:id="r2"/></w:object></w:r></w:p>'
    const { names, said } = await read({
      'word/document.xml': wordMarkup('document', `<w:body>${object}</w:body>`),
      'word/_rels/document.xml.rels': relationships(['image', 'media/a.png'], ['oleObject', 'embeddings/a.bin']),
      'word/media/a.png': png('a'),
      'word/embeddings/a.bin': 'x',
    })
    expect([names, said]).toEqual([['picture 1'], '1 embedded picture or object'])
  })
})

test('the cells behind a chart are sent', async () => {
  const bytes = docxOf(['茶'], {
    'word/_rels/document.xml.rels': relationships(['chart', 'c.xml']),
    'word/c.xml': '<c:chartSpace xmlns:c="c"/>',
    'word/_rels/c.xml.rels': relationships(['package', 'cells.xlsx']),
    'word/cells.xlsx': xlsxOf({ 表: [['一季度']] }),
  })
  expect(await extractDocx(bytes)).toMatchObject({ text: '茶\n一季度', omitted: [] })
})

test('recordings that the platforms take are pieces', async () => {
  const { names, said } = await read({
    'word/_rels/document.xml.rels': relationships(['audio', 'media/a.wav'], ['media', 'media/a.wav']),
    'word/media/a.wav': Buffer.concat([
      Buffer.from('RIFF'),
      Buffer.alloc(4),
      Buffer.from('WAVEfmt '),
      Buffer.alloc(30),
    ]),
  })
  expect([names, said]).toEqual([['sound 1'], ''])
})
