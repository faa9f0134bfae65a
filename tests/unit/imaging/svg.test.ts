import { describe, expect, it } from 'vitest'
import { checkSvg } from '../../../electron/engine/imaging/svg.ts'

const check = (inside: string) => () =>
  checkSvg(Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" width="10" height="10">${inside}</svg>`))

describe('an SVG', () => {
  it('is drawn when everything it shows is in it', () => {
    expect(check('<defs><linearGradient id="g"/></defs><rect fill="url(#g)"/><use href="#g"/>')).not.toThrow()
    expect(check('<image href="data:image/png;base64,AAAA"/>')).not.toThrow()
    expect(check('<a href="https://example.com/"><text>青禾茶事</text></a>')).not.toThrow()
  })

  it.each([
    ['a picture elsewhere', '<image href="https://example.com/a.png"/>'],
    ['a file beside it', `<image xlink:href='secret.png'/>`],
    ['a drawing inside a data address, which could do any of this', '<image href="data:image/svg+xml;base64,AAAA"/>'],
    ['a fill elsewhere', '<rect style="fill: url(https://example.com/#g)"/>'],
    ['a style sheet elsewhere', '<style>@import "a.css";</style>'],
  ])('is refused when it refers to %s', (_, inside) => {
    expect(check(inside)).toThrow('refers to other files')
  })

  it.each([
    ['moves', '<rect><animate attributeName="x"/></rect>', 'it moves'],
    ['changes after a while', '<rect><set attributeName="x" to="5" begin="2s"/></rect>', 'it moves'],
    ['moves by style', '<style>@keyframes a { from { opacity: 0 } }</style>', 'it moves'],
    ['runs a script', '<script>draw()</script>', 'script'],
    ['embeds a web page', '<foreignObject><p>特价</p></foreignObject>', 'web page'],
  ])('is refused when it %s', (_, inside, why) => {
    expect(check(inside)).toThrow(why)
  })

  it('is refused when it defines entities, which multiply', () => {
    expect(() => checkSvg(Buffer.from('<!DOCTYPE svg [<!ENTITY a "b">]><svg/>'))).toThrow('entities')
  })

  it('is refused when it is not in UTF-8, since it would be checked otherwise than it is drawn', () => {
    expect(() => checkSvg(Buffer.from([0x3c, 0x73, 0x76, 0x67, 0xff]))).toThrow('UTF-8')
    expect(() => checkSvg(Buffer.from('<?xml version="1.0" encoding="GBK"?><svg/>'))).toThrow('UTF-8')
  })
})
