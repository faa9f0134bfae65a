import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { extractDocx as extractDocxRaw } from '../../../electron/engine/formats/docx/extract-docx.ts'
import {
  extractText as extractTextRaw,
  readerOf,
  type TextReader,
} from '../../../electron/engine/formats/extract-text.ts'
import { chunkText } from '../../../electron/engine/formats/text/chunk-text.ts'
import { remarkText } from '../../../shared/remarks/index.ts'
import { docxOf, relationships, wordBody, wordMarkup, wordPart, zipOf, zipOfEntries } from './zip-file.ts'

/** With what it leaves out in words. */
function inWords(extracted: Awaited<ReturnType<typeof extractDocxRaw>>) {
  if (extracted.kind === 'failure') return extracted
  return { ...extracted, omitted: extracted.omitted.map(each => remarkText(each, 'en')) }
}
const extractText = (...given: Parameters<typeof extractTextRaw>) => inWords(extractTextRaw(...given))
const extractDocx = async (bytes: Uint8Array) => inWords(await extractDocxRaw(bytes))

function textOf(reading: TextReader, source: string): string {
  const extracted = extractText(reading, source)
  if (extracted.kind === 'failure') throw new Error(extracted.detail)
  return extracted.text
}

describe('choosing how a text is read', () => {
  test.each([
    ['notes.txt', '限时优惠', 'plain'],
    ['notes.md', '# 限时优惠', 'markup'],
    ['page.htm', '<p>限时优惠', 'html'],
    ['page.txt', '<!-- a --><!DOCTYPE html><title>限', 'html'],
    ['copy.json', '{}', 'json'],
    ['film.srt', '1', 'subtitles'],
    ['film', 'WEBVTT\n\n', 'subtitles'],
    ['page.xhtml', '<?xml version="1.0"?>\n<html/>', 'xhtml'],
    ['page.xml', '<?xml version="1.0"?>\n<!DOCTYPE html><html/>', 'xhtml'],
    ['strings', '<?xml version="1.0"?><a/>', 'xml'],
    ['strings.xml', '<a/>', 'xml'],
    ['copy.jsonl', '{}', 'json lines'],
    ['copy.ndjson', '{}', 'json lines'],
    ['film.ass', '', 'ass'],
    ['film.txt', '[Script Info]\n', 'ass'],
    ['letter.txt', 'Content-Transfer-Encoding: base64\n\n57qi', 'mail_fragment'],
    ['no-extension', '{"a":1}', 'plain'],
  ])('reads %s as what it is', (name, source, format) => {
    expect(readerOf(name, source)).toBe(format)
  })
})

describe('files made to keep a reader busy', () => {
  test.each<[string, TextReader, string]>([
    ['comments before a page', 'plain', `${'<!---->'.repeat(1000)}<p>`],
    ['sections without end', 'xhtml', '<![CDATA['.repeat(100_000)],
    ['addresses without end', 'html', `<style>${'url('.repeat(100_000)}</style>`],
    ['brackets without end', 'ass', `[Events]\nDialogue: 0,0,0,D,,0,0,0,,{\\t(${'a'.repeat(100_000)}}`],
    ['attributes without end', 'xml', `<a${' b="c"'.repeat(100_000)}`],
  ])('are read in no time: %s', (_, reading, source) => {
    expect(readerOf('a.txt', source)).toBeTypeOf('string')
    expect(['extracted', 'failure']).toContain(extractText(reading, source).kind)
  })
})

