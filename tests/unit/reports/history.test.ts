import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'csv-parse/sync'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { openLedgerView } from '../../../electron/engine/ledger/ledger-view.ts'
import { exportReport } from '../../../electron/engine/reports/export-report.ts'
import { filterWords } from '../../../electron/engine/reports/filter-words.ts'
import { verifyFiles } from '../../../electron/engine/reports/verify-files.ts'
import { createHistoryReader } from '../../../electron/engine/store/sqlite/history-rows.ts'
import { createSearchWriter } from '../../../electron/engine/store/sqlite/search.ts'
import { outcomes } from '../../../shared/domain.ts'
import { exportScopeSchema, type HistoryFilter } from '../../../shared/ipc.ts'
import { type LedgerFixture, openLedger, options, practiceProfile, screened } from '../ledger/fixture.ts'

const everything: HistoryFilter = {
  fromMs: 0,
  toMs: 253_402_300_799_999,
  profile: null,
  outcomes: [],
  decision: null,
  label: null,
  query: null,
}

interface Known {
  readonly asset: number
  readonly profile: string
  readonly at: number
  readonly outcome: string
  readonly decision: string | null
  readonly labels: readonly number[]
  readonly text: string
}

const texts = ['限时特惠', '秋季新品', '法务已确认', '特惠 新品'] as const
const falling = ['risky', 'review', 'unchecked', 'pending', 'awaiting', 'pass'] as const
const states = ['pass', 'review', 'risky', 'unchecked', 'pending', 'awaiting'] as const

/** Three batches of two profiles each, in which every outcome, decision, label, text and time occurs beside every other. */
function knownHistory(): { ledger: LedgerFixture; known: readonly Known[] } {
  const ledger = openLedger()
  const { raw } = ledger.database
  const known: Known[] = []
  const search = createSearchWriter(raw)
  const addAsset = raw.prepare(
    `INSERT INTO assets (batch, position, path, source, source_key, outcome, decision) VALUES (?, ?, ?, '{}', ?, ?, ?)`,
  )
  const addResult = raw.prepare(
    `INSERT INTO results (asset, profile, batch, state, outcome, reason, labels, parts, checked, screened_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, 1, 1, ?)`,
  )
  for (const [batchIndex, id] of ['b_history000001', 'b_history000002', 'b_history000003'].entries()) {
    ledger.clock.set(1_000 + batchIndex * 1_000)
    const profiles = [`p${batchIndex}`, 'common'].map(each => ({ ...practiceProfile, id: each, name: each }))
    const batch = { id, name: id, profiles, inputs: ['in'], options, practice: true, owner: '1:x' }
    raw.transaction(() => {
      ledger.commands.createBatch(batch)
      for (let index = 0; index < 40; index += 1) {
        const decision = [null, 'approve', 'reject', 'escalate', 'defer'][index % 5] ?? null
        const text = texts[index % texts.length]!
        const both = [states[index % states.length]!, states[(index + 1) % states.length]!]
        const worst = falling.find(outcome => both.includes(outcome))
        const made = addAsset.run(id, index + 1, `${index}.txt`, Buffer.from(`${index}`), worst, decision)
        const asset = Number(made.lastInsertRowid)
        search.put(asset, 'text', text)
        for (const profile of [0, 1]) {
          const outcome = both[profile]!
          const isOpen = outcome === 'pending' || outcome === 'awaiting'
          const labels = outcome === 'risky' ? [20001 + (index % 3), 20013] : []
          const screenedAt = isOpen ? null : 1_000 + batchIndex * 1_000 + index * 30
          const state = outcome === 'pending' ? 'queued' : outcome === 'awaiting' ? 'awaiting' : 'done'
          const reason = outcome === 'unchecked' ? 'timeout' : null
          addResult.run(asset, profile, id, state, outcome, reason, JSON.stringify(labels), screenedAt)
          known.push({
            asset,
            profile: profiles[profile]!.id,
            at: screenedAt ?? 1_000 + batchIndex * 1_000,
            outcome: isOpen ? 'unchecked' : outcome,
            decision,
            labels,
            text,
          })
        }
      }
      ledger.commands.index(1_000)
    })()
  }
  return { ledger, known }
}

test('whatever the filter, a report across history has exactly the rows that fit it, in order', () => {
  const { ledger, known } = knownHistory()
  const moment = fc.integer({ min: 900, max: 4_500 })
  const filters = fc.record({
    fromMs: fc.oneof(fc.constant(0), moment),
    toMs: fc.oneof(fc.constant(everything.toMs), moment),
    profile: fc.constantFrom(null, null, 'p0', 'common', 'nobody'),
    outcomes: fc.uniqueArray(fc.constantFrom(...outcomes)),
    decision: fc.constantFrom(null, null, 'undecided', 'approve', 'reject', 'escalate', 'defer'),
    label: fc.constantFrom(null, null, 20002, 20013, 1),
    query: fc.constantFrom(null, null, '特惠', '新品', '特惠 新品', '没有'),
  }) satisfies fc.Arbitrary<HistoryFilter>
  fc.assert(
    fc.property(filters, filter => {
      const expected = known.filter(
        row =>
          row.at >= filter.fromMs &&
          row.at <= filter.toMs &&
          (filter.profile === null || row.profile === filter.profile) &&
          (filter.outcomes.length === 0 || filter.outcomes.some(outcome => outcome === row.outcome)) &&
          (filter.decision === null || filter.decision === (row.decision ?? 'undecided')) &&
          (filter.label === null || row.labels.includes(filter.label)) &&
          (filter.query === null || filter.query.split(' ').every(word => row.text.includes(word))),
      )
      const reader = createHistoryReader(ledger.database.raw, filter)
      const rows = [...reader.rows()].map(({ asset, result }) => [asset.id, result.profile])
      const wanted = expected.map(({ asset, profile }) => [asset, profile === 'common' ? 1 : 0])
      expect(rows).toEqual(wanted)
      expect([...reader.facts()].map(({ asset, profile }) => [asset, profile])).toEqual(wanted)
    }),
    { numRuns: 300 },
  )
})

