import { describe, expect, test } from 'vitest'
import { verifyDataDir } from '../../../electron/engine/ledger/verify.ts'
import { createReview } from '../../../electron/engine/review/review.ts'
import { type LedgerFixture, openLedger, tamper } from '../ledger/fixture.ts'
import { houseHit, lookedOf, type RuledText, ruled } from '../ledger/ruled.ts'

const forbidden = houseHit('国家级', 'forbidden')
const notice = houseHit('限时', 'notice', { range: [8, 10] })
const first = 'b_fine00000001'
const second = 'b_fine00000002'

function reviewOf({ store }: LedgerFixture) {
  const changed: string[] = []
  const review = createReview({
    ...store,
    reviewer: () => 'Lin',
    newAct: () => String(Math.random()),
    changed: batch => changed.push(batch),
  })
  return { review, changed }
}

/** Outcome, finding and what is fine of each asset of a batch. */
async function ends({ store }: LedgerFixture, assets: readonly number[]): Promise<readonly string[]> {
  const rows = await store.reader.rows(assets)
  return Promise.all(
    rows.map(async ({ id, results, rules }) => {
      const hits = (await store.reader.ruled(id))?.hits ?? []
      const fine = hits.filter(({ waiver }) => waiver !== null).map(({ matched }) => matched)
      return [...results.map(({ outcome }) => outcome), rules, ...fine].join(' ')
    }),
  )
}

async function hitOf({ store }: LedgerFixture, asset: number | undefined, index = 0): Promise<number> {
  return (await store.reader.ruled(asset ?? 0))?.hits[index]?.id ?? 0
}

const intact = async (ledger: LedgerFixture) => (await ledger.store.ledger.verify()).intact

describe('words that somebody finds fine', () => {
  const texts: readonly RuledText[] = [{ hits: [forbidden, notice] }, { hits: [forbidden] }, { hits: [notice] }]

  test('at one place count no more there, and everywhere else as before', async () => {
    const ledger = openLedger()
    const assets = await ruled(ledger, first, [...texts, { hits: [forbidden, { ...forbidden, range: [20, 23] }] }])
    const { review, changed } = reviewOf(ledger)
    expect(await review.fine([await hitOf(ledger, assets[0])], 'once', '有证书')).toBe(1)
    await review.fine([await hitOf(ledger, assets[3])], 'once', '有证书')
    expect(await ends(ledger, assets)).toEqual([
      'rules_only notice 国家级',
      'risky forbidden',
      'rules_only notice',
      'risky forbidden 国家级',
    ])
    expect(changed).toEqual([first, first])
    expect(await ledger.store.reader.summary(first)).toMatchObject({ tally: { rules_only: 2, risky: 2, assets: 4 } })
    expect(await intact(ledger)).toBe(true)
  })

  test('in a batch count no more in the whole of it, also where it is found later, and in no other', async () => {
    const ledger = openLedger()
    const assets = await ruled(ledger, first, texts)
    const others = await ruled(ledger, second, texts)
    const { review } = reviewOf(ledger)
    expect(await review.fine([await hitOf(ledger, assets[0])], 'batch', '有证书')).toBe(2)
    expect(await ends(ledger, assets)).toEqual([
      'rules_only notice 国家级',
      'rules_only none 国家级',
      'rules_only notice',
    ])
    expect(await ends(ledger, others)).toEqual(['risky forbidden', 'risky forbidden', 'rules_only notice'])
    // Looked at once more, it is fine at once.
    await ledger.store.writer.requeue(first, { assets })
    expect(await ends(ledger, assets)).toEqual([' ', ' ', ' '])
    await again(ledger, assets, texts)
    expect(await ends(ledger, assets)).toEqual([
      'rules_only notice 国家级',
      'rules_only none 国家级',
      'rules_only notice',
    ])
    expect(await intact(ledger)).toBe(true)
  })

  test('everywhere count no more in this batch and in new ones, while older ones stay as they were recorded', async () => {
    const ledger = openLedger()
    const older = await ruled(ledger, second, texts)
    const assets = await ruled(ledger, first, texts)
    const { review } = reviewOf(ledger)
    await review.fine([await hitOf(ledger, assets[0])], 'always', '有证书')
    const newer = await ruled(ledger, 'b_fine00000003', texts)
    expect(await ends(ledger, older)).toEqual(['risky forbidden', 'risky forbidden', 'rules_only notice'])
    expect(await ends(ledger, newer)).toEqual(await ends(ledger, assets))
    expect(await ledger.store.reader.standingWaivers()).toMatchObject([
      { book: 'house', rule: '国家级', words: '国家级' },
    ])

    // Taken back, it counts again wherever it was fine.
    const [waiver] = await ledger.store.reader.standingWaivers()
    expect(await review.notFine(waiver?.id ?? 0)).toBe(4)
    expect(await ends(ledger, newer)).toEqual(await ends(ledger, older))
    expect(await ledger.store.reader.standingWaivers()).toEqual([])
    expect(await review.notFine(waiver?.id ?? 0)).toBe(0)
    expect(await intact(ledger)).toBe(true)
  })

  test('are not fine under the rule once it is more severe, nor under another', async () => {
    const ledger = openLedger()
    const [asset] = await ruled(ledger, first, [{ hits: [houseHit('首发', 'evidence')] }])
    await reviewOf(ledger).review.fine([await hitOf(ledger, asset)], 'always', '有合同')
    const other = houseHit('首发', 'evidence')
    const assets = await ruled(ledger, second, [
      { hits: [houseHit('首发', 'forbidden')] },
      { hits: [{ ...other, rule: { ...other.rule, book: 'law' } }] },
      { hits: [{ ...other, matched: '首 发' }] },
    ])
    expect(await ends(ledger, assets)).toEqual(['risky forbidden', 'review evidence', 'rules_only none 首 发'])
  })

  test('beside a platform take nothing from what it says', async () => {
    const ledger = openLedger()
    const given = [{ hits: [forbidden] }, { hits: [forbidden], platform: 'review' as const }]
    const assets = await ruled(ledger, first, given, { platform: true })
    const grid = async () => Array.from((await ledger.store.reader.columns(first, 0)).outcome)
    expect(await grid()).toEqual([6, 6])
    await reviewOf(ledger).review.fine([await hitOf(ledger, assets[0])], 'batch', '有证书')
    // No hit of the platform, and its review.
    expect(await grid()).toEqual([2, 5])
    expect(await ends(ledger, assets)).toEqual(['pass rules_only none 国家级', 'review rules_only none 国家级'])
    expect(await intact(ledger)).toBe(true)
  })

  test('leave unchecked what was not looked at wholly, and what was not kept', async () => {
    const ledger = openLedger()
    const missing = { code: 'left_out', detail: '' } as const
    const assets = await ruled(ledger, first, [
      { hits: [forbidden], missing },
      { hits: [forbidden], more: 3 },
    ])
    await reviewOf(ledger).review.fine([await hitOf(ledger, assets[0])], 'batch', '有证书')
    expect(await ends(ledger, assets)).toEqual(['unchecked  国家级', 'risky forbidden 国家级'])
    expect(await intact(ledger)).toBe(true)
  })

  test('are said once: again is nothing, farther takes the place of the narrower', async () => {
    const ledger = openLedger()
    const assets = await ruled(ledger, first, texts)
    const { review } = reviewOf(ledger)
    const hit = await hitOf(ledger, assets[0])
    expect([await review.fine([hit], 'once', 'a'), await review.fine([hit, hit], 'once', 'a')]).toEqual([1, 0])
    expect([await review.fine([hit], 'batch', 'b'), await review.fine([hit], 'once', 'c')]).toEqual([2, 0])
    const waiver = (await ledger.store.reader.ruled(assets[0] ?? 0))?.hits[0]?.waiver
    expect(waiver).toMatchObject({ reach: 'batch', reason: 'b', reviewer: 'Lin' })
    expect(await review.notFine(waiver?.id ?? 0)).toBe(2)
    expect(await ends(ledger, assets)).toEqual(['risky forbidden', 'risky forbidden', 'rules_only notice'])
    expect(await intact(ledger)).toBe(true)
  })

  test('are refused where there is no such hit any more, and then nothing is fine', async () => {
    const ledger = openLedger()
    const assets = await ruled(ledger, first, texts)
    const { review } = reviewOf(ledger)
    const hits = [await hitOf(ledger, assets[0]), 999]
    await expect(review.fine(hits, 'batch', 'a')).rejects.toMatchObject({ code: 'not_found' })
    await expect(review.notFine(7)).rejects.toMatchObject({ code: 'not_found' })
    expect(await ends(ledger, assets)).toEqual(['risky forbidden', 'risky forbidden', 'rules_only notice'])
    expect(await review.undo()).toBeNull()
  })
})

