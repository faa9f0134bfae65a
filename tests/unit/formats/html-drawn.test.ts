import { describe, expect, test } from 'vitest'
import { leftOutOfDrawn } from '../../../electron/engine/formats/html/drawn.ts'
import { extractHtml } from '../../../electron/engine/formats/html/extract-html.ts'

const still = { svgs: 0, svgsSeen: 0, unseen: 0, changes: false }

/** What is left out of a page when its drawing is sent too and was found to be `seen`. */
function leftOut(html: string, seen: Partial<typeof still> = {}) {
  const page = extractHtml(html)
  if (page.kind === 'failure') throw new Error(page.code)
  if (page.drawable == null) return 'not drawable'
  return leftOutOfDrawn(page.omitted, page.drawable, { ...still, ...seen }).map(({ code, count = 1 }) => [code, count])
}

const svg = '<svg width=10 height=10><circle r=4 /></svg>'

describe('a drawing of a page settles', () => {
  test('drawings in it that are in sight, each of them', () => {
    expect(leftOut(`${svg}${svg}`, { svgs: 2, svgsSeen: 2 })).toEqual([])
    expect(leftOut(`${svg}${svg}`, { svgs: 2, svgsSeen: 1 })).toEqual([['picture', 2]])
    expect(leftOut(`${svg}${svg}`, { svgs: 1, svgsSeen: 1 })).toEqual([['picture', 2]])
    expect(leftOut(`${svg}`, { svgs: 1, svgsSeen: 1, changes: true })).toEqual([['picture', 1]])
    expect(leftOut(`<template>${svg}</template>${svg}`, { svgs: 1, svgsSeen: 1 })).toEqual([['picture', 2]])
  })

  test.each([
    ['an unknown function', 'p { width: price(9) }'],
    ['attributes as words', 'p::after { content: attr(data-x) }'],
    ['another order', 'p { unicode-bidi: bidi-override }'],
    ['a picture in the style', `p { background: url(data:image/png;base64,${btoa('picture')}) }`],
  ])('%s of a style, where all of the page is in sight and nothing changes', (_what, sheet) => {
    const page = `<style>${sheet}</style><p data-x=y>words`
    expect(leftOut(page)).toEqual([])
    expect(leftOut(page, { unseen: 1 })).toHaveLength(1)
    expect(leftOut(page, { changes: true })).toHaveLength(1)
  })
})

test.each([
  ['a picture from elsewhere', '<img src="https://example.com/a.png">', 'picture'],
  ['a picture that a script fetches', '<img data-src="https://example.com/a.png">', 'linked_file'],
  ['a picture from elsewhere in a style', '<p style="background: url(https://example.com/a.png)">x', 'picture'],
  [
    'a picture in a style that moves',
    `<p style="background: url(data:image/png;base64,${btoa('xxacTLxx')})">x`,
    'picture',
  ],
  ['a drawing of another file', '<p style="background: url(data:image/svg+xml;base64,AAAA)">x', 'picture'],
  ['a sheet from elsewhere', '<style>@import "a.css"</style>x', 'adding_style'],
  ['a canvas', '<canvas></canvas>x', 'drawing'],
  ['an element that a library draws', '<x-price></x-price>x', 'drawing'],
  ['a film', '<video src=a.mp4></video>x', 'recording'],
  ['a frame', '<iframe src=a.html></iframe>x', 'inner_page'],
  ['a script that writes', '<p>x<script>document.write(y)</script>', 'writing_script'],
  ['a redirect', '<meta http-equiv=refresh content="0;url=https://example.com">x', 'redirect'],
  ['a file that is named', '<p data-x="https://example.com/a.png">x', 'linked_file'],
])('it does not settle %s', (_what, html, code) => {
  expect(leftOut(html, { svgs: 0, svgsSeen: 0 })).toEqual([[code, 1]])
})

test('what people see with sheets from elsewhere, or in the shadow, is not what would be drawn', () => {
  expect(leftOut(`<link rel=stylesheet href=a.css>${svg}`)).toBe('not drawable')
  expect(leftOut(`<div><template shadowrootmode=closed>${svg}</template></div>x`)).toBe('not drawable')
})