test('nothing is sorted, so that a history of any length is read in the same memory', () => {
  const { ledger } = knownHistory()
  const statements: string[] = []
  const raw = new Proxy(ledger.database.raw, {
    get: (target, key) =>
      key === 'prepare'
        ? (sql: string) => {
            statements.push(sql)
            return target.prepare(sql)
          }
        : Reflect.get(target, key),
  })
  const reader = createHistoryReader(raw, everything)
  expect([...reader.rows()]).toHaveLength(240)
  expect([...reader.facts()]).toHaveLength(240)
  const { query: _, ...parameters } = { ...everything, outcomes: '[]' }
  const scans = statements.filter(sql => sql.includes('FROM assets a'))
  expect(scans).toHaveLength(2)
  for (const sql of scans) {
    const plan = ledger.database.raw.prepare<[object], { detail: string }>(`EXPLAIN QUERY PLAN ${sql}`).all(parameters)
    expect(plan.map(({ detail }) => detail).filter(detail => /FOR ORDER BY/.test(detail))).toEqual([])
  }
})

const servicesOf = ({ store, clock }: LedgerFixture) => ({
  store,
  clock,
  reasons: () => [],
  thumbnail: () => Promise.reject(new Error('there are no pictures')),
  textOf: async () => null,
})

test('what is open in some profile, or flagged by another, is never listed as passed', async () => {
  const { ledger } = knownHistory()
  const file = join(ledger.dataDir, 'passed.html')
  await exportReport(
    servicesOf(ledger),
    { of: 'history', ...everything, outcomes: ['pass'] },
    'html',
    file,
    'en',
    () => undefined,
    new AbortController().signal,
  )
  // A list of what was noted is there only where something was.
  const sections = readFileSync(file, 'utf8').matchAll(/<section class="(\w+)"><h2>[^<]*<small>(\d+)</g)
  expect([...sections].map(([, name, count]) => `${name} ${count}`)).toEqual([
    'risky 0',
    'review 21',
    'unchecked 18',
    'disagreement 0',
  ])
})

test('the report, its manifest and the ledger name the filter, and say that practice is among it', async () => {
  const ledger = openLedger()
  for (const name of ['one', 'two']) {
    await screened(ledger, [
      { path: `${name}.txt`, text: 'x', verdict: 'risky' },
      { path: '=1.txt', text: 'y', verdict: 'pass' },
    ])
  }
  const file = join(ledger.dataDir, 'history.csv')
  const written = await exportReport(
    servicesOf(ledger),
    { of: 'history', ...everything, outcomes: ['risky'] },
    'csv',
    file,
    'en',
    () => undefined,
    new AbortController().signal,
  )
  expect(written.rows).toBe(2)
  const rows: Record<string, string>[] = parse(readFileSync(file), { bom: true, columns: true })
  expect(rows.map(row => [row.path, row.verdict])).toEqual([
    ['one.txt', 'risky'],
    ['two.txt', 'risky'],
  ])
  for (const row of rows) expect(row.profile).toMatch(/\[practice 演练\]$/)
  const manifest = JSON.parse(readFileSync(`${file}.manifest.json`, 'utf8'))
  expect(manifest).toMatchObject({ batch: null, practice: true, rows: 2 })
  expect(manifest.filter).toMatch(/^screened: .* · Verdicts: risky$/)
  expect(await verifyFiles([file], { ledger: () => openLedgerView(ledger.database.raw) })).toMatchObject([
    { intact: true },
  ])
  const appended = ledger.database.raw
    .prepare<[], { batch: string | null; body: string }>(`SELECT batch, body FROM ledger WHERE kind = 'export'`)
    .all()
  expect(appended).toMatchObject([{ batch: null }])
  expect(JSON.parse(appended[0]!.body)).toMatchObject({ rows: 2, filter: manifest.filter })
})

test('a filter is described in the words of the report, with days where it goes by days', () => {
  const day = (date: number) => new Date(2026, 10, date).getTime()
  const filter: HistoryFilter = {
    fromMs: day(1),
    toMs: day(22) - 1,
    profile: 'p1',
    outcomes: ['risky', 'unchecked'],
    decision: 'undecided',
    label: 20002,
    query: '特惠',
  }
  expect(filterWords(filter, '品牌', 'zh')).toBe(
    '送检时间: 2026-11-01 – 2026-11-21 · 应用档案: 品牌 · 机审结论: 有风险, 未检 · 人工结论: 未决 · 标签: 色情 20002 · 搜索: 特惠',
  )
  expect(filterWords({ ...everything, toMs: day(2) + 1 }, null, 'en')).toMatch(/2026-11-02T00:00:00[+-]\d\d:\d\d$/)
})

test('a scope that no report could name is refused', () => {
  const scope = { of: 'history', ...everything }
  expect(exportScopeSchema.safeParse(scope).success).toBe(true)
  for (const change of [
    { toMs: 8.64e15 },
    { fromMs: -1 },
    { outcomes: ['safe'] },
    { decision: 'maybe' },
    { query: '' },
  ])
    expect(exportScopeSchema.safeParse({ ...scope, ...change }).success).toBe(false)
})