describe('extracting the text of a page', () => {
  test('keeps what visitors and search results show and leaves out scripts, styles and comments', () => {
    const text = textOf(
      'html',
      `<html><head><title>双十一</title><meta name="description" content="全场五折"><meta property="og:title" content="狂欢">
       <style>p{color:red}</style><script>var 秘密=1</script></head><body><!-- 注释 --><p>限时&#20248;惠&amp;更多</p>
       <img alt="海报" title="主图" src="a.png"><input placeholder="请输入"><input type="submit" value="立即购买">
       <input type="hidden" value="令牌"><noscript>请开启脚本</noscript><template>模板</template><div hidden>隐藏</div></body>`,
    )
    for (const shown of [
      '双十一',
      '全场五折',
      '狂欢',
      '限时优惠&更多',
      '海报',
      '主图',
      '请输入',
      '立即购买',
      '请开启脚本',
      '模板',
      '隐藏',
    ]) {
      expect(text).toContain(shown)
    }
    for (const silent of ['color', '秘密', '注释', '令牌', 'a.png']) expect(text).not.toContain(silent)
  })

  test('does not let tags cut a word, nor blocks join two', () => {
    expect(textOf('html', '<p>限<b>时</b><!-- x --><span>优</span>惠</p><p>先到<td>先得')).toBe('限时优惠\n先到先得\n')
  })

  test('says where in the file a passage stood', () => {
    const extracted = extractText('html', '<html>\n<body>\n  <p>限时优惠</p>\n  <p>先到先得</p>')
    expect(extracted).toMatchObject({
      anchors: expect.arrayContaining([expect.objectContaining({ line: 4, column: 6 })]),
    })
    const long = extractText('html', `<p>${'一'.repeat(200)}</p>\n\n<p>${'二'.repeat(200)}</p>`)
    if (long.kind === 'failure') throw new Error(long.detail)
    const parts = chunkText(long.text, { unit: 'utf16', max: 210 }, 64, long.anchors)
    expect(parts.at(-1)).toMatchObject({ line: 3 })
  })

  test.each([
    ['a picture inside it', '<input type="image" src="data:image/png;base64,AAAA">', '1 picture'],
    [
      'pictures elsewhere',
      '<img src="//a.cn/a.png"><img srcset="/b.png 2x"><input type="image" src="c.png">',
      '3 pictures',
    ],
    ['a drawing', '<svg><path d="M0 0h9"/></svg>', '1 picture'],
    [
      'pictures of a style',
      '<style>p{background:url(a.png)}</style><p style="background:url(\'b.jpg\')">',
      '2 pictures',
    ],
    ['a recording', '<video src="a.mp4"></video>', '1 recording'],
    ['a page within it', '<iframe src="data:text/html,a"></iframe>', '1 page within the page'],
    ['an object', '<object data="data:text/plain,a"></object>', '1 page within the page'],
    ['a script that writes', '<script>document.write("a")</script>', '1 script that writes text'],
    ['an attribute that writes', '<b onclick="this.innerHTML=1">a</b>', '1 script that writes text'],
    ['a style that shows attributes', '<style>p::after{content:attr(data-a)}</style>', '1 style that shows attributes'],
  ])('names %s as omitted', (_, html, omitted) => {
    expect(extractText('html', `<p>a${html}`)).toMatchObject({ omitted: [omitted] })
  })

  test('lets an ordinary page be whole: scripts that write nothing, fonts, links', () => {
    const html =
      '<link rel="icon" href="a.png"><style>@font-face{src:url(https://fonts.gstatic.com/a.woff2)} p{color:red}</style><script src="https://hm.baidu.com/hm.js?a"></script><script>var _hmt = []</script><p>优惠<img alt="">'
    expect(extractText('html', html)).toMatchObject({ text: '优惠\n', omitted: [], notes: [] })
  })

  test.each([
    ['strings of a style sheet', '<style>p::before{content:"限\\65f6 " counter(a) \'优惠\'}</style>', '限时优惠\n'],
    [
      'data for search results',
      '<script type="application/ld+json">{"a":["限时",{"b":"优惠"}]}</script>',
      '限时\n优惠\n',
    ],
    ['data that is damaged', '<script type="application/json">{"a":"限时"</script>', '{"a":"限时"\n'],
    ['templates', '<script type="text/x-template"><p>限时</p></script>', '限时\n'],
    ['a spoken value', '<div aria-valuetext="限时"></div>', '限时\n'],
    ['a described item', '<meta itemprop="description" content="限时">', '限时\n'],
    ['words with reading aids', '<ruby>红<rp>(</rp><rt>hóng</rt><rp>)</rp>灯<rt>dēng</rt></ruby>', '红灯\nhóngdēng'],
  ])('reads %s', (_, html, text) => {
    expect(extractText('html', html)).toMatchObject({ text, omitted: [] })
  })

  test('reads a page that is XML as such: elements close themselves, and character data is shown', () => {
    const xhtml =
      '<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"><head><title>限</title><script src="a.js"/></head><body><p>时</p><p><![CDATA[<优>]]></p></body></html>'
    expect(textOf('xhtml', xhtml)).toBe('限\n时\n<优>\n')
  })

  test('refuses a page nested so deep that reading it would never end', () => {
    expect(extractText('html', '<div>'.repeat(200_000))).toMatchObject({ code: 'too_large' })
  })

  test('never fails on what is thrown at it', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), source => textOf('html', source) !== null))
  })
})

