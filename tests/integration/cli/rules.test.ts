import { existsSync } from 'node:fs'
import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import SQLite from 'better-sqlite3'
import { describe, expect, test } from 'vitest'
import { batchIdIn, runCli, wechatFlags } from '../../fixtures/engine/cli.ts'
import { temporaryFolder } from '../../fixtures/engine/harness.ts'
import { reply, startHost } from '../../fixtures/engine/stand-in.ts'

const book = (changes: { id?: string; rules?: string } = {}) => `format: 1
book: ${changes.id ?? 'house'}
title: {zh: 自家用语, en: House words}
sources:
  own: {name: {zh: 品牌手册, en: Brand manual}, reading: official, read-at: 内网, read-on: 2026-11-01}
rules:
${
  changes.rules ??
  `  - id: best
    title: {zh: 最佳, en: Best}
    severity: forbidden
    scopes: [general]
    words: [最佳]
    except: [最佳赏味期]
    citation: {source: own, article: 第一条, quote: 不说最佳}
    suggest: {zh: 深受喜爱, en: well liked}
    state: draft
    review: 2020-01-01
    examples: {hit: [本店咖啡最佳], miss: [最佳赏味期 3 天]}
  - id: dear
    title: {zh: 称呼, en: Form of address}
    severity: notice
    scopes: [education]
    words: [宝宝们]
    citation: {source: own, article: 第二条}
    state: draft
    review: 2999-01-01
    examples: {hit: [宝宝们好], miss: [宝宝好]}`
}
`

async function setUp(files: Readonly<Record<string, string>> = {}) {
  const folder = await temporaryFolder()
  const material = join(folder, 'material')
  await mkdir(material)
  const all = { 'house.yaml': book(), ...files }
  for (const [name, content] of Object.entries(all)) await writeFile(join(folder, name), content)
  const data = ['--data-dir', join(folder, 'data')]
  const write = (name: string, text: string | Uint8Array) => writeFile(join(material, name), text)
  const run = (args: readonly string[], input?: string | Uint8Array) =>
    runCli([...args, '--lang', 'en'], { cwd: folder, ...(input === undefined ? {} : { input }) })
  return { folder, material, data, write, run }
}

const lines = async (file: string): Promise<Record<string, unknown>[]> =>
  (await readFile(file, 'utf8'))
    .split('\n')
    .filter(line => line !== '')
    .map(line => JSON.parse(line))

