import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { parse } from 'csv-parse/sync'
import fc from 'fast-check'
import readXlsx from 'read-excel-file/node'
import sharp from 'sharp'
import { describe, expect, test } from 'vitest'
import { openLedgerView } from '../../../electron/engine/ledger/ledger-view.ts'
import { verifyDataDir } from '../../../electron/engine/ledger/verify.ts'
import { reportColumns } from '../../../electron/engine/reports/columns.ts'
import { exportReport } from '../../../electron/engine/reports/export-report.ts'
import { writeProblem, writeWhole } from '../../../electron/engine/reports/file.ts'
import type { Manifest } from '../../../electron/engine/reports/manifest.ts'
import { verifyFiles } from '../../../electron/engine/reports/verify-files.ts'
import type { ReportPictures } from '../../../shared/ipc.ts'
import {
  type FixtureText,
  type LedgerFixture,
  openLedger,
  options,
  practiceProfile,
  screened,
  tamper,
} from '../ledger/fixture.ts'

const texts: readonly FixtureText[] = [
  { path: 'a "quoted", 名.txt', text: '你好', verdict: 'pass' },
  { path: '=cmd|x.txt', text: '违规词', verdict: 'risky' },
  { path: 'line\nbreak 😀.txt', text: '看不清', verdict: 'unchecked' },
  { path: '\u05d0\u05d1.txt', text: '也许', verdict: 'review' },
  { path: 'e.txt', text: '再见', verdict: 'pass' },
]

const servicesOf = ({ store, clock }: LedgerFixture) => ({
  store,
  clock,
  reasons: () => ['侵权'],
  thumbnail: () => Promise.reject(new Error('there are no pictures')),
  textOf: async () => null,
})

type Format = 'csv' | 'jsonl' | 'xlsx' | 'html'

async function exported(ledger: LedgerFixture, batch: string, format: Format = 'csv', name = `report.${format}`) {
  const file = join(ledger.dataDir, name)
  await exportReport(
    servicesOf(ledger),
    { of: 'batch', batch },
    format,
    file,
    'zh',
    () => undefined,
    new AbortController().signal,
  )
  return file
}

async function batchAndReport(format: Format = 'csv') {
  const ledger = openLedger()
  const batch = await screened(ledger, texts)
  return { ledger, batch, file: await exported(ledger, batch.id, format) }
}

const manifestOf = (file: string) => JSON.parse(readFileSync(`${file}.manifest.json`, 'utf8')) as Manifest

test('a CSV says exactly what the database says, with the hash of the ledger row behind it', async () => {
  const { ledger, batch, file } = await batchAndReport()
  const rows: Record<string, string>[] = parse(readFileSync(file), {
    bom: true,
    columns: true,
    record_delimiter: '\r\n',
  })
  expect(Object.keys(rows[0]!)).toEqual(reportColumns.map(column => column.name))
  for (const [index, id] of batch.assets.entries()) {
    const asset = ledger.queries.asset(id)!
    const [result] = ledger.queries.results(id)
    const hash = ledger.database.raw
      .prepare<[number], Buffer>('SELECT hash FROM ledger WHERE seq = ?')
      .pluck()
      .get(result!.ledger_seq!)!
    expect(rows[index]).toMatchObject({
      batch: batch.id,
      asset: `a_${id}`,
      path: asset.path.startsWith('=') ? `'${asset.path}` : asset.path,
      sha256: asset.sha256,
      verdict: result!.outcome,
      reason: result!.reason ?? '',
      rids: `rid-${batch.id}-${index}`,
      reused: 'no',
      row_hash: hash.toString('hex'),
    })
  }
})

