import { expect, test } from 'vitest'
import { verifyDataDir } from '../../../electron/engine/ledger/verify.ts'
import { type LedgerFixture, openLedger, screened } from '../ledger/fixture.ts'

const texts = ['a', 'b', 'c', 'd'].map(path => ({ path, text: path, verdict: 'unchecked' as const }))

function found(path: string) {
  return { path, source: path, kind: 'text' as const, bytes: 1, excerpt: null, failure: null }
}

/** What the rows themselves come to. */
function counted({ database: { raw } }: LedgerFixture): unknown {
  return raw
    .prepare(
      `SELECT batch, -1 AS profile, outcome, count(*) AS n FROM assets GROUP BY batch, outcome
       UNION ALL SELECT batch, -1, 'decided', count(*) FROM assets WHERE decision IS NOT NULL GROUP BY batch
       UNION ALL SELECT batch, profile, outcome, count(*) FROM results GROUP BY batch, profile, outcome ORDER BY 1, 2, 3`,
    )
    .all()
}

function kept({ database: { raw } }: LedgerFixture): unknown {
  return raw.prepare('SELECT * FROM tallies WHERE n <> 0 ORDER BY batch, profile, outcome').all()
}

test('counts agree with the rows whatever is written', async () => {
  const ledger = openLedger()
  const { database, commands, queries } = ledger
  const { id, assets } = await screened(ledger, texts)
  const [a = 0, b = 0] = assets
  const change = { asset: b, reason: null, note: null }
  const writes: (() => unknown)[] = [
    () => commands.review('1', 'Lin', 'decide', [{ ...change, decision: 'approve' }]),
    () => commands.review('2', 'Lin', 'decide', [{ ...change, decision: 'reject' }]),
    () => commands.review('3', 'Lin', 'clear', [{ ...change, decision: null }]),
    () => commands.requeue(id, { reasons: ['timeout'], after: 0 }),
    () => commands.awaitResult(a, 0, '{}', 1, 0),
    () => commands.addAssets(id, 2, [found('new'), { ...found('gone'), failure: { code: 'empty', detail: '' } }]),
    () => commands.endOpen(id, null, 'cancelled', ''),
    () => commands.requeue(id, { assets }),
  ]
  for (const write of writes) {
    await database.commit(write)
    expect(kept(ledger)).toEqual(counted(ledger))
  }
  expect(queries.summary(id)?.tally).toMatchObject({ assets: 6, pending: 4, unchecked: 2 })
  await database.commit(() => commands.setState(id, 'done', null, null))
  expect(await verifyDataDir(database.raw)).toMatchObject({ intact: true })
})

test('a write that fails takes its counts with it, and leaves those of its neighbours', async () => {
  const ledger = openLedger()
  const { database, commands } = ledger
  const { id } = await screened(ledger, texts)
  const ends = await Promise.allSettled([
    database.commit(() => commands.addAssets(id, 1, [found('before')])),
    database.commit(() => {
      commands.addAssets(id, 1, [found('lost')])
      throw new Error('no')
    }),
    database.commit(() => commands.addAssets(id, 1, [found('after')])),
  ])
  expect(ends.map(end => end.status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
  expect(kept(ledger)).toEqual(counted(ledger))
  expect(ledger.queries.summary(id)?.tally.pending).toBe(2)
})
