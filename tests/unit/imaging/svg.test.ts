import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { missingGlyphs } from '../../../electron/engine/imaging/svg/glyphs.ts'
import { readSvg } from '../../../electron/engine/imaging/svg/read-svg.ts'
import { png } from '../intake/harness.ts'

const drawing = (inside: string, root = '') =>
  Buffer.from(
    `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="10" height="10" ${root}>${inside}</svg>`,
  )
const read = (inside: string, root = '') => readSvg(drawing(inside, root))
const codes = (inside: string, root = '') => read(inside, root).leftOut.map(({ code }) => code)

describe('an SVG is drawn', () => {
  test.each([
    [
      'shapes, gradients and uses',
      '<defs><linearGradient id="g"><stop offset="0" stop-color="#2a7"/></linearGradient></defs><rect fill="url(#g)" rx="2"/><use href="#g"/>',
    ],
    [
      'path data as editors shorten it',
      '<path d="M2 2h4.5.5a1 1 0 01-1 1zm-.5-.5c0-1.1.9-2 2-2"/><polygon points="0,0 4-2.5 4,5"/>',
    ],
    [
      'transformations as editors shorten them',
      '<g transform="translate(-384.57-515.8)scale(1-1)rotate(.5.5.5)"><path d="M0 0h1"/></g>',
    ],
    [
      'plain styles',
      '<style type="text/css"><![CDATA[ .a, g > .b { fill: #fff; stroke-width: 2px !important } /* x */ ]]></style><path class="a" d="M0 0h1" style="opacity:.5;mix-blend-mode:multiply"/>',
    ],
    [
      'links and text',
      '<a href="https://example.com/"><text x="1" y="2" font-family="Microsoft YaHei" text-anchor="middle">ab<tspan dy="1em">c</tspan></text></a>',
    ],
    [
      'shadows',
      '<filter id="f" x="-10%" filterUnits="userSpaceOnUse"><feFlood flood-opacity="0" result="BackgroundImageFix"/><feOffset dy="4"/><feGaussianBlur stdDeviation="2"/><feBlend in2="BackgroundImageFix" mode="normal"/></filter><g filter="url(#f)"/>',
    ],
    [
      'what editors write for themselves',
      '<sodipodi:namedview xmlns:sodipodi="http://sodipodi.sourceforge.net/DTD/sodipodi-0.dtd" pagecolor="#fff"><x/></sodipodi:namedview><metadata><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">words</rdf:RDF></metadata><g xmlns:inkscape="http://www.inkscape.org/namespaces/inkscape" inkscape:label="Ebene 1" data-name="x" aria-label="y" style="-inkscape-font-specification:Arial"/>',
    ],
    [
      'what only Illustrator draws',
      '<switch><foreignObject requiredExtensions="http://ns.adobe.com/AdobeIllustrator/10.0/"><p>特价</p></foreignObject><g/></switch>',
    ],
    [
      'baselines',
      '<text y="9" dominant-baseline="middle">a<tspan baseline-shift="5">b</tspan><tspan baseline-shift="super">c</tspan></text>',
    ],
    ['blanks that all keep', '<text xml:space="preserve" style="white-space: pre">a  b</text>'],
    ['blanks that nobody keeps', '<text>a  b</text>'],
    ['no blanks in a row', '<g xml:space="preserve"><text style="white-space:pre">a b</text></g>'],
    ['points that Inkscape keeps of its boxes', '<path d="M0 0h1" points="151.1,-37.8 168.1,-32.5"/>'],
    [
      'several filters and functions of them',
      '<filter id="f"><feOffset dy="4"/></filter><g filter="url(#f) url(#f)"/><g style="filter:blur(2px) opacity(50%)"/>',
    ],
    ['what is left of Illustrator’s namespaces', '<g xmlns:i="&amp;ns_ai;" i:knockout="Off"><path d="M0 0h1"/></g>'],
    [
      'what icon libraries number',
      '<path d="M0 0h1" p-id="1143" fillRule="evenodd"/>',
      't="1569682885975" class="icon"',
    ],
    ['properties without a value', '<path d="M0 0h1" stroke-dasharray="" opacity="undefined"/><stop offset=""/>'],
    ['data that break off behind a letter', '<path d="M13 9l3 1h-8 l"/>'],
    ['data and points that Inkscape keeps of circles', '<circle r="4" d="M0 0h1"/>'],
    [
      'markers in the colours of their lines, and what Inkscape writes about text in a shape',
      '<marker id="m"><path d="M0 0h1" style="fill:context-stroke"/></marker><text style="shape-inside:url(#r);shape-padding:7.5">a</text>',
    ],
    [
      'fonts in short, and shadows in short',
      '<text style="font: italic bold 12px/1.5 &quot;Arial&quot;, sans-serif">a</text><rect style="filter:drop-shadow(1px 2px 3px #0008)"/>',
    ],
    [
      'patterns that nothing is filled with',
      '<pattern id="dots" width="9" height="9" viewBox="9 9 9 9"><g/></pattern>',
    ],
    ['an empty style of a page', '<style xmlns="http://www.w3.org/1999/xhtml"></style><path d="M0 0h1"/>'],
    [
      'gradients that continue others',
      '<linearGradient id="a" href="#b"/><linearGradient id="b" href="#c"/><linearGradient id="c"><stop/></linearGradient>',
    ],
  ])('with %s', (_, inside, root = '') => {
    expect(read(inside, root).leftOut).toEqual([])
  })

  test('with entities that stand for namespaces', () => {
    const doctype = '<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "x" [<!ENTITY ns "http://www.w3.org/2000/svg">]>'
    expect(
      readSvg(Buffer.from(`<?xml version="1.0"?>${doctype}<svg xmlns="&ns;" viewBox="0 0 9 9"><path d="M0 0"/></svg>`))
        .leftOut,
    ).toEqual([])
  })

  test('with lengths in inches at 96 pixels to one, as browsers count', () => {
    const { drawing: text, leftOut } = readSvg(
      Buffer.from('<svg width="1in" height="72pt"><path d="M0 0h9" style="stroke-width:3pt"/></svg>'),
    )
    expect(leftOut).toEqual([])
    expect(Buffer.from(text).toString()).toBe(
      '<svg width="96px" height="96px"><path d="M0 0h9" style="stroke-width:4px"/></svg>',
    )
  })
})