test.each(['csv', 'jsonl', 'xlsx', 'html'] as const)(
  'an exported %s verifies with nothing but its files',
  async format => {
    const { ledger, file } = await batchAndReport(format)
    const [alone] = await verifyFiles([file])
    expect(alone).toMatchObject({ intact: true, origin: 'file', fingerprint: manifestOf(file).key.fingerprint })
    expect(
      await verifyFiles([`${file}.manifest.json`], { fingerprint: manifestOf(file).key.fingerprint.toUpperCase() }),
    ).toMatchObject([{ intact: true }])
    expect(await verifyFiles([file], { ledger: () => openLedgerView(ledger.database.raw) })).toMatchObject([
      { intact: true },
    ])
    expect(manifestOf(file)).toMatchObject({ schema: 1, format, rows: 5, filter: null, practice: true })
    expect(await verifyDataDir(ledger.database.raw)).toMatchObject({ intact: true })
  },
)

test('a batch whose mark for practice or whose profiles were edited is not exported, alone or across history', async () => {
  const ledger = openLedger()
  const batch = await screened(ledger, texts)
  tamper(ledger.dataDir, raw =>
    raw.exec("UPDATE batches SET practice = 0, profiles = json_set(profiles, '$[0].practice', json('false'))"),
  )
  const history = {
    of: 'history' as const,
    fromMs: 0,
    toMs: 4e12,
    profile: null,
    outcomes: [],
    decision: null,
    label: null,
    query: null,
  }
  for (const scope of [{ of: 'batch', batch: batch.id } as const, history]) {
    const file = join(ledger.dataDir, 'edited.csv')
    const signal = new AbortController().signal
    await expect(
      exportReport(servicesOf(ledger), scope, 'csv', file, 'en', () => undefined, signal),
    ).rejects.toMatchObject({ code: 'database_corrupt', detail: expect.stringContaining(batch.id) })
    expect(existsSync(file)).toBe(false)
  }
})

describe('of an exported table, the verifier names the first line that was', () => {
  const lineOf = fc.integer({ min: 1, max: texts.length })
  const splitCsv = (csv: string) => csv.split(/(?<=\r\n)/)
  const verifyEdited = async (file: string, edit: (lines: string[]) => string[]) => {
    const original = readFileSync(file, 'utf8')
    writeFileSync(file, edit(splitCsv(original)).join(''))
    const [verified] = await verifyFiles([file])
    writeFileSync(file, original)
    return verified
  }

  test('changed, removed, inserted or reordered', async () => {
    const { file } = await batchAndReport()
    await fc.assert(
      fc.asyncProperty(lineOf, lineOf, async (first, other) => {
        const line = first + 1
        expect(
          await verifyEdited(file, lines => lines.with(first, lines[first]!.replace('practice', 'prbctice'))),
        ).toMatchObject({
          intact: false,
          what: 'changed',
          line,
        })
        expect(await verifyEdited(file, lines => lines.toSpliced(first, 1))).toMatchObject({ what: 'removed', line })
        expect(await verifyEdited(file, lines => lines.toSpliced(first, 0, lines[0]!))).toMatchObject({
          what: 'inserted',
          line,
        })
        if (first >= other) return
        const swapped = await verifyEdited(file, lines => lines.with(first, lines[other]!).with(other, lines[first]!))
        expect(swapped).toMatchObject({ what: 'moved', line })
        expect(swapped?.en).toBe(`Row ${first} was reordered.`)
      }),
      { numRuns: 20 },
    )
  })

  test('cut off at the end, or the head itself', async () => {
    const { file } = await batchAndReport()
    expect(await verifyEdited(file, lines => lines.slice(0, 4))).toMatchObject({ what: 'removed', line: 5 })
    expect(await verifyEdited(file, lines => [...lines, 'more\r\n'])).toMatchObject({ what: 'inserted', line: 7 })
    expect(await verifyEdited(file, lines => lines.with(0, lines[0]!.replace('path', 'file')))).toMatchObject({
      line: 1,
    })
  })
})

