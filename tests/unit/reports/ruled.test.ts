import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'csv-parse/sync'
import readXlsx from 'read-excel-file/node'
import { describe, expect, test } from 'vitest'
import { exportReport } from '../../../electron/engine/reports/export-report.ts'
import { verifyFiles } from '../../../electron/engine/reports/verify-files.ts'
import type { ParsedInput } from '../../../shared/ipc.ts'
import { parseCsv, parseJsonl, parseManifest } from '../../fixtures/contract-v1/parser.ts'
import { type LedgerFixture, openLedger } from '../ledger/fixture.ts'
import { houseHit, ruled } from '../ledger/ruled.ts'

type Scope = ParsedInput<'reports.export'>['scope']
type Format = 'csv' | 'jsonl' | 'xlsx' | 'html'

async function exported(ledger: LedgerFixture, scope: Scope, format: Format) {
  const file = join(ledger.dataDir, `report.${format}`)
  const { store, clock } = ledger
  const services = {
    store,
    clock,
    reasons: () => [],
    thumbnail: () => Promise.reject(new Error('there are no pictures')),
    textOf: async () => null,
  }
  await exportReport(services, scope, format, file, 'zh', () => undefined, new AbortController().signal)
  return file
}

const forbidden = houseHit('国家级', 'forbidden')
const notice = houseHit('限时', 'notice', { range: [8, 10], line: 2, column: 1 })

/** Assets of which the first has a hit that somebody found fine. */
async function batchOf(ledger: LedgerFixture, id: string, platform: boolean) {
  const assets = await ruled(
    ledger,
    id,
    [{ hits: [forbidden, notice] }, { hits: [notice, forbidden] }, { hits: [notice] }, { hits: [] }],
    {
      platform,
    },
  )
  const [hit] = ledger.queries.ruled(assets[0]!)!.hits
  await ledger.database.commit(() =>
    ledger.commands.fine({ hits: [hit!.id], reach: 'once', reason: '奖项名称', reviewer: '林' }),
  )
  return assets
}

const history: Scope = {
  of: 'history',
  fromMs: 0,
  toMs: 4e12,
  profile: null,
  outcomes: [],
  decision: null,
  label: null,
  query: null,
}

describe('a report of a batch that rules looked at', () => {
  test.each([
    ['beside a platform, in its rows alone', true, ['pass', 'pass', 'pass', 'pass'], ['', '', '', '']],
    [
      'alone, where nobody else has a row',
      false,
      ['unchecked', 'risky', 'unchecked', 'unchecked'],
      ['no_platform_verdict', '', 'no_platform_verdict', 'no_platform_verdict'],
    ],
  ])('has what they found %s, and is read by programs of version 1', async (_, platform, verdicts, reasons) => {
    const ledger = openLedger()
    await batchOf(ledger, 'b_ruled0000001', platform)
    const scope = { of: 'batch', batch: 'b_ruled0000001' } as const
    const csv = await exported(ledger, scope, 'csv')
    const rows: Record<string, string>[] = parse(readFileSync(csv), {
      bom: true,
      columns: true,
      record_delimiter: '\r\n',
    })
    expect(rows.map(({ verdict }) => verdict)).toEqual(verdicts)
    expect(rows.map(({ reason }) => reason)).toEqual(reasons)
    const [{ rule: one }, { rule: other }] = [forbidden.rule, notice.rule]
    const [strict, mild] = [`${forbidden.rule.book}/${one}`, `${notice.rule.book}/${other}`]
    expect(rows.map(row => [row.rules, row.rule_hits, row.rule_fine])).toEqual([
      ['notice', mild, strict],
      ['forbidden', `${strict} ${mild}`, ''],
      ['notice', mild, ''],
      ['none', '', ''],
    ])
    const jsonl = await exported(ledger, scope, 'jsonl')
    expect(parseCsv(readFileSync(csv, 'utf8'))).toHaveLength(4)
    const records = parseJsonl(readFileSync(jsonl, 'utf8'))
    expect(records.map(({ rules }) => rules)).toEqual(['notice', 'forbidden', 'notice', 'none'])
    expect(records[0]?.ruleHits).toMatchObject([
      { rule: strict, fine: { reach: 'once', reason: '奖项名称', reviewer: '林' } },
      { rule: mild, fine: null },
    ])
    for (const file of [csv, jsonl]) {
      expect(parseManifest(readFileSync(`${file}.manifest.json`, 'utf8'), readFileSync(file))).toMatchObject({
        rows: 4,
      })
      expect(await verifyFiles([file])).toMatchObject([{ intact: true }])
    }
  })

  test('has pages and a sheet by rule, of the assets that it is of', async () => {
    const ledger = openLedger()
    const [first, second] = await batchOf(ledger, 'b_ruled0000001', true)
    const scope = { of: 'batch', batch: 'b_ruled0000001' } as const
    const html = readFileSync(await exported(ledger, scope, 'html'), 'utf8')
    const [, strict = '', mild = ''] = html.split(/id="rule-\d"/)
    expect(strict).toContain('国家级')
    expect(strict.split('<h4>')[1]).toContain('奖项名称')
    expect(mild).toContain('限时')
    const sheets = await readXlsx(await exported(ledger, scope, 'xlsx'))
    const byRule = (all: typeof sheets) => all.find(({ sheet }) => sheet === '按规则')
    expect(byRule(sheets)?.data).toHaveLength(6)
    const some: Scope = { of: 'assets', batch: 'b_ruled0000001', assets: [second!], filter: '一条' }
    expect(byRule(await readXlsx(await exported(ledger, some, 'xlsx')))?.data).toHaveLength(3)
    expect(first).not.toBe(second)
  })

  test('has the pages by rule across history too, where the rows are of platforms', async () => {
    const ledger = openLedger()
    await batchOf(ledger, 'b_ruled0000001', true)
    await batchOf(ledger, 'b_ruled0000002', false)
    const html = readFileSync(await exported(ledger, history, 'html'), 'utf8')
    expect(html).toContain('id="rule-2"')
    expect(html).not.toContain('id="rule-3"')
    expect(html.match(/<mark class="forbidden">国家级<\/mark>/g)?.length).toBeGreaterThanOrEqual(4)
    const rows = parseCsv(readFileSync(await exported(ledger, history, 'csv'), 'utf8'))
    expect(rows).toHaveLength(8)
  })
})