describe('rules check', () => {
  test('finds nothing wrong with a good book, and says what is stale in it', async () => {
    const { run } = await setUp()
    const end = await run(['rules', 'check', 'house.yaml'])
    expect(end).toMatchObject({ status: 0, stderr: '' })
    expect(end.stdout).toContain('house.yaml: book house, 2 rules, 2 words and patterns')
    expect(end.stdout).toContain('1 rule of the book house is past the review date')
    expect(end.stdout).toContain('1 file, 0 errors, 0 warnings')
  })

  test.each([
    [
      'a field that there is not',
      book().replace('words: [最佳]', 'wrds: [最佳]'),
      /bad\.yaml:\d+:\d+.*"wrds".*"words"/,
    ],
    ['YAML that is none', 'format: 1\nbook: [', /bad\.yaml:\d+:\d+/],
    [
      'an example that is not hit',
      book().replace('本店咖啡最佳', '本店咖啡很好'),
      /bad\.yaml:17:\d+ \[best\]: .*must be hit/,
    ],
    [
      'an example that is hit',
      book().replace('最佳赏味期 3 天', '最佳'),
      /bad\.yaml:17:\d+ \[best\]: .*must not be hit/,
    ],
    ['a book from the future', 'format: 2\nbook: house\n', /format 2.*Update the program/],
    ['an empty file', '', /bad\.yaml/],
    ['bytes that are no text', '\u0000\u0001', /bad\.yaml/],
  ])('tells %s by file, line and rule, with status 1', async (_, text, sentence) => {
    const { run } = await setUp({ 'bad.yaml': text })
    const end = await run(['rules', 'check', 'house.yaml', 'bad.yaml'])
    expect(end.status).toBe(1)
    expect(end.stdout).toMatch(sentence)
    expect(end.stdout).toMatch(/2 files, [1-9]\d* errors?/)
  })

  test('reads word lists, and tells doubts by the rows of the table', async () => {
    const { run } = await setUp({
      'words.csv': '词,建议\n亲,您\n秒杀价,\n秒杀价,\n',
      'none.csv': '备注,级别\n促销,高\n',
    })
    const end = await run(['rules', 'check', 'words.csv', 'none.csv'])
    expect(end.status).toBe(1)
    expect(end.stdout).toContain('Row 4')
    expect(end.stdout).not.toMatch(/words\.csv:\d/)
    expect(end.stdout).toContain('words.csv: book words, 2 rules')
    expect(end.stdout).toMatch(/none\.csv: The list has no column of words/)
  })

  test('refuses two files with one id', async () => {
    const { run } = await setUp({ 'other.yaml': book() })
    const end = await run(['rules', 'check', 'house.yaml', 'other.yaml'])
    expect(end.status).toBe(1)
    expect(end.stdout).toContain('The id house is that of house.yaml too')
  })

  test.each([
    ['a file that is not there', ['nowhere.yaml'], /there is no file nowhere\.yaml/],
    ['an empty path', [''], /a path is empty/],
    ['no file', [], /missing required argument 'file'/],
  ])('tells of %s in a sentence', async (_, files, sentence) => {
    const { run } = await setUp()
    const end = await run(['rules', 'check', ...files])
    expect(end).toMatchObject({ status: 1, stdout: '' })
    expect(end.stderr).toMatch(sentence)
  })

  test('tells of a folder, and needs no data folder', async () => {
    const { run, folder } = await setUp()
    const end = await run(['rules', 'check', 'material'])
    expect(end.status).toBe(1)
    expect(end.stdout).toContain('This is a folder')
    expect(existsSync(join(folder, 'data'))).toBe(false)
  })

  test('gives all of it as JSON', async () => {
    const { run } = await setUp({ 'bad.yaml': book({ id: 'bad' }).replace('words: [最佳]', 'wrds: [最佳]') })
    const end = await run(['rules', 'check', 'house.yaml', 'bad.yaml', '--json'])
    expect(end.status).toBe(1)
    const { files, errors } = JSON.parse(end.stdout)
    expect(files[0]).toMatchObject({ file: 'house.yaml', book: 'house', rules: 2, entries: 2, stale: 1, problems: [] })
    expect(files[1]).toMatchObject({ file: 'bad.yaml', book: null })
    expect(files[1].problems[0]).toMatchObject({ level: 'error', line: expect.any(Number), column: expect.any(Number) })
    expect(errors).toBe(files[1].problems.length)
  })
})

describe('rules list', () => {
  test('has the rules of a named file, by severity and trade', async () => {
    const { run, data } = await setUp()
    const all = await run(['rules', 'list', 'house.yaml', ...data])
    expect(all.status).toBe(0)
    expect(all.stdout).toMatch(/forbidden +best +Best +general +Brand manual 第一条 +2020-01-01 stale/)
    expect(all.stdout).toContain('dear')
    expect(all.stdout).toContain('not legal advice')
    const notices = await run(['rules', 'list', 'house.yaml', '--severity', 'notice', ...data])
    expect(notices.stdout).not.toContain('best')
    const food = await run(['rules', 'list', 'house.yaml', '--scope', 'food,education', '--json', ...data])
    expect(JSON.parse(food.stdout).books[0].listed).toMatchObject([{ rule: 'dear', stale: false }])
  })

  test.each([
    ['a severity that there is not', ['--severity', 'grave'], /--severity: takes notice, evidence or forbidden/],
    ['a trade that there is not', ['--scope', 'foods'], /--scope: there is no trade "foods"; there are: general/],
    ['a book that there is not', ['nobody'], /no rule book nobody: there is no such file/],
  ])('refuses %s', async (_, args, sentence) => {
    const { run, data } = await setUp()
    const end = await run(['rules', 'list', ...args, ...data])
    expect(end).toMatchObject({ status: 1, stdout: '' })
    expect(end.stderr).toMatch(sentence)
  })
})

describe('books that come with the program', () => {
  test('are in force in a folder that has nothing yet', async () => {
    const { run, data } = await setUp()
    const list = await run(['rules', 'list', ...data])
    expect(list.stdout).toMatch(/absolute-terms .* in force/)
    const tried = await run(['rules', 'test', 'all', '--text', '本店咖啡国家级', ...data])
    expect(tried).toMatchObject({ status: 2 })
  })
})

