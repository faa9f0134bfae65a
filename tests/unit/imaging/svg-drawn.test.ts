import { describe, expect, test } from 'vitest'
import { isSettledByDrawing } from '../../../electron/engine/imaging/svg/drawn.ts'
import { readSvg } from '../../../electron/engine/imaging/svg/read-svg.ts'

/** Whether a browser's picture of it would show all that is left out of it today. */
function isSettled(inner: string, attributes = 'viewBox="0 0 100 100"'): boolean {
  const document = `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" ${attributes}>${inner}</svg>`
  const { leftOut } = readSvg(Buffer.from(document))
  expect(leftOut, 'it is left out today').not.toEqual([])
  return isSettledByDrawing(leftOut, document)
}

describe("a browser's picture settles", () => {
  test.each([
    ['words that are stretched', '<text textLength="90" lengthAdjust="spacing">价格</text>'],
    ['upright words', '<text style="writing-mode: vertical-rl">竖排</text>'],
    ['a filter with light', '<filter id="f"><feConvolveMatrix order="3" kernelMatrix="1 0 0 0 1 0 0 0 1"/></filter>'],
    ['an unusual length', '<rect width="calc(10px + 2em)" height="5"/>'],
    ['a selector of the nth', '<style>rect:nth-child(2) { fill: red }</style><rect width="9" height="9"/>'],
    ['a transform in a style', '<rect style="transform: rotate(0.1turn)" width="9" height="9"/>'],
  ])('%s', (_what, inner) => expect(isSettled(inner)).toBe(true))

  test('a drawing without a size', () => expect(isSettled('<rect width="9" height="9"/>', '')).toBe(true))
})

describe('it does not settle', () => {
  test.each([
    ['words along a curve', '<path id="p" d="M0 0L9 9"/><text><textPath href="#p">沿线</textPath></text>'],
    ['motion', '<rect width="9" height="9"><animate attributeName="x" to="9"/></rect>'],
    [
      'motion in a style',
      '<style>@keyframes a { to { x: 9px } } rect { animation: a 1s }</style><rect width="9" height="9"/>',
    ],
    ['what is shown on touching', '<style>rect:hover { fill: red }</style><rect width="9" height="9"/>'],
    ['other screens', '<style>@media (min-width: 9px) { rect { fill: red } }</style><rect width="9" height="9"/>'],
    ['a script', '<script>alert(1)</script>'],
    ['a page in it', '<foreignObject><p xmlns="http://www.w3.org/1999/xhtml">x</p></foreignObject>'],
    ['an element that nobody knows', '<price>99</price>'],
    ['an attribute that nobody knows', '<rect price="99" width="9" height="9"/>'],
    ['a property that nobody knows', '<rect style="price: 99" width="9" height="9"/>'],
    ['a picture from elsewhere', '<image width="9" height="9" href="https://example.com/a.png"/>'],
    ['a fill from elsewhere', '<rect fill="url(https://example.com/a.svg#p)" width="9" height="9"/>'],
    ['what another language sees', '<switch><text systemLanguage="fr" x="1" textLength="9">a</text></switch>'],
  ])('%s', (_what, inner) => expect(isSettled(inner)).toBe(false))

  test('anything together with one of these', () => {
    expect(isSettled('<text textLength="90">价格</text><price>99</price>')).toBe(false)
  })
})
