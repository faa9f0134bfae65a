import { expect, test } from 'vitest'
import { verifyDataDir } from '../../../electron/engine/ledger/verify.ts'
import { prune } from '../../../electron/engine/store/retention.ts'
import { createSearchReader } from '../../../electron/engine/store/sqlite/search.ts'
import { indexAll, type LedgerFixture, openLedger, screened, tamper } from '../ledger/fixture.ts'
import { houseHit, ruled } from '../ledger/ruled.ts'

const year = 365 * 86_400_000
const text = (path: string) => ({ path, text: `素材 ${path}`, verdict: 'risky' as const })
const pruneBefore = ({ database, appender, sealer }: LedgerFixture, before: number) =>
  prune(database, appender, sealer.key, before)

test('old batches go with all that was kept of them, and the rest of the chain still verifies', async () => {
  const ledger = openLedger()
  const { clock, queries, database } = ledger
  const start = clock.now()
  const old = await screened(ledger, [text('old.txt')])
  await database.commit(() =>
    ledger.commands.review('act', 'Lin', 'decide', [
      { asset: old.assets[0]!, decision: 'reject', reason: null, note: 'x' },
    ]),
  )
  clock.set(start + 4 * year)
  const young = await screened(ledger, [text('young.txt')])

  indexAll(ledger)
  const pruned = await pruneBefore(ledger, clock.now() - 3 * year)
  expect(pruned).toMatchObject({ batches: 1 })
  expect(queries.batchIds()).toEqual([young.id])
  expect(queries.asset(old.assets[0]!)).toBeNull()
  expect(createSearchReader(database.raw).newest('old', 10)).toEqual([])
  expect(createSearchReader(database.raw).newest('young', 10)).toEqual(young.assets)
  const verified = await verifyDataDir(database.raw)
  expect(verified).toMatchObject({ intact: true, prunedThrough: pruned.rows })
  expect(verified.en).toContain('pruned by the retention setting')

  expect(await pruneBefore(ledger, clock.now() - 3 * year)).toEqual({ batches: 0, rows: 0 })
  clock.set(start + 8 * year)
  await screened(ledger, [text('newest.txt')])
  expect(await pruneBefore(ledger, clock.now() - 3 * year)).toMatchObject({ batches: 1 })
  expect(await verifyDataDir(database.raw)).toMatchObject({ intact: true })
})

test('what pictures look like goes with the last batch that has them', async () => {
  const ledger = openLedger()
  const { clock, queries, database, commands } = ledger
  const old = await screened(ledger, [text('old.txt'), text('both.txt')])
  clock.set(clock.now() + 4 * year)
  const young = await screened(ledger, [text('both.txt'), text('young.txt')])
  const hashesOf = (assets: readonly number[]) => assets.map(asset => queries.asset(asset)?.sha256 ?? '')
  // Of the same bytes.
  const [, both = ''] = hashesOf(old.assets)
  database.raw.prepare('UPDATE assets SET sha256 = ? WHERE id = ?').run(both, young.assets[0])
  const left = hashesOf(young.assets)
  const all = new Set([...hashesOf(old.assets), ...left])
  expect(all.size).toBe(3)
  await database.commit(() => commands.keepLikenesses([...all].map(sha256 => ({ sha256, bits: null }))))
  await pruneBefore(ledger, clock.now() - 3 * year)
  expect(queries.batchIds()).toEqual([young.id])
  expect(database.raw.prepare('SELECT sha256 FROM likenesses ORDER BY 1').pluck().all()).toEqual(left.sort())
})

test('a batch that was decided on, exported or lent its verdicts lately is kept', async () => {
  for (const touch of ['decide', 'export', 'lend'] as const) {
    const ledger = openLedger()
    const { clock, queries, database, commands } = ledger
    const start = clock.now()
    const old = await screened(ledger, [text('old.txt')])
    clock.set(start + 4 * year)
    const young = await screened(ledger, [text('young.txt')])
    await database.commit(() => {
      if (touch === 'decide')
        commands.review('act', 'Lin', 'decide', [
          { asset: old.assets[0]!, decision: 'approve', reason: null, note: null },
        ])
      if (touch === 'export') commands.append('export', old.id, { format: 'csv' })
      if (touch === 'lend')
        database.raw.prepare('UPDATE results SET reused_from = ? WHERE asset = ?').run(old.assets[0], young.assets[0])
    })
    expect(await pruneBefore(ledger, clock.now() - 3 * year)).toEqual({ batches: 0, rows: 0 })
    expect(queries.batchIds()).toHaveLength(2)
  }
})