describe('rules test', () => {
  test('runs the examples', async () => {
    const { run, data } = await setUp({ 'bad.yaml': book({ id: 'bad' }).replace('本店咖啡最佳', '本店咖啡很好') })
    const good = await run(['rules', 'test', 'house.yaml', ...data])
    expect(good).toMatchObject({ status: 0, stdout: 'house: 4 examples, all as they should be\n' })
    const bad = await run(['rules', 'test', 'house.yaml', 'bad.yaml', ...data])
    expect(bad.status).toBe(1)
    expect(bad.stdout).toMatch(/bad:17:\d+ \[best\]/)
    const json = await run(['rules', 'test', 'bad.yaml', '--json', ...data])
    expect(JSON.parse(json.stdout).books[0]).toMatchObject({ book: 'bad', problems: [{ rule: 'best' }] })
  })

  test.each([
    [
      'forbidden words',
      '今日\n咖啡最佳',
      2,
      /forbidden +2:3 +最佳 +Best +house\/best +Brand manual 第一条 +Better words: well liked/,
    ],
    ['words worth a note', '宝宝们好', 4, /notice +1:1 +宝宝们/],
    ['an exception', '最佳赏味期', 4, /No rule was hit/],
    ['no words at all', '', 4, /No rule was hit/],
  ])('tries %s, from a flag and from standard input', async (_, text, status, sentence) => {
    const { run, data } = await setUp()
    for (const [flag, input] of [
      [text, undefined],
      ['-', text],
    ] as const) {
      const end = await run(['rules', 'test', 'house.yaml', '--text', flag, ...data], input)
      expect(end.status).toBe(status)
      expect(end.stdout).toMatch(sentence)
      expect(end.stdout).toContain('not legal advice')
    }
  })

  test('gives hits with their offsets as JSON, of the trades that are asked for', async () => {
    const { run, data } = await setUp()
    const text = '😀宝宝们，最佳'
    const both = await run(['rules', 'test', 'house.yaml', '--text', text, '--json', ...data])
    const { hits } = JSON.parse(both.stdout)
    expect(hits.map(({ rule, range }: { rule: string; range: number[] }) => [rule, text.slice(...range)])).toEqual([
      ['house/dear', '宝宝们'],
      ['house/best', '最佳'],
    ])
    const food = await run(['rules', 'test', 'house.yaml', '--text', text, '--rule-scopes', 'food', '--json', ...data])
    expect(JSON.parse(food.stdout).hits).toMatchObject([{ rule: 'house/best', line: 1, column: 7 }])
  })

  test('refuses to try a text where no rule applies', async () => {
    const { run, data } = await setUp({ 'trade.yaml': book().replace('scopes: [general]', 'scopes: [medical]') })
    const end = await run(['rules', 'test', 'trade.yaml', '--text', '最佳', '--rule-scopes', 'food', ...data])
    expect(end).toMatchObject({ status: 1, stdout: '' })
    expect(end.stderr).toContain('No rule of the chosen books applies')
  })

  test('refuses bytes that are no UTF-8, and trades without a text', async () => {
    const { run, data } = await setUp()
    const bytes = await run(['rules', 'test', 'house.yaml', '--text', '-', ...data], Uint8Array.of(0xd7, 0xee, 0xbc))
    expect(bytes.status).toBe(1)
    expect(bytes.stderr).toContain('standard input is not UTF-8')
    const trades = await run(['rules', 'test', 'house.yaml', '--rule-scopes', 'food', ...data])
    expect(trades.status).toBe(1)
    expect(trades.stderr).toContain('--rule-scopes goes with --text')
  })
})

