import { cpSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Database } from 'better-sqlite3'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { chainHash, chainStart } from '../../../electron/engine/ledger/chain.ts'
import { type LedgerRow, verifyDataDir } from '../../../electron/engine/ledger/verify.ts'
import { openDatabase } from '../../../electron/engine/store/database.ts'
import { type LedgerFixture, openLedger, screened, tamper, temporaryDir } from './fixture.ts'

/** A ledger with rows of every kind, closed, and how many there are. */
async function richLedger(): Promise<{ dataDir: string; rows: number; kinds: ReadonlyMap<string, number> }> {
  const ledger = openLedger()
  const { database, commands, sealer } = ledger
  const first = await screened(ledger, [
    { path: 'a.txt', text: '你好', verdict: 'pass' },
    { path: 'b.txt', text: '违规词', verdict: 'risky' },
    { path: 'c.txt', text: '看不清', verdict: 'unchecked' },
  ])
  await sealer.seal(first.id)
  const [a, b] = first.assets as [number, number]
  await database.commit(() => {
    commands.review('act1', 'Lin', 'decide', [{ asset: b, decision: 'reject', reason: 1, note: null }])
    commands.review('act2', 'Lin', 'note', [{ asset: b, decision: 'reject', reason: 1, note: '见邮件' }])
    commands.review('act3', 'Lin', 'undo', [{ asset: b, decision: null, reason: null, note: null }])
    commands.review('act4', 'Lin', 'redo', [{ asset: b, decision: 'reject', reason: 1, note: null }])
    commands.append('profile', null, { event: 'save', id: 'p' })
    commands.append('settings', null, { changed: { keepYears: 5 } })
    commands.append('export', first.id, { format: 'csv' })
    commands.appendOf('probe', b, { range: [0, 2] })
    commands.appendOf('span', b, { check: 1, range: [0, 2] })
  })
  const second = await screened(ledger, [{ path: 'd.txt', text: '再来', verdict: 'review' }])
  await database.commit(() =>
    commands.endResult(
      second.assets[0]!,
      0,
      {
        outcome: 'pass',
        reason: null,
        detail: null,
        labels: [],
        score: null,
        parts: 1,
        checked: 1,
        reusedFrom: a,
        reusedProfile: 0,
        reuseKey: null,
        tiled: false,
      },
      { path: 'd.txt' },
    ),
  )
  await sealer.seal(second.id)
  return closed(ledger)
}

async function closed({ dataDir, database }: LedgerFixture) {
  const rows = database.raw
    .prepare<[], { seq: number; kind: string }>('SELECT seq, kind FROM ledger ORDER BY seq')
    .all()
  await database.close()
  return { dataDir, rows: rows.length, kinds: new Map(rows.map(({ seq, kind }) => [kind, seq])) }
}

/** The verifier's word on a copy of the ledger that somebody changed. */
async function verifyChanged(dataDir: string, change: (raw: Database) => void) {
  const copy = temporaryDir()
  cpSync(join(dataDir, 'prescreen.sqlite'), join(copy, 'prescreen.sqlite'))
  tamper(copy, change)
  return verifyDataDir(copy)
}

const rowAt = (raw: Database, seq: number) =>
  raw.prepare<[number], LedgerRow>('SELECT * FROM ledger WHERE seq = ?').get(seq)!
const shift = (raw: Database, from: number, by: number) => {
  const order = by > 0 ? 'DESC' : ''
  const seqs = raw
    .prepare<[number], number>(`SELECT seq FROM ledger WHERE seq >= ? ORDER BY seq ${order}`)
    .pluck()
    .all(from)
  for (const seq of seqs) raw.prepare('UPDATE ledger SET seq = ? WHERE seq = ?').run(seq + by, seq)
}
const put = (raw: Database, row: Omit<LedgerRow, 'hash'> & { hash: Buffer }) =>
  raw
    .prepare('INSERT INTO ledger (seq, at, kind, batch, asset, body, hash) VALUES (?, ?, ?, ?, ?, ?, ?)')
    .run(row.seq, row.at, row.kind, row.batch, row.asset, row.body, row.hash)