describe('a manifest', () => {
  const rewrite = (file: string, change: (manifest: Record<string, unknown>) => void) => {
    const manifest = JSON.parse(readFileSync(`${file}.manifest.json`, 'utf8')) as Record<string, unknown>
    change(manifest)
    writeFileSync(`${file}.manifest.json`, JSON.stringify(manifest))
  }

  test.each(['rows', 'sha256', 'filter', 'practice', 'ledgerHead', 'key', 'lineDigests', 'exportedAt', 'signature'])(
    'whose %s was changed is not believed',
    async field => {
      const { file } = await batchAndReport()
      rewrite(file, manifest => {
        const other = {
          rows: 3,
          practice: false,
          ledgerHead: { ...manifestOf(file).ledgerHead, seq: 1 },
          key: { ...manifestOf(file).key, origin: 'vault' },
        }
        manifest[field] = other[field as keyof typeof other] ?? 'AAAA'
      })
      expect(await verifyFiles([file])).toMatchObject([{ intact: false, what: 'forged' }])
    },
  )

  test('of another version, damaged, or gone is said to be so', async () => {
    const { file } = await batchAndReport()
    rewrite(file, manifest => {
      manifest.schema = 2
    })
    const [newer] = await verifyFiles([file])
    expect(newer).toMatchObject({ intact: false, what: 'other_version' })
    expect(newer?.en).toContain('version 2')
    writeFileSync(`${file}.manifest.json`, '{')
    expect(await verifyFiles([file])).toMatchObject([{ what: 'unreadable' }])
    expect(await verifyFiles([join(file, 'nothing.csv')])).toMatchObject([{ intact: false, what: 'missing' }])
    const alone = `${file}.alone.csv`
    writeFileSync(alone, 'a,b')
    expect(await verifyFiles([alone])).toMatchObject([{ intact: false, what: 'no_manifest' }])
  })

  test('signed by another key than the one that is known is said to be so', async () => {
    const { file } = await batchAndReport()
    expect(await verifyFiles([file], { fingerprint: '0000-0000' })).toMatchObject([
      { intact: false, what: 'other_key' },
    ])
  })
})

describe('against an export, a ledger', () => {
  test('that was cut off at the end is found, with the first row that is missing', async () => {
    const { ledger, file } = await batchAndReport()
    const { seq } = manifestOf(file).ledgerHead
    tamper(ledger.dataDir, raw => raw.prepare('DELETE FROM ledger WHERE seq >= ?').run(seq - 2))
    const [cut] = await verifyFiles([file], { ledger: () => openLedgerView(ledger.dataDir) })
    expect(cut).toMatchObject({ intact: false, what: 'ledger_cut' })
    expect(cut?.en).toContain(`from row ${seq - 2} on`)
  })

  test('of another workstation is told by its key, not taken for one that was rewritten or cut off', async () => {
    const { file } = await batchAndReport()
    const { ledger: other, file: theirs } = await batchAndReport()
    for (const each of [file, theirs]) {
      const [verified] = await verifyFiles([each], { ledger: () => openLedgerView(other.database.raw) })
      expect(verified?.what).toBe(each === theirs ? null : 'other_key')
    }
  })

  test('that belongs to other batches is not taken for the one it came from', async () => {
    const { file } = await batchAndReport()
    const other = openLedger()
    await screened(other, texts)
    await screened(other, texts)
    expect(await verifyFiles([file], { ledger: () => openLedgerView(other.database.raw) })).toMatchObject([
      { intact: false, what: 'ledger_rewritten', line: 2 },
    ])
  })
})