describe('a run with rules that cannot be had', () => {
  test.each([
    ['a path that is not there', ['--rules', './none.yaml'], /no rule book \.\/none\.yaml: there is no such file/],
    ['a book with an error', ['--rules', 'bad.yaml'], /bad\.yaml:\d+:\d+.*Nothing was screened/],
    ['a rule with an error', ['--rules', 'rule.yaml'], /rule\.yaml:\d+:\d+ \[best\]/],
    ['a list without words', ['--rules', 'none.csv'], /none\.csv: The list has no column of words/],
    ['the same book twice', ['--rules', 'house.yaml', '--rules', './house.yaml'], /same book was given twice/],
    ['the same book by a link', ['--rules', 'house.yaml', '--rules', 'link.yaml'], /same book was given twice/],
    ['two books with one id', ['--rules', 'house.yaml', '--rules', 'copy.yaml'], /same book was given twice \(house\)/],
    ['an empty name', ['--rules', ''], /--rules is empty/],
    ['a trade that there is not', ['--rules', 'house.yaml', '--rule-scopes', 'foods'], /no trade "foods"/],
    ['trades without rules', ['--rule-scopes', 'food'], /--rule-scopes goes with --rules/],
    ['a folder', ['--rules', './material'], /This is a folder/],
    ['an account without a platform', ['--rules', 'house.yaml', '--openid', 'o1'], /for a platform only.*: --openid;/],
  ])('is refused for %s, with status 1 and nothing made', async (_, flags, sentence) => {
    const { run, data, folder, write } = await setUp({
      'bad.yaml': book().replace('title: {zh: 自家用语', 'titel: {zh: 自家用语'),
      'rule.yaml': book().replace('severity: forbidden', 'severity: grave'),
      'none.csv': '备注,级别\n促销,高\n',
      'copy.yaml': `${book()}# the same id\n`,
    })
    await symlink('house.yaml', join(folder, 'link.yaml'))
    await write('a.txt', '你好')
    const end = await run(['screen', 'material', ...flags, ...data])
    expect(end).toMatchObject({ status: 1, stdout: '' })
    expect(end.stderr).toMatch(sentence)
    expect(end.stderr.trimEnd().split('\n')).toHaveLength(1)
    const raw = new SQLite(join(folder, 'data', 'prescreen.sqlite'), { readonly: true })
    expect(raw.prepare('SELECT count(*) FROM batches').pluck().get()).toBe(0)
    raw.close()
  })
})

describe('screen with rules alone', () => {
  test('needs no account, and never ends with 0', async () => {
    const { run, data, write, folder } = await setUp()
    await write('clean.txt', '春茶上新')
    const jsonl = join(folder, 'r.jsonl')
    const end = await run(['screen', 'material', '--rules', 'house.yaml', '--jsonl', jsonl, '--json', ...data])
    expect(end.status).toBe(4)
    expect(JSON.parse(end.stdout)).toMatchObject({
      assets: 1,
      pass: 0,
      unchecked: 0,
      rulesOnly: 1,
      practice: false,
      rules: {
        books: [{ book: 'house', rules: 2, stale: 1 }],
        hits: [],
        notLookedAt: { assets: 0, pictures: 0, recordings: 0 },
        remark: expect.stringContaining('not legal advice'),
      },
    })
    expect(await lines(jsonl)).toMatchObject([
      { path: 'clean.txt', verdict: 'unchecked', reason: 'no_platform_verdict', rules: 'none', ruleHits: [] },
    ])
  })

  test.each([
    ['2 for words that are forbidden', { 'a.txt': '本店最佳' }, 2],
    ['4 for words worth a note', { 'a.txt': '宝宝们好' }, 4],
    ['3 for a text that cannot be read', { 'a.txt': '你好', 'b.txt': Uint8Array.of(0xff, 0xfe, 0x00) }, 3],
    ['3 for a picture, which rules do not look at', { 'a.txt': '你好', 'b.png': Uint8Array.of(0x89, 0x50) }, 3],
  ])('ends with %s', async (_, files, status) => {
    const { run, data, write } = await setUp()
    for (const [name, content] of Object.entries(files)) await write(name, content)
    expect((await run(['screen', 'material', '--rules', 'house.yaml', ...data])).status).toBe(status)
  })

  test('tells in the summary which words, by which rule, and that it is no legal advice', async () => {
    const { run, data, write } = await setUp()
    await write('a.txt', '今日咖啡\n本店最佳')
    await write('b.txt', '春茶')
    const end = await run(['screen', 'material', '--rules', 'house.yaml', ...data])
    expect(end.stdout).toMatch(/risky +a\.txt +2:3 “最佳” Best/)
    expect(end.stdout).toMatch(/1 rule was hit:\nforbidden +Best +house\/best +in 1 asset/)
    expect(end.stdout).toContain('1 asset was checked by rules on this computer only')
    expect(end.stdout).toContain('1 rule of the book house is past the review date')
    expect(end.stdout).toContain('not legal advice')
    expect(end.stdout).not.toContain('no hit 1')
  })

  test('takes a word list, and says that it has doubtful words', async () => {
    const { run, data, write } = await setUp({ 'words.csv': '词,建议\n秒杀价,活动价\n亲,您\n' })
    await write('a.txt', '全场秒杀价')
    const end = await run(['screen', 'material', '--rules', 'words.csv', ...data])
    expect(end.status).toBe(2)
    expect(end.stderr).toMatch(
      /words\.csv: \d+ doubts?, used all the same; to see each: prescreen rules check words\.csv/,
    )
  })

  test('goes on by the books of its start, and refuses others', async () => {
    const { run, data, write } = await setUp({ 'other.yaml': book({ id: 'other' }) })
    await write('a.txt', '你好')
    const end = await run(['screen', 'material', '--rules', 'house.yaml', ...data])
    const batch = batchIdIn(end)
    expect((await run(['resume', batch, ...data])).status).toBe(4)
    expect((await run(['resume', batch, '--rules', 'house.yaml', ...data])).status).toBe(4)
    const other = await run(['resume', batch, '--rules', 'other.yaml', ...data])
    expect(other.status).toBe(1)
    expect(other.stderr).toContain('began with other rules')
  })

  test('is planned without a call', async () => {
    const { run, data, write } = await setUp()
    await write('a.txt', '你好')
    const end = await run(['plan', 'material', '--rules', 'house.yaml', '--json', ...data])
    expect(end.status).toBe(0)
    expect(JSON.parse(end.stdout)).toMatchObject({
      assets: { text: 1 },
      rules: [{ book: 'house', rules: 2, stale: 1 }],
    })
    const text = await run(['plan', 'material', '--rules', 'house.yaml', ...data])
    expect(text.stdout).toContain('texts are checked by rules: 1 book, 2 rules')
    expect(text.stdout).not.toContain('endpoint')
  })
})