test('undo and redo go back and forth between what was fine and what was not', async () => {
  const ledger = openLedger()
  const assets = await ruled(ledger, first, [{ hits: [forbidden] }, { hits: [forbidden] }])
  const { review } = reviewOf(ledger)
  const hit = await hitOf(ledger, assets[0])
  const states: (readonly string[])[] = [await ends(ledger, assets)]
  await review.fine([hit], 'once', 'a')
  states.push(await ends(ledger, assets))
  await review.decide([assets[1] ?? 0], 'approve', null)
  await review.fine([hit], 'batch', 'b')
  states.push(await ends(ledger, assets))
  expect(await review.undo()).toMatchObject({ batch: first })
  expect(await ends(ledger, assets)).toEqual(states[1])
  await review.undo()
  await review.undo()
  expect(await ends(ledger, assets)).toEqual(states[0])
  for (const _ of [1, 2, 3]) await review.redo()
  expect(await ends(ledger, assets)).toEqual(states[2])
  expect(new Set(states.map(String)).size).toBe(3)
  expect(await intact(ledger)).toBe(true)
})

const copied = `INSERT INTO waivers (reach, reason, reviewer, at, batch, asset, book, rule, words, severity, around)
  SELECT 'always', reason, reviewer, at, batch, asset, book, rule, words, severity, around FROM waivers`

test.each([
  copied,
  'UPDATE hits SET waiver = NULL',
  "UPDATE rule_texts SET text = text || ' '",
  "UPDATE assets SET rules = 'notice'",
])('what was changed by hand is found: %s', async change => {
  const ledger = openLedger()
  const [asset] = await ruled(ledger, first, [{ hits: [forbidden] }])
  await reviewOf(ledger).review.fine([await hitOf(ledger, asset)], 'once', 'a')
  expect(await verifyDataDir(ledger.dataDir)).toMatchObject({ intact: true })
  tamper(ledger.dataDir, raw => raw.exec(change))
  expect(await verifyDataDir(ledger.dataDir)).toMatchObject({ intact: false, what: 'table' })
})

/** The same is found in them once more. */
async function again(ledger: LedgerFixture, assets: readonly number[], texts: readonly RuledText[]): Promise<void> {
  await ledger.database.commit(() => {
    for (const [index, asset] of assets.entries()) {
      const { hits, more = 0, missing = null } = texts[index]!
      const looked = lookedOf(asset, 0, { hits, more, missing, at: ledger.clock.now() })
      ledger.commands.endLooked(asset, looked, {})
    }
  })
}