test('a batch that runs or is paused is kept, and with it what is younger', async () => {
  for (const state of ['running', 'paused'] as const) {
    const ledger = openLedger()
    const { clock, queries, database, commands } = ledger
    const old = await screened(ledger, [text('old.txt')])
    await database.commit(() => commands.setState(old.id, state, null, null))
    await screened(ledger, [text('less-old.txt')])
    clock.set(clock.now() + 4 * year)
    expect(await pruneBefore(ledger, clock.now() - 3 * year)).toEqual({ batches: 0, rows: 0 })
    expect(queries.batchIds()).toHaveLength(2)
  }
})

test('batches that ran at the same time go together or not at all', async () => {
  const ledger = openLedger()
  const { clock, database, commands } = ledger
  const start = clock.now()
  const first = await screened(ledger, [text('first.txt')])
  const second = await screened(ledger, [text('second.txt')])
  await database.commit(() => commands.append('export', first.id, { format: 'csv' }))
  clock.set(start + 4 * year)
  expect(await pruneBefore(ledger, clock.now() - 3 * year)).toMatchObject({ batches: 2 })
  expect(second.id).not.toBe(first.id)
  expect(await verifyDataDir(database.raw)).toMatchObject({ intact: true })
})

test('rows that were cut off the beginning by hand are missed, whatever checkpoint is made up for them', async () => {
  const ledger = openLedger()
  await screened(ledger, [text('a.txt')])
  await ledger.sealer.key()
  tamper(ledger.dataDir, raw => raw.exec('DELETE FROM ledger WHERE seq <= 2'))
  expect(await verifyDataDir(ledger.dataDir)).toMatchObject({ intact: false, row: 1, what: 'removed' })

  await ledger.database.commit(() =>
    ledger.commands.append('checkpoint', null, {
      keys: [],
      through: { seq: 2, hash: 'ab'.repeat(32), key: 'none', signature: 'AAAA' },
    }),
  )
  const checkpoint = ledger.queries.head()?.seq
  expect(await verifyDataDir(ledger.dataDir)).toMatchObject({ intact: false, row: checkpoint, what: 'forged' })
})

test('what is fine everywhere outlives the batch where it was said, and all else about its words goes', async () => {
  const ledger = openLedger()
  const { clock, database, commands, queries } = ledger
  const start = clock.now()
  const [old = 0] = await ruled(ledger, 'b_old000000001', [
    { hits: [houseHit('国家级', 'forbidden'), houseHit('销量领先', 'evidence'), houseHit('限时', 'notice')] },
  ])
  const say = (index: number, reach: 'once' | 'always') =>
    database.commit(() => {
      const hits = [queries.ruled(old)?.hits[index]?.id ?? 0]
      return commands.fine({ hits, reach, reason: '有证书', reviewer: 'Lin' })
    })
  await say(0, 'always')
  await say(1, 'once')
  const { waivers } = await say(2, 'always')
  await database.commit(() => commands.restoreWaivers({ fine: [], notFine: waivers }, 'Lin'))
  await database.commit(() => commands.setState('b_old000000001', 'done', null, null))

  for (const years of [4, 8]) {
    clock.set(start + years * year)
    const id = `b_young000000${years}`
    const [young = 0] = await ruled(ledger, id, [{ hits: [houseHit('国家级', 'forbidden')] }])
    await database.commit(() => commands.setState(id, 'done', null, null))
    expect(await pruneBefore(ledger, clock.now() - 3 * year)).toMatchObject({ batches: 1 })
    expect(queries.standingWaivers()).toMatchObject([{ rule: '国家级' }])
    expect(queries.ruled(young)).toMatchObject({ finding: 'none', hits: [{ waiver: { reason: '有证书' } }] })
    const left = (table: string) => database.raw.prepare(`SELECT count(*) FROM ${table}`).pluck().get()
    expect(['waivers', 'hits', 'rule_texts'].map(left)).toEqual([1, 1, 1])
    expect(await verifyDataDir(database.raw)).toMatchObject({ intact: true })
  }
})
