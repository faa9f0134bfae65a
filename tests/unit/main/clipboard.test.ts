import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  evidenceContent,
  linesContent,
  mostLines,
  nameOf,
  pictureContent,
  placeOf,
} from '../../../electron/main/policies/clipboard.ts'

const awkward = fc.constantFrom('a', '海', '\n', '\r', '\u0085', '\u2028', '\u001b', '\t')

describe('names and paths on the clipboard', () => {
  test('are a line each, whatever is in them', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: awkward, maxLength: 12 }), { maxLength: 6 }), names => {
        const { text, count } = linesContent(names)
        expect(count).toBe(names.length)
        if (names.length > 0) expect(text.split(/[\n\r\u0085\u2028\u2029]/)).toHaveLength(names.length)
      }),
    )
    expect(linesContent(['a\nb.png', 'c\u001b[31m.png']).text).toBe('a b.png\nc [31m.png')
  })

  test('are no more than can be pasted, and told how many', () => {
    expect(linesContent(Array.from({ length: mostLines + 5 }, () => 'a')).count).toBe(mostLines)
    const long = linesContent(Array.from({ length: 5000 }, () => 'x'.repeat(1000)))
    expect(long.count).toBeLessThan(1000)
    expect(long.text.length).toBeLessThanOrEqual(1_000_000)
  })

  test('are the last part of the path, and where it lies or else what it is called', () => {
    expect(nameOf({ path: 'posters/春茶.jpg', place: '/a/posters/春茶.jpg' })).toBe('春茶.jpg')
    expect(nameOf({ path: 'texts.csv#12', place: null })).toBe('texts.csv#12')
    expect(placeOf({ path: 'posters/a.jpg', place: 'D:\\posters\\a.jpg' })).toBe('D:\\posters\\a.jpg')
    expect(placeOf({ path: 'pasted 1', place: null })).toBe('pasted 1')
  })
})

test('a picture goes with the path of its file, where it has one', () => {
  const png = Uint8Array.of(1)
  expect(pictureContent(png, '/a/b\n.png')).toEqual({ png, text: '/a/b .png' })
  expect(pictureContent(png, null)).toEqual({ png })
})

describe('evidence on the clipboard', () => {
  test('is the same words as text and as a table', () => {
    const evidence = 'asset: a.png\nsha256: 12\n\nplatform: wechat\nreply: {"errcode":0}\n'
    const { text, html } = evidenceContent(evidence)
    expect(text).toBe(evidence)
    expect(html).toContain('<tr><th align="left">platform</th><td>wechat</td></tr>')
    expect(html?.match(/<tr>/g)).toHaveLength(5)
  })

  test('has no markup in it, whatever a name or a reply says', () => {
    fc.assert(
      fc.property(fc.string(), name => {
        const { html = '' } = evidenceContent(`asset: ${name}<img src=x onerror=alert(1)>"'&\n`)
        expect(
          html.replace(/<\/?(?:meta charset="utf-8"|table|tr|td(?: colspan="2")?|th(?: align="left")?)>/g, ''),
        ).not.toMatch(/[<>"']/)
      }),
    )
  })

  test('is text only where the table would be too large, and cut where that is', () => {
    expect(evidenceContent(`reply: ${'x'.repeat(300_000)}`)).not.toHaveProperty('html')
    expect(evidenceContent('x'.repeat(3_000_000)).text).toHaveLength(1_000_000)
  })
})