describe('extracting the strings of JSON', () => {
  test('keeps values and wordy keys, one a line, with escapes decoded', () => {
    expect(textOf('json', '{"title":"\\u9650时","n":3,"买一送一":["a",{"b":null,"c":"优惠\\n多"}], // 注\n}')).toBe(
      '限时\n买一送一\na\n优惠\n多\n注\ntitle\n',
    )
  })

  test('reads one value a line, and refuses the file when one of them is damaged', () => {
    expect(textOf('json lines', '{"t":"\\u7ea2"}\n\n{"t":"\\u706f"}\r\n')).toBe('红\n灯\n')
    expect(extractText('json lines', '{"t":"红"}\n{"t":')).toMatchObject({
      code: 'undecodable_text',
      detail: expect.stringContaining('2:'),
    })
  })

  test('keeps keys that may be words, each once and where they tear nothing apart', () => {
    expect(textOf('json', '[{"bargain":"红"},{"bargain":"灯","buy/now":1}]')).toBe('红\n灯\nbargain\nbuy/now\n')
  })

  test('reads values that are markup also without it', () => {
    expect(textOf('json', '{"h":"<p>红<b>灯</b></p>"}')).toContain('\n红灯\n')
  })

  test('takes the pictures among the values as pieces', () => {
    expect(extractText('json', '{"a":"优惠","i":"data:image/png;base64,AAAA"}')).toMatchObject({
      text: '优惠\n',
      omitted: [],
      pieces: [{ kind: 'picture', name: 'picture 1' }],
    })
  })

  test('contains every string that is in the value', () => {
    fc.assert(
      fc.property(fc.jsonValue(), value => {
        const text = textOf('json', JSON.stringify(value))
        const collect = (part: unknown): string[] =>
          typeof part === 'string'
            ? [part]
            : part !== null && typeof part === 'object'
              ? Object.values(part).flatMap(collect)
              : []
        for (const string of collect(value)) expect(text).toContain(string)
      }),
    )
  })

  test('gives what only a person reads: comments, and numbers by which somebody is reached', () => {
    expect(textOf('json', '{/* 红灯 */"微信号":13800138000,"qq":12345,"time":1700000000}')).toBe(
      '红灯\n微信号\n13800138000\n12345\nqq\ntime\n',
    )
  })

  test.each(['{"type":"excalidraw","elements":[]}', '{"v":"5","layers":[{"ty":4,"ks":{}}]}'])(
    'leaves out what draws: %s',
    source => {
      expect(extractText('json', source)).toMatchObject({ omitted: ['1 drawing'] })
    },
  )

  test('refuses what is no JSON and says where, for a lenient reader would skip part of it', () => {
    expect(extractText('json', '{"a":"b"\n"c":}')).toMatchObject({
      code: 'undecodable_text',
      detail: expect.stringContaining('2:1'),
    })
  })

  test('refuses a million brackets', () => {
    expect(extractText('json', '['.repeat(1_000_000))).toMatchObject({ code: 'too_large' })
  })
})

