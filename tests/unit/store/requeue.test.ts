import { expect, test } from 'vitest'
import { verifyDataDir } from '../../../electron/engine/ledger/verify.ts'
import { requeueAll } from '../../../electron/engine/store/sqlite/commands.ts'
import { openLedger, screened } from '../ledger/fixture.ts'

test('a large batch is taken up again a thousand assets at a time, all of them and nothing else', async () => {
  const ledger = openLedger()
  const { database, commands, queries } = ledger
  const other = await screened(ledger, [{ path: 'other.txt', text: '', verdict: 'unchecked' }])
  const { id } = await screened(ledger, [
    { path: 'late.txt', text: '', verdict: 'unchecked' },
    { path: 'passed.txt', text: '', verdict: 'pass' },
  ])
  const found = Array.from({ length: 2500 }, (_, index) => ({
    path: `${index}.png`,
    source: JSON.stringify({ kind: 'file', path: `/in/${index}.png` }),
    kind: 'image' as const,
    bytes: 1,
    excerpt: null,
    // Every fifth is out for a reason that nobody mends by going on.
    failure: { code: index % 5 === 0 ? ('unreadable_image' as const) : ('quota_day' as const), detail: '' },
  }))
  await database.commit(() => commands.addAssets(id, 1, found))

  await requeueAll(ledger, id, ['quota_day', 'timeout'])
  expect(queries.summary(id)?.tally).toMatchObject({ pending: 2001, pass: 1, unchecked: 500 })
  expect(queries.summary(other.id)?.tally).toMatchObject({ unchecked: 1 })
  expect(pagesOf(ledger, id)).toEqual([1000, 1000, 1])

  while ((await database.commit(() => commands.endOpen(id, null, 'quota_day', ''))).length > 0);
  const all = [...queries.columns(id, 0).id]
  await requeueAll(ledger, id, { assets: all })
  expect(queries.summary(id)?.tally).toMatchObject({ pending: 2502 })
  expect(pagesOf(ledger, id).slice(3)).toEqual([1000, 1000, 502])
  expect(await verifyDataDir(database.raw)).toMatchObject({ intact: true })
})

/** How many assets each transaction took up. */
function pagesOf({ database }: ReturnType<typeof openLedger>, batch: string): readonly number[] {
  return database.raw
    .prepare<[string], number>(
      "SELECT json_extract(body, '$.assets') FROM ledger WHERE batch = ? AND json_extract(body, '$.event') = 'requeue' ORDER BY seq",
    )
    .pluck()
    .all(batch)
}
