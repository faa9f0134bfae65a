import type { Database } from 'better-sqlite3'
import { expect, test } from 'vitest'
import { verifyDataDir } from '../../../electron/engine/ledger/verify.ts'
import { type LedgerFixture, openLedger, screened, tamper } from './fixture.ts'
import { makeOld } from './older-ledger.ts'

const texts = [
  { path: 'a.txt', text: '你好', verdict: 'pass' },
  { path: 'b.txt', text: '违规词', verdict: 'risky' },
  { path: 'c.txt', text: '看不清', verdict: 'unchecked' },
] as const

async function oldLedger(): Promise<LedgerFixture> {
  const ledger = openLedger()
  const { assets } = await screened(ledger, texts)
  await ledger.database.commit(() =>
    ledger.commands.review('act', 'Lin', 'decide', [
      { asset: assets[1] ?? 0, decision: 'reject', reason: 1, note: '词' },
    ]),
  )
  return ledger
}

test('rows of an older version are compared in what they say, and counted', async () => {
  const ledger = await oldLedger()
  tamper(ledger.dataDir, raw => makeOld(raw))
  const verified = await verifyDataDir(ledger.database.raw)
  expect(verified).toMatchObject({ intact: true })
  expect(verified.en).toContain(`${verified.rows} of them were written by an older version`)
  expect(verified.zh).toContain(`其中 ${verified.rows} 行由旧版本写入`)
  for (const change of [
    "UPDATE results SET outcome = 'review' WHERE asset = 2",
    "UPDATE checks SET rid = 'x' WHERE asset = 1",
    "UPDATE assets SET note = 'x' WHERE id = 2",
    "UPDATE assets SET sha256 = 'x' WHERE id = 2",
    "UPDATE batches SET state = 'running', ended_at = NULL",
    'DELETE FROM reviews',
  ]) {
    ledger.database.raw.exec(`BEGIN; ${change}`)
    expect(await verifyDataDir(inMemory(ledger.database.raw)), change).toMatchObject({ intact: false, what: 'table' })
    ledger.database.raw.exec('ROLLBACK')
  }
})

/** Read as it is, inside the transaction that changed it. */
function inMemory(raw: Database): Database {
  return new Proxy(raw, {
    get: (target, name) => {
      if (name === 'memory') return true
      const value: unknown = Reflect.get(target, name, target)
      return typeof value === 'function' ? value.bind(target) : value
    },
  })
}

test('what is written from now on says everything, whatever is before it, and cannot pass for an older row', async () => {
  const ledger = await oldLedger()
  tamper(ledger.dataDir, raw => makeOld(raw))
  const { rows } = await verifyDataDir(ledger.database.raw)
  const { assets } = await screened(ledger, texts)
  const verified = await verifyDataDir(ledger.database.raw)
  expect(verified).toMatchObject({ intact: true })
  expect(verified.en).toContain(`${rows} of them were written by an older version`)
  tamper(ledger.dataDir, raw => raw.prepare('UPDATE assets SET excerpt = ? WHERE id = ?').run('x', assets[0]))
  expect(await verifyDataDir(ledger.database.raw)).toMatchObject({ intact: false, what: 'table' })
  // A row that is made to say less no longer fits the chain.
  tamper(ledger.dataDir, raw =>
    raw
      .prepare("UPDATE ledger SET body = json_remove(body, '$.form', '$.facts') WHERE asset = ? AND kind = 'result'")
      .run(assets[0]),
  )
  expect(await verifyDataDir(ledger.database.raw)).toMatchObject({ intact: false, what: 'changed' })
})

test('a batch that an older version began is gone on with', async () => {
  const ledger = await oldLedger()
  const { database, commands, queries } = ledger
  tamper(ledger.dataDir, raw => makeOld(raw))
  const [batch = ''] = queries.batchIds()
  await database.commit(() => commands.requeue(batch, { reasons: ['timeout'], after: 0 }))
  expect(await verifyDataDir(database.raw)).toMatchObject({ intact: true })
  await database.commit(() => commands.endOpen(batch, null, 'cancelled', ''))
  await database.commit(() => commands.setState(batch, 'cancelled', null, null))
  expect(await verifyDataDir(database.raw)).toMatchObject({ intact: true })
})

test('results that an older version took up again or left open are no change', async () => {
  const ledger = await oldLedger()
  const { database, commands, queries } = ledger
  const [batch = ''] = queries.batchIds()
  await database.commit(() => commands.requeue(batch, { assets: [1] }))
  await database.commit(() => commands.requeue(batch, { reasons: ['timeout'], after: 0 }))
  await database.commit(() => commands.endOpen(batch, null, 'cancelled', ''))
  tamper(ledger.dataDir, raw => makeOld(raw))
  expect(await verifyDataDir(database.raw)).toMatchObject({ intact: true })
})
