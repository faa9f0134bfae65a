import { describe, expect, test } from 'vitest'
import { extractText } from '../../../electron/engine/formats/extract-text.ts'

const pixel = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGNgYPhfDwAChAGAWjR9awAAAABJRU5ErkJggg=='

function heldIn(reader: string, text: string) {
  const extracted = extractText(reader, text)
  if (extracted.kind === 'failure') throw new Error(extracted.detail)
  return {
    pieces: (extracted.pieces ?? []).map(({ from }) =>
      from.kind === 'file' ? from.path : from.kind === 'bytes' ? from.bytes.length : from.kind,
    ),
    omitted: extracted.omitted.map(({ code, count = 1 }) => [code, count]),
  }
}
const inPage = (markup: string) => heldIn('html', `<!doctype html><body><p>新品</p>${markup}</body>`)
const inMarkdown = (text: string) => heldIn('markup', text)

describe('a page', () => {
  test('brings along the pictures beside it and those in its own bytes, each once', () => {
    const markup = `<img src="a_files/one.png" alt="图" class=x width=3><img src="a_files/one.png"><img src="./%E4%BA%8C.jpg?v=1#x">
      <img src="data:image/png;base64,${pixel}"><img src="s.png" srcset="s.png 1x, l.png 2x">`
    expect(inPage(markup)).toEqual({
      pieces: ['a_files/one.png', './二.jpg', 70, 's.png', 'l.png'],
      omitted: [],
    })
  })

  test.each([
    ['of another site', '<img src="https://example.com/a.png">'],
    ['of the same host as the page was', '<img src="//example.com/a.png">'],
    ['from the root', '<img src="/a.png">'],
    ['by a path of the disk', '<img src="file:///a.png">'],
    ['that a script may put in its place', '<img src="a.png" data-src="b.png">'],
    ['one of which lies elsewhere', '<img src="a.png" srcset="https://example.com/b.png 2x">'],
    ['behind words', '<div background="a.png">词</div>'],
    ['with an address that cannot be read', '<img src="%E4%BA">'],
  ])('leaves out a picture %s', (_, markup) => {
    const { pieces, omitted } = inPage(markup)
    expect(pieces).toEqual([])
    expect(omitted).toContainEqual(['picture', 1])
  })

  test('that says its addresses begin elsewhere brings none along', () => {
    expect(inPage('<base href="https://example.com/"><img src="a.png">')).toMatchObject({ pieces: [] })
    expect(inPage('<base href="https://example.com/"><img src="a.png">').omitted).toContainEqual(['picture', 1])
  })
})

describe('a text with marks', () => {
  test('brings along the pictures beside it', () => {
    expect(inMarkdown('# 新品\n\n![图](img/a.png) 与 ![](<b c.png> "标题")\n\n<img src="d.png">\n')).toEqual({
      pieces: ['img/a.png', 'b c.png', 'd.png'],
      omitted: [],
    })
  })

  test('leaves out those that lie elsewhere, and what is marked in other ways', () => {
    expect(inMarkdown('![图](https://example.com/a.png)').omitted).toEqual([['picture', 1]])
    expect(inMarkdown('![图][a]\n\n[a]: a.png').omitted).toEqual([['picture', 1]])
    expect(inMarkdown('![[a.png]]').omitted).toEqual([['picture', 1]])
  })

  test('in a value of data leaves out all of them: nobody would ask for them there', () => {
    expect(heldIn('json', JSON.stringify({ a: '![图](a.png) <img src="b.png">' }))).toMatchObject({ pieces: [] })
    expect(heldIn('json', JSON.stringify({ a: '![图](a.png)' })).omitted).toContainEqual(['picture', 1])
  })
})

describe('pictures that are packed in letters', () => {
  test('are pieces of a text with marks, and not left out beside', () => {
    const long = Buffer.concat([Buffer.from(pixel, 'base64'), Buffer.alloc(900, 'picture')])
    const data = `data:image/png;base64,${long.toString('base64')}`
    expect(inMarkdown(`# 新品\n\n![图](${data})\n\n<img src="data:image/png;base64,${pixel}">\n`)).toEqual({
      pieces: [970, 70],
      omitted: [],
    })
    expect(inMarkdown(`![图](${data}) 与 ${data}`)).toEqual({ pieces: [970], omitted: [['embedded_picture', 1]] })
  })

  test('are pieces of data, whose letters are not sent', () => {
    const data = { a: '茶', logo: pixel, 图: `data:image/png;base64,${pixel}` }
    const { pieces, omitted } = heldIn('json', JSON.stringify(data))
    expect([pieces, omitted]).toEqual([[70, 70], []])
    expect(heldIn('xml', `<a><b>茶</b><binary>${pixel}</binary></a>`)).toEqual({ pieces: [70], omitted: [] })
    const extracted = extractText('json', JSON.stringify({ a: '茶', logo: pixel }))
    expect(extracted).toMatchObject({ text: expect.not.stringContaining(pixel) })
  })
})
