import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { extractText, readerOf, type TextReader } from '../../../electron/engine/formats/extract-text.ts'

/** Every reader with an ordinary file of its kind, cut where something may be put in. */
const fixtures: Readonly<
  Record<string, { readonly reader: TextReader; readonly before: string; readonly after: string }>
> = {
  page: {
    reader: 'html',
    before: `<!doctype html><html><head><title>春茶</title></head><body><h1>上新</h1><p>欢迎到店</p>`,
    after: '<p>再会</p></body></html>',
  },
  'page in XML': {
    reader: 'xhtml',
    before: '<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"><body><p>欢迎到店</p>',
    after: '<p>再会</p></body></html>',
  },
  XML: { reader: 'xml', before: '<?xml version="1.0"?><book><p>欢迎到店</p>', after: '<p>再会</p></book>' },
  Markdown: { reader: 'markup', before: '# 春茶\n\n欢迎到店\n\n', after: '\n\n再会\n' },
  text: { reader: 'plain', before: '春茶上新\n', after: '\n再会\n' },
}

const name = fc.stringMatching(/^z[a-z]{3,9}(?:-[a-z]{1,5})?$/)
const words = fc.stringMatching(/^[红绿白茶花果叶]{4,9}$/)
const address = fc.constantFrom(
  'https://cdn.example/a.png',
  '//cdn.example/item?id=3',
  '../img/a.jpg',
  '/img/a.webp',
  'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJ',
)

/** Whether content that is in no list of ours is in the text that is sent, or the asset cannot pass. */
function isAccountedFor(reader: TextReader, source: string, content: string): boolean {
  const extracted = extractText(reader, source)
  if (extracted.kind === 'failure') return true
  return extracted.text.includes(content) || extracted.omitted.length > 0
}

function isLeftOut(reader: TextReader, source: string): boolean {
  const extracted = extractText(reader, source)
  return extracted.kind === 'failure' || extracted.omitted.length > 0
}

describe.each(Object.entries(fixtures))('whatever is added to a %s', (kind, { reader, before, after }) => {
  test('is sent or left out, when it holds words', () => {
    fc.assert(
      fc.property(name, name, words, (element, attribute, content) => {
        const added = [
          `<${element}>${content}</${element}>`,
          `<${element} ${attribute}="${content}"></${element}>`,
          `<p ${attribute}="${content}">a</p>`,
          `<p>a<${element}>${content}</${element}>b</p>`,
          `<${element}><${attribute}>${content}</${attribute}></${element}>`,
        ]
        for (const each of added)
          expect([each, isAccountedFor(reader, before + each + after, content)]).toEqual([each, true])
      }),
    )
  })

  test('is left out, when it holds a picture', () => {
    fc.assert(
      fc.property(name, name, address, (element, attribute, content) => {
        const added =
          kind === 'XML'
            ? [`<${element} src="${content}"/>`, `<image ${attribute}="${content}"/>`]
            : [
                `<${element} ${attribute}="${content}"></${element}>`,
                `<p ${attribute}="${content}">a</p>`,
                `<${element} src="${content}"></${element}>`,
                `<p style="${attribute}:url('${content}')">a</p>`,
              ]
        const sure = kind === 'XML' ? added.filter(() => /\.(?:png|jpg|webp)$|^data:/.test(content)) : added
        for (const each of sure) expect([each, isLeftOut(reader, before + each + after)]).toEqual([each, true])
      }),
    )
  })

  test('is read as one word, when a tag that nobody knows stands within it', () => {
    fc.assert(
      fc.property(name, words, fc.nat(), (element, content, at) => {
        const cut = 1 + (at % (content.length - 1))
        const torn = `<p>${content.slice(0, cut)}<${element}>${content.slice(cut)}</${element}></p>`
        const extracted = extractText(reader, before + torn + after)
        expect(extracted.kind === 'failure' || extracted.text.includes(content)).toBe(true)
      }),
    )
  })
})

describe('whatever is added to a style sheet', () => {
  test('is read or left out', () => {
    fc.assert(
      fc.property(name, name, words, address, (rule, property, content, picture) => {
        const page = (css: string) => `<style>p{color:red}${css}</style><p>欢迎</p>`
        for (const css of [
          `@${rule} "${content}";`,
          `@${rule} x{${property}:"${content}"}`,
          `p{${property}:"${content}"}`,
          `p{${property}:${rule}("${content}")}`,
          `p{&:hover{--${property}:"${content}"}}`,
        ]) {
          expect([css, isAccountedFor('html', page(css), content)]).toEqual([css, true])
        }
        for (const css of [
          `@${rule} x{${property}:url("${picture}")}`,
          `p{${property}:url(${picture})}`,
          `p{${property}:${rule}(${property})}`,
          `p{--${property}:URL( '${picture}' )}`,
          `p{${property}:image-set("${picture}" 1x)}`,
        ]) {
          expect([css, isLeftOut('html', page(css))]).toEqual([css, true])
        }
      }),
    )
  })
})

