import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import SQLite from 'better-sqlite3'
import { describe, expect, test } from 'vitest'
import { runCli, wechatFlags } from '../../fixtures/engine/cli.ts'
import { temporaryFolder } from '../../fixtures/engine/harness.ts'
import { reply, startHost } from '../../fixtures/engine/stand-in.ts'

async function setUp() {
  const folder = await temporaryFolder()
  const host = await startHost(({ response }) => reply(response, '{"errcode":0,"errmsg":"ok"}'))
  const file = async (name: string, text: string) => {
    await writeFile(join(folder, name), text)
    return join(folder, name)
  }
  const data = ['--data-dir', join(folder, 'data')]
  return { folder, host, file, data, screen: ['screen', ...data, ...wechatFlags(host.url)] }
}
const lines = async (file: string): Promise<Record<string, unknown>[]> =>
  (await readFile(file, 'utf8'))
    .split('\n')
    .filter(line => line !== '')
    .map(line => JSON.parse(line))

describe('what a reader notes', () => {
  test.each([
    ['zh', /有 1 个素材带读取提示/, /\p{Script=Han}/u],
    ['en', /1 asset carries a reader note/, /^[\x20-\x7e]+$/],
  ] as const)('stands beside the pass, in the summary and in every report (%s)', async (lang, summary, note) => {
    const { folder, file, screen } = await setUp()
    const link = await file('link.txt', 'https://example.com/promo/1234\n')
    const plain = await file('plain.txt', '春茶上新')
    const [jsonl, csv, html] = ['r.jsonl', 'r.csv', 'r.html'].map(name => join(folder, name))
    const end = await runCli([
      ...screen,
      link,
      plain,
      '--lang',
      lang,
      ...['--jsonl', jsonl ?? '', '--csv', csv ?? '', '--html', html ?? ''],
    ])
    expect(end.status).toBe(0)
    expect(end.stdout).toMatch(summary)
    const records = await lines(jsonl ?? '')
    expect(records.map(({ path, verdict }) => [path, verdict])).toEqual([
      ['link.txt', 'pass'],
      ['plain.txt', 'pass'],
    ])
    const [noted, other] = records
    expect(noted?.notes).toEqual([
      expect.objectContaining({ code: expect.any(String), text: expect.stringMatching(note) }),
    ])
    expect(other?.notes).toEqual([])
    const text = (records[0]?.notes as { text: string }[] | undefined)?.[0]?.text ?? '?'
    expect(await readFile(csv ?? '', 'utf8')).toContain(text)
    expect(await readFile(html ?? '', 'utf8')).toContain(text)
  })

  test('counts as left out where the person wants it so', async () => {
    const { folder, file, screen, host } = await setUp()
    const link = await file('link.txt', 'https://example.com/promo/1234\n')
    const jsonl = join(folder, 'r.jsonl')
    // A pass that stood beside its note answers nothing that is asked more strictly.
    expect((await runCli([...screen, link])).status).toBe(0)
    const before = host.calls()
    const end = await runCli([...screen, link, '--notes', 'unchecked', '--jsonl', jsonl])
    expect(end.status).toBe(3)
    expect(host.calls()).toBe(before + 1)
    expect(await lines(jsonl)).toMatchObject([{ verdict: 'unchecked', reason: 'left_out' }])
  })
})

test('recheck names, counts and prices what an earlier version passed, and screens it anew', async () => {
  const { folder, file, screen, data, host } = await setUp()
  const first = await file('a.txt', '春茶上新')
  const second = await file('b.txt', '第二段文案')
  expect((await runCli([...screen, first, second])).status).toBe(0)
  const raw = new SQLite(join(folder, 'data', 'prescreen.sqlite'))
  raw.exec(`UPDATE assets SET reading = NULL WHERE path = 'a.txt'`)
  raw.close()
  const before = host.calls()

  const planned = await runCli(['recheck', '--older-readings', '--plan', '--json', ...data])
  expect(planned.status).toBe(0)
  expect(JSON.parse(planned.stdout)).toMatchObject({ batches: [{ assets: 1, kinds: { text: 1 }, calls: 1 }] })
  expect(host.calls()).toBe(before)

  const jsonl = join(folder, 'r.jsonl')
  await runCli(['export', JSON.parse(planned.stdout).batches[0].batch, '--jsonl', jsonl, ...data])
  expect((await lines(jsonl)).map(({ olderReading }) => olderReading)).toEqual([true, false])

  const done = await runCli(['recheck', '--older-readings', '--secret-env', 'WECHAT_SECRET', '--lang', 'en', ...data])
  expect(done.status).toBe(0)
  expect(done.stdout).toContain('1 no-hit is of an earlier version')
  expect(host.calls()).toBe(before + 1)
  const rest = await runCli(['recheck', '--older-readings', '--lang', 'en', ...data])
  expect(rest).toMatchObject({ status: 0, stdout: 'No no-hit is left of an earlier reading.\n' })
  expect((await runCli(['recheck', ...data, '--lang', 'en'])).status).toBe(1)
})

test('verify takes no row of a fresh ledger for one of an older version, control checks and exports among them', async () => {
  const { file, data, folder } = await setUp()
  const text = await file('a.txt', '春茶上新')
  await runCli(['screen', text, ...data, '--csv', join(folder, 'r.csv'), '--lang', 'en'])
  const end = await runCli(['verify', ...data, '--lang', 'en'])
  expect(end.status).toBe(0)
  expect(end.stdout).not.toContain('older version')
})
