import { expect, test } from 'vitest'
import type { AssetResult } from '../../../electron/engine/ledger/rows.ts'
import { concludeAsset } from '../../../electron/engine/store/aggregate.ts'
import type { AssetFacts } from '../../../electron/engine/store/records.ts'
import { prune } from '../../../electron/engine/store/retention.ts'
import { type LedgerFixture, openLedger, screened, tamper } from '../ledger/fixture.ts'

const text = (path: string) => ({ path, text: path, verdict: 'risky' as const })
const keyOf = (digit: string) => digit.repeat(64)

/** An end that may be used again under the key. */
function endUnder(reuseKey: string): AssetResult {
  return concludeAsset([{ verdict: 'risky', label: 20002, score: 90, failure: null }], null, { reuseKey, tiled: false })
}

function reusable({ database, commands }: LedgerFixture, asset: number, reuseKey: string): Promise<void> {
  return database.commit(() => commands.endResult(asset, 0, endUnder(reuseKey), {}))
}

test('a result is found at once, by the whole of its key', async () => {
  const ledger = openLedger()
  const { assets } = await screened(ledger, [text('a.txt'), text('b.txt')])
  await reusable(ledger, assets[0]!, keyOf('a'))
  const likeIt = keyOf('a').slice(0, 40) + keyOf('b').slice(40)
  expect([
    ledger.queries.reusable(keyOf('a'), 0, ledger.clock.now())?.asset,
    ledger.queries.reusable(likeIt, 0, ledger.clock.now()),
  ]).toEqual([assets[0], null])
  await reusable(ledger, assets[1]!, likeIt)
  expect(ledger.queries.reusable(likeIt, 0, ledger.clock.now())?.asset).toBe(assets[1])
  expect(ledger.queries.reusable(keyOf('a'), 0, ledger.clock.now())?.asset).toBe(assets[0])
})

test('a result that was taken up again, or is too old, is not found', async () => {
  const ledger = openLedger()
  const { id, assets } = await screened(ledger, [text('a.txt')])
  await reusable(ledger, assets[0]!, keyOf('a'))
  expect(ledger.queries.reusable(keyOf('a'), ledger.clock.now() + 1, ledger.clock.now() + 2)).toBeNull()
  await ledger.database.commit(() => ledger.commands.requeue(id, { assets }))
  expect(ledger.queries.reusable(keyOf('a'), 0, ledger.clock.now())).toBeNull()
})

test('a result that is dated in the future is not found: the clock was set back, and nobody knows how old it is', async () => {
  const ledger = openLedger()
  const { assets } = await screened(ledger, [text('a.txt')])
  await reusable(ledger, assets[0]!, keyOf('a'))
  expect(ledger.queries.reusable(keyOf('a'), 0, ledger.clock.now() - 1)).toBeNull()
  expect(ledger.queries.reusable(keyOf('a'), 0, ledger.clock.now())).not.toBeNull()
})

test('what was not committed is not found', async () => {
  const ledger = openLedger()
  const { assets } = await screened(ledger, [text('a.txt')])
  const failing = ledger.database.commit(() => {
    ledger.commands.endResult(assets[0]!, 0, endUnder(keyOf('c')), {})
    throw new Error('no')
  })
  await expect(failing).rejects.toThrow('no')
  expect(ledger.queries.reusable(keyOf('c'), 0, ledger.clock.now())).toBeNull()
})

test('another process finds what this one ended, also while it is at work itself', async () => {
  const ledger = openLedger()
  const { assets } = await screened(ledger, [text('a.txt'), text('b.txt'), text('c.txt')])
  const other = openLedger({ dataDir: ledger.dataDir })
  await reusable(ledger, assets[0]!, keyOf('a'))
  expect(other.queries.reusable(keyOf('a'), 0, ledger.clock.now())?.asset).toBe(assets[0])
  await reusable(other, assets[1]!, keyOf('b'))
  await reusable(ledger, assets[2]!, keyOf('c'))
  const [mine, theirs] = [ledger, other].map(each =>
    ['a', 'b', 'c'].map(d => each.queries.reusable(keyOf(d), 0, ledger.clock.now())?.asset),
  )
  expect([mine, theirs]).toEqual([assets, assets])
})