describe('of an SVG is left out', () => {
  test.each([
    [
      'words along a path',
      '<path id="c" d="M0 0h9"/><text><textPath xlink:href="#c">特价</textPath></text>',
      'svg_element',
    ],
    ['a web page', '<foreignObject><p>特价</p></foreignObject>', 'svg_element'],
    ['an element in no known namespace', '<x:note xmlns:x="urn:x">特价</x:note>', 'svg_element'],
    ['a filter that is drawn otherwise', '<filter id="f"><feImage href="#a"/></filter>', 'svg_element'],
    ['a fallback for other readers', '<switch><text systemLanguage="fr">特价</text></switch>', 'svg_attribute'],
    ['places of single letters', '<text x="1 30 15" y="2">特价</text>', 'svg_attribute'],
    ['a length that is squeezed', '<text textLength="9">特价</text>', 'svg_attribute'],
    ['letters that turn', '<text rotate="90">特价</text>', 'svg_attribute'],
    ['an origin of turning', '<g transform="rotate(9)" transform-origin="5 5"/>', 'svg_attribute'],
    ['path data that breaks off', '<path d="M0 0 L5"/>', 'svg_attribute'],
    ['an odd point', '<polygon points="0,0 5,5 7"/>', 'svg_attribute'],
    ['an attribute of an unknown namespace', '<g xmlns:x="urn:x" x:say="特价"/>', 'svg_attribute'],
    [
      'a colour by a variable of a part',
      '<style>.a{--brand:red;fill:var(--brand)}</style><path class="a" d="M0 0"/>',
      'svg_style',
    ],
    ['nested rules', '<style>.g{fill:#fff; .a{fill:#e00}}</style>', 'svg_style'],
    ['a colour of a newer kind', '<path d="M0 0" style="fill:oklch(.5 .2 28)"/>', 'svg_style'],
    ['a colour mixed', '<path d="M0 0" style="fill:color-mix(in srgb, red, blue)"/>', 'svg_style'],
    ['a property that shows words', '<style>g::before{content:"特价"}</style>', 'svg_style'],
    ['a style that depends on the window', '<style>@media (max-width: 9px) {path{fill:red}}</style>', 'svg_style'],
    ['a font of its own', '<style>@font-face{font-family:a;src:url(a.woff)}</style>', 'svg_style'],
    ['a style sheet elsewhere', '<style>@import "a.css";</style>', 'svg_style'],
    ['a style sheet elsewhere, spelled by numbers', '<style>@im&#112;ort "a.css";</style>', 'svg_style'],
    [
      'a gradient that only the renderer hides',
      '<linearGradient id="g" style="display:none"><stop/></linearGradient>',
      'svg_style',
    ],
    [
      'a mask that a rule hides',
      '<style>.a,.b{fill:red;display:none}</style><mask id="m" class="b"><path d="M0 0"/></mask>',
      'svg_style',
    ],
    ['a transformation by a share', '<g style="transform:translate(100%)"/>', 'svg_style'],
    ['a transformation undone by a style', '<g transform="scale(9)" style="transform:none"/>', 'svg_style'],
    ['dashes of a length of its own', '<path d="M0 0h9" pathLength="1" stroke-dasharray="1"/>', 'svg_attribute'],
    ['a sheet in another language', '<style type="text/plain">g{fill:red}</style>', 'svg_element'],
    ['one of several sheets', '<style title="a">g{fill:red}</style>', 'svg_element'],
    ['a drawing that uses itself', '<g id="a"><use href="#a" x="9"/></g>', 'svg_reference'],
    ['a drawing that is used', '<defs><svg id="a" width="9"/></defs><use href="#a" width="20"/>', 'svg_reference'],
    ['a use that a style places', '<style>.a{x:50px}</style><use class="a" href="#a"/>', 'svg_style'],
    ['a symbol with a size of its own', '<symbol id="a" width="9" height="9"><g/></symbol>', 'svg_attribute'],
    [
      'a pattern of another shape than its tile',
      '<pattern id="p" patternUnits="userSpaceOnUse" width="9" height="9" viewBox="0 0 10 5"><g/></pattern><path fill="url(#p)" d="M0 0"/>',
      'svg_attribute',
    ],
    [
      'a pattern that begins elsewhere',
      '<pattern id="p" patternUnits="userSpaceOnUse" width="9" height="9" viewBox="9 9 9 9"><g/></pattern><path fill="url(#p)" d="M0 0"/>',
      'svg_attribute',
    ],
    [
      'a gradient that continues a shape',
      '<rect id="r"/><radialGradient href="#r"><stop/></radialGradient>',
      'svg_reference',
    ],
    ['a mask that is masked', '<mask id="a" mask="url(#b)"/><mask id="b"/>', 'svg_attribute'],
    [
      'a clip that is turned in the box of what it clips',
      '<clipPath id="c" clipPathUnits="objectBoundingBox" transform="rotate(45)"><rect/></clipPath>',
      'svg_attribute',
    ],
    [
      'a picture with one side alone',
      `<image width="9" href="data:image/png;base64,${png.toString('base64')}"/>`,
      'svg_attribute',
    ],
    ['a style of a page', '<style xmlns="http://www.w3.org/1999/xhtml">g{fill:red}</style>', 'svg_element'],
    ['a background picture', '<g style="background:url(a.png)"/>', 'svg_style'],
    ['a fill elsewhere', '<rect style="fill: url(https://example.com/#g)"/>', 'svg_style'],
    ['a path in a style', '<path style="d:path(\'M0 0h9\')"/>', 'svg_style'],
    ['a change of colours in another light', '<g style="filter:invert(1)"/>', 'svg_style'],
    ['a symbol that is faint as a whole', '<symbol id="a" opacity=".1"><path d="M0 0h9"/></symbol>', 'svg_attribute'],
    ['a symbol that is faint by its class', '<style>.f{opacity:.1}</style><symbol class="f"/>', 'svg_attribute'],
    ['blanks that browsers alone keep', '<text style="white-space:pre">a  b</text>', 'svg_style'],
    ['blanks that a rule keeps', '<style>text{white-space:pre}</style><text>a  b</text>', 'svg_style'],
    ['blanks that the renderer alone keeps', '<g xml:space="preserve"><text>a  b</text></g>', 'svg_style'],
    ['an unknown filter', '<g filter="dim(2)"/>', 'svg_attribute'],
    ['a filter elsewhere', '<g filter="blur(2px) url(a.svg#f)"/>', 'svg_attribute'],
    ['a gradient without a radius', '<radialGradient id="g" r="0"/>', 'svg_attribute'],
    ['a gradient from less than nothing', '<radialGradient id="g" fr="-1"/>', 'svg_attribute'],
    [
      'a gradient that continues itself',
      '<linearGradient id="a" href="#b"/><linearGradient id="b" xlink:href="#a"/>',
      'svg_reference',
    ],
    ['a use elsewhere', '<use href="a.svg#b"/>', 'svg_reference'],
    ['a gradient that continues one that is not there', '<linearGradient id="g" xlink:href="#n"/>', 'svg_reference'],
    ['a script', '<script>draw()</script>', 'svg_script'],
    ['a script in an attribute', '<g onload="draw()"/>', 'svg_script'],
    ['a script in a link', '<a href="javascript:draw()"><g/></a>', 'svg_script'],
    ['a motion', '<rect><animate attributeName="x"/></rect>', 'svg_motion'],
    ['a change after a while', '<rect><set attributeName="x" to="5" begin="2s"/></rect>', 'svg_motion'],
    ['a motion by style', '<style>@keyframes a { from { opacity: 0 } }</style>', 'svg_motion'],
    ['a picture elsewhere', '<image href="https://example.com/a.png"/>', 'svg_picture'],
    ['a file beside it', `<image xlink:href='secret.png'/>`, 'svg_picture'],
    ['a file whose address is spelled by numbers', '<image href="&#104;ttp://example.com/a.png"/>', 'svg_picture'],
    ['a picture that is a drawing', '<image href="data:image/svg+xml;base64,PHN2Zy8+"/>', 'svg_picture'],
  ] as const)('%s', (_, inside, code) => {
    expect(codes(inside)).toContain(code)
  })

  test('a style sheet that is named before it begins', () => {
    const named = Buffer.from(
      '<?xml-stylesheet href="a.css"?><svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"/>',
    )
    expect(readSvg(named).leftOut.map(({ code }) => code)).toEqual(['svg_reference'])
  })

  test('every element, attribute, property and rule that no list knows', () => {
    const name = fc.stringMatching(/^[a-z]{3,9}$/).map(letters => `q${letters}z`)
    fc.assert(
      fc.property(
        name,
        fc.constantFrom(
          '<N>特价</N>',
          '<N href="#a"/>',
          '<g N="特价"/>',
          '<g style="N:特价"/>',
          '<style>path{N:url(#a)}</style>',
          '<style>@N {path{fill:red}}</style>',
          '<style>path:N{fill:red}</style>',
          '<path d="M0 0" fill="N(1)"/>',
        ),
        (unknown, shape) => {
          expect(read(`<path d="M0 0h9"/>${shape.replaceAll('N', unknown)}`).leftOut).not.toEqual([])
        },
      ),
    )
  })
})

