import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { chunkText } from '../../../electron/engine/text/chunk-text.ts'
import { extractDocx } from '../../../electron/engine/text/extract-docx.ts'
import { extractText, textFormatOf } from '../../../electron/engine/text/extract-text.ts'
import { docxOf, wordPart, zipOf, zipOfEntries } from './zip-file.ts'

function textOf(format: 'plain' | 'html' | 'json' | 'subtitles', source: string): string {
  const extracted = extractText(format, source)
  if (extracted.kind === 'failure') throw new Error(extracted.detail)
  return extracted.text
}

describe('choosing how a text is read', () => {
  it.each([
    ['notes.txt', '限时优惠', 'plain'],
    ['notes.md', '# 限时优惠', 'plain'],
    ['page.htm', '<p>限时优惠', 'html'],
    ['page.txt', '<!-- a --><!DOCTYPE html><title>限', 'html'],
    ['copy.json', '{}', 'json'],
    ['film.srt', '1', 'subtitles'],
    ['film', 'WEBVTT\n\n', 'subtitles'],
    ['no-extension', '{"a":1}', 'plain'],
  ])('reads %s as what it is', (name, source, format) => {
    expect(textFormatOf(name, source)).toBe(format)
  })
})

describe('extracting the text of a page', () => {
  it('keeps what visitors and search results show and leaves out scripts, styles and comments', () => {
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

  it('does not let tags cut a word, nor blocks join two', () => {
    expect(textOf('html', '<p>限<b>时</b><!-- x --><span>优</span>惠</p><p>先到<td>先得')).toBe('限时优惠\n先到先得\n')
  })

  it('says where in the file a passage stood', () => {
    const extracted = extractText('html', '<html>\n<body>\n  <p>限时优惠</p>\n  <p>先到先得</p>')
    expect(extracted).toMatchObject({
      anchors: expect.arrayContaining([expect.objectContaining({ line: 4, column: 6 })]),
    })
    const long = extractText('html', `<p>${'一'.repeat(200)}</p>\n\n<p>${'二'.repeat(200)}</p>`)
    if (long.kind === 'failure') throw new Error(long.detail)
    const parts = chunkText(long.text, { unit: 'utf16', max: 210 }, 64, long.anchors)
    expect(parts.at(-1)).toMatchObject({ line: 3 })
  })

  it('names the pictures that the page carries inside itself', () => {
    expect(extractText('html', '<p>a<img src="data:image/png;base64,AAAA">')).toMatchObject({
      omitted: ['1 embedded picture'],
    })
  })

  it('refuses a page nested so deep that reading it would never end', () => {
    expect(extractText('html', '<div>'.repeat(200_000))).toMatchObject({ code: 'too_large' })
  })

  it('never fails on what is thrown at it', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), source => textOf('html', source) !== null))
  })
})

describe('extracting the strings of JSON', () => {
  it('keeps values and wordy keys, one a line, with escapes decoded', () => {
    expect(textOf('json', '{"title":"\\u9650时","n":3,"买一送一":["a",{"b":null,"c":"优惠\\n多"}], // 注\n}')).toBe(
      '限时\n买一送一\na\n优惠\n多\n',
    )
  })

  it('contains every string that is in the value', () => {
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

  it('refuses what is no JSON and says where, for a lenient reader would skip part of it', () => {
    expect(extractText('json', '{"a":"b"\n"c":}')).toMatchObject({
      code: 'undecodable_text',
      detail: expect.stringContaining('line 2, column 1'),
    })
  })

  it('refuses a million brackets', () => {
    expect(extractText('json', '['.repeat(1_000_000))).toMatchObject({ code: 'too_large' })
  })
})

describe('extracting the words of subtitles', () => {
  it('reads SubRip without numbers, times and markup', () => {
    const srt =
      '1\r\n00:00:01,000 --> 00:00:02,500\r\n<i>限时</i>优惠\r\n\r\n2\r\n00:00:03,000 --> 00:00:04,000\r\n{\\an8}第2\r\n100\r\n'
    expect(textOf('subtitles', srt)).toBe('限时优惠\n第2\n100\n')
  })

  it('reads WebVTT without its header and comments, and keeps who speaks', () => {
    const vtt =
      'WEBVTT - 标题\n\nNOTE 注释\n还是注释\n\n00:01.000 --> 00:02.000 align:start\n<v 小美>限<00:01.500>时&amp;优惠\n'
    expect(textOf('subtitles', vtt)).toBe('小美: 限时&优惠\n')
  })

  it('loses nothing of a file that is damaged', () => {
    expect(textOf('subtitles', '00:00:01 -> 限时\n5\n优惠')).toBe('00:00:01 -> 限时\n5\n优惠\n')
  })
})

describe('extracting a Word document', () => {
  it('reads the body and what stands around it', async () => {
    const docx = docxOf(['限时优惠', '先到先得'], {
      'word/header1.xml': wordPart('hdr', '页眉'),
      'word/footer1.xml': wordPart('ftr', '页脚'),
      'word/footnotes.xml': wordPart('footnotes', '脚注'),
    })
    const extracted = await extractDocx(docx)
    expect(extracted).toMatchObject({ kind: 'extracted', format: 'docx', omitted: [] })
    expect(extracted.kind === 'extracted' && extracted.text.split(/\n+/)).toEqual([
      '限时优惠',
      '先到先得',
      '页眉',
      '页脚',
      '脚注',
    ])
  })

  it('names the pictures that it cannot read', async () => {
    const docx = docxOf(['限时优惠'], { 'word/media/image1.png': 'x', 'word/media/image2.png': 'y' })
    expect(await extractDocx(docx)).toMatchObject({ omitted: ['2 embedded pictures or objects'] })
  })

  it('refuses an archive that unpacks to more than a document can be, whatever size it claims', async () => {
    const docx = docxOf(['限时'], { 'word/header1.xml': Buffer.alloc(60_000_000, 0x20) })
    expect(docx.length).toBeLessThan(100_000)
    expect(await extractDocx(docx)).toMatchObject({ code: 'too_large' })
    const lying = zipOf({ 'word/document.xml': Buffer.alloc(60_000_000, 0x20) }, 10)
    expect(await extractDocx(lying)).toMatchObject({ code: 'too_large' })
  })

  it('refuses two files of one name, of which readers choose differently', async () => {
    const docx = zipOfEntries([
      ['word/document.xml', '<a/>'],
      ['word/document.xml', '<b/>'],
    ])
    expect(await extractDocx(docx)).toMatchObject({ code: 'undecodable_text' })
  })

  it('gives a reason for every damaged document', async () => {
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
