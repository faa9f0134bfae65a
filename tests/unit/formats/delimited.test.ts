import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Found } from '../../../electron/engine/formats/source.ts'
import type { IntakeOptions } from '../../../electron/engine/intake/walk.ts'
import { detailText, type Remark, remark, remarksText } from '../../../shared/remarks/index.ts'
import { findAll, summary, temporaryFolder } from '../intake/harness.ts'

async function findIn(content: string, options: Partial<IntakeOptions> = { textColumn: '文案' }, name = 't.csv') {
  const path = join(await temporaryFolder(), name)
  await writeFile(path, content)
  return await findAll([path], options)
}

const row = (each: Found | undefined) => (each?.source.kind === 'row' ? each.source : undefined)
const textsOf = (found: readonly Found[]) => Object.fromEntries(found.map(each => [each.path, row(each)?.text]))
const inWords = (remarks: readonly Remark[] = []) => remarksText(remarks, 'zh')

describe('a row of a delimited file that does not fit its header', () => {
  test('with more cells is sent whole and cannot pass', async () => {
    const found = await findIn('编号,文案\n1,全场五折\n2,买一送一,满二百减三十\n3,欢迎光临\n')
    expect(textsOf(found)).toEqual({
      't.csv#2': '全场五折',
      't.csv#3': '2,买一送一,满二百减三十',
      't.csv#4': '欢迎光临',
    })
    expect(found.map(each => inWords(row(each)?.omitted))).toEqual([
      '',
      '这一行比表头多 1 格：请给含分隔符的内容加上引号',
      '',
    ])
  })

  test('fits when what is more is blank', async () => {
    const found = await findIn('编号,文案,备注,\n1,春茶上新,,\n2,会员日八五折,,,,\n')
    expect(textsOf(found)).toEqual({ 't.csv#2': '春茶上新', 't.csv#3': '会员日八五折' })
    expect(found.map(each => row(each)?.omitted)).toEqual([undefined, undefined])
  })

  test('fits when the header leaves a column without a name, or the rows of a lettered one end in blanks', async () => {
    const unnamed = await findIn('编号,文案,\n1,春茶上新,限量\n')
    expect(unnamed.map(each => [row(each)?.text, row(each)?.omitted])).toEqual([['春茶上新', undefined]])
    const lettered = await findIn('编号,文案,备注\n1,春茶,\n2,夏茶,\n3,秋茶,限量\n', { textColumn: 'B' })
    expect(lettered.map(each => [row(each)?.text, row(each)?.omitted])).toEqual(
      ['春茶', '夏茶', '秋茶'].map(text => [text, undefined]),
    )
  })

  test('is no address, when a comma may have cut it', async () => {
    const found = await findIn('编号,图\n1,https://example.com/a,b.png\n', { urlColumn: '图' })
    expect(summary(found)).toEqual({ 't.csv#2': 'left_out' })
  })

  test('is sent whole after one that is short as well, since both may be one row', async () => {
    const found = await findIn('编号,文案,备注\n1,春茶\n上新,会员价\n2,秋茶,无\n')
    expect(textsOf(found)).toEqual({ 't.csv#2': '春茶', 't.csv#3': '上新,会员价', 't.csv#4': '秋茶' })
    expect(inWords(row(found[1])?.notes)).toMatch(/整行送检/)
  })
})

