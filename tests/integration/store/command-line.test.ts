import { existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import SQLite from 'better-sqlite3'
import { expect, test } from 'vitest'
import { writeEarlierFile } from '../../fixtures/earlier-file.ts'
import { runCli } from '../../fixtures/engine/cli.ts'
import { temporaryFolder } from '../../fixtures/engine/harness.ts'

async function earlierData(): Promise<{ data: string; file: string; copy: string }> {
  const data = join(await temporaryFolder(), 'data')
  mkdirSync(data)
  const file = join(data, 'prescreen.sqlite')
  writeEarlierFile(file, 70, 20)
  return { data, file, copy: join(data, 'prescreen.before-70.sqlite') }
}

const exported = (data: string, ...more: readonly string[]) =>
  runCli(['export', 'b_bench00000000', '--csv', join(data, `${more.length}.csv`), '--data-dir', data, ...more])

test('a command that meets the data of an earlier version brings them up and says once where the copy lies', async () => {
  const { data, copy } = await earlierData()
  // Before that they are verified as they are.
  expect(await runCli(['verify', '--data-dir', data])).toMatchObject({ status: 0 })
  expect(existsSync(copy)).toBe(false)
  const first = await exported(data, '--lang', 'en')
  expect(first).toMatchObject({ status: 0 })
  expect(first.stderr).toContain(`rename the copy to prescreen.sqlite. (${copy})`)
  expect(existsSync(copy)).toBe(true)
  const second = await exported(data)
  expect(second).toMatchObject({ status: 0 })
  expect(second.stderr).not.toContain('copy')
  expect(await runCli(['verify', '--data-dir', data])).toMatchObject({ status: 0 })
})

test('it is said in Chinese, and a program that has the file open is named', async () => {
  const { data, file, copy } = await earlierData()
  const other = new SQLite(file)
  other.prepare('SELECT count(*) FROM assets').get()
  const refused = await exported(data, '--lang', 'zh')
  expect(refused).toMatchObject({ status: 1 })
  expect(refused.stderr).toContain('另一个程序（例如旧版本的预审台）正打开着它')
  other.close()
  const end = await exported(data, '--lang', 'zh')
  expect(end).toMatchObject({ status: 0 })
  expect(end.stderr).toContain(`再把副本改名为 prescreen.sqlite。 (${copy})`)
})