describe('an SVG', () => {
  test('gives the PNG and JPEG pictures in it, to be decoded whole', () => {
    const image = (mime: string, bytes: Uint8Array) =>
      `<image href="data:${mime};base64,${Buffer.from(bytes).toString('base64')}"/>`
    const jpeg = Buffer.from('\xff\xd8\xff\xe0', 'latin1')
    expect(read(image('image/png', png) + image('image/jpeg', jpeg)).pictures).toEqual([png, jpeg])
    const broken = image('image/png', png).replace(/(?<=base64,.{40})/, '&#xA;')
    expect(read(broken).pictures).toEqual([png])
    expect(codes(image('image/gif', Buffer.from('GIF89a')))).toEqual(['svg_picture'])
  })

  test('has its title and description noted: they appear on hovering and reading aloud only', () => {
    expect(read('<title>青禾茶事</title><desc> </desc>').notes).toEqual([{ code: 'svg_title', name: '青禾茶事' }])
    for (const name of ['aria-label', 'xlink:title']) {
      expect(read(`<g ${name}="青禾茶事"/>`).notes).toEqual([{ code: 'svg_title', name: '青禾茶事' }])
    }
  })

  test.each([
    ['style="background:red"', 'red'],
    ['style="background-color: rgb(20, 90, 40)"', 'rgb(20, 90, 40)'],
    ['style="background:none"', null],
    ['class="a b"', 'gold'],
    ['class="b"', null],
  ])('is drawn on the ground that browsers paint for it: %s', (root, ground) => {
    const sheet = '<style>.a.b{background:gold} svg .a, .c{background-color:#123456}</style>'
    const { leftOut, ground: painted } = read(`${sheet}<g class="c" style="background:#0f0"/>`, root)
    expect({ leftOut, painted }).toEqual({ leftOut: [], painted: ground })
  })

  test('is left out where its ground is no plain colour, or more than one', () => {
    expect(codes('', 'style="background:linear-gradient(red,blue)"')).toEqual(['svg_style'])
    expect(codes('', 'style="background:rgba(255,0,0,.5)"')).toEqual(['svg_style'])
    expect(codes('<style>svg{background:red}</style>', 'style="background:blue"')).toEqual(['svg_style'])
  })

  test('has its text as large as in browsers where nothing says how large it is', () => {
    const { drawing: text } = read('<text y="9">a<tspan style="font-size:x-large">b</tspan></text>')
    expect(Buffer.from(text).toString()).toMatch(/^<svg font-size="16px" .*font-size:24px/)
    expect(Buffer.from(read('<text>a</text>', 'font-size="9"').drawing).toString()).not.toContain('16px')
  })

  test.each([
    ['defined once', '<style>:root{--a:#0a7}</style><path fill="var(--a)"/>', '<path fill="#0a7"/>'],
    ['by another', '<style>svg{--a:var(--b, red);--b:#0a7}</style><path fill="var( --a )"/>', '<path fill="#0a7"/>'],
    ['with something in its place', '<path style="fill:var(--a, rgb(1, 2, 3))"/>', '<path style="fill:rgb(1, 2, 3)"/>'],
    ['without', '<path fill="var(--a)"/>', '<path fill="inherit"/>'],
  ])('is drawn with variables: %s', (_, inside, drawn) => {
    const { leftOut, drawing: text } = read(inside)
    expect(leftOut).toEqual([])
    expect(Buffer.from(text).toString()).toContain(drawn)
  })

  test.each([
    ['twice', '<style>:root{--a:#0a7} g{--a:red}</style><path fill="var(--a)"/>'],
    ['in a comment', '<style>/* :root{--a:#0a7} */</style><path fill="var(--a)"/>'],
    ['for a part', '<style>.a{--a:#0a7}</style><path fill="var(--a)"/>'],
    ['by itself', '<style>:root{--a:var(--a)}</style><path fill="var(--a)"/>'],
    ['not at all, where nothing is taken from around', '<stop stop-color="var(--a)"/>'],
  ])('is left out where its variables are defined %s', (_, inside) => {
    expect(codes(inside)).toContain('svg_attribute')
  })

  test('is drawn once more as in dark windows, on their ground', () => {
    const root = 'style="background:#fff;background-color:light-dark(#fff, #121212);color-scheme:light dark"'
    const { leftOut, ground, dark } = read('<path style="fill:light-dark(rgb(0, 0, 0), gold)"/>', root)
    expect({ leftOut, ground, darkGround: dark?.ground }).toEqual({
      leftOut: [],
      ground: '#fff',
      darkGround: '#121212',
    })
    expect(Buffer.from(dark!.drawing).toString()).toContain('fill:gold')
    expect(read('<path style="fill:gold"/>').dark).toBeNull()
    expect(codes('<path style="fill:light-dark(url(#a), gold)"/>')).toEqual(['svg_style'])
  })

  test('has the lines of a text apart, as browsers show them', () => {
    expect(Buffer.from(read('<text>click\nhere</text>').drawing).toString()).toContain('click here')
  })

  test('has the words of text that only Inkscape draws noted', () => {
    const { leftOut, notes } = read('<flowRoot><flowRegion><rect/></flowRegion><flowPara>特价</flowPara></flowRoot>')
    expect({ leftOut, notes }).toEqual({ leftOut: [], notes: [{ code: 'hidden_words', name: '特价' }] })
  })

  test.each([
    ['defines entities that multiply', '<!DOCTYPE svg [<!ENTITY a "b"><!ENTITY c "&a;&a;">]><svg/>', 'svg_malformed'],
    [
      'defines entities that are elsewhere',
      '<!DOCTYPE svg [<!ENTITY a SYSTEM "file:///etc/passwd">]><svg>&a;</svg>',
      'svg_malformed',
    ],
    ['is not well-formed', '<svg><g></svg>', 'svg_malformed'],
    ['has an attribute twice', '<svg><g id="a" id="b"/></svg>', 'svg_malformed'],
    ['names an entity that is not there', '<svg><text>&nbsp;</text></svg>', 'svg_malformed'],
    ['is not in UTF-8 although it says nothing', Buffer.from([0x3c, 0x73, 0x76, 0x67, 0xff]), 'svg_encoding'],
    ['is in another encoding', '<?xml version="1.0" encoding="GBK"?><svg>茶</svg>', 'svg_encoding'],
  ])('is refused when it %s', (_, document, code) => {
    expect(() => readSvg(Buffer.from(document))).toThrow(code)
  })

  test('in another encoding is read where its letters are the same in UTF-8', () => {
    expect(readSvg(Buffer.from('<?xml version="1.0" encoding="ISO-8859-1"?><svg viewBox="0 0 9 9"/>')).leftOut).toEqual(
      [],
    )
  })
})