test('assets of the same bytes are found', async () => {
  const ledger = openLedger()
  const { id, assets } = await screened(ledger, [text('a.txt'), text('b.txt')])
  const sha256 = `${id}-0`.padEnd(64, '0')
  expect(ledger.queries.earlier(sha256, assets[1]!).map(each => each.asset)).toEqual([assets[0]])
  expect(ledger.queries.earlier(sha256, assets[0]!)).toEqual([])
})

test('what is pruned leaves nothing behind', async () => {
  const ledger = openLedger()
  const { database, clock, appender, sealer } = ledger
  const { id, assets } = await screened(ledger, [text('a.txt')])
  await reusable(ledger, assets[0]!, keyOf('a'))
  expect(ledger.queries.reusable(keyOf('a'), 0, ledger.clock.now())?.asset).toBe(assets[0])
  clock.set(clock.now() + 4 * 365 * 86_400_000)
  await screened(ledger, [text('young.txt')])
  expect(await prune(database, appender, sealer.key, clock.now() - 86_400_000)).toMatchObject({ batches: 1 })
  expect(ledger.queries.reusable(keyOf('a'), 0, Number.MAX_SAFE_INTEGER)).toBeNull()
  expect(ledger.queries.earlier(`${id}-0`.padEnd(64, '0'), 0)).toEqual([])
})

test.each([
  ['a verdict', "UPDATE results SET outcome = 'review' WHERE asset = 1"],
  ['its labels', "UPDATE results SET labels = '[20001]' WHERE asset = 1"],
  ['its key', `UPDATE results SET reuse_key = x'${keyOf('b')}' WHERE asset = 1`],
  [
    'its row of the ledger',
    `UPDATE results SET reuse_key = x'${keyOf('b')}', ledger_seq = ledger_seq + 1 WHERE asset = 1`,
  ],
  [
    'the ledger too',
    `UPDATE results SET reuse_key = x'${keyOf('b')}' WHERE asset = 1;
     UPDATE ledger SET body = json_set(body, '$.key', '${Buffer.from(keyOf('b'), 'hex').toString('base64url')}')
       WHERE asset = 1 AND kind = 'result'`,
  ],
])('no other bytes are given a verdict by changing %s', async (_what, change) => {
  const ledger = openLedger()
  const { assets } = await screened(ledger, [text('a.txt'), text('b.txt')])
  await reusable(ledger, assets[0]!, keyOf('a'))
  await reusable(ledger, assets[1]!, keyOf('c'))
  expect(ledger.queries.reusable(keyOf('a'), 0, Number.MAX_SAFE_INTEGER)?.asset).toBe(assets[0])
  tamper(ledger.dataDir, raw => raw.exec(change))
  expect(ledger.queries.reusable(keyOf('a'), 0, Number.MAX_SAFE_INTEGER)).toBeNull()
  expect(ledger.queries.reusable(keyOf('b'), 0, Number.MAX_SAFE_INTEGER)).toBeNull()
  expect(ledger.queries.reusable(keyOf('c'), 0, Number.MAX_SAFE_INTEGER)?.asset).toBe(assets[1])
})

test('who waits for a result that another batch makes can stop waiting', async () => {
  const ledger = openLedger()
  const { id, assets } = await screened(ledger, [text('a.txt'), text('b.txt')])
  const request = (asset: number) => ({
    batch: id,
    asset,
    profile: 0,
    path: 'a.txt',
    key: keyOf('d'),
    reuseMs: 86_400_000,
    facts: { ...bare, sha256: keyOf('e') },
    controls: null,
  })
  const { writer } = ledger.store
  // A batch that is paused holds it for as long as somebody likes.
  const held = await writer.claimReuse(request(assets[0]!), new AbortController().signal)
  expect(held.kind).toBe('claimed')
  const stop = new AbortController()
  const waiting = writer.claimReuse(request(assets[1]!), stop.signal)
  stop.abort(new Error('cancelled'))
  await expect(waiting).rejects.toThrow('cancelled')
  if (held.kind === 'claimed') held.release()
  expect((await writer.claimReuse(request(assets[1]!), new AbortController().signal)).kind).toBe('claimed')
})

const bare: AssetFacts = {
  kind: 'text',
  bytes: 1,
  sha256: '',
  width: null,
  height: null,
  encoding: 'utf-8',
  excerpt: 'a',
  text: 'a',
  reading: 'plain 1',
  notes: [],
}
