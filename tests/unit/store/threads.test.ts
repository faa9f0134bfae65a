import { join } from 'node:path'
import SQLite from 'better-sqlite3'
import { describe, expect, onTestFinished, test } from 'vitest'
import { registry } from '../../../electron/engine/checkers/registry.ts'
import { verifyDataDir } from '../../../electron/engine/ledger/verify.ts'
import { startHelpers, verifyTables } from '../../../electron/engine/ledger/verify-helpers.ts'
import { createBuiltInProfiles } from '../../../electron/engine/profiles/built-in-profiles.ts'
import { openLedger, options, tamper, temporaryDir } from '../ledger/fixture.ts'

/** Several threads compare the tables with the ledger: what they find is what one finds. */

const assets = 2_500

/** More assets than one thread takes at a time. */
async function manyAssets(): Promise<string> {
  const { database, commands, dataDir } = openLedger()
  const id = 'b_many00000001'
  const profiles = createBuiltInProfiles(registry)
    .map(({ profile }) => profile)
    .slice(0, 1)
  await database.commit(() => {
    commands.createBatch({ id, name: 'many', profiles, inputs: [], options, practice: true, owner: '1:x' })
    const found = Array.from({ length: assets }, (_, index) => ({
      path: `${index}.txt`,
      source: JSON.stringify({ kind: 'file', path: `/${index}` }),
      kind: 'text' as const,
      bytes: 10,
      excerpt: null,
      failure: null,
    }))
    commands.addAssets(id, 1, found)
  })
  return dataDir
}

function helpersOf(dataDir: string, isUnchanged: () => boolean) {
  const helpers = startHelpers(join(dataDir, 'prescreen.sqlite'), 2, isUnchanged)
  if (helpers === null) throw new Error('no thread was started')
  onTestFinished(() => helpers.end())
  return helpers
}

function opened(dataDir: string) {
  const raw = new SQLite(join(dataDir, 'prescreen.sqlite'), { readonly: true })
  onTestFinished(() => {
    raw.close()
  })
  return raw
}

describe.each([0, 2])('with %i threads besides', threads => {
  test('an untouched ledger is intact', async () => {
    expect(await verifyDataDir(await manyAssets(), { threads })).toMatchObject({ intact: true })
  })

  test('the first of the assets that were changed is named, whichever thread found it', async () => {
    const dataDir = await manyAssets()
    tamper(dataDir, raw => raw.exec("UPDATE assets SET path = 'other' WHERE id IN (1400, 2200)"))
    const verified = await verifyDataDir(dataDir, { threads })
    expect(verified).toMatchObject({ intact: false, what: 'table' })
    expect(verified.en).toContain('a_1400')
  })

  test('what is counted by all of them together is compared', async () => {
    const dataDir = await manyAssets()
    tamper(dataDir, raw => raw.exec('UPDATE tallies SET n = n + 1 WHERE profile = 0'))
    const verified = await verifyDataDir(dataDir, { threads })
    expect(verified.en).toContain('counts of batch')
  })
})

test('threads take assets, each of them once', async () => {
  const helpers = helpersOf(await manyAssets(), () => true)
  expect(await helpers.joined()).not.toBeNull()
  const compared = (await helpers.compared()) ?? []
  const counted = compared.flatMap(({ counts }) => [...counts.tallies.values()])
  // Assets by their outcome, and results by theirs.
  expect(counted.reduce((sum, rows) => sum + rows, 0)).toBe(2 * assets)
})

test('threads that see another moment are not listened to', async () => {
  expect(await helpersOf(await manyAssets(), () => false).joined()).toBeNull()
})

test('threads that cannot start leave the work to this one', async () => {
  expect(await helpersOf(temporaryDir(), () => true).joined()).toBeNull()
})

test('what a thread took and did not finish is compared by this one', async () => {
  const dataDir = await manyAssets()
  tamper(dataDir, raw => raw.exec("UPDATE assets SET path = 'other' WHERE id = 2"))
  const helpers = helpersOf(dataDir, () => true)
  const cursor = await helpers.joined()
  await helpers.end()
  // All of it.
  cursor?.fill(BigInt(Number.MAX_SAFE_INTEGER))
  const { finding } = await verifyTables(opened(dataDir), { ...helpers, compared: async () => null })
  expect(finding?.en).toContain('a_2')
})