describe('extracting the texts of XML', () => {
  test('decodes references and sections of character data, and keeps attributes', () => {
    const xml =
      '<?xml version="1.0"?>\n<r xmlns="urn:a"><s name="主图" link="https://example.com/a">&#x7ea2;&#28783;&amp;</s><s><![CDATA[<果>]]></s></r>'
    expect(textOf('xml', xml)).toBe('红灯&\n主图\n<果>\n')
  })

  test('does not let an element cut a word where text stands beside it, and separates the others', () => {
    expect(textOf('xml', '<r><p>红<b t="注">灯</b>果</p><p>绿</p></r>')).toBe('红灯果\n注\n绿\n')
  })

  test('says where in the file a text stood', () => {
    expect(extractText('xml', '<r>\n <s>红</s>\n</r>')).toMatchObject({ anchors: [{ offset: 0, line: 2, column: 5 }] })
  })

  test('names drawings, and sheets that may add text, as omitted', () => {
    expect(extractText('xml', '<?xml-stylesheet href="a.xsl"?><r>红<svg/></r>')).toMatchObject({
      omitted: ['1 style sheet that may add text', '1 drawing'],
    })
  })

  test.each([
    '<a>',
    '<a></b>',
    '<a>&x;</a>',
    '<a x=1/>',
    '<a/><b/>',
    '<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>',
    '<a>&#0;</a>',
  ])('refuses %s', xml => {
    expect(extractText('xml', xml)).toMatchObject({ code: 'undecodable_text' })
  })

  test('gives the text or a reason for whatever is thrown at it', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), value => {
        const written = value.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
        if (value.trim() !== '') expect(textOf('xml', `<a>${written}</a>`)).toContain(value)
        expect(['extracted', 'failure']).toContain(extractText('xml', value).kind)
      }),
    )
  })
})

describe('refusing parts of a mail', () => {
  test('since their text is encoded', () => {
    expect(extractText('mail_fragment', 'MIME-Version: 1.0\n')).toMatchObject({ code: 'unsupported_type' })
  })
})

describe('extracting the words of Advanced SubStation subtitles', () => {
  test('reads dialogue without the tags between its words', () => {
    const ass =
      '[Script Info]\nTitle: 片名\n[V4+ Styles]\nStyle: Default,Arial\n[Events]\nFormat: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text\nDialogue: 0,0:00:01.00,0:00:02.00,Default,,0,0,0,,{\\b1}红{\\b0}灯,{\\pos(1,2)\\i1}果\\N绿{注}\n'
    expect(textOf('ass', ass)).toBe('Title: 片名\n红灯,果\n绿\n注\n')
  })

  const dialogue = (...texts: string[]) =>
    `[Events]\n${texts.map(text => `Dialogue: 0,0:00:01.00,0:00:02.00,D,,0,0,0,,${text}\n`).join('')}`

  test.each([
    ['what is transparent', '红灯{\\alpha&HFF&}果{\\alpha&H00&}绿灯'],
    ['what is as small as a speck', '红灯{\\fs1}果{\\r}绿灯'],
    ['what has no width', '红灯{\\fscx0}果{\\fscx100}绿灯'],
    ['what is turned round', '{\\fry180}灯绿灯红'],
  ])('reads them as they are seen, without %s', (_, text) => {
    expect(textOf('ass', dialogue(text))).toContain('红灯绿灯')
  })

  test('reads what stands side by side from left to right', () => {
    const placed = [
      [300, '绿'],
      [100, '红'],
      [400, '灯'],
      [200, '灯'],
    ].map(([x, text]) => `{\\pos(${x},50)}${text}`)
    expect(textOf('ass', dialogue(...placed))).toContain('红灯绿灯')
    expect(textOf('ass', dialogue('{\\pos(1,90)}优惠', '{\\pos(1,10)}限时。'))).toBe('优惠\n限时。\n')
  })

  test('takes all that follows for the text, whatever fields are named behind it', () => {
    expect(textOf('ass', '[Events]\nFormat: Layer, Text, Start\nDialogue: 0,红灯,绿灯\n')).toBe('红灯,绿灯\n')
  })

  test.each(['{\\ p 1}m 0 0 l 9 9', '{\\clip(m 0 0 l 9 9)}█', '{\\iclip(2,m 0 0 l 9 9)}█'])(
    'names %s a drawing',
    text => {
      expect(extractText('ass', dialogue(text))).toMatchObject({ omitted: ['1 drawing'] })
    },
  )

  test('names no drawing what a rectangle cuts out', () => {
    expect(extractText('ass', dialogue('{\\clip(0,0,9,9)}红灯'))).toMatchObject({ omitted: [] })
  })

  test('names drawings and attached files as omitted', () => {
    expect(
      extractText('ass', '[Events]\nDialogue: 0,0,0,D,,0,0,0,,{\\p1}m 0 0 l 9 9\n[Graphics]\nfilename: a.png\n!!!\n'),
    ).toMatchObject({ omitted: ['1 drawing', '1 attached file'] })
  })
})

