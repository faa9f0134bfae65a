import { expect, test } from 'vitest'
import { readingBy } from '../../../electron/engine/formats/readings.ts'
import { flagsSql } from '../../../electron/engine/store/sqlite/grid-reads.ts'
import { failureCodes } from '../../../shared/failures.ts'
import { gridDecisions, gridFlags, gridKinds, gridOutcomes, gridRules } from '../../../shared/grid.ts'
import { openLedger, options, practiceProfile } from '../ledger/fixture.ts'

const batch = 'b_1'

async function openBatch() {
  const ledger = openLedger()
  const about = { profiles: [practiceProfile], inputs: [], options, practice: true, owner: '' }
  await ledger.database.commit(() => ledger.commands.createBatch({ id: batch, name: '', ...about }))
  return ledger
}

/** Assets with every value that each column of the grid can have, and what the grid is to know of them. */
async function everyValue() {
  const ledger = await openBatch()
  const { database } = ledger
  const insert = database.raw.prepare(
    `INSERT INTO assets (batch, position, path, source, source_key, kind, outcome, decision, rules, flags, score, label, reason,
       screened_at, reading, reader_notes) VALUES ('${batch}', ?, ?, '{}', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  )
  const readings = [null, readingBy('html'), 'html 0', 'gone 1', '']
  const cells = Array.from({ length: 4 * gridOutcomes.length * readings.length }, (_, at) => {
    const outcome = at % gridOutcomes.length
    const reading = readings[Math.floor(at / gridOutcomes.length) % readings.length] ?? null
    const kind = at % gridKinds.length
    const isOlder = gridOutcomes[outcome] === 'pass' && kind !== 0 && isOlderThanNow(gridKinds[kind], reading)
    const hasNotes = at % 3 === 0
    const stored = [0, gridFlags.reused | gridFlags.noted, gridFlags.split][at % 3] ?? 0
    return {
      outcome,
      decision: at % gridDecisions.length,
      kind,
      rules: at % gridRules.length,
      stored,
      flags: stored | (hasNotes ? gridFlags.readerNotes : 0) | (isOlder ? gridFlags.olderReading : 0),
      hasNotes,
      score: [255, 0, 100][at % 3] ?? 255,
      label: [0, 20002, -1][at % 3] ?? 0,
      reason: at % (failureCodes.length + 1),
      screenedAt: at % 2 === 0 ? 0 : 1_700_000_000 + at,
      reading,
      path: `folder ${at % 5}/${97 - at}.png`,
    }
  })
  for (const [at, cell] of cells.entries()) {
    insert.run(
      at,
      cell.path,
      Buffer.from([at]),
      cell.kind === 0 ? null : gridKinds[cell.kind],
      gridOutcomes[cell.outcome],
      cell.decision === 0 ? null : gridDecisions[cell.decision],
      cell.rules === 0 ? null : gridRules[cell.rules],
      cell.stored,
      cell.score === 255 ? null : cell.score,
      cell.label === 0 ? null : cell.label,
      cell.reason === 0 ? null : failureCodes[cell.reason - 1],
      cell.screenedAt === 0 ? null : cell.screenedAt * 1000 + 999,
      cell.reading,
      cell.hasNotes ? '[]' : null,
    )
  }
  return { ...ledger, cells }
}

/** What was never numbered is the first version of its reader, and only that of recordings has stayed. */
function isOlderThanNow(kind: (typeof gridKinds)[number] | undefined, reading: string | null): boolean {
  if (reading === null) return kind !== 'audio' || readingBy('audio') !== 'audio 1'
  return reading !== readingBy('html')
}

const columnNames = ['outcome', 'decision', 'kind', 'rules', 'flags', 'score', 'label', 'reason', 'screenedAt'] as const

test('the columns of a batch have every value as it is stored', async () => {
  const { queries, cells } = await everyValue()
  const columns = queries.columns(batch, 7)
  for (const name of columnNames) expect([...columns[name]], name).toEqual(cells.map(cell => cell[name]))
  expect(columns.revision).toBe(7)
  expect(Array.from(columns.folder, folder => columns.folders[folder])).toEqual(
    cells.map(cell => cell.path.slice(0, 8)),
  )
  const byRank = Array.from(columns.pathRank, (rank, at) => ({ rank, path: cells[at]?.path ?? '' }))
  byRank.sort((a, b) => a.rank - b.rank)
  expect(byRank.map(({ path }) => path)).toEqual(cells.map(({ path }) => path).sort())
})

test('what a batch is sorted by is told in the order of its columns', async () => {
  const { database, queries } = await openBatch()
  const files = [
    { path: 'b/海报 10.png', bytes: 20 },
    { path: 'a/海报 9.png', bytes: null },
    { path: 'Z.png', bytes: 6_000_000_000 },
    { path: 'c/a.png', bytes: 0 },
    { path: 'd/海报 09.PNG', bytes: 7 },
  ]
  const insert = database.raw.prepare(
    `INSERT INTO assets (batch, position, path, bytes, source, source_key) VALUES ('${batch}', ?, ?, ?, '{}', ?)`,
  )
  for (const [at, { path, bytes }] of files.entries()) insert.run(at, path, bytes, Buffer.from(path))
  expect([...queries.sortKeys(batch, 'name')]).toEqual([3, 2, 1, 0, 2])
  expect([...queries.sortKeys(batch, 'size')]).toEqual([20, 0, 0xffff_ffff, 0, 7])
})

test('a change has the same values, and what the history counts has the same flags', async () => {
  const { database, queries, cells } = await everyValue()
  const { id } = queries.columns(batch, 0)
  const some = [...id].filter((_, at) => at % 2 === 1).reverse()
  const delta = queries.cells(batch, some, 1, 2)
  expect([...delta.id]).toEqual(some)
  for (const name of columnNames)
    expect([...delta[name]], name).toEqual(Array.from(delta.position, position => cells[position]?.[name]))

  const flags = database.raw.prepare<[], number>(`SELECT ${flagsSql('assets')} FROM assets ORDER BY position`).pluck()
  expect(flags.all()).toEqual(cells.map(cell => cell.flags))
})

test('a batch that has no assets has empty columns, and more than are read at once come whole and in order', async () => {
  const { database, queries } = await openBatch()
  expect(queries.columns(batch, 0).id).toHaveLength(0)
  const count = 3001
  const insert = database.raw.prepare(
    `INSERT INTO assets (batch, position, path, source, source_key, score) VALUES ('${batch}', ?, ?, '{}', ?, ?)`,
  )
  database.raw.transaction(() => {
    for (let at = 0; at < count; at += 1) insert.run(at, `${at}`, Buffer.from(String(at)), at % 101)
  })()
  const { id, score } = queries.columns(batch, 0)
  expect([...score]).toEqual(Array.from({ length: count }, (_, at) => at % 101))
  expect([...id]).toEqual([...id].sort((a, b) => a - b))
})
