import { hash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { extractText, type TextReader } from '../../../electron/engine/formats/extract-text.ts'

const words = '红茶绿茶'
const maven = 'http://maven.apache.org/POM/4.0.0'
const xdoc = 'http://maven.apache.org/XDOC/2.0'
const article = `<p>${'春茶上新，新客首单立减三十元，欢迎到店。'.repeat(5)}</p>`

const xhtml = 'http://www.w3.org/1999/xhtml'

function read(source: string, reader: TextReader = 'html') {
  const extracted = extractText(reader, source)
  if (extracted.kind === 'failure') throw new Error(extracted.detail)
  return {
    text: extracted.text,
    omitted: extracted.omitted.map(each => `${each.count ?? 1} ${each.code}`),
    notes: extracted.notes.map(each => `${each.count ?? 1} ${each.code}`),
  }
}

describe('what a page shows besides its text', () => {
  test.each([
    ['a picture that a script loads later', '<img data-src="https://mmbiz.qpic.cn/x/640?wx_fmt=png">', '1 linked_file'],
    ['an address under a name of its own', '<section data-zap="//cdn.example/x"></section>', '1 linked_file'],
    ['a path under a name of its own', '<zap-card cover="/img/1"></zap-card>', '1 linked_file'],
    ['an address within data', `<div data-props='{"img":"https://cdn.example/1"}'></div>`, '1 linked_file'],
    ['a choice of pictures', '<picture><source srcset="red.webp"></picture>', '1 picture'],
    ['the picture of a cell', '<table background="a"><td>x</table>', '1 picture'],
    ['an address without an ending', '<style>body{background:url(/cgi/img?id=3)}</style>', '1 picture'],
    ['an escaped address', '<style>body{background:u\\72l(/cgi/img)}</style>', '1 picture'],
    ['a mask', '<p style="-webkit-mask:url(a)">', '1 picture'],
    ['a set of pictures', '<style>p{background:image-set("a.png" 1x)}</style>', '1 picture'],
    ['a function to come', '<style>p{background:-zap-picture(a)}</style>', '1 unknown_style'],
    ['a sheet within a sheet', '<style>@import "a.css";</style>', '1 adding_style'],
    ['letters in reverse', '<style>p{direction:rtl;unicode-bidi:bidi-override}</style>', '1 reordering_style'],
    [
      'a picture of Outlook',
      '<!--[if gte mso 9]><v:fill type="tile" src="https://a.example/b"/><![endif]-->',
      '1 linked_file',
    ],
    ['a canvas', '<canvas></canvas>', '1 drawing'],
    ['a redirection', '<meta http-equiv="refresh" content="0; url=https://a.example/">', '1 redirect'],
    ['a page in a link', '<a href="data:text/html,a">a</a>', '1 inner_page'],
    ['an unknown relation', '<link rel="zap" href="a">', '1 linked_file'],
    ['a sound', '<bgsound src="a">', '1 linked_file'],
    ['a film of old', '<object><param name="movie" value="a.swf"></object>', '1 linked_file'],
    ['a picture of a script', '<script>show("https://a.example/b.png")</script>', '1 picture'],
    ['a picture of a template', '<script type="text/html"><img src="a.png"></script>', '1 picture'],
    ['a picture of a frame', '<iframe srcdoc="&lt;img src=a.png&gt;"></iframe>', '1 picture'],
    ['a script that makes elements', '<script>document.createElement("img")</script>', '1 writing_script'],
    [
      'a script that keeps what it makes',
      `<script>'b' in (c = document.createElement('b'))</script>`,
      '1 writing_script',
    ],
    ['a script that decodes', '<script>eval(atob("YQ=="))</script>', '1 writing_script'],
  ])('is left out: %s', (_, html, omitted) => {
    expect(read(article + html).omitted).toEqual([omitted])
  })

  test.each([
    ['words of Outlook', `<!--[if mso]><p>${words}</p><![endif]-->`],
    ['a conditional word in a word', '<p>红茶<!--[if mso]>绿茶<![endif]--></p>'],
    ['strings of any property', `<style>p{text-emphasis:"${words}"} @counter-style a{symbols:"${words}"}</style>`],
    ['strings of a variable', `<style>:root{--a:"${words}"}</style>`],
    ['an attribute under a name of its own', `<zap-card zap="${words}"></zap-card>`],
    ['an attribute of data', `<p data-zap="${words}"></p>`],
    ['strings of a script', `<script>var a = '红茶' + "\\u7eff\\u8336"</script>`],
    ['a shadow tree', `<zap-card><template shadowrootmode="open">${words}</template></zap-card>`],
    ['a frame', `<iframe srcdoc="&lt;p&gt;${words}&lt;/p&gt;"></iframe>`],
    ['a caption', `<input type="button" value="${words}">`],
    ['the name of a page for search results', `<meta name="zap" content="${words}">`],
  ])('is read: %s', (_, html) => {
    const { text, omitted } = read(article + html)
    expect(text).toContain(words)
    expect(omitted).toEqual([])
  })

  test('is nothing where what scripts count, comments and links say is not on the page', () => {
    const html = `<!-- 注释 --><!--[if !mso]><!--><b>a</b><!--<![endif]--><script async src="https://hm.baidu.com/hm.js?1"></script>
      <html epub:prefix="z: http://a.example/z"><style>p{position:running(foot)}</style>
      <link rel="canonical" href="https://a.example/"><link rel="preload" as="image" href="a.png"><base href="/a/">
      <a href="https://example.com/shop?q=%E8%8C%B6" data-id="3" aria-expanded="true">查看</a><form action="/a"></form>
      <style>@font-face{font-family:"红";src:local("红"),url(//fonts.gstatic.com/a.woff2) format("woff2")} p[title="红"]{color:rgb(1 2 3);clip-path:url(#a)}</style>
      <script>if (!('autofocus' in document.createElement('input'))) document.getElementById('q').focus()</script>
      <noscript><meta http-equiv="refresh" content="0; url=a"></noscript>`
    const { text, omitted, notes } = read(article + html)
    expect({ omitted, notes }).toEqual({ omitted: [], notes: [] })
    expect(text).not.toMatch(/注释|红/)
  })

  test('has scripts and sheets outside of the file noted, and is refused where they write the page', () => {
    const outer = '<link rel="stylesheet" href="a.css"><script src="a.js"></script>'
    expect(read(article + outer)).toMatchObject({ omitted: [], notes: ['1 outer_script', '1 outer_style'] })
    expect(read(`${article}<div id="app"></div>${outer}`).omitted).toEqual(['1 page_script'])
    expect(read(`<title>活动</title><div>加载中</div><noscript>${article}</noscript>${outer}`).omitted).toEqual([
      '1 page_script',
    ])
  })

  test('has links noted whose words are another address', () => {
    expect(read('见 <a href="https://evil.example/">https://www.icbc.com.cn</a>').notes).toEqual(['1 misleading_link'])
    expect(read('<a href="https://www.icbc.com.cn/a">icbc.com.cn</a><a href="/a">查看</a>').notes).toEqual([])
  })
})

describe('words that a page tears', () => {
  test.each([
    '<p>红茶<label>绿茶</label></p>',
    '<p>红茶<button>绿茶</button></p>',
    '<p>红茶<zap-word>绿茶</zap-word></p>',
    '<p>红<span>茶</span><font>绿</font>茶</p>',
    '<p>红茶<wbr>绿&shy;茶</p>',
    '<p>红茶\n绿茶</p>',
    '<p>红茶<b title="注">绿</b>茶</p>',
    '<p>红茶<!--[if mso]>注<![endif]-->绿茶</p>',
    '<div style="display:flex"><div>红茶</div> <div>绿茶</div></div>',
    '<div style="display:inline">红茶</div><div style="display:inline">绿茶</div>',
    '<div style="float:left">红茶</div><div>绿茶</div>',
    '<style>.a{display:inline-block}</style><div class="a">红茶</div>\n<div class="a">绿茶</div>',
    '<link rel="stylesheet" href="a.css"><div>红茶</div><div>绿茶</div>',
    '<ruby>红茶<rt>hóngchá</rt></ruby>绿茶',
    '<bdo dir="rtl">茶绿茶红</bdo>',
    '<math><mi>红茶</mi><mi>绿茶</mi></math>',
  ])('are read as one: %s', html => {
    expect(read(html).text).toContain(words)
  })

  test('are read apart as well where it is not certain', () => {
    expect(read('<p>红茶<label>绿茶</label></p>').text).toBe('红茶\n绿茶\n红茶绿茶\n')
    expect(read('<p>红茶</p><p>绿茶</p>').text).toBe('红茶\n绿茶\n')
  })

  test.each<[TextReader, string]>([
    ['xml', '<a><b>红茶</b><c>绿茶</c></a>'],
    ['xml', '<a><p>红茶<b>绿茶</b></p></a>'],
    ['json', '{"a":"红茶<b>绿茶</b>"}'],
    ['json', '{"a":"红茶**绿茶**"}'],
    ['json', '{"a":"{\\"b\\":\\"\\\\u7ea2\\\\u8336\\u7eff\\u8336\\"}"}'],
    ['subtitles', '1\n00:00:01,000 --> 00:00:02,000\n红茶<zap>绿茶'],
    ['subtitles', '1\n00:00:01,000 --> 00:00:02,000\n红茶{\\i1}绿茶'],
    ['ass', '[Events]\nDialogue: 0,0,0,D,,0,0,0,,{\\k20}红{\\k20}茶{\\kf9}绿茶'],
  ])('are read as one in %s: %s', (reader, source) => {
    expect(read(source, reader).text).toContain(words)
  })
})

describe('scripts that a page names', () => {
  const script = '<script src="a.js"></script>'

  test.each([
    ['no program runs those of a comment for old browsers', `<!--[if lt IE 9]>${script}<![endif]-->`, []],
    ['what stands behind its end runs', `<!--[if lt IE 9]><!-->${script}<!--<![endif]-->`, ['1 page_script']],
    ['its other words and pictures stay', `<!--[if lt IE 9]>${script}<img src="a"><![endif]-->`, ['1 picture']],
    ['a frame runs its own', '<iframe srcdoc="<script src=a.js></script>"></iframe>', ['1 page_script']],
  ])('%s', (_, html, omitted) => {
    expect(read(`<p>红茶</p>${html}`).omitted).toEqual(omitted)
  })
})

describe('what data show besides their words', () => {
  test.each<[TextReader, string, readonly string[], readonly string[]]>([
    ['xml', '<rss><enclosure url="https://a.example/b.mp3" type="audio/mpeg"/></rss>', ['1 linked_file'], []],
    ['xml', '<a><image l:href="a.png" xmlns:l="http://www.w3.org/1999/xlink"/></a>', ['1 linked_file'], []],
    ['xml', '<a><![CDATA[<p>红<img src="a.png"></p>]]></a>', ['1 picture'], []],
    ['xml', '<a><url>https://a.example/b.png</url> <b>红</b></a>', ['1 picture'], []],
    ['xml', '<a><link href="https://a.example/b" xml:base="https://a.example/"/></a>', [], []],
    ['xml', '<a><term name="红茶" href="https://a.example/b"/><item href="/b">绿茶</item></a>', [], []],
    ['xml', '<a>红<part href="https://a.example/b"/></a>', ['1 linked_file'], []],
    ['xml', '<a><include name="红" href="https://a.example/b"/></a>', ['1 linked_file'], []],
    ['xml', '<a><poster name="红" href="https://a.example/b"/></a>', ['1 linked_file'], []],
    ['xml', '<a><item name="红" href="https://a.example/b.png"/></a>', ['1 linked_file'], []],
    ['xml', '<a xmlns:pic="https://a.example/picture">红</a>', [], []],
    ['xml', '<a>红<image android:src="@drawable/poster"/></a>', [], ['1 picture_address']],
    ['xml', '<a>红<img src="@drawable/poster"/></a>', ['1 linked_file'], []],
    ['xml', '<a>红<img android:src="poster/red"/></a>', ['1 linked_file'], []],
    ['xml', '<browserconfig>红<square70x70logo src="/a.png"/></browserconfig>', [], []],
    [
      'xml',
      `<project xmlns="${maven}"><name>红</name><url>https://a.example/b.png</url></project>`,
      [],
      ['1 picture_address'],
    ],
    ['xml', `<project xmlns="${maven}"><i xmlns="http://a.example/i">b.png</i></project>`, ['1 picture'], []],
    ['xml', `<project xmlns="${maven}" xmlns:i="http://a.example/i"><i:i>b.png</i:i></project>`, ['1 picture'], []],
    ['xml', `<document xmlns="${xdoc}">红<source>&lt;img src="a"/></source></document>`, [], []],
    ['xml', `<document xmlns="${xdoc}">红<p>&lt;img src="a"/></p></document>`, ['1 picture'], []],
    ['xml', '<document>红<source>&lt;img src="a"/></source></document>', ['1 picture'], []],
    ['json', '{"cover":"https://a.example/b.png"}', [], ['1 picture_address']],
    ['json', '{"text":"![](a.png)"}', ['1 picture'], []],
    ['json', '{"html":"<img data-src=\\"//a.example/b\\">"}', ['1 linked_file'], []],
  ])('%s: %s', (reader, source, omitted, notes) => {
    expect(read(source, reader)).toMatchObject({ omitted, notes })
  })

  test('does not take the words of a row for a packed file', () => {
    const names =
      'AbstractAccountNameAcquisitionTimeDay31AlbumArtistSortOrderRating7KafkaZoomXylophoneQuartzJewelBeginVertex'
    expect(read(`<table><tr><td>${names.repeat(12)}</table>`).omitted).toEqual([])
    const bytes = Buffer.concat(Array.from({ length: 30 }, (_, at) => hash('sha256', String(at), 'buffer')))
    expect(read(`<p>${bytes.toString('base64')}</p>`).omitted).toEqual(['1 embedded_file'])
  })

  test('does not send the letters of a picture', () => {
    const packed = `${Buffer.from('\x89PNG\r\n\x1a\n', 'latin1').toString('base64').slice(0, 10)}${'Ab3/'.repeat(100)}`
    expect(read(`<a><b>红</b> <binary id="i">${packed}</binary></a>`, 'xml')).toEqual({
      text: '红\ni\n',
      omitted: [],
      notes: [],
    })
    expect(read(`{"a":"红","b":"${packed}"}`, 'json')).toEqual({
      text: '红\n',
      omitted: [],
      notes: [],
    })
  })
})

describe('what a browser, a library or a mail program adds to a page', () => {
  test.each([
    ['<img data-id="12345">', '1 picture'],
    ['<my-chart data-id="8891"></my-chart>', '1 drawing'],
    ['<div data-bg="uploads/2024/a1b2c3"></div>', '1 linked_file'],
    ['<!--[if mso]><td background="x"></td><![endif]-->', '1 picture'],
    ['<p v-html="h"></p>', '1 writing_script'],
    ['<script type="text/vbscript">document.write "a" & "b"</script>', '1 writing_script'],
    ['<?php echo "红" . "茶" ?>', '1 writing_script'],
    ['<x-a><template shadowrootmode="open"><slot></slot></template>好</x-a>', '1 reordering_style'],
    ['<object classid="clsid:0"></object>', '1 inner_page'],
    ['<div style="display:flex;flex-wrap:wrap-reverse"></div>', '1 reordering_style'],
    ['<div style="display:flex;flex-direction:var(--a)"></div>', '1 reordering_style'],
    ['<b style="order:calc(1 + 1)"></b>', '1 reordering_style'],
    ['<style>.a{order:1}@media print{.a{order:2}}</style><b class="a"></b>', '1 reordering_style'],
    [`<style>${[1, 2, 3, 4, 5].map(at => `b:after{content:"${at}"}`).join('')}</style><b></b>`, '1 unknown_style'],
    ['<meta http-equiv="refresh" content="0;a.html">', '1 redirect'],
    ['<a href="java&#9;script:document.write(1)">好</a>', '1 writing_script'],
    ['<a href="&#1;da&#9;ta:text/html,a">好</a>', '1 inner_page'],
    ['<script type="text/livescript">document.write("a")</script>', '1 writing_script'],
    ['<script>document.body.append("a" + b)</script>', '1 writing_script'],
    ['<script>document.body["inner" + "HTML"] = a</script>', '1 writing_script'],
  ])('is left out: %s', (html, omitted) => {
    expect(read(`<p>红茶</p>${html}`).omitted).toContain(omitted)
  })

  test.each([
    '<p>红茶<span style="display:none">好</span>绿茶</p>',
    '<style>.h{display:none}</style><p>红茶<i class="h">好</i>绿茶</p>',
    '<van-button text="红茶绿茶"></van-button>',
    '<mpvoice name="红茶绿茶"></mpvoice>',
    '<a href="/红茶绿茶">好</a>',
    `<link rel="stylesheet" href="data:text/css,p::before{content:'红茶绿茶'}">`,
    '<style>p::before{content:"红茶"}</style><p>绿茶</p>',
    '<style>.a .b:after{content:"绿茶"}</style><div class="a"><i class="B c">红茶</i></div>',
    '<style>#a:not(.c, .d)[e="x, y z"]::before /* b */ {content:"红" "茶"}</style><p id="a">绿茶</p>',
    '<style>.a{color:red;&::before{content:"红茶"}}</style><p class="a"><b>绿茶</b></p>',
    '<style>@media screen{p::before{content:"红茶"}}@media print{p::before{content:"好"}}</style><p>绿茶</p>',
    '<style>:is(p,b)::before{content:"红茶"}</style><p>绿茶</p>',
    '<style>.\\61::before{content:"红茶"}</style><p class="a">绿茶</p>',
    `<link rel="stylesheet" href="data:text/css,p::before{content:'红茶'}"><p>绿茶</p>`,
    '<div style="display:flex;flex-direction:row-reverse"><b>绿茶</b><b>红茶</b></div>',
    '<style>.r{flex-flow:row-reverse wrap}</style><div class="r"><b>绿茶</b> <b>红茶</b></div>',
    '<style>.r{-webkit-box-direction:reverse}</style><div class="r"><b>绿茶</b><b>红茶</b></div>',
    '<div style="display:flex"><b style="order:2">绿茶</b><b style="o\\72 der:1">红茶</b></div>',
    '<style>.l{order:/**/1!important}</style><div><b class="l">绿茶</b><b>红茶</b></div>',
    '<style>.r{flex-direction:row-reverse}</style><div class="r"><b class="r"><i>茶</i><i>绿</i></b><b>红茶</b></div>',
    ...[
      'display:/**/none',
      'displ\\61y:none',
      'font-size:.01px',
      'font:0/0 a',
      'font-size:calc(1px - 1px)',
      'position:absolute;left:-99em',
      'width:0;overflow:hidden',
      'transform:scale(0)',
      'scale:0',
      'zoom:.001',
      'color:rgba(0,0,0,0)',
      'color:#fff0',
      '-webkit-text-fill-color:transparent',
      'opacity:1%',
      'clip-path:inset(50%)',
      'float:left',
      'margin-left:-1em',
      'letter-spacing:-1em',
      'filter:opacity(0)',
      'content-visibility:hidden',
    ].map(style => `<p>红茶<i style="${style}">好</i>绿茶</p>`),
    ...[
      's',
      '[k]',
      '#a',
      '.x,.b',
      'p .b',
      '.o s',
      's:nth-child(odd)',
      's:not(.c)',
      '.\\62',
      '.b/**/',
      'p *',
      '[k="1"]',
    ].map(
      selector => `<style>${selector}{display:none}</style><p class="o">红茶<s id="a" class="b" k="1">好</s>绿茶</p>`,
    ),
    '<style>p{i{display:none}}</style><p>红茶<i>好</i>绿茶</p>',
    '<link rel="stylesheet" href="data:text/css,i{display:none}"><p>红茶<i>好</i>绿茶</p>',
    '<style>.z{font-size:0}.z b{font-size:1em}</style><p class="z"><b>红茶</b>好<b>绿茶</b></p>',
    '<p style="visibility:hidden"><b style="visibility:visible">红茶</b>好<b style="visibility:visible">绿茶</b></p>',
    '<div>红茶<div hidden>好<p>好</p></div>绿茶</div>',
    '<div>红茶<div style="position:absolute">好</div>绿茶</div>',
    ...['dialog', 'template', 'datalist', 'noscript', 'noframes', 'meter', 'script type="x"'].map(
      tag => `<div>红茶<${tag}>好</${tag.split(' ')[0]}>绿茶</div>`,
    ),
    '<div>红茶<div popover>好</div>绿茶</div>',
    ...[
      'b{float:right}',
      'i{position:absolute;left:0}b{position:absolute;left:3em}',
      'i{position:relative;left:-3em}',
      'i{margin-left:-5em}',
      'i{transform:translateX(-3em)}',
      'i{translate:-3em}',
      'div{display:grid}b{grid-column:2}i{grid-column:1;grid-row:1}',
      'div{display:grid}b{grid-area:y}i{grid-area:x}',
      'div{direction:rtl}b,i{display:inline-block}',
      'div{writing-mode:vertical-rl}b,i{display:block}',
      '.t{display:table}b{display:table-row-group}i{display:table-header-group}',
      'div{display:flex}:not(i){order:1}',
      'div{display:flex}:nth-child(1){order:1}',
      '[k]{order:1}',
    ].map(css => `<style>${css}</style><div class="t"><b k>绿茶</b><i>红茶</i></div>`),
    '<div><b style="grid-area:1/2">绿</b><b style="grid-area:1/3">茶</b><b style="grid-area:1/1">红茶</b></div>',
    '<p dir="rtl">绿茶&rlm;红茶</p>',
    '<table dir="rtl"><tr><td>绿茶<td>红茶</table>',
    '<table><tfoot><tr><td>绿茶</tfoot><thead><tr><td>红茶</thead></table>',
    '<table><tr><td>红<td>好<tr><td>茶<td>好<tr><td>绿<td>好<tr><td>茶<td>好</table>',
    '<details open>绿茶<summary>红茶</summary></details>',
    '<math><mroot><mi>绿茶</mi><mi>红茶</mi></mroot></math>',
    '<style style="display:block">/*红茶绿茶*/</style>',
    '<ul style="list-style:\'红茶\' inside"><li>绿茶</ul>',
    '<style>ul{list-style-type:"红茶"}</style><ul><li>绿茶</ul>',
    '<style>q{quotes:"红茶" "好"}</style><p><q>绿茶</q>',
    '<style>b{quotes:"红茶" "好"}b::before{content:open-quote}</style><p><b>绿茶</b>',
    '<style>@counter-style z{system:cyclic;symbols:红茶绿茶}</style><ol style="list-style:z"><li>好</ol>',
    '<style>:root{--a:"红茶"}b::before{content:var(--a)}</style><p><b>绿茶</b>',
    '<style>b{--b:"绿茶";--a:"红茶"}b::before{content:var(--a) var(--b)}</style><p><b></b>',
    '<style>b{--a:"红茶";--b:var(--a) "绿茶"}b::before{content:var(--b)}</style><p><b></b>',
    '<style>b::before{content:"红茶" / "好"}</style><p><b>绿茶</b>',
    '<style>.md\\:a::before{content:"红茶"}</style><p><b class="md:a">绿茶</b>',
    '<p>红茶<rp style="display:inline">绿茶</rp></p>',
    '<style>rt{display:inline}</style><ruby>红茶<rt>绿茶</rt></ruby>',
  ])('is read: %s', html => {
    expect(read(html).text).toContain('红茶绿茶')
  })

  test('is nothing where rules are for elements that the page has not, or leave its words where they are', () => {
    const css = '.r{flex-direction:row-reverse}.o{order:-1}.z::after{content:"绿茶"}div{order:0;flex-flow:row wrap}'
    expect(read(`<style>${css} b::before{content:"\\2014"}</style><div><p>红茶</p><b>好</b></div>`)).toEqual({
      text: '绿茶\n红茶\n好\n',
      omitted: [],
      notes: [],
    })
  })

  test('is noted where fonts of the page may draw other letters', () => {
    const css = '@font-face{font-family:a;src:url(a.woff2)}@font-face{src:url(data:font/woff2;base64,d09G)}'
    expect(read(`<style>${css}</style><p>红茶</p>`)).toMatchObject({ omitted: [], notes: ['2 own_font'] })
  })

  test.each([
    ['json', '{"source":["红茶","绿茶"]}'],
    ['json', '[{"plain_text":"红茶"},{"plain_text":"绿茶"}]'],
    ['json', '[{"text_run":{"content":"红茶"}},{"text_run":{"content":"绿茶"}}]'],
    ['json', '{"ops":[{"insert":"红茶"},{"insert":"绿茶","attributes":{"bold":true}}]}'],
    ['xml', '<a>&amp;lt;p&amp;gt;红茶&amp;lt;b&amp;gt;绿茶&amp;lt;/b&amp;gt;</a>'],
    ['xhtml', '<!DOCTYPE html [<!ENTITY a "红茶"><!ENTITY b "绿茶">]><html><body>&a;&b;</body></html>'],
    ['xhtml', '<!DOCTYPE html [<!ENTITY 甲 "茶"><!ENTITY b "红&甲;">]><html><body>&b;绿茶</body></html>'],
    [
      'xhtml',
      '<html xmlns:h="http://www.w3.org/1999/xhtml"><h:style>b::before{content:"红茶"}</h:style><b>绿茶</b></html>',
    ],
    ['xhtml', '<html><body><xmp>红<b>茶</b></xmp><plaintext/><p>红茶<b>绿茶</b></p></body></html>'],
    ['subtitles', 'WEBVTT\n\n00:01.000 --> 00:02.000\n<v 甲>红茶</v><v 甲>绿茶</v>'],
    ['subtitles', 'WEBVTT\n\nSTYLE\n::cue::before{content:"红茶绿茶"}\n\n00:01.000 --> 00:02.000\n好'],
  ] as const)('is read in %s: %s', (reader, source) => {
    expect(read(source, reader).text).toContain('红茶绿茶')
  })

  test.each([
    ['xhtml', '<?xml-stylesheet href="a.xsl" type="text/xsl"?><html><body>好</body></html>', ['1 adding_style'], []],
    ['xhtml', '<?xml-stylesheet href="a.css" type="text/css"?><html><body>好</body></html>', [], ['1 outer_style']],
    ['xhtml', '<!DOCTYPE html [<!ATTLIST b style CDATA "display:none">]><html>好</html>', ['1 unknown_style'], []],
    ['xhtml', '<html><body>好<script xmlns="urn:a">茶</script></body></html>', ['1 unknown_style'], []],
    ['xhtml', '<html xmlns:h="http://www.w3.org/1999/xhtml">好<h:object data="a"/></html>', ['1 inner_page'], []],
    ['xml', `<a xmlns:h="${xhtml}"><h:script>a()</h:script></a>`, ['1 writing_script'], []],
    ['xml', `<a xmlns:h="${xhtml}"><h:style>b{order:1}</h:style></a>`, ['1 adding_style'], []],
    ['xml', '<smil><img src="a"/></smil>', ['1 linked_file'], []],
    ['xml', '<o><outline text="好" image="uploads/a"/></o>', ['1 linked_file'], []],
    ['xml', '<vector><path pathData="M0,0h9"/></vector>', ['1 drawing'], []],
    ['xml', '<feed><title>好</title><logo>https://a.example/b</logo></feed>', [], ['1 picture_address']],
    ['json', '{"img":"https://a.example/b"}', [], ['1 picture_address']],
    ['json', '{"data":[137,80,78,71,13,10]}', ['1 embedded_file'], []],
    [
      'ass',
      '[Script Info]\n[Events]\nPicture: 0,0,0,D,,0,0,0,,a.png\nDialogue: 0,0,0,D,,0,0,0,,好',
      ['1 attached_file'],
      [],
    ],
  ] as const)('is left out or noted in %s: %s', (reader, source, omitted, notes) => {
    expect(read(source, reader)).toMatchObject({ omitted, notes })
  })
})
