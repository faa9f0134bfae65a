import { expect, test } from 'vitest'
import type { CallInput } from '../../../shared/ipc.ts'
import { rulesProfile } from '../../../shared/rules.ts'
import { type LedgerFixture, openLedger, practiceProfile, screened } from '../ledger/fixture.ts'

const real = { ...practiceProfile, id: 'p_brand', name: 'Brand A', practice: false }
const rules = { ...real, id: rulesProfile, name: 'Rules' }
const texts = (...paths: readonly string[]) => paths.map(path => ({ path, text: path, verdict: 'pass' as const }))
const range: CallInput<'history.summary'> = { fromMs: 0, toMs: Date.UTC(2027, 0, 1), profile: null }

/** As if the batch had been screened with these profiles. */
function screenedWith({ database: { raw } }: LedgerFixture, batch: string, profiles: readonly (typeof real)[]): void {
  raw
    .prepare('UPDATE batches SET profiles = ?, practice = ? WHERE id = ?')
    .run(JSON.stringify(profiles), profiles.some(({ practice }) => practice) ? 1 : 0, batch)
}

test('a comparison says that a file was changed only where it was read both times', async () => {
  const ledger = openLedger()
  const { raw } = ledger.database
  const before = await screened(ledger, texts('same.txt', 'changed.txt', 'unread.txt'))
  const after = await screened(ledger, texts('same.txt', 'changed.txt', 'unread.txt'))
  const set = raw.prepare(`UPDATE assets SET outcome = 'unchecked', sha256 = ? WHERE id = ?`)
  set.run('a'.repeat(64), before.assets[0])
  set.run('a'.repeat(64), after.assets[0])
  // The later batch was cancelled before it came to it.
  set.run(null, after.assets[2])
  raw.prepare(`UPDATE assets SET outcome = 'pass' WHERE id = ?`).run(before.assets[0])
  raw.prepare(`UPDATE assets SET outcome = 'risky' WHERE id = ?`).run(after.assets[1])
  const { changed } = await ledger.store.history.compare(before.id, after.id)
  expect(changed.map(({ path, hasOtherBytes }) => [path, hasOtherBytes])).toEqual([
    ['same.txt', false],
    ['changed.txt', true],
    ['unread.txt', false],
  ])
})

test('practice is in no trend unless somebody asks for it', async () => {
  const ledger = openLedger()
  const { history } = ledger.store
  const practice = await screened(ledger, texts('a', 'b'))
  const own = await screened(ledger, texts('c'))
  const mixed = await screened(ledger, texts('d'))
  screenedWith(ledger, practice.id, [practiceProfile, rules])
  screenedWith(ledger, own.id, [real])
  // Asked beside a practice profile: what the account said is real.
  screenedWith(ledger, mixed.id, [real, practiceProfile])
  await ledger.database.commit(() => {
    const approve = [...practice.assets, ...own.assets, ...mixed.assets].map(asset => ({
      asset,
      decision: 'approve' as const,
      reason: null,
      note: null,
    }))
    ledger.commands.review('1', 'Lin', 'decide', approve)
  })
  expect(await history.summary(range)).toMatchObject({ days: [{ pass: 2, approved: 2 }], decided: 2 })
  expect(await history.breakdown(range)).toMatchObject({
    profiles: [{ profile: real.id, pass: 2 }],
    reviewers: [{ reviewer: 'Lin', decided: 2 }],
  })
  expect(await history.summary({ ...range, practice: true })).toMatchObject({
    days: [{ pass: 4, approved: 4 }],
    decided: 4,
  })
  // Who chooses a practice profile has asked for it.
  expect(await history.summary({ ...range, profile: practiceProfile.id })).toMatchObject({ days: [{ pass: 2 }] })
})