describe('extracting the words of subtitles', () => {
  test('reads SubRip without numbers, times and markup', () => {
    const srt =
      '1\r\n00:00:01,000 --> 00:00:02,500\r\n<i>限时</i>优惠\r\n\r\n2\r\n00:00:03,000 --> 00:00:04,000\r\n{\\an8}第2\r\n100\r\n'
    expect(textOf('subtitles', srt)).toBe('限时优惠\n第2\n100\n')
  })

  test.each(['NOTE', 'STYLE', 'REGION a', 'NOTE 注释\n还是注释'])(
    'reads what follows times in a block of WebVTT: %s',
    head => {
      expect(textOf('subtitles', `WEBVTT\n\n${head}\n00:01.000 --> 00:02.000\n限时优惠\n`)).toBe('限时优惠\n')
    },
  )

  test('reads on behind a line of spaces in a cue of WebVTT', () => {
    const vtt = 'WEBVTT\n\n00:01.000 --> 00:02.000\n限时\n \nNOTE 优惠\n'
    expect(textOf('subtitles', vtt)).toBe('限时\nNOTE 优惠\n')
  })

  test('reads a line without the words of a class that a style may hide as well', () => {
    const vtt = 'WEBVTT\n\nSTYLE\n::cue(.a) { visibility: hidden }\n\n00:01.000 --> 00:02.000\n限时<c.a>茶</c>优惠\n'
    expect(textOf('subtitles', vtt)).toBe('限时茶优惠\n限时优惠\n')
  })

  test.each(['size="0"', 'color="#ffffff00"'])('reads SubRip without words of %s as well', look => {
    const srt = `1\n00:00:01,000 --> 00:00:02,500\n限时<font ${look}>茶</font>优惠\n`
    expect(textOf('subtitles', srt)).toBe('限时茶优惠\n限时优惠\n')
  })

  test('names a drawing within SubRip', () => {
    const srt = '1\n00:00:01,000 --> 00:00:02,500\n{\\p1}m 0 0 l 9 9\n'
    expect(extractText('subtitles', srt)).toMatchObject({ omitted: ['1 drawing'] })
  })

  test.each([
    ['that runs backwards', '<p tts:unicodeBidi="bidiOverride" tts:direction="rtl">惠优时限</p>', '限时优惠'],
    ['around what is not shown', '<p>限时<span tts:display="none">茶</span>优惠</p>', '限时优惠'],
  ])('reads timed text %s', (_, body, text) => {
    expect(textOf('xml', `<tt xmlns:tts="urn:t"><body>${body}</body></tt>`)).toContain(text)
  })

  test('reads WebVTT without its header and comments, and keeps who speaks', () => {
    const vtt =
      'WEBVTT - 标题\n\nNOTE 注释\n还是注释\n\n00:01.000 --> 00:02.000 align:start\n<v 小美>限<00:01.500>时&amp;优惠\n'
    expect(textOf('subtitles', vtt)).toBe('小美: 限时&优惠\n')
  })

  test.each([
    ['words behind the times', '00:00:01,000 --> 00:00:02,000 X1:9 限时\n优惠', '限时\n优惠\n'],
    ['tags that no player knows', '<限时> 优惠 <zap>', '<限时> 优惠 <zap>\n'],
    ['a comment that is none', '优惠 <!-- 限时', '优惠 <!-- 限时\n'],
    ['words within a tag', '优{\\an8 限时}惠', '优惠\n限时\n'],
    ['a word that looks like a tag', '优{\\zap}惠', '优惠\n\\zap\n'],
    ['words with reading aids', '<ruby>红<rt>hóng</rt>灯<rt>dēng</rt></ruby>', '红灯\nhóng\ndēng\n'],
  ])('keeps %s', (_, source, text) => {
    expect(textOf('subtitles', source)).toBe(text)
  })

  test('loses nothing of a file that is damaged', () => {
    expect(textOf('subtitles', '00:00:01 -> 限时\n5\n优惠')).toBe('00:00:01 -> 限时\n5\n优惠\n')
  })
})

