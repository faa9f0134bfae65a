import { describe, expect, it } from 'vitest'
import { checkSvg } from '../../../electron/engine/imaging/svg.ts'
import { png } from '../intake/harness.ts'

const check = (inside: string) => () =>
  checkSvg(Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" width="10" height="10">${inside}</svg>`))

describe('an SVG', () => {
  it('is drawn when everything it shows is in it', () => {
    expect(check('<defs><linearGradient id="g"/></defs><rect fill="url(#g)"/><use href="#g"/>')).not.toThrow()
    expect(check('<a href="https://example.com/"><text>青禾茶事</text></a>')).not.toThrow()
  })

  it('gives the PNG and JPEG pictures in it, for the renderer leaves blank what it cannot read', () => {
    const jpeg = Buffer.from('\xff\xd8\xff\xe0', 'latin1')
    const image = (mime: string, bytes: Uint8Array) =>
      `<image href="data:${mime};base64,${Buffer.from(bytes).toString('base64')}"/>`
    const drawing = Buffer.from(`<svg>${image('image/png', png)}${image('image/jpeg', jpeg)}</svg>`)
    expect(checkSvg(drawing)).toEqual([png, jpeg])
    const broken = image('image/png', png).replace(/(?<=base64,.{40})/, '&#xA;')
    expect(checkSvg(Buffer.from(`<svg>${broken}</svg>`))).toEqual([png])
    for (const [mime, bytes] of [
      ['image/gif', Buffer.from('GIF89a')],
      ['image/webp', Buffer.from('RIFF\0\0\0\0WEBP')],
      ['image/png', Buffer.from('GIF89a')],
      ['image/svg+xml', Buffer.from('<svg/>')],
    ] as const) {
      expect(check(image(mime, bytes))).toThrow('neither PNG nor JPEG')
    }
  })

  it.each([
    ['a picture elsewhere', '<image href="https://example.com/a.png"/>'],
    ['a file beside it', `<image xlink:href='secret.png'/>`],
    ['a fill elsewhere', '<rect style="fill: url(https://example.com/#g)"/>'],
    ['a file whose address is spelled by numbers', '<image href="&#104;ttp://example.com/a.png"/>'],
    ['a file beside what only looks like a link', '<image x="&#60;a " href="a.png"/>'],
    ['a style sheet elsewhere, spelled by numbers', '<style>@im&#112;ort "a.css";</style>'],
    ['a style sheet elsewhere', '<style>@import "a.css";</style>'],
  ])('is refused when it refers to %s', (_, inside) => {
    expect(check(inside)).toThrow('refers to other files')
  })

  it.each([
    ['moves', '<rect><animate attributeName="x"/></rect>', 'it moves'],
    ['changes after a while', '<rect><set attributeName="x" to="5" begin="2s"/></rect>', 'it moves'],
    ['moves by style', '<style>@keyframes a { from { opacity: 0 } }</style>', 'it moves'],
    ['speaks to each in another language', '<switch><text systemLanguage="fr"/></switch>', 'different readers'],
    ['follows the width of the window', '<style>@media (max-width: 9px) {}</style>', 'different readers'],
    ['runs a script', '<script>draw()</script>', 'script'],
    ['embeds a web page under another prefix', '<é:foreignObject/>', 'web page'],
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