describe('characters', () => {
  test('that no font of this machine has are found, and those that one has are not', async () => {
    // Unassigned for good; of private use; Latin letters are in every font.
    expect(await missingGlyphs(['\uFDD1', '\u{10FFFD}', 'A', 'g', '.', ' ', '\u200D'])).toEqual([
      '\uFDD1',
      '\u{10FFFD}',
    ])
  })
})

test.each([
  ['no size', '', ['svg_attribute']],
  ['a part of the window', 'width="100%" height="100%"', ['svg_attribute']],
  ['a width alone', 'width="20"', ['svg_attribute']],
  ['a size', 'width="20" height="2em"', []],
  ['a frame', 'width="100%" viewBox="0 0 9 9"', []],
])('a drawing with %s is as large as the window, or not', (_, root, expected) => {
  const { leftOut } = readSvg(Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" ${root}><path d="M0 0h9"/></svg>`))
  expect(leftOut.map(({ code }) => code)).toEqual(expected)
})

test('values with many blanks are read in time that grows with them, not with their square', () => {
  const worst = (length: number) =>
    `<g filter="url(#f)${' '.repeat(length)}x" style="opacity:1${' '.repeat(length)}x"/>`
  const time = (length: number) => {
    const before = process.cpuUsage()
    read(worst(length))
    return process.cpuUsage(before).user
  }
  time(1000)
  // A square would take a thousand times as long.
  expect(time(256_000)).toBeLessThan(100_000 + 100 * time(8000))
})
