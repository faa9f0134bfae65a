import { expect, test } from 'vitest'
import { verifyDataDir } from '../../../electron/engine/ledger/verify.ts'
import type { Decision } from '../../../shared/domain.ts'
import { gridFlags } from '../../../shared/grid.ts'
import { openLedger, screened } from '../ledger/fixture.ts'

test('decisions of one act are kept and appended one by one and in their order, however much they have in common', async () => {
  const ledger = openLedger()
  const { database, store } = ledger
  const { id } = await screened(ledger, [
    { path: 'a', text: '', verdict: 'risky' },
    { path: 'b', text: '', verdict: 'pass' },
    { path: 'c', text: '', verdict: 'risky' },
    { path: 'd', text: '', verdict: 'pass' },
  ])
  const [a = 0, b = 0, c = 0, d = 0] = (await store.reader.columns(id, 0)).id
  const changes = [
    { asset: d, decision: 'approve' as const, reason: null },
    { asset: a, decision: 'approve' as const, reason: null },
    { asset: c, decision: 'reject' as const, reason: 2 },
    { asset: b, decision: 'approve' as const, reason: null },
  ]
  await store.writer.review('act', 'Lin', 'decide', changes)

  const kept = database.raw.prepare<[], { id: number; asset: number; decision: Decision; reason: number | null }>(
    'SELECT id, asset, decision, reason FROM reviews ORDER BY id',
  )
  expect(kept.all().map(({ id: _, ...review }) => review)).toEqual(changes)
  const appended = database.raw
    .prepare<[], { asset: number; review: number; decision: Decision; machine: string; path: string }>(
      `SELECT asset, body->>'review' AS review, body->>'decision' AS decision, body->>'machine' AS machine, body->>'path' AS path
       FROM ledger WHERE kind = 'decision' ORDER BY seq`,
    )
    .all()
  expect(appended.map(({ asset, review }) => ({ asset, review }))).toEqual(
    kept.all().map(review => ({ asset: review.asset, review: review.id })),
  )
  expect(appended.map(({ path, machine, decision }) => `${path} ${machine} ${decision}`)).toEqual([
    'd pass approve',
    'a risky approve',
    'c risky reject',
    'b pass approve',
  ])
  const { flags, decision } = await store.reader.columns(id, 0)
  expect([...decision]).toEqual([1, 1, 2, 1])
  // Only what was risky and approved is against the machine.
  expect(Array.from(flags, value => (value & gridFlags.disagreement) !== 0)).toEqual([true, false, false, false])
  expect(await verifyDataDir(database.raw)).toMatchObject({ intact: true })
})

test('an act about an asset that is not there changes nothing', async () => {
  const ledger = openLedger()
  const { id } = await screened(ledger, [{ path: 'a', text: '', verdict: 'risky' }])
  const [a = 0] = (await ledger.store.reader.columns(id, 0)).id
  const changes = [a, a + 99].map(asset => ({ asset, decision: 'approve' as const }))
  await expect(ledger.store.writer.review('act', 'Lin', 'decide', changes)).rejects.toThrow(/not_found/)
  expect([...(await ledger.store.reader.columns(id, 0)).decision]).toEqual([0])
})