/** A ledger of this test's own. */
const fresh = richLedger

describe('a ledger with rows of every kind', () => {
  test('is intact as it was written, and says how many rows and signatures that took', async () => {
    const { dataDir, rows, kinds } = await fresh()
    expect([...kinds.keys()].sort()).toEqual(
      [
        'batch',
        'call',
        'decision',
        'export',
        'facts',
        'found',
        'key',
        'note',
        'probe',
        'profile',
        'redo',
        'result',
        'reuse',
        'seal',
        'settings',
        'span',
        'undo',
      ].sort(),
    )
    const verified = await verifyDataDir(dataDir)
    expect(verified).toMatchObject({ intact: true, rows, row: null, key: { origin: 'file' } })
    expect(verified.en).toContain('2 signed heads are valid')
  })

  test('names the row, whichever it is and whichever of its columns was changed', async () => {
    const { dataDir, rows } = await fresh()
    const changes = [
      `body = replace(body, '{', '{"x":1,')`,
      'at = at + 1',
      `kind = kind || 'x'`,
      `batch = coalesce(batch, '') || 'x'`,
      'asset = coalesce(asset, 0) + 1',
      "hash = x'00'",
    ] as const
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: rows }), fc.constantFrom(...changes), async (row, change) => {
        const verified = await verifyChanged(dataDir, raw =>
          raw.prepare(`UPDATE ledger SET ${change} WHERE seq = ?`).run(row),
        )
        expect(verified).toMatchObject({ intact: false, row, what: 'changed' })
        expect(verified.en).toMatch(new RegExp(`[Rr]ow ${row}\\b`))
        expect(verified.zh).toContain(`第 ${row} 行`)
      }),
      { numRuns: 60 },
    )
  })

  test('names a changed row whose own hash was recalculated beside the one after it', async () => {
    const { dataDir, rows } = await fresh()
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: rows - 1 }), async row => {
        const verified = await verifyChanged(dataDir, raw => {
          const before = row === 1 ? chainStart : rowAt(raw, row - 1).hash
          const changed = { ...rowAt(raw, row), body: '{"forged":true}' }
          raw
            .prepare('UPDATE ledger SET body = ?, hash = ? WHERE seq = ?')
            .run(changed.body, chainHash(before, changed), row)
        })
        expect(verified).toMatchObject({ intact: false, row: row + 1 })
        expect(verified.en).toContain(`or row ${row} was`)
      }),
      { numRuns: 25 },
    )
  })

  test('names the first of the rows that were removed', async () => {
    const { dataDir, rows } = await fresh()
    const inner = fc.integer({ min: 1, max: rows - 4 })
    await fc.assert(
      fc.asyncProperty(inner, fc.integer({ min: 1, max: 3 }), fc.boolean(), async (row, count, isRenumbered) => {
        const verified = await verifyChanged(dataDir, raw => {
          raw.prepare('DELETE FROM ledger WHERE seq BETWEEN ? AND ?').run(row, row + count - 1)
          if (isRenumbered) shift(raw, row + count, -count)
        })
        expect(verified).toMatchObject({ intact: false, row, what: 'removed' })
      }),
      { numRuns: 40 },
    )
  })

  test('names a row that was slipped in, and pushes nothing else under suspicion', async () => {
    const { dataDir, rows } = await fresh()
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: rows }), fc.integer({ min: 1, max: rows }), async (row, like) => {
        const verified = await verifyChanged(dataDir, raw => {
          const copied = rowAt(raw, like)
          shift(raw, row, 1)
          put(raw, { ...copied, seq: row, body: '{"forged":true}' })
        })
        expect(verified).toMatchObject({ intact: false, row, what: 'inserted' })
      }),
      { numRuns: 40 },
    )
  })

  test('names the first of two rows that changed places', async () => {
    const { dataDir, rows } = await fresh()
    const places = fc
      .tuple(fc.integer({ min: 1, max: rows }), fc.integer({ min: 1, max: rows }))
      .filter(([a, b]) => a < b)
    await fc.assert(
      fc.asyncProperty(places, async ([first, second]) => {
        const verified = await verifyChanged(dataDir, raw => {
          const a = rowAt(raw, first)
          const b = rowAt(raw, second)
          raw.prepare('DELETE FROM ledger WHERE seq IN (?, ?)').run(first, second)
          put(raw, { ...a, seq: second })
          put(raw, { ...b, seq: first })
        })
        expect(verified).toMatchObject({ intact: false, row: first, what: 'moved' })
      }),
      { numRuns: 40 },
    )
  })

  test('finds a rewrite with all hashes recalculated, as long as a signed head lies behind it', async () => {
    const { dataDir, kinds } = await fresh()
    const lastSeal = kinds.get('seal')!
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: lastSeal - 1 }), async row => {
        const verified = await verifyChanged(dataDir, raw => {
          raw.prepare('UPDATE ledger SET at = at + 1 WHERE seq = ?').run(row)
          rehash(raw, row)
        })
        expect(verified.intact).toBe(false)
        expect(verified.what).toMatch(/rewritten|forged/)
        // The range that is named begins before the row that was rewritten.
        expect(verified.row).toBeLessThanOrEqual(row)
      }),
      { numRuns: 25 },
    )
  })

  test('refuses a head that is signed with a key of somebody else', async () => {
    const { dataDir, kinds } = await fresh()
    const seal = kinds.get('seal')!
    const verified = await verifyChanged(dataDir, raw => {
      const body = JSON.parse(rowAt(raw, seal).body) as { head: { signature: string } }
      body.head.signature = Buffer.alloc(64, 7).toString('base64')
      raw.prepare('UPDATE ledger SET body = ? WHERE seq = ?').run(JSON.stringify(body), seal)
      rehash(raw, seal)
    })
    expect(verified).toMatchObject({ intact: false, row: seal, what: 'forged' })
  })

  test('says so when the clock went backwards, and stays intact', async () => {
    const fixture = openLedger()
    await screened(fixture, [{ path: 'a.txt', text: '你好', verdict: 'pass' }])
    fixture.clock.set(0)
    await fixture.database.commit(() => fixture.commands.append('settings', null, { changed: {} }))
    const { dataDir, rows } = await closed(fixture)
    const verified = await verifyDataDir(dataDir)
    expect(verified).toMatchObject({ intact: true, clockBackAt: rows })
    expect(verified.en).toContain('clock was set back')
  })
})

