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

  test('is the picture of a document that the worst was found in, its words where they are worse, else its first picture', async () => {
    const ledger = openLedger()
    const { raw } = ledger.database
    const flagged = { hits: [], platform: 'risky' as const }
    const none = { hits: [], platform: 'pass' as const }
    const [asset = 0, clean = 0] = await ruled(ledger, 'b_places000003', [flagged, none], { platform: true })
    const pieces = ['page 1', 'page 2', 'page 12'].map(name => ({ kind: 'picture', name, places: [] }))
    for (const id of [asset, clean])
      raw
        .prepare('INSERT INTO asset_pieces (asset, pieces) VALUES (?, ?)')
        .run(
          id,
          JSON.stringify({ pieces: [...pieces, { kind: 'recording', name: 'sound 1', places: [] }], sections: [] }),
        )
    raw.prepare(`UPDATE assets SET kind = 'document'`).run()
    const check = raw.prepare(
      `INSERT INTO checks (asset, profile, part, range_start, range_end, endpoint, version, part_hash, state, verdict, at)
       VALUES (?, 0, ?, ?, ?, 'wechat.img_sec_check', 'v1', 'h', 'done', ?, 1)`,
    )
    const covers = async () => (await ledger.store.reader.rows([asset, clean])).map(({ document }) => document)
    check.run(asset, 'page 2', null, null, 'review')
    expect(await covers()).toEqual([
      { picture: 'page 2', pictures: 3 },
      { picture: 'page 1', pictures: 3 },
    ])
    check.run(asset, 'chunk 1/2', 0, 9, 'risky')
    expect((await covers())[0]).toEqual({ picture: null, pictures: 3 })
    raw.prepare(`UPDATE checks SET verdict = 'pass' WHERE part = 'chunk 1/2'`).run()
    check.run(asset, 'page 12 tile 1/2', null, null, 'risky')
    expect((await covers())[0]).toEqual({ picture: 'page 12', pictures: 3 })
  })
})