describe('screen with a platform and rules', () => {
  async function screened(files: Readonly<Record<string, string>>) {
    const { run, data, write, folder } = await setUp()
    const host = await startHost(({ response }) => reply(response, '{"errcode":0,"errmsg":"ok"}'))
    for (const [name, content] of Object.entries(files)) await write(name, content)
    const [jsonl, csv, html] = ['r.jsonl', 'r.csv', 'r.html'].map(name => join(folder, name))
    const reports = ['--jsonl', jsonl ?? '', '--csv', csv ?? '', '--html', html ?? '']
    const end = await run([
      'screen',
      'material',
      '--rules',
      'house.yaml',
      ...reports,
      ...wechatFlags(host.url),
      ...data,
    ])
    return { run, data, end, host, jsonl: jsonl ?? '', csv: csv ?? '', html: html ?? '' }
  }

  test('ends with 0 where both have nothing, and says so in the rows of the platform', async () => {
    const { end, jsonl } = await screened({ 'a.txt': '春茶' })
    expect(end.status).toBe(0)
    expect(await lines(jsonl)).toMatchObject([{ platform: 'wechat', verdict: 'pass', rules: 'none' }])
  })

  test('ends with 2 where rules forbid what the platform passed, whose verdict stays what it is', async () => {
    const { end, jsonl, csv, html, run, data } = await screened({ 'a.txt': '本店最佳', 'b.txt': '春茶' })
    expect(end.status).toBe(2)
    expect(end.stdout).toMatch(/risky +a\.txt +Rules +1:3 “最佳” Best/)
    expect(await lines(jsonl)).toMatchObject([
      {
        path: 'a.txt',
        verdict: 'pass',
        rules: 'forbidden',
        ruleHits: [{ rule: 'house/best', range: [2, 4], fine: null }],
      },
      { path: 'b.txt', verdict: 'pass', rules: 'none', ruleHits: [] },
    ])
    expect((await readFile(csv, 'utf8')).split('\r\n')[1]).toMatch(/,forbidden,house\/best,,$/)
    const page = await readFile(html, 'utf8')
    expect(page).toContain('id="rule-1"')
    expect(page).toContain('不说最佳')
    const only = join(csv, '..', 'only.jsonl')
    const exported = await run(['export', batchIdIn(end), '--rule', 'house/best', '--jsonl', only, ...data])
    expect(exported.status).toBe(0)
    expect((await lines(only)).map(({ path }) => path)).toEqual(['a.txt'])
    const none = await run(['export', batchIdIn(end), '--rule', 'house/none', '--jsonl', only, ...data])
    expect(none.status).toBe(1)
    expect(none.stderr).toContain('these were: house/best')
  })
})