describe('tables that were edited in place', () => {
  const edits = [
    [
      "UPDATE results SET outcome = 'pass', labels = '[]', reason = NULL, checked = parts WHERE asset = 2",
      'verdict of asset a_2',
    ],
    ["UPDATE results SET labels = '[20001]' WHERE asset = 2", 'verdict of asset a_2'],
    ['UPDATE results SET ledger_seq = NULL WHERE asset = 1', 'verdict of asset a_1'],
    ["UPDATE assets SET outcome = 'pass' WHERE id = 2", 'overall outcome of asset a_2'],
    ["UPDATE assets SET path = 'other.txt' WHERE id = 2", 'description of asset a_2'],
    ["UPDATE assets SET sha256 = 'other' WHERE id = 2", 'description of asset a_2'],
    ["UPDATE assets SET decision = 'approve' WHERE id = 2", 'decision of asset a_2'],
    ["UPDATE assets SET decision = 'approve' WHERE id = 1", 'decision of asset a_1'],
    ["UPDATE assets SET reviewer = 'Wang' WHERE id = 2", 'decision of asset a_2'],
    ["UPDATE assets SET note = 'fine' WHERE id = 3", 'decision of asset a_3'],
    ["UPDATE checks SET verdict = 'pass', label = 100 WHERE asset = 2", 'check of asset a_2'],
    ["UPDATE checks SET rid = 'other' WHERE asset = 1", 'check of asset a_1'],
    ['UPDATE checks SET errcode = 1 WHERE asset = 3', 'check of asset a_3'],
    ["UPDATE reviews SET reviewer = 'Wang' WHERE asset = 2", 'decision history of asset a_2'],
    ['DELETE FROM results WHERE asset = 2', 'asset a_2'],
    ['DELETE FROM assets WHERE id = 3', 'asset a_3'],
    ['DELETE FROM reviews', 'asset a_2'],
    ['DELETE FROM batches', 'removed from the tables'],
    ['UPDATE batches SET practice = 0', 'mark for practice of batch'],
    [
      "UPDATE batches SET practice = 0, profiles = json_set(profiles, '$[0].practice', json('false'))",
      'profiles of batch',
    ],
    ...(['id', 'name', 'platform', 'appid', 'baseUrl'] as const).map(
      name =>
        [`UPDATE batches SET profiles = json_set(profiles, '$[0].${name}', 'other')`, 'profiles of batch'] as const,
    ),
    ["UPDATE batches SET profiles = '[]'", 'profiles of batch'],
    ["UPDATE batches SET profiles = 'x'", 'profiles of batch'],
    [`UPDATE batches SET inputs = '["other"]'`, 'inputs of batch'],
    ["UPDATE batches SET options = json_set(options, '$.reuseDays', 99)", 'options of batch'],
    ["UPDATE batches SET name = 'other'", 'name of batch'],
    [
      `INSERT INTO batches (id, name, state, created_at, practice, profiles, inputs, options)
       SELECT 'b_other', name, state, created_at, practice, profiles, inputs, options FROM batches LIMIT 1`,
      'b_other is not in the ledger',
    ],
    ['UPDATE results SET screened_at = 1 WHERE asset = 2', 'verdict of asset a_2'],
    ['UPDATE assets SET screened_at = 1 WHERE id = 2', 'overall outcome of asset a_2'],
    ['DELETE FROM checks WHERE asset = 2', 'asset a_2'],
    ['DELETE FROM checks', 'removed from the tables'],
    ["UPDATE tallies SET n = n + 1 WHERE outcome = 'pass' AND profile = -1", 'counts of batch'],
    ["DELETE FROM tallies WHERE outcome = 'risky'", 'counts of batch'],
  ] as const
  test.each(edits)('%s is found', async (sql, what) => {
    const { dataDir } = await fresh()
    const verified = await verifyChanged(dataDir, raw => raw.exec(sql))
    expect(verified).toMatchObject({ intact: false, what: 'table' })
    expect(verified.en).toContain(what)
  })
})