describe('whatever is added to data', () => {
  test('is read', () => {
    fc.assert(
      fc.property(name, words, (key, content) => {
        for (const [reader, source] of [
          ['json', JSON.stringify({ a: '欢迎', [key]: { [key]: [content] } })],
          ['json', JSON.stringify({ [content]: 1 })],
          ['json', JSON.stringify({ a: JSON.stringify({ [key]: content }) })],
          ['json', JSON.stringify({ a: encodeURIComponent(content) })],
          ['json', JSON.stringify({ a: Buffer.from(content).toString('base64') })],
          ['json lines', `{}\n${JSON.stringify({ [key]: content })}`],
          ['plain', `${key}: ${content}`],
          ['subtitles', `1\n00:00:01,000 --> 00:00:02,000\n<${key}>${content}</${key}>`],
          ['ass', `[${key}]\n${key}: ${content}\n[Events]\n${key}: 0,0,${content}`],
        ] as const) {
          expect([source, isAccountedFor(reader, source, content)]).toEqual([source, true])
        }
      }),
    )
  })
})

const readers: readonly TextReader[] = [
  'plain',
  'markup',
  'html',
  'xhtml',
  'json',
  'json lines',
  'xml',
  'subtitles',
  'ass',
]

/** Beginnings without an end, and ends without a beginning: what a pattern that goes back looks for again and again. */
const hostile: Readonly<Record<string, string>> = {
  comments: '<!--',
  sections: '<![CDATA[',
  tags: '<a ',
  'closed tags': '<b></b>',
  attributes: '<a b="',
  'many attributes': ' a',
  instructions: '<?a ',
  references: '&#x',
  braces: '{',
  'braces and backslashes': '{\\a',
  brackets: '[',
  'brackets of pictures': '![',
  'ends of links': '](',
  'links without end': 'a[b](',
  marks: '茶*',
  'marks of every kind': '茶*_~`[](a)<b>',
  'lines of marks': '茶*\n',
  backslashes: '\\',
  'escapes of bytes': '\\xe7',
  escapes: '\\u7ea2',
  percent: '%e7',
  'quoted-printable': '=E7',
  'folded lines': '=\n',
  'words of mail': '=?a?B?',
  HZ: '~{',
  plus: '+',
  names: 'xn--',
  letters: 'a',
  digits: '12',
  'base64 without end': 'Ab3/',
  'lines of base64': `${'Ab3/'.repeat(16)}\n`,
  data: 'data:image/png;base64,',
  strings: '"',
  'strings of two kinds': `"'`,
  functions: 'url(',
  'functions within functions': 'a(',
  'comments of code': '/*',
  spaces: ' ',
  'ends of lines': '\n',
  'carriage returns': '\r',
  'times of karaoke': '茶[00:01.00]',
  reversed: '\u202e',
  invisible: '茶\u200b',
  'Western letters': 'é',
  colons: 'a:',
  'header lines': 'a: b\n',
  times: '00:00:01,000 --> ',
}

/** The processor's time for reading it, in milliseconds. */
function cost(read: () => void): number {
  const start = process.cpuUsage()
  read()
  const { user, system } = process.cpuUsage(start)
  return (user + system) / 1000
}

describe('input that is made to keep a reader busy', () => {
  // What grows with the square takes seconds at this length already.
  const half = 65_536
  const cases = Object.entries(hostile)
  test.each(cases)(
    'takes time in proportion to its length: %s',
    (_, piece) => {
      const of = (units: number) => piece.repeat(Math.ceil(units / piece.length)).slice(0, units)
      const around: readonly (readonly [TextReader, (hostile: string) => string])[] = [
        ...readers.map(reader => [reader, (text: string) => text] as const),
        ['html', text => `<style>p{a:${text}</style>`],
        ['html', text => `<script>${text}</script>`],
        ['html', text => `<p title="${text}">`],
        ['html', text => `<a ${text}>`],
        ['json', text => JSON.stringify(text)],
        ['xml', text => `<a b="${text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '')}"/>`],
      ]
      for (const [reader, wrap] of around) {
        const read = (source: string) => {
          readerOf('a.txt', source)
          extractText(reader, source)
        }
        const [short, long] = [wrap(of(half)), wrap(of(half * 2))]
        // The best of a few, and of more where it looks bad: what else the process does, collecting garbage above all, only adds.
        let bound = 0
        let least = cost(() => read(long))
        // What is fast at the larger size cannot have grown.
        for (let round = 0; round < 24 && least > bound + 20; round++) {
          bound = Math.max(bound, 2.5 * cost(() => read(short)))
          if (least <= bound + 20) break
          least = Math.min(
            least,
            cost(() => read(long)),
          )
        }
        expect({ reader, least, isInProportion: least <= bound + 20 }).toMatchObject({ isInProportion: true })
      }
    },
    300_000,
  )
})
