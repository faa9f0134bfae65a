import { describe, expect, test } from 'vitest'
import { createReview } from '../../../electron/engine/review/review.ts'
import { openLedger } from '../ledger/fixture.ts'
import { houseHit, ruled } from '../ledger/ruled.ts'

describe('where something was found in an asset', () => {
  test('is the worst rule’s words, and no more what somebody found fine', async () => {
    const ledger = openLedger()
    const { store } = ledger
    const hits = [
      houseHit('国家级', 'forbidden'),
      houseHit('限时', 'notice', { range: [90, 92], line: 4, before: '只' }),
    ]
    const [asset = 0, none = 0] = await ruled(ledger, 'b_places000001', [{ hits }, { hits: [] }])
    const [row, other] = await store.reader.rows([asset, none])
    expect(row?.passage).toEqual({
      text: '本品国家级奖项',
      isCut: false,
      line: 1,
      marks: [{ range: [2, 5], tone: 'forbidden' }],
    })
    expect(row?.rule).toEqual(hits[0]?.rule.title)
    expect(other).toMatchObject({ passage: null, boxes: [], rule: null })
    const review = createReview({ ...store, reviewer: () => 'Lin', newAct: () => 'a', changed: () => undefined })
    const fine = (await store.reader.ruled(asset))?.hits[0]?.id ?? 0
    await review.fine([fine], 'once', '有证书')
    const [after] = await store.reader.rows([asset])
    expect(after?.passage).toMatchObject({ text: '只限时奖项', isCut: true, line: 4 })
  })

  test('is the parts of a picture that were flagged, on its first frame, also where an outcome was used again', async () => {
    const ledger = openLedger()
    const { raw } = ledger.database
    const texts = [{ hits: [], platform: 'risky' as const }]
    const [asset = 0] = await ruled(ledger, 'b_places000001', texts, { platform: true })
    const [again = 0] = await ruled(ledger, 'b_places000002', texts, { platform: true })
    const check = raw.prepare(
      `INSERT INTO checks (asset, profile, part, rect, frame, endpoint, version, part_hash, state, verdict, at)
       VALUES (?, 0, ?, ?, ?, 'wechat.img_sec_check', 'v1', 'h', 'done', ?, 1)`,
    )
    check.run(asset, 'tile 1/4', '[0,0,750,900]', null, 'pass')
    check.run(asset, 'tile 2/4', '[0,800,750,900]', 0, 'risky')
    check.run(asset, 'tile 3/4', '[0,0,750,900]', 1, 'risky')
    check.run(asset, 'whole', '[0,0,750,1700]', null, 'review')
    raw.prepare(`UPDATE assets SET kind = 'image'`).run()
    raw
      .prepare('UPDATE results SET reused_from = ?, reused_profile = 0 WHERE asset = ? AND profile = 0')
      .run(asset, again)
    const boxes = [{ rect: [0, 800, 750, 900], verdict: 'risky' }]
    for (const row of await ledger.store.reader.rows([asset, again])) expect(row.boxes).toEqual(boxes)
  })
})
