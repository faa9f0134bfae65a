import { mkdir, readdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import SQLite from 'better-sqlite3'
import { describe, expect, test } from 'vitest'
import { startNode } from '../../fixtures/engine/cli.ts'
import { engineFor, sandboxFor, screenAll, temporaryFolder, wechatProfile } from '../../fixtures/engine/harness.ts'
import { bookOf } from '../../fixtures/library/books.ts'

const never = new AbortController().signal

async function house() {
  const folder = await temporaryFolder()
  const sandbox = await sandboxFor()
  const engine = await engineFor(join(folder, 'data'), { sandboxUrl: sandbox.url })
  const profile = wechatProfile(sandbox.url)
  const material = async (name: string, files: Readonly<Record<string, string>>) => {
    const path = join(folder, name)
    await mkdir(path)
    for (const [file, text] of Object.entries(files)) await writeFile(join(path, file), text)
    return path
  }
  return { folder, engine, profile, material }
}

describe('a book that is being written', () => {
  test('is tried on the texts of earlier batches, newest first, each once', async () => {
    const { engine, profile, material } = await house()
    const spring = await material('spring', {
      'a.txt': '本店的亲亲茶，国家级品质',
      'b.txt': '一芽二叶',
      'gone.txt': '国家级，一',
      'changed.txt': '国家级，二',
      'gone-and-elsewhere.txt': '一芽二叶',
      'table.csv': '文案\n国家级茶园\n一芽二叶\n',
    })
    const summer = await material('summer', { 'same.txt': '一芽二叶', 'new.txt': '国家级，国家级' })
    await screenAll(engine, [spring], [profile], { textColumn: '文案' })
    const { id: newest } = await screenAll(engine, [summer], [profile])
    for (const name of ['gone.txt', 'gone-and-elsewhere.txt']) await rm(join(spring, name))
    await writeFile(join(spring, 'changed.txt'), '国家级，又写过')

    const told: number[][] = []
    const yaml = bookOf('brand', ['国家级', '亲亲'])
    const trial = await engine.rules.tryPast(yaml, 100, never, (...progress) => told.push(progress))
    expect(trial).toMatchObject({ texts: 4, gone: 2, flagged: 3 })
    expect(trial.byRule).toEqual([
      { rule: 'words/国家级', title: { zh: '国家级', en: '国家级' }, texts: 3 },
      { rule: 'words/亲亲', title: { zh: '亲亲', en: '亲亲' }, texts: 1 },
    ])
    expect(trial.hits[0]).toMatchObject({
      batch: newest,
      path: 'new.txt',
      rule: 'words/国家级',
      before: '',
      matched: '国家级',
      after: '，国家级',
    })
    expect(trial.hits.map(({ path }) => path)).toEqual(['new.txt', 'new.txt', 'a.txt', 'a.txt', 'table.csv#2'])
    expect(told.at(-1)).toEqual([6, 6])

    expect(await engine.rules.tryPast(yaml, 2, never)).toMatchObject({ texts: 2 })
  })

  test('with errors is not tried, and one trial runs at a time', async () => {
    const { engine, profile, material } = await house()
    await screenAll(engine, [await material('spring', { 'a.txt': '国家级' })], [profile])
    await expect(engine.rules.tryPast('format: 1\nbook: brand\n', 10, never)).rejects.toMatchObject({
      code: 'conflict',
    })
    const yaml = bookOf('brand', ['国家级'])
    const first = engine.rules.tryPast(yaml, 10, never)
    await expect(engine.rules.tryPast(yaml, 10, never)).rejects.toMatchObject({ code: 'conflict' })
    expect(await first).toMatchObject({ texts: 1, flagged: 1 })
  })

  test('stops being tried when somebody says so, and lets others have their turn', async () => {
    const { engine, profile, material } = await house()
    const files = Object.fromEntries(Array.from({ length: 40 }, (_, at) => [`${at}.txt`, `国家级 ${at}`]))
    await screenAll(engine, [await material('spring', files)], [profile])
    const stop = new AbortController()
    let turns = 0
    const timer = setInterval(() => turns++, 0)
    const trial = engine.rules.tryPast(bookOf('brand', ['国家级']), 100, stop.signal, texts => {
      if (texts === 20) stop.abort()
    })
    await expect(trial).rejects.toMatchObject({ code: 'cancelled' })
    clearInterval(timer)
    expect(turns).toBeGreaterThan(0)
    expect(await engine.rules.tryPast(bookOf('brand', ['国家级']), 100, never)).toMatchObject({ texts: 40 })
  })
})

test('What is put in force and withdrawn stands in the ledger, which stays whole', async () => {
  const { folder, engine } = await house()
  engine.settings.set({ reviewer: '林' })
  const yaml = bookOf('brand', ['国家级'])
  await engine.rules.save(yaml, null)
  const { version } = await engine.rules.try(yaml, '国家级')
  expect(await engine.rules.putInForce('brand', version)).toMatchObject({ state: 'in_force' })
  expect(await engine.rules.withdraw('brand')).toMatchObject({ state: 'not_in_force' })
  expect(await engine.ledger.verify()).toMatchObject({ intact: true })
  await engine.close()

  // Another program finds what this one left.
  const again = await engineFor(join(folder, 'data'))
  expect(await again.rules.books()).toMatchObject([{ id: 'brand', state: 'not_in_force', version }])
  // Nobody has tried it in this session.
  await expect(again.rules.putInForce('brand', version)).rejects.toMatchObject({ code: 'conflict' })
})

test('A program that is killed at any moment leaves what is in force and the ledger of one mind', async () => {
  const dataDir = join(await temporaryFolder(), 'data')
  for (const round of [1, 2, 3, 4]) {
    const acting = startNode([join(import.meta.dirname, '../../fixtures/library/acting.ts'), dataDir])
    await acting.said(new RegExp(`(?:in force\\n(?:withdrawn\\n)?){${round}}$`))
    acting.child.kill('SIGKILL')
    await acting.ended

    const engine = await engineFor(dataDir)
    const [book] = await engine.rules.books()
    expect(await engine.ledger.verify()).toMatchObject({ intact: true })
    await engine.close()
    const ledger = new SQLite(join(dataDir, 'prescreen.sqlite'), { readonly: true })
    const last = ledger
      .prepare<[], string>(`SELECT body FROM ledger WHERE kind = 'rules' ORDER BY seq DESC LIMIT 1`)
      .pluck()
      .get()
    ledger.close()
    const { event } = JSON.parse(last ?? '{}')
    expect(event, `round ${round}`).toBe(book?.state === 'in_force' ? 'put_in_force' : 'withdraw')
    expect(await readdir(join(dataDir, 'rules/in-force'))).not.toContain('brand.intent')
  }
})
