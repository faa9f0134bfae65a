import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { readBook } from '../../../../electron/engine/checkers/rules/read-book.ts'
import type { ColumnsOfList } from '../../../../electron/engine/library/lists/columns.ts'
import { createListDesk } from '../../../../electron/engine/library/lists/list-desk.ts'
import { Problem } from '../../../../shared/problems.ts'
import { rowOf, workbookWith } from '../../formats/workbooks.ts'

const never = new AbortController().signal

async function opened(content: string | Uint8Array, name = 'brand words.csv') {
  const folder = await mkdtemp(join(tmpdir(), 'prescreen-list-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  const path = join(folder, name)
  await writeFile(path, content)
  const desk = createListDesk()
  const preview = await desk.open(path, never)
  const bookOf = (columns: ColumnsOfList = preview.columns) => {
    const { yaml, doubts } = desk.bookOf({ id: 'brand', title: '品牌用词', columns })
    const { book, problems } = readBook(yaml)
    return {
      words: book?.rules.map(({ words }) => words),
      rules: book?.rules ?? [],
      errors: problems.filter(({ level }) => level === 'error'),
      doubts: doubts.map(({ message }) => message.en),
      doubtsInChinese: doubts.map(({ message }) => message.zh),
    }
  }
  return { preview, bookOf }
}

const refusal = (work: Promise<unknown>) =>
  work.then(
    () => null,
    (error: unknown) => (error instanceof Problem ? [error.code, JSON.parse(error.detail)[0].code] : error),
  )

describe('a word list', () => {
  const csv =
    '禁用词,变体,备注,建议,级别,负责人,有效期,例外\n亲,"亲亲、亲～",太随便,您,提示,品牌部,2027/1/31,亲子；父亲\n最顶级,,,优质,禁止,,,\n'

  test('is previewed with what its columns are taken for', async () => {
    const { preview } = await opened(csv)
    expect(preview).toEqual({
      name: 'brand words.csv',
      header: ['禁用词', '变体', '备注', '建议', '级别', '负责人', '有效期', '例外'],
      rows: [
        ['亲', '亲亲、亲～', '太随便', '您', '提示', '品牌部', '2027/1/31', '亲子；父亲'],
        ['最顶级', '', '', '优质', '禁止', '', '', ''],
      ],
      total: 2,
      columns: { words: 0, variants: 1, note: 2, suggestion: 3, severity: 4, owner: 5, until: 6, exceptions: 7 },
    })
  })

  test('becomes a book that says the same', async () => {
    const { rules, errors } = (await opened(csv)).bookOf()
    expect(errors).toEqual([])
    expect(rules).toMatchObject([
      {
        words: ['亲', '亲亲', '亲～'],
        except: [{ text: '亲子' }, { text: '父亲' }],
        text: {
          severity: 'notice',
          owner: '品牌部',
          inForce: { until: '2027-01-31' },
          why: { zh: '太随便' },
          suggestion: { zh: '您' },
        },
      },
      { words: ['最顶级'], text: { severity: 'forbidden', suggestion: { zh: '优质' } } },
    ])
  })

  test.each([
    ['UTF-8 with a mark', Buffer.from(`\ufeff${csv}`)],
    ['UTF-16', Buffer.from(`\ufeff${csv}`, 'utf16le')],
    ['lines of Windows, and a line for Excel', Buffer.from(`sep=,\r\n${csv.replaceAll('\n', '\r\n')}`)],
    ['tabs', Buffer.from(csv.replaceAll('"亲亲、亲～"', '亲亲、亲～').replaceAll(',', '\t'))],
  ])('is read in %s', async (_, bytes) => {
    expect((await opened(bytes)).bookOf().words).toEqual([['亲', '亲亲', '亲～'], ['最顶级']])
  })

  test('is read in GBK, as Excel writes it', async () => {
    // 禁用词,备注 / 国家级,不得使用 / 世界领先,不得使用
    const gbk = Buffer.from(
      'bdfbd3c3b4ca2cb1b8d7a20db9fabcd2bcb62cb2bbb5c3cab9d3c30dcac0bde7c1eccfc82cb2bbb5c3cab9d3c3'.replaceAll(
        '0d',
        '0d0a',
      ),
      'hex',
    )
    expect((await opened(gbk)).bookOf().words).toEqual([['国家级'], ['世界领先']])
  })

  test('is read from a workbook, whatever the number formats of its cells', async () => {
    const rows = rowOf(1, '禁用词', '有效期') + rowOf(2, '国家级', '2027-01-01') + rowOf(3, '400', '')
    const { preview, bookOf } = await opened(workbookWith({ rows }), 'list.xlsx')
    expect(preview).toMatchObject({ name: 'list.xlsx', total: 2, columns: { words: 0, until: 1 } })
    expect(bookOf().words).toEqual([['国家级'], ['400']])
  })

  test('of one word a line needs no head', async () => {
    const { preview, bookOf } = await opened('国家级\n世界领先\n\n全网最低价\n', 'words.txt')
    expect(preview).toMatchObject({ header: ['A'], total: 3, columns: { words: 0 } })
    const { words, doubts } = bookOf()
    expect(words).toEqual([['国家级'], ['世界领先'], ['全网最低价']])
    expect(doubts).toEqual(['Row 3 is blank.'])
  })

  test('whose head nobody knows has its words where somebody says they are', async () => {
    const { preview, bookOf } = await opened('编号,甲\n1,国家级\n2,世界领先\n')
    expect(preview).toMatchObject({ header: ['A', 'B'], total: 3 })
    expect(bookOf({ words: 1 }).words).toEqual([['甲'], ['国家级'], ['世界领先']])
  })
})

describe('what is doubtful in a list', () => {
  const doubtsOf = async (...rows: readonly string[]) =>
    (await opened(`禁用词,级别,有效期\n${rows.join('\n')}\n`)).bookOf()

  test('is named by its row: what stands there twice, in whatever writing', async () => {
    const { words, doubts } = await doubtsOf('国家级', '國家級', 'ＶＩＰ价', 'vip价')
    expect(words).toEqual([['国家级'], ['ＶＩＰ价']])
    expect(doubts).toEqual([
      'Row 3: "國家級" stands in row 2 already; the first is taken.',
      'Row 5: "vip价" stands in row 4 already; the first is taken.',
    ])
  })

  test('single characters, and words that stand in ordinary ones', async () => {
    const { words, doubts } = await doubtsOf('亲', '优惠', '治愈', 'ok', '2026')
    expect(words).toHaveLength(5)
    expect(doubts).toMatchObject([
      expect.stringMatching(/^Row 2: a single character, 亲（.*亲子.*）/),
      expect.stringMatching(/^Row 3: 优惠 is an ordinary word/),
      expect.stringMatching(/^Row 4: 治愈（治愈系） is an ordinary word or stands in one/),
      expect.stringMatching(/^Row 6: "2026" is a number/),
      expect.stringMatching(/^Row 5: "ok" is one or two letters/),
    ])
  })

  test('rows without a word, words without a letter, and what is too long to be one', async () => {
    const { words, doubts } = await doubtsOf('国家级', ',禁止', '！！', `${'长'.repeat(501)}`)
    expect(words).toEqual([['国家级']])
    expect(doubts.map(doubt => doubt.slice(0, 6))).toEqual(['Row 3 ', 'Row 5:', 'Row 4:'])
  })

  test('several words in one cell, severities and days that nobody can read', async () => {
    const { words, rules, doubts } = await doubtsOf('"国家级、世界级",很高,明年', '第一品牌,中,2027年2月30日')
    expect(words).toEqual([['国家级'], ['世界级'], ['第一品牌']])
    expect(rules.map(({ text }) => text.severity)).toEqual(['forbidden', 'forbidden', 'evidence'])
    expect(doubts.map(doubt => doubt.split(':')[0])).toEqual([
      'Row 2',
      'Row 2',
      'Row 3',
      'Row 2 has several words in one cell; each was taken as a word',
    ])
  })

  test('is said in Chinese too', async () => {
    const { doubtsInChinese } = await doubtsOf('国家级', '国家级')
    expect(doubtsInChinese).toEqual(['第 3 行：“国家级”在第 2 行已有，只采用第一次。'])
  })

  test('is counted beyond the first of its kind', async () => {
    const { doubts } = await doubtsOf(...Array.from({ length: 50 }, () => '国家级'))
    expect(doubts).toHaveLength(21)
    expect(doubts.at(-1)).toBe('The same in 29 further places, in rows 23–51.')
  })

  test('formulae whose words are not there', async () => {
    const { words, doubts } = await doubtsOf('国家级', '=VLOOKUP(A1;B:C)')
    expect(words).toEqual([['国家级']])
    expect(doubts).toMatchObject([expect.stringMatching(/^Row 3: the table does not hold/)])
  })
})

describe('a file that is no list', () => {
  test.each([
    ['picture.csv', Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex'), 'no_table'],
    ['old.xls', Buffer.concat([Buffer.from('d0cf11e0a1b11ae1', 'hex'), Buffer.alloc(600)]), null],
    ['empty.csv', Buffer.from(''), 'empty_file'],
    ['blank.csv', Buffer.from('\n ,\n'), 'empty_list'],
    ['torn.csv', Buffer.from('禁用词\n"国家级'), 'unclosed_quote'],
  ])('is refused: %s', async (name, bytes, code) => {
    const refused = await refusal(opened(bytes, name))
    expect(refused).toEqual(['conflict', code ?? expect.any(String)])
  })

  test('has to have a column of words', async () => {
    const { bookOf } = await opened('备注\nx\n')
    expect(() => bookOf()).toThrow(expect.objectContaining({ code: 'conflict' }))
    expect(() => bookOf({ words: 4 })).toThrow(expect.objectContaining({ code: 'conflict' }))
    expect(() => createListDesk().bookOf({ id: 'a', title: 'a', columns: { words: 0 } })).toThrow(
      expect.objectContaining({ code: 'conflict' }),
    )
  })
})