describe('extracting a Word document', () => {
  const textOfDocx = async (docx: Uint8Array) => {
    const extracted = await extractDocx(docx)
    if (extracted.kind === 'failure') throw new Error(extracted.detail)
    return extracted
  }
  const linesOfDocx = async (docx: Uint8Array) => (await textOfDocx(docx)).text.split(/\n+/)

  test('reads the body and every part that it leads to, whatever the parts are called', async () => {
    const docx = docxOf(['限时优惠', '先到先得'], {
      'word/_rels/document.xml.rels': relationships(
        ['header', 'top.xml'],
        ['footer', 'footer1.xml'],
        ['footnotes', '/word/footnotes.xml'],
        ['styles', 'styles.xml'],
      ),
      'word/top.xml': wordPart('hdr', '页眉'),
      'word/footer1.xml': wordPart('ftr', '页脚'),
      'word/footnotes.xml': wordPart('footnotes', '脚注'),
      'word/nowhere.xml': wordPart('hdr', '无人引用'),
    })
    // What nothing leads to is shown by no program that is known here, and still nobody knows what it is for.
    expect(await textOfDocx(docx)).toMatchObject({ format: 'docx', omitted: ['1 file inside that nothing refers to'] })
    expect(await linesOfDocx(docx)).toEqual(['限时优惠', '先到先得', '页眉', '页脚', '脚注'])
  })

  test('reads the part that the package names as its document', async () => {
    const docx = docxOf(['旧稿'], {
      '_rels/.rels': relationships(['officeDocument', 'word/other.xml']),
      'word/other.xml': wordBody('<w:p><w:r><w:t>正文</w:t></w:r></w:p>'),
    })
    expect(await linesOfDocx(docx)).toEqual(['正文'])
  })

  const run = (text: string) => `<w:r><w:t>${text}</w:t></w:r>`
  const paragraph = (text: string) => `<w:p>${run(text)}</w:p>`
  test.each([
    [
      'a text box without a fallback',
      `<w:p><w:r><mc:AlternateContent><mc:Choice Requires="wps"><w:drawing><wps:txbx><w:txbxContent>${paragraph('福利')}</w:txbxContent></wps:txbx></w:drawing></mc:Choice></mc:AlternateContent></w:r></w:p>`,
      ['福利'],
    ],
    [
      'a text box once that has a fallback, and beside the line it hangs on',
      `<w:p>${run('优')}<w:r><mc:AlternateContent><mc:Choice><w:txbxContent>${paragraph('福利')}</w:txbxContent></mc:Choice><mc:Fallback><w:txbxContent>${paragraph('福利')}</w:txbxContent></mc:Fallback></mc:AlternateContent></w:r>${run('惠')}</w:p>`,
      ['优惠', '福利'],
    ],
    [
      'both branches where they differ',
      `<mc:AlternateContent><mc:Choice>${paragraph('甲')}</mc:Choice><mc:Fallback>${paragraph('乙')}</mc:Fallback></mc:AlternateContent>`,
      ['甲', '乙'],
    ],
    ['WordArt', '<w:p><w:r><w:pict><v:shape><v:textpath string="水印"/></v:shape></w:pict></w:r></w:p>', ['水印']],
    ['a formula', '<w:p><m:oMath><m:r><m:t>公式</m:t></m:r></m:oMath></w:p>', ['公式']],
    ['the result of a field', `<w:p><w:fldSimple w:instr="QUOTE x">${run('结果')}</w:fldSimple></w:p>`, ['结果']],
    [
      'a run from right to left',
      `<w:p><w:bdo w:val="rtl">${run('右')}</w:bdo><w:dir>${run('左')}</w:dir></w:p>`,
      ['右左'],
    ],
    [
      'words with reading aids, not torn apart by them',
      `<w:p>${['红:hóng', '灯:dēng']
        .map(each => each.split(':'))
        .map(
          ([base, rt]) =>
            `<w:r><w:ruby><w:rt>${run(`${rt}`)}</w:rt><w:rubyBase>${run(`${base}`)}</w:rubyBase></w:ruby></w:r>`,
        )
        .join('')}</w:p>`,
      ['红灯', 'hóngdēng'],
    ],
    [
      'tracked changes as they will be, as they were, and as they are marked',
      `<w:p>${run('限')}<w:del><w:r><w:delText>量</w:delText></w:r></w:del><w:ins>${run('时')}</w:ins>${run('购')}</w:p>`,
      ['限时购', '限量购', '限量时购'],
    ],
    [
      'hidden words, without letting them hide the others',
      `<w:p>${run('限')}<w:r><w:rPr><w:vanish/></w:rPr><w:t>隐</w:t></w:r>${run('时')}</w:p>`,
      ['限时', '限隐时'],
    ],
    [
      'what an alternative text says',
      '<w:p><w:r><w:drawing><wp:docPr id="1" descr="海报"/></w:drawing></w:r></w:p>',
      ['海报'],
    ],
    ['character references', '<w:p><w:r><w:t>&#x7ea2;&#28783;&amp;lt;</w:t></w:r></w:p>', ['红灯&lt;']],
    ['any prefix', '<x:p xmlns:x="urn:x"><x:r><x:t>前缀</x:t></x:r></x:p>', ['前缀']],
  ])('reads %s', async (_, body, lines) => {
    const docx = docxOf([], { 'word/document.xml': wordBody(body) })
    expect(await textOfDocx(docx)).toMatchObject({ omitted: [] })
    expect(await linesOfDocx(docx)).toEqual(lines)
  })

  test('reads the words before the numbers of lists, and leaves bullets out', async () => {
    const level = (text: string) => `<w:lvl><w:lvlText w:val="${text}"/></w:lvl>`
    const docx = docxOf(['第一项'], {
      'word/_rels/document.xml.rels': relationships(['numbering', 'numbering.xml']),
      'word/numbering.xml': wordMarkup('numbering', ['%1.', '\uf0b7', 'o', '福利%1', '福利%1'].map(level).join('')),
    })
    expect(await linesOfDocx(docx)).toEqual(['第一项', '福利1'])
  })

  test('reads the data that a bound field fetches when the document is opened', async () => {
    const files = {
      'word/_rels/document.xml.rels': relationships(['customXml', '../customXml/item1.xml']),
      'customXml/item1.xml': '<data><title>真标题</title></data>',
    }
    const bound = `<w:sdt><w:sdtPr><w:dataBinding w:xpath="/data/title"/></w:sdtPr><w:sdtContent>${paragraph('旧标题')}</w:sdtContent></w:sdt>`
    expect(await linesOfDocx(docxOf([], { ...files, 'word/document.xml': wordBody(bound) }))).toEqual([
      '旧标题',
      '真标题',
    ])
    expect(await linesOfDocx(docxOf(['旧标题'], files))).toEqual(['旧标题'])
  })

  test.each([
    ['a picture anywhere', '', relationships(['image', '/media/a.png']), '1 picture that cannot be read'],
    [
      'a linked picture',
      '',
      relationships(['image', 'http://example.com/a.png', 'External']),
      '1 linked picture or file',
    ],
    ['an imported page', '<w:altChunk/>', relationships(['aFChunk', 'page.html']), '1 embedded picture or object'],
    ['an object', '<w:p><w:r><w:object><o:OLEObject/></w:object></w:r></w:p>', null, '1 embedded picture or object'],
    [
      'a symbol',
      '<w:p><w:r><w:sym w:font="Wingdings" w:char="F07A"/></w:r></w:p>',
      null,
      '1 character of a symbol font',
    ],
    [
      'a field that is drawn',
      '<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>EQ \\o\\ac(○,</w:instrText></w:r><w:r><w:instrText>福)</w:instrText></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r></w:p>',
      null,
      '1 field that is drawn',
    ],
    ['a part of a kind to come', '', relationships(['hologram', 'hologram.xml']), '1 part of an unknown kind'],
  ])('names %s as omitted', async (_, body, rels, omitted) => {
    const docx = docxOf([], {
      'word/document.xml': wordBody(`${paragraph('正文')}${body}`),
      ...(rels === null ? {} : { 'word/_rels/document.xml.rels': rels }),
    })
    expect(await textOfDocx(docx)).toMatchObject({ text: '正文', omitted: [omitted] })
  })

  test.each([
    ['is not well-formed', '<w:p><w:r></w:p>'],
    ['names entities of its own', '<w:p>&secret;</w:p>'],
    ['nests without end', '<w:sdt>'.repeat(10_000) + '</w:sdt>'.repeat(10_000)],
  ])('refuses markup that %s', async (_, body) => {
    const docx = docxOf([], { 'word/document.xml': wordBody(body) })
    expect(await extractDocx(docx)).toMatchObject({ code: 'damaged_document' })
  })

  test('names the pictures that it cannot read', async () => {
    const docx = docxOf(['限时优惠'], { 'word/media/image1.png': 'x', 'word/media/image2.png': 'y' })
    expect(await extractDocx(docx)).toMatchObject({ omitted: ['2 files inside that nothing refers to'] })
  })

  test('refuses an archive that unpacks to more than a document can be, whatever size it claims', async () => {
    const docx = docxOf(['限时'], {
      'word/_rels/document.xml.rels': relationships(['header', 'header1.xml']),
      'word/header1.xml': Buffer.alloc(60_000_000, 0x20),
    })
    expect(docx.length).toBeLessThan(100_000)
    expect(await extractDocx(docx)).toMatchObject({ code: 'too_large' })
    const main = { '_rels/.rels': relationships(['officeDocument', 'word/document.xml']) }
    const lying = zipOf({ ...main, 'word/document.xml': Buffer.alloc(60_000_000, 0x20) }, 10)
    expect(await extractDocx(lying)).toMatchObject({ code: 'too_large' })
  })

  test('refuses two files of one name, between which readers choose differently', async () => {
    const docx = zipOfEntries([
      ['word/document.xml', '<a/>'],
      ['word/document.xml', '<b/>'],
    ])
    expect(await extractDocx(docx)).toMatchObject({ code: 'damaged_document' })
  })

  test('gives a reason for every damaged document', async () => {
    const docx = docxOf(['限时优惠'])
    await fc.assert(
      fc.asyncProperty(fc.nat({ max: docx.length - 1 }), fc.integer({ min: 1, max: 255 }), async (at, change) => {
        const damaged = Buffer.from(docx)
        damaged[at] = (damaged[at] ?? 0) ^ change
        const extracted = await extractDocx(damaged)
        if (extracted.kind === 'extracted') expect(extracted.text).toContain('限时优惠')
      }),
      { numRuns: 300 },
    )
  })
})