test('a database whose pages are damaged is no intact one, wherever the damage lies', async () => {
  const { dataDir } = await fresh()
  const file = join(dataDir, 'prescreen.sqlite')
  const whole = readFileSync(file)
  for (let at = 20_000; at + 9_000 < whole.byteLength; at += 40_000) {
    writeFileSync(file, Buffer.from(whole).fill(0xff, at, at + 9_000))
    await expect(verifyDataDir(dataDir), `from ${at}`).rejects.toMatchObject({ code: 'database_corrupt' })
  }
})

test('a batch that was renamed is compared with its last name', async () => {
  const ledger = openLedger()
  const { id } = await screened(ledger, [{ path: 'a.txt', text: '你好', verdict: 'pass' }])
  await ledger.database.commit(() => ledger.commands.rename(id, 'Spring'))
  expect(await verifyDataDir(ledger.database.raw)).toMatchObject({ intact: true })
  tamper(ledger.dataDir, raw => raw.exec(`UPDATE batches SET name = '${id}'`))
  expect(await verifyDataDir(ledger.database.raw)).toMatchObject({ intact: false, what: 'table' })
})

test('checks that were dropped because somebody asked again are not missed', async () => {
  const ledger = openLedger()
  const { id, assets } = await screened(ledger, [
    { path: 'a.txt', text: '你好', verdict: 'pass' },
    { path: 'b.txt', text: '再来', verdict: 'risky' },
  ])
  await ledger.database.commit(() => ledger.commands.requeue(id, { assets: assets.slice(0, 1) }))
  expect(await verifyDataDir(ledger.database.raw)).toMatchObject({ intact: true })
})