describe('an export', () => {
  test('reads one moment: what is written meanwhile neither disturbs it nor appears in it', async () => {
    const ledger = openLedger()
    const many = Array.from(
      { length: 600 },
      (_, index): FixtureText => ({ path: `${index}.txt`, text: 'x', verdict: 'pass' }),
    )
    const batch = await screened(ledger, many)
    const file = join(ledger.dataDir, 'busy.csv')
    const writes: Promise<void>[] = []
    const onProgress = () => {
      writes.push(
        ledger.database.commit(() =>
          ledger.commands.review('act', 'Lin', 'decide', [
            { asset: batch.assets[599]!, decision: 'reject', reason: 1, note: null },
          ]),
        ),
      )
    }
    await exportReport(
      servicesOf(ledger),
      { of: 'batch', batch: batch.id },
      'csv',
      file,
      'en',
      onProgress,
      new AbortController().signal,
    )
    await Promise.all(writes)
    expect(writes.length).toBeGreaterThan(1)
    const rows: Record<string, string>[] = parse(readFileSync(file), { bom: true, columns: true })
    expect(rows[599]).toMatchObject({ path: '599.txt', decision: '' })
    expect(await verifyFiles([file], { ledger: () => openLedgerView(ledger.database.raw) })).toMatchObject([
      { intact: true },
    ])
  })

  test('of chosen assets holds those alone, and the manifest says by which filter they were chosen', async () => {
    const ledger = openLedger()
    const { id, assets } = await screened(ledger, texts)
    const file = join(ledger.dataDir, 'some.csv')
    const scope = { of: 'assets', batch: id, assets: [assets[1]!, assets[3]!], filter: 'verdict:risky,review' } as const
    const { rows } = await exportReport(
      servicesOf(ledger),
      { ...scope, assets: [...scope.assets] },
      'csv',
      file,
      'zh',
      () => undefined,
      new AbortController().signal,
    )
    expect(rows).toBe(2)
    expect(manifestOf(file)).toMatchObject({ rows: 2, filter: 'verdict:risky,review' })
  })

  test('as a workbook begins with the most urgent, counts them, and has thumbnails of what was flagged alone, as they are set', async () => {
    const ledger = openLedger()
    const { id, assets } = await screened(ledger, texts)
    await ledger.database.commit(() =>
      ledger.database.raw.prepare('UPDATE assets SET kind = ? WHERE id IN (?, ?)').run('image', assets[1], assets[4]),
    )
    const picture = await sharp({ create: { width: 40, height: 40, channels: 3, background: 'red' } })
      .webp()
      .toBuffer()
    const shown: string[] = []
    const services = {
      ...servicesOf(ledger),
      thumbnail: async (asset: number, { blur }: { readonly blur: string }) => {
        shown.push(`${asset} ${blur}`)
        return { bytes: picture, mime: 'image/webp' }
      },
    }
    const file = join(ledger.dataDir, 'people.xlsx')
    const progress: number[] = []
    const run = (...pictures: readonly ReportPictures[]) => {
      const onProgress = (rows: number, total: number) => void progress.push(rows / total)
      return exportReport(
        services,
        { of: 'batch', batch: id },
        'xlsx',
        file,
        'zh',
        onProgress,
        new AbortController().signal,
        ...pictures,
      )
    }
    await run()
    const [people, raw] = await readXlsx(file)
    expect(people?.data[1]?.[0]).toBe('有风险 1   需复核 1   未检 1   未命中 2')
    expect(people?.data[2]?.[0]).toContain('未检 1 个')
    expect(people?.data.slice(5).map(cells => cells[0])).toEqual(['有风险', '需复核', '未检', '未命中', '未命中'])
    expect(raw?.data.slice(1).map(cells => cells[3])).toEqual(texts.map(({ path }) => path))
    expect(progress).toEqual(progress.toSorted((a, b) => a - b))
    expect(progress.at(-1)).toBe(1)
    await run('clear')
    await run('none')
    expect(shown).toEqual([`${assets[1]} strong`, `${assets[1]} off`])
  })

  test('as HTML counts an asset under every label that was found in it, and each asset once', async () => {
    const ledger = openLedger()
    const { database, commands, queries } = ledger
    const profiles = [practiceProfile, { ...practiceProfile, id: 'p_other' }]
    const batch = 'b_labels0000000001'
    const found = { kind: 'text', bytes: 1, excerpt: null, failure: null } as const
    const risky = { outcome: 'risky', reason: null, detail: null, score: null, parts: 2, checked: 2 } as const
    const own = { reusedFrom: null, reusedProfile: null, reuseKey: null, tiled: false } as const
    await database.commit(() => {
      commands.createBatch({ id: batch, name: batch, profiles, inputs: ['in'], options, practice: true, owner: '1:x' })
      commands.addAssets(batch, 2, [
        { ...found, path: 'a.txt', source: JSON.stringify({ kind: 'file', path: '/in/a.txt' }) },
        { ...found, path: 'b.txt', source: JSON.stringify({ kind: 'file', path: '/in/b.txt' }) },
      ])
      const [a = 0, b = 0] = queries.openAssets(batch, 0, 2).map(asset => asset.id)
      commands.endResult(a, 0, { ...risky, ...own, labels: [20002, 20006] }, {})
      commands.endResult(a, 1, { ...risky, ...own, labels: [20006, 20008] }, {})
      commands.endResult(b, 0, { ...risky, ...own, labels: [20006] }, {})
      commands.endResult(b, 1, { ...risky, ...own, labels: [] }, {})
    })
    const filter = { profile: null, outcomes: [], decision: null, label: null, query: null }
    const scopes: Parameters<typeof exportReport>[1][] = [
      { of: 'batch', batch },
      { of: 'history', fromMs: 0, toMs: ledger.clock.now() + 1, ...filter },
    ]
    for (const scope of scopes) {
      const file = join(ledger.dataDir, `${scope.of}.html`)
      const stop = new AbortController().signal
      const services = servicesOf(ledger)
      const { rows } = await exportReport(services, scope, 'html', file, 'en', () => undefined, stop)
      expect(rows).toBe(2)
      expect(manifestOf(file).rows).toBe(2)
      const [, chart = ''] = /<h3>Labels<\/h3>(.*?)<\/table>/s.exec(readFileSync(file, 'utf8')) ?? []
      const words = [...chart.matchAll(/<t[hd]>([^<]+)/g)].map(([, text]) => text)
      expect(words.join(' ')).toBe('illegal acts 2 pornography 1 fraud 1')
    }
  })

  test('that is cancelled leaves no file at all', async () => {
    const ledger = openLedger()
    const { id } = await screened(ledger, texts)
    const stop = new AbortController()
    stop.abort()
    const file = join(ledger.dataDir, 'never.csv')
    const running = exportReport(
      servicesOf(ledger),
      { of: 'batch', batch: id },
      'csv',
      file,
      'zh',
      () => undefined,
      stop.signal,
    )
    await expect(running).rejects.toMatchObject({ code: 'cancelled' })
    expect(readdirSync(ledger.dataDir).filter(name => name.startsWith('never'))).toEqual([])
  })

  test('to a place that cannot be written leaves the ledger going on', async () => {
    const ledger = openLedger()
    const { id } = await screened(ledger, texts)
    mkdirSync(join(ledger.dataDir, 'folder.csv'))
    for (const name of ['no/such/folder/x.csv', 'folder.csv', `${'n'.repeat(300)}.csv`]) {
      await expect(exported(ledger, id, 'csv', name)).rejects.toMatchObject({ code: 'write_failed' })
    }
    expect(readdirSync(ledger.dataDir).filter(name => name.includes('.part'))).toEqual([])
    await exported(ledger, id)
    expect(await verifyDataDir(ledger.database.raw)).toMatchObject({ intact: true })
  })

  test('to a full disk or a file that is open elsewhere says which, and keeps what was there before', async () => {
    const file = join(openLedger().dataDir, 'report.csv')
    writeFileSync(file, 'the report of yesterday')
    async function* fails() {
      yield 'half'
      throw Object.assign(new Error('no space left'), { code: 'ENOSPC' })
    }
    await expect(writeWhole(file, fails(), new AbortController().signal)).rejects.toMatchObject({ code: 'disk_full' })
    expect(readFileSync(file, 'utf8')).toBe('the report of yesterday')
    expect(readdirSync(dirname(file)).filter(name => name.includes('.part'))).toEqual([])
    expect(writeProblem(Object.assign(new Error(), { code: 'EBUSY' }), file)).toMatchObject({ code: 'file_in_use' })
    expect(writeProblem(Object.assign(new Error(), { code: 'EROFS' }), file)).toMatchObject({ code: 'write_failed' })
  })
})
