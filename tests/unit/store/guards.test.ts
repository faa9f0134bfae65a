import { join } from 'node:path'
import SQLite, { type Database } from 'better-sqlite3'
import { describe, expect, test } from 'vitest'
import { bringUp } from '../../../electron/engine/base/sqlite/bring-up.ts'
import { openDatabase } from '../../../electron/engine/store/database.ts'
import { createFolderIndex } from '../../../electron/engine/store/folder-index.ts'
import { storeSchema } from '../../../electron/engine/store/schema.ts'
import { createQueries } from '../../../electron/engine/store/sqlite/queries.ts'
import { temporaryFolder } from '../../fixtures/engine/harness.ts'
import { emptyEarlierFile } from './earlier-files.ts'

const key = 'ab'.repeat(32)
const sha256 = 'cd'.repeat(32)

/** As the program before wrote it: one batch, three assets, one of them used again and one still open. */
async function oldFile(): Promise<string> {
  const file = join(await temporaryFolder(), 'prescreen.sqlite')
  const raw = emptyEarlierFile(file, 30)
  raw.exec(`
    INSERT INTO batches VALUES ('b_1', 'old', 'running', NULL, 1, NULL, 1, 1, '[]', '[]', '{}', NULL);
    INSERT INTO ledger VALUES (1, 5, 'result', NULL, 1, '{}', x'00');
    INSERT INTO assets (id, batch, position, path, source, source_key, outcome, sha256)
      VALUES (1, 'b_1', 1, 'a', '{}', x'01', 'risky', '${sha256}'), (2, 'b_1', 2, 'b', '{}', x'02', 'pending', NULL),
      (3, 'b_1', 3, 'c', '{}', x'03', 'risky', '${sha256}');
    INSERT INTO results (asset, profile, batch, state, outcome, parts, checked, reuse_key, screened_at, ledger_seq)
      VALUES (1, 0, 'b_1', 'done', 'risky', 1, 1, x'${key}', 5, 1);
    INSERT INTO results (asset, profile, batch, state, outcome, parts, checked, reused_from, screened_at)
      VALUES (3, 0, 'b_1', 'done', 'risky', 1, 1, 1, 6);
    INSERT INTO results (asset, profile, batch) VALUES (2, 0, 'b_1');
    INSERT INTO checks (asset, profile, part, endpoint, version, part_hash, at) VALUES (1, 0, 'whole', 'e', 'v1', 'h', 1);
    INSERT INTO reviews (asset, act, at, reviewer, action) VALUES (1, 'act', 1, 'Lin', 'decide');
  `)
  raw.close()
  return file
}

describe('a file of the version before', () => {
  test('keeps its counts, and finds what has the same bytes', async () => {
    const file = await oldFile()
    await bringUp(file, storeSchema, { check: async () => undefined })
    const database = openDatabase(file)
    const queries = createQueries(database, createFolderIndex)
    expect(queries.summary('b_1')).toMatchObject({ tally: { assets: 3, pending: 1, risky: 2 } })
    // The ledger does not tell under which key that was: it is asked about again.
    expect(queries.reusable(key, 0, Number.MAX_SAFE_INTEGER)).toBeNull()
    expect(queries.earlier(sha256, 3).map(each => each.asset)).toEqual([1])
    expect(database.raw.pragma('integrity_check', { simple: true })).toBe('ok')
    await database.close()
  })

  test('allows and refuses the same words in every column', async () => {
    const [file, untouched] = [await oldFile(), await oldFile()]
    await bringUp(file, storeSchema, { check: async () => undefined })
    const [now, then] = [new SQLite(file), new SQLite(untouched)]
    const columns = [
      ...['batches state', 'assets kind', 'assets outcome', 'assets decision', 'results state', 'results outcome'],
      ...['checks state', 'checks verdict', 'reviews action'],
    ]
    const said: string[] = []
    for (const column of columns) {
      const [table = '', name = ''] = column.split(' ')
      for (const word of [...wordsOf(then), 'fine', '', 'PASS', null]) {
        const ends = [now, then].map(each => tried(each, `UPDATE ${table} SET ${name} = ?`, word))
        expect(ends[0], `${column} = ${word}`).toBe(ends[1])
        said.push(`${column} ${ends[0]}`)
      }
    }
    // Each column says yes to some and no to others, or nothing was compared.
    for (const column of columns) expect(said).toEqual(expect.arrayContaining([`${column} true`, `${column} false`]))
    expect(
      tried(
        now,
        "INSERT INTO assets (batch, position, path, source, source_key, kind) VALUES ('b_1', 9, '', '', x'09', ?)",
        'x',
      ),
    ).toBe(false)
    now.close()
    then.close()
  })
})

/** Every word that stands in a list of the schema. */
function wordsOf(raw: Database): readonly string[] {
  const schema =
    raw.prepare<[], string>("SELECT group_concat(sql) FROM sqlite_schema WHERE type = 'table'").pluck().get() ?? ''
  return [
    ...new Set(Array.from(schema.matchAll(/IN \(([^)]*)\)/g), ([, list = '']) => list.match(/\w+/g) ?? []).flat()),
  ]
}

function tried(raw: Database, sql: string, word: string | null): boolean {
  raw.exec('BEGIN')
  try {
    raw.prepare(sql).run(word)
    return true
  } catch {
    return false
  } finally {
    raw.exec('ROLLBACK')
  }
}

test('what looks on this machine has no pass, and nothing is called looked at by rules alone that is not', async () => {
  const raw = new SQLite(':memory:')
  storeSchema.create(raw)
  raw.exec(`
    INSERT INTO batches VALUES ('b_1', 'b', 'running', NULL, 1, NULL, 1, 0, '[]', '[]', '{}', NULL);
    INSERT INTO assets (id, batch, position, path, source, source_key) VALUES (1, 'b_1', 0, 'a', '{}', x'01');
    INSERT INTO results (asset, profile, batch, rules) VALUES (1, 0, 'b_1', 'unread');
    INSERT INTO results (asset, profile, batch) VALUES (1, 1, 'b_1')`)
  const allows = (profile: number, set: string) => {
    raw.exec('BEGIN')
    try {
      raw.exec(`UPDATE results SET state = 'done', parts = 2, checked = 2, ${set} WHERE profile = ${profile}`)
      return true
    } catch {
      return false
    } finally {
      raw.exec('ROLLBACK')
    }
  }
  expect(allows(1, "outcome = 'pass'")).toBe(true)
  for (const rules of ['unread', 'none', 'notice', 'evidence', 'forbidden'])
    expect(allows(0, `outcome = 'pass', rules = '${rules}'`), rules).toBe(false)
  expect(allows(0, "outcome = 'rules_only', rules = 'none'")).toBe(true)
  expect(allows(0, "outcome = 'rules_only', rules = 'notice'")).toBe(true)
  for (const set of ["rules = 'unread'", 'rules = NULL', "rules = 'evidence'", "rules = 'none', checked = 1"])
    expect(allows(0, `outcome = 'rules_only', ${set}`), set).toBe(false)
  expect(allows(0, "outcome = 'rules_only', rules = 'none', reason = 'left_out'")).toBe(false)
  expect(allows(0, "outcome = 'rules_only', rules = 'none', parts = 0, checked = 0")).toBe(false)
  raw.close()
})
