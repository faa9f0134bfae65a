import { deflateSync, gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { extractText, readerOf, type TextReader } from '../../../electron/engine/formats/extract-text.ts'

const words = '红茶绿茶白茶'
const picture = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='
const base64 = (text: string | Uint8Array) => Buffer.from(text).toString('base64')
const hex = (text: string | Uint8Array | number[]) => Buffer.from(text).toString('hex')
const percent = (bytes: Iterable<number>) =>
  Array.from(bytes, byte => `%${byte.toString(16).padStart(2, '0')}`).join('')
/** The words in GB2312. */
const gb = Uint8Array.from([0xba, 0xec, 0xb2, 0xe8, 0xc2, 0xcc, 0xb2, 0xe8, 0xb0, 0xd7, 0xb2, 0xe8])

function read(source: string, reader: TextReader = 'plain') {
  const extracted = extractText(reader, source)
  if (extracted.kind === 'failure') throw new Error(extracted.detail)
  return {
    ...extracted,
    omitted: extracted.omitted.map(each => `${each.count ?? 1} ${each.code}`),
    notes: extracted.notes.map(each => `${each.count ?? 1} ${each.code}`),
  }
}

describe('Chinese that is written in other letters', () => {
  test.each([
    ['escapes of JavaScript', '\\u7ea2\\u8336\\u7eff\\u8336\\u767d\\u8336'],
    ['escapes of JSON within JSON', '\\\\u7ea2\\\\u8336\\\\u7eff\\\\u8336\\\\u767d\\\\u8336'],
    ['escapes in braces', '\\u{7ea2}\\u{8336}\\u{7eff}\\u{8336}\\u{767d}\\u{8336}'],
    ['escapes of Python', '\\U00007ea2\\U00008336\\u7eff\\u8336\\u767d\\u8336'],
    ['escapes of CSS', '\\7ea2 \\8336 \\7eff \\8336 \\767d \\8336 '],
    ['escapes by bytes', Array.from(Buffer.from(words), byte => `\\x${byte.toString(16)}`).join('')],
    ['escapes by bytes in octal', Array.from(Buffer.from(words), byte => `\\${byte.toString(8)}`).join('')],
    ['references by hexadecimal numbers', Array.from(words, each => `&#x${each.charCodeAt(0).toString(16)};`).join('')],
    ['references by numbers', Array.from(words, each => `&#${each.charCodeAt(0)};`).join('')],
    ['references that are escaped themselves', Array.from(words, each => `&amp;#${each.charCodeAt(0)};`).join('')],
    ['percent-encoding', encodeURIComponent(words)],
    ['percent-encoding, twice', encodeURIComponent(encodeURIComponent(words))],
    ['percent-encoding of GBK', percent(gb)],
    ['percent-encoding of units', Array.from(words, each => `%u${each.charCodeAt(0).toString(16)}`).join('')],
    ['quoted-printable', percent(Buffer.from(words)).replaceAll('%', '=').toUpperCase()],
    [
      'quoted-printable that is folded within a character',
      percent(Buffer.from(words))
        .replaceAll('%', '=')
        .toUpperCase()
        .replace(/^(.{12})/, '$1=\r\n'),
    ],
    ['words of mail', `=?utf-8?B?${base64(words)}?=`],
    ['words of mail, quoted', `=?UTF-8?Q?${percent(Buffer.from(words)).replaceAll('%', '=').toUpperCase()}?=`],
    ['base64', base64(words)],
    ['base64 of GBK', base64(gb)],
    ['hexadecimal digits', hex(words)],
    ['a domain name', new URL(`http://${words}.com`).hostname],
    ['bytes taken for Western letters', Buffer.from(gb).toString('latin1')],
  ])('is read from %s as well', (_, written) => {
    const { text, omitted } = read(`看 ${written} 吧`)
    expect(text.startsWith(`看 ${written} 吧\n`)).toBe(true)
    expect(text.slice(written.length)).toContain(words)
    expect(omitted).toEqual([])
  })

  test('is read where its characters are not the commonest', () => {
    const rare = '\xce\xa5\xbd\xfb\xb4\xca\xbc\xd7\xd2\xd2\xb1\xfb'
    expect(read(rare).text).toContain('违禁词甲乙丙')
    const utf7 = Buffer.from('违禁词甲乙丙', 'utf16le').swap16().toString('base64')
    expect(read(`say +${utf7}- now`).text).toContain('违禁词甲乙丙')
  })

  test('is read where it stands, with what stands around it only, and says where', () => {
    const source = `${'前'.repeat(500)}\n左${encodeURIComponent('红茶')}右\n${'后'.repeat(500)}`
    const { text, anchors } = read(source)
    expect(text).toBe(`${source}\n左红茶右\n`)
    expect(anchors).toEqual([
      { offset: 0, line: 1, column: 1 },
      { offset: source.length + 1, line: 2, column: 1 },
    ])
  })

  test.each([
    '100%的好评',
    'caf\\u00e9',
    '#e7ba8c',
    'a=E0 b',
    '+8613800138000',
    'AT&T-',
    '~{',
    '"{0}~{1}", "{2}"',
    'C:\\2024\\a',
    'sha256-47DEQpj8HBSa',
  ])('is not found in %s', source => {
    expect(read(source)).toMatchObject({ text: source, omitted: [] })
  })

  test.each([
    ['HZ', `~{${Buffer.from(gb.map(byte => byte & 0x7f)).toString('latin1')}~}`],
    ['UTF-7', `+${Buffer.from(words, 'utf16le').swap16().toString('base64').replace(/=+$/, '')}-`],
  ])('is read from %s and left out, for a program may show it as written', (_, written) => {
    const { text, omitted } = read(`看 ${written} 吧`)
    expect(text).toContain(words)
    expect(omitted).toEqual(['1 escaped_characters'])
  })

  test('is left out where nobody here can read it', () => {
    expect(read('=?x-unknown?B?57qi?=').omitted).toEqual(['1 escaped_characters'])
  })

  test('is read in ordinary links and never refuses them', () => {
    const source = '详情 https://example.com/item?id=123&q=%E7%BA%A2%E8%8C%B6 欢迎到店。'
    const { text, omitted, notes } = read(source)
    expect(text).toContain('q=红茶 欢迎')
    expect({ omitted, notes }).toEqual({ omitted: [], notes: [] })
  })
})

describe('words that marks tear', () => {
  test.each([
    '红茶**绿茶**白茶',
    '红茶*绿茶*白茶',
    '红茶__绿茶__白茶',
    '红茶_绿茶_白茶',
    '红茶`绿茶`白茶',
    '红茶~~绿茶~~白茶',
    '红茶==绿茶==白茶',
    '红茶<b>绿茶</b>白茶',
    '红茶<zap x="1">绿茶</zap>白茶',
    '红茶[绿茶](https://example.com/a)白茶',
    '红茶[绿茶][1]白茶',
    '红茶[^1]绿茶[^note]白茶',
    '红茶**[绿茶](/a)**白茶',
    '红茶[b]绿茶[/b]白茶',
    '红茶[color=red]绿茶[/color]白茶',
    "红茶'''绿茶'''白茶",
    '红茶\\textbf{绿茶}白茶',
    '红茶{\\k20}绿茶{\\k30}白茶',
    '红茶<!-- 注 -->绿茶白茶',
    '红茶&shy;绿茶&zwnj;白茶',
    '红茶\u200b绿茶\u00ad白茶',
    '红\u{e0041}茶绿\ufe0f茶白茶',
    '\u202e茶白茶绿茶红\u202c',
    '[00:01.00]红茶[00:02.00]绿茶[00:03.00]白茶',
    '[00:01.00]<00:01.00>红茶<00:02.00>绿茶<00:03.00>白茶',
    '[1000,3000](1000,200)红茶(1200,300)绿茶(1500,300,0)白茶',
    '<0,100,0>红茶<100,100,0>绿茶<200,100,0>白茶',
    '红茶<span style="display:none">无</span>绿茶白茶',
    '红茶<span hidden>无</span>绿茶白茶',
    '红茶<i class="a" style="color:red;font-size:0">无</i>绿茶白茶',
    '$红茶\\phantom{无}绿茶\\textcolor{white}{无}白茶$',
    '红(hóng)茶(chá)绿(lǜ)茶(chá)白(bái)茶',
    '&#8238;茶白茶绿茶红&#8236;',
    '\\u202e茶白茶绿茶红',
    '<bdo dir="rtl">茶白茶绿茶红</bdo>',
    '红茶<font color="#FFFFFF">无</font>绿茶白茶',
    '红茶<span style="font-size:1px">无<b>无</b></span>绿茶白茶',
    '\u2067白茶\u200f红茶绿茶\u2069',
    '\u200f绿茶白茶\u200f红茶',
    '<p style="direction:rtl;unicode-bidi:bidi-override">茶白茶绿茶红</p>',
    '\ufff9红茶\ufffa注\ufffb绿茶白茶',
  ])('are read as one: %s', source => {
    expect(read(source).text).toContain(words)
  })

  test.each([
    ['markup', '红茶\n绿茶\n白茶'],
    ['markup', 'title: >\n  红茶\n  绿茶白茶'],
    ['markup', 'a=红茶\\\n  绿茶白茶'],
    ['plain', 'BEGIN:VCARD\r\nNOTE:红茶\r\n 绿茶白\r\n 茶\r\nEND:VCARD'],
  ] as const)('are read as one where a line of %s is folded: %s', (reader, source) => {
    expect(read(source, reader).text).toContain(words)
  })

  test.each(['a*b*c', 'snake_case_name', "don't", 'list[0].x', '第一行\n第二行', '| 红 | 绿 |', '3 * 4', '{"a": 1}'])(
    'are none where there are no marks: %s',
    source => {
      expect(read(source).text).toBe(source)
    },
  )
})

describe('files that are packed in letters', () => {
  test.each([
    ['a picture', picture, '1 embedded_picture'],
    ['a picture of an address', `data:image/png;base64,${picture}`, '1 embedded_picture'],
    [
      'a picture in lines',
      base64(Buffer.concat([Buffer.from(picture, 'base64'), Buffer.alloc(300, 7)])).replace(/.{76}/g, '$&\n'),
      '1 embedded_picture',
    ],
    ['a picture in hexadecimal digits', hex(Buffer.from(picture, 'base64')), '1 embedded_picture'],
    ['a document', base64(Buffer.from(`%PDF-1.7\n${'x'.repeat(100)}`)), '1 embedded_file'],
    ['an archive', base64(gzipSync(Buffer.alloc(3000, 'abc'))), '1 embedded_file'],
    [
      'what zlib packed',
      base64(deflateSync(Buffer.from(Array.from({ length: 300 }, (_, at) => at % 251)))),
      '1 embedded_file',
    ],
    ['numbers', '[137, 80, 78, 71, 13, 10, 26, 10]', '1 embedded_file'],
    ['uuencode', 'begin 644 a.png\nMB5!.1PT*&@H', '1 embedded_file'],
    ['what is locked', '-----BEGIN PGP MESSAGE-----\n\nhQEMA', '1 embedded_file'],
  ])('are left out: %s', (_, packed, omitted) => {
    expect(read(`说明\n${packed}\n`).omitted).toEqual([omitted])
  })

  test('are read where they are texts, and searched for what they hold themselves', () => {
    expect(read(base64(`<p>${'plain words '.repeat(4)}</p>`)).text).toContain('plain words plain words')
    expect(read(base64(`{"image":"${picture}","text":"hello there"}`)).omitted).toEqual(['1 embedded_picture'])
    expect(read(base64(`says ${base64(words)} to you`)).text).toContain(words)
  })

  test.each([
    'integrity sha512-Kn0cX4uRp6ZbzkwbfhCwPdBbFSVOlEWDnFZ1vhyrFnk5QpfxLwIL4bcb+dSJ3HDpYhDuYYFfAJ1nWTWNm+wMxg==',
    'a link https://play.vuejs.org/#eNp9UsFOAjEQ/ZWmFzTRXQl4IUCihoMe1KjHXpbdAQrdtmlnEULyd6ddQQyG2868N2/em+6G3Vmb',
  ])('are not found in %s', source => {
    expect(read(source)).toMatchObject({ text: source, omitted: [] })
  })
})

describe('a text that a program takes for more', () => {
  test.each([
    ['a picture of Markdown', '![海报](https://example.com/red.png)'],
    ['a picture of Markdown by reference', '![海报][1]\n\n[1]: a.png'],
    ['a picture of Markdown by its words', '![海报]\n\n[海报]: a.png'],
    ['a picture in a link', '[![海报](https://example.com/a)](https://example.com)'],
    ['a picture of notes', '![[海报.png]]'],
    ['a picture of reStructuredText', '.. image:: a.png'],
    ['a picture of AsciiDoc', 'image::a.png[海报]'],
    ['a picture of Org', '[[file:a.png]]'],
    ['a picture of a wiki', '[[文件:海报.png]]'],
    ['a picture of a forum', '[img]https://example.com/a[/img]'],
    ['a picture of TeX', '\\includegraphics{a}'],
    ['a picture of a page', '<img src="/a.png">'],
    ['a picture of a mini program', '<view>红<image src="/img/red.png"/></view>'],
    ['a drawing', '<svg><path d="M0 0h9"/></svg>'],
    ['a picture of a style sheet', '.a { color: red; background: url(/cgi/img?id=3) }'],
  ])('shows %s, which is left out whatever the name', (_, source) => {
    expect(read(`优惠\n\n${source}\n`).omitted).toEqual(['1 picture'])
  })

  test.each([
    ['a block of code', '```html\n<img src="a.png">\n![a](b.png)\n```'],
    ['an indented block', '写法：\n\n    <img src="a.png">\n\n完'],
    ['a span of code', '用 `![a](b.png)` 或 `<img src="a.png">` 写'],
    ['comparisons', 'if (a <b && c> d) list[0] = !x[1]'],
    ['a link', '[店铺页](https://example.com/shop)'],
    ['generics', 'Map<String, List<T>> a'],
  ])('shows nothing but words in %s', (_, source) => {
    expect(read(source).omitted).toEqual([])
  })

  test('is read as a page where an office program opens it as one', () => {
    expect(['a.xls', 'a.doc', 'a.txt'].map(name => readerOf(name, '<table><tr><td>红茶'))).toEqual([
      'html',
      'html',
      'plain',
    ])
    expect(readerOf('a.xls', '编号\t<b>红茶</b>')).toBe('plain')
  })

  test('is left out where its blocks of code are drawn as shapes, and read where their words are', () => {
    expect(read('好\n\n```stl\nsolid a\n```\n').omitted).toEqual(['1 drawing'])
    expect(read('好\n\n```mermaid\ngraph TD\nA[好]-->B\n```\n').omitted).toEqual([])
  })

  test('tells of the pictures that its first lines name', () => {
    expect(read('---\ntitle: 茶\ncover: /img/a.png\n---\n好\n').notes).toEqual(['1 picture_address'])
    expect(read('---\ntitle: 茶\n---\n好\n').notes).toEqual([])
    expect(read('好\n\ncover: /img/a.png\n').notes).toEqual([])
  })

  test('is noted where it is nothing but an address, or where a link leads elsewhere', () => {
    expect(read('https://mp.weixin.qq.com/s/AbCdEfGhIjKl\n').notes).toEqual(['1 only_address'])
    expect(read('[InternetShortcut]\r\nURL=https://example.com/\r\n').notes).toEqual(['1 only_address'])
    expect(read('见 https://example.com/ 吧').notes).toEqual([])
    expect(read('[www.taobao.com](https://evil.example/x)').notes).toEqual(['1 misleading_link'])
    expect(read('[www.taobao.com](https://item.taobao.com/x) [Node.js](https://nodejs.org)').notes).toEqual([])
  })
})

describe('mails', () => {
  test.each([
    ['whose header comes late', `${'X-Filler: abcdefghij\r\n'.repeat(800)}MIME-Version: 1.0\r\n\r\n57qi`],
    ['whose header never comes', `您好\n${'x\n'.repeat(9000)}--b1\nContent-Transfer-Encoding: base64\n\n57qi`],
  ])('are told as such %s', (_, source) => {
    expect(readerOf('a.eml', source)).toBe('mail_fragment')
  })
})

describe('words that are hidden between other characters', () => {
  test.each([
    ['letters apart', '红 茶 绿 茶 白 茶'],
    ['letters apart by points', '红·茶·绿·茶·白·茶'],
    ['a column', '红\n茶\n绿\n茶\n白\n茶'],
    ['letters that are struck through', '红\u0336茶\u0336绿\u0336茶\u0336白\u0336茶\u0336'],
    ['a radical that looks like a character', '红茶绿茶⽩茶'],
    ['attributes of a span', '红茶[绿茶]{.red}白茶'],
    ['a comment of an editor', '红茶{>>好<<}绿茶白茶'],
    ['marks of a spoiler', '红茶||绿茶||白茶'],
    ['a colour of BBCode', '红茶[backcolor=red]绿茶[/backcolor]白茶'],
    ['a link of a wiki', '红茶[[页|绿茶]]白茶'],
    ['a line that goes on', '红茶\\\n   绿茶白茶'],
    ['strings of PO', 'msgstr "红茶"\n"绿茶白茶"'],
    ['strings that are added up', 'a = "红茶" + "绿茶白茶"'],
    ['a colour of TeX', '红茶\\textcolor{red}{绿茶}白茶'],
    ['a subject that is folded', 'Subject: 红茶\n 绿茶白茶\n\n好'],
    ['a name of a contact', 'BEGIN:VCARD\nN:红茶;绿茶白茶;;;\nEND:VCARD'],
    ['escaped tags', '红茶&lt;b&gt;绿茶&lt;/b&gt;白茶'],
  ])('are read through %s as well', (_, written) => {
    expect(read(`${written}\n`).text).toContain(words)
  })

  test.each([
    ['numbers', '32418, 33590, 32511, 33590, 30333, 33590'],
    ['a program', 'ChrW(32418)&ChrW(33590)&ChrW(32511)&ChrW(33590)&ChrW(30333)&ChrW(33590)'],
    ['hexadecimal numbers', '0x7ea2, 0x8336, 0x7eff, 0x8336, 0x767d, 0x8336'],
    ['bytes', Array.from(Buffer.from(words), byte => byte.toString(16)).join(' ')],
    ['TeX', Array.from(words, each => `^^^^${each.charCodeAt(0).toString(16)}`).join('')],
    ['Office', Array.from(words, each => `_x${each.charCodeAt(0).toString(16)}_`).join('')],
    ['RTF', Array.from(words, each => `\\u${each.charCodeAt(0)}?`).join('')],
    ['bytes of RTF', Array.from(gb, byte => `\\'${byte.toString(16)}`).join('')],
    ['code points', Array.from(words, each => `U+${each.charCodeAt(0).toString(16).toUpperCase()}`).join(' ')],
    ['Mermaid', Array.from(words, each => `#${each.charCodeAt(0)};`).join('')],
    ['MathJax', Array.from(words, each => `\\unicode{x${each.charCodeAt(0).toString(16)}}`).join('')],
    [
      'names of characters',
      Array.from(words, each => `\\N{CJK UNIFIED IDEOGRAPH-${each.charCodeAt(0).toString(16).toUpperCase()}}`).join(''),
    ],
    ['bits', Array.from(Buffer.from(words), byte => byte.toString(2).padStart(8, '0')).join(' ')],
    ['bytes of UTF-16', Array.from(Buffer.from(words, 'utf16le'), byte => hex([byte])).join(',')],
    ['references with noughts', Array.from(words, each => `&#x0000${each.charCodeAt(0).toString(16)};`).join('')],
    ['quoted-printable in small letters', percent(Buffer.from(words)).replaceAll('%', '=')],
    ['UTF-8 taken for Western letters', Buffer.from(words).toString('latin1')],
    ['base64 of UTF-16', Buffer.from(words, 'utf16le').toString('base64')],
    ['base64 of base64', base64(base64(words))],
  ])('are read from %s', (_, written) => {
    expect(read(`看 ${written} 吧`).text).toContain(words)
  })

  test('leaves ordinary numbers as they are', () => {
    const written =
      '价格 20000、25000、30000，编号 10086 12306，SHA 9f86d081884c7d659a2feaa0c55ad015，坐标 120 130 140 150 160 170'
    expect(read(written).text).toBe(written)
  })
})

describe('pictures of other markup', () => {
  test.each([
    '![a\nb](c)',
    '`a ![x](/b) `` c',
    'video::a.mp4[]',
    '[[https://a.example/b.png]]',
    '!https://a.example/b!',
    '[attach]123[/attach]',
    '[CQ:image,file=a]',
    '{{< figure src="a" >}}',
    '{% asset_img a.png %}',
    '@[youtube](abc)',
    '#image("a.png")',
    '\\begin{tikzpicture}\\fill(0,0)rectangle(9,9);\\end{tikzpicture}',
    'BEGIN:VCARD\nPHOTO:https://a.example/b\nEND:VCARD',
    'BEGIN:VCARD\nitem1.PHOTO:https://a.example/b\nEND:VCARD',
    '![a\\]b](/c.png)',
    '@import "a.png"',
    '```mermaid\ngraph TD\nA@{ img: "https://a.example/b" }\n```',
    '~~~ {.dot}\ndigraph { a [image="b.png"] }\n~~~',
    '```plantuml\n!include https://a.example/b\n```',
  ])('are left out: %s', written => {
    expect(read(`好\n\n${written}\n`).omitted).toEqual(['1 picture'])
  })

  test.each([
    ['a picture in short lines', picture.replace(/(.{20})/g, '$1\n'), '1 embedded_picture'],
    ['a dump of a picture', '8950 4e47 0d0a 1a0a 0000 000d', '1 embedded_file'],
  ])('are left out: %s', (_, written, omitted) => {
    expect(read(`好\n\n${written}\n`).omitted).toEqual([omitted])
  })
})