test('checks that are kept for the assets that were judged by them may not be edited either', async () => {
  const ledger = openLedger()
  const { database, commands, queries } = ledger
  const { id, assets } = await screened(ledger, [
    { path: 'a.txt', text: '你好', verdict: 'pass' },
    { path: 'b.txt', text: '你好', verdict: 'pass' },
  ])
  const [lender = 0, borrower = 0] = assets
  const [end] = queries.results(borrower)
  await database.commit(() =>
    commands.endResult(
      borrower,
      0,
      {
        outcome: 'pass',
        reason: null,
        detail: null,
        labels: [],
        score: end?.score ?? null,
        parts: 1,
        checked: 1,
        reusedFrom: lender,
        reusedProfile: 0,
        reuseKey: null,
        tiled: false,
      },
      {},
    ),
  )
  await database.commit(() => commands.requeue(id, { assets: [lender] }))
  expect(queries.checks(lender)).toEqual([])
  expect(queries.checks(borrower).filter(check => check.reusedFrom === lender)).toMatchObject([{ verdict: 'pass' }])
  expect(await verifyDataDir(database.raw)).toMatchObject({ intact: true })
  tamper(ledger.dataDir, raw => raw.exec("UPDATE checks SET rid = 'another' WHERE profile < 0"))
  expect(await verifyDataDir(database.raw)).toMatchObject({ intact: false, what: 'table' })
})

test('a ledger row of a batch that says less than today is compared in what it says', async () => {
  const ledger = openLedger()
  const { id } = await screened(ledger, [])
  tamper(ledger.dataDir, raw => {
    const rows = raw.prepare<[], LedgerRow>('SELECT * FROM ledger ORDER BY seq').all()
    let previous: Uint8Array = chainStart
    for (const row of rows) {
      const body = row.body.includes('"event":"start"') ? JSON.stringify({ event: 'start', name: id }) : row.body
      const hash = chainHash(previous, { ...row, body })
      raw.prepare('UPDATE ledger SET body = ?, hash = ? WHERE seq = ?').run(body, hash, row.seq)
      previous = hash
    }
  })
  expect(await verifyDataDir(ledger.database.raw)).toMatchObject({ intact: true })
})

test('the ledger refuses changes and removals in the ordinary way', async () => {
  const { dataDir } = await fresh()
  const database = openDatabase(join(dataDir, 'prescreen.sqlite'))
  try {
    expect(() => database.raw.exec("UPDATE ledger SET kind = 'x' WHERE seq = 1")).toThrow('append-only')
    expect(() => database.raw.exec('DELETE FROM ledger WHERE seq = 1')).toThrow('append-only')
  } finally {
    await database.close()
  }
})

function rehash(raw: Database, from: number): void {
  const rows = raw.prepare<[number], LedgerRow>('SELECT * FROM ledger WHERE seq >= ? ORDER BY seq').all(from)
  let previous: Uint8Array = from === 1 ? chainStart : rowAt(raw, from - 1).hash
  for (const row of rows) {
    previous = chainHash(previous, row)
    raw.prepare('UPDATE ledger SET hash = ? WHERE seq = ?').run(previous, row.seq)
  }
}

test('a folder without a database, and a database of a newer program, are refused with a reason', async () => {
  await expect(verifyDataDir(temporaryDir())).rejects.toMatchObject({ code: 'not_found' })
  const { dataDir } = await fresh()
  tamper(dataDir, raw => raw.pragma('user_version = 999990'))
  await expect(verifyDataDir(dataDir)).rejects.toMatchObject({ code: 'database_newer' })
})