describe('a quote that glues rows', () => {
  test('is noted, and both readings are sent', async () => {
    const found = await findIn('标题,文案\n"大促,第一句\n二,第二句\n三,第三句\n四",第四句\n五,第五句\n')
    expect(textsOf(found)).toEqual({ 't.csv#2': '第四句\n第一句\n第二句\n第三句', 't.csv#3': '第五句' })
    expect(inWords(row(found[0])?.notes)).toBe('一对引号把看上去是 4 行的内容连成了一行，两种读法都已送检')
  })

  test('is none in an ordinary cell of several lines', async () => {
    const found = await findIn('编号,文案,备注\n1,"先到先得,\n售完即止\n不退不换",无\n2,"第一行\n第二行",无\n')
    const unread = [remark('columns_unread', { name: '备注' })]
    expect(found.map(each => row(each)?.notes)).toEqual([unread, unread])
    expect(row(found[0])?.text).toBe('先到先得,\n售完即止\n不退不换')
  })

  test('that is never closed leaves the rest out, with the row where it opens', async () => {
    const found = await findIn('编号,文案\n1,春茶\n2,"夏茶\n3,秋茶\n')
    expect(summary(found)).toEqual({ 't.csv#2': 'text', 't.csv': 'left_out' })
    expect(detailText(found[1]?.failure?.detail ?? '', 'en')).toBe(
      'nothing was read from row 3 on: a quote that opens there is never closed',
    )
  })

  test('sends every letter of every row, whatever is quoted', async () => {
    const cell = fc.stringMatching(/^[茶春夏秋冬]{1,3}$/)
    const quoted = fc.tuple(cell, fc.constantFrom('', '"')).map(([text, quote]) => `${quote}${text}`)
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(quoted, quoted), { minLength: 1, maxLength: 8 }), async rows => {
        const found = await findIn(`题,文案\n${rows.map(each => each.join(',')).join('\n')}\n`)
        const sent = found.map(each => row(each)?.text ?? '').join('\n')
        const isSaid = found.some(each => each.failure !== null || row(each)?.omitted !== undefined)
        for (const [, text] of rows) if (!isSaid) expect(sent).toContain(text.replaceAll('"', ''))
      }),
      { numRuns: 200 },
    )
  })
})

describe('finding the header of a delimited file', () => {
  test('below titles, which are assets of their own', async () => {
    const found = await findIn('双十一推广,\n\n内部资料；请勿外传\n序号,文案\n1,全场五折\n')
    expect(textsOf(found)).toEqual({ 't.csv#1': '双十一推广', 't.csv#3': '内部资料；请勿外传', 't.csv#5': '全场五折' })
  })

  test('in the first row where a letter says so, whatever the cells below hold', async () => {
    const found = await findIn('题,选项\n甲,A\n乙,B\n', { textColumn: 'B' })
    expect(textsOf(found)).toEqual({ 't.csv#1': '选项', 't.csv#2': 'A', 't.csv#3': 'B' })
  })

  test('for a letter in the first row that has such a column; rows are as long as most of the first are', async () => {
    const found = await findIn('双十一推广\n序号,文案\n1,春茶\n2,夏茶,特价\n3,秋茶\n', { textColumn: 'B' })
    expect(textsOf(found)).toEqual({
      't.csv#1': '双十一推广',
      't.csv#3': '春茶',
      't.csv#4': '2,夏茶,特价',
      't.csv#5': '秋茶',
    })
    const titled = await findIn('双十一推广,\n1,春茶\n2,夏茶\n3,"秋茶\n', { textColumn: 'B' })
    expect(titled.map(each => [each.path, row(each)?.text, row(each)?.omitted])).toEqual([
      ['t.csv#2', '春茶', undefined],
      ['t.csv#3', '夏茶', undefined],
      ['t.csv', undefined, undefined],
    ])
  })

  test('nowhere, after a few rows', async () => {
    const found = await findIn(`甲,乙\n${'1,2\n'.repeat(30)}1,文案\n`)
    expect(found).toHaveLength(1)
    expect(found[0]?.failure).toMatchObject({ code: 'column_unknown', detail: '“文案” ∉ A “甲”, B “乙”' })
  })

  test.each([
    ['the line for Excel', 'sep=;\n编号;文案\n1;你好,世界\n', ['你好,世界']],
    ['the line for Excel with a delimiter of its own', 'sep=^\r\n编号^文案\r\n1^你好\r\n', ['你好']],
    ['bars', '编号|文案\n1|你好,世界\n', ['你好,世界']],
    ['a title with other delimiters', '通知,即日起,生效\n编号;文案\n1;你好\n', ['通知,即日起,生效', '你好']],
    ['one column', '文案\n你好\n', ['你好']],
  ])('knows %s', async (_, content, texts) => {
    const found = await findIn(content)
    expect(found.map(each => each.failure)).toEqual(texts.map(() => null))
    expect(found.map(each => row(each)?.text)).toEqual(texts)
  })

  test('takes a .tsv of one column for what it is', async () => {
    const found = await findIn('文案\n你好,世界\n', { textColumn: '文案' }, 't.tsv')
    expect(textsOf(found)).toEqual({ 't.tsv#2': '你好,世界' })
  })
})
