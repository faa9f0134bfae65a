/**
 * What evidence costs: CSV beside `sqlite3 -csv` on the same columns, verifying, appending to the ledger as a share of a check,
 * searching, and the memory of XLSX and HTML reports. Run alone: node tests/bench/evidence.ts [texts to search]
 */

import { execFile, fork } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdir, mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import process from 'node:process'
import { promisify } from 'node:util'
import { systemClock } from '../../electron/engine/base/clock.ts'
import type { GroupCommitDatabase } from '../../electron/engine/base/sqlite/group-commit.ts'
import { registry } from '../../electron/engine/checkers/registry.ts'
import { createAppender } from '../../electron/engine/ledger/append.ts'
import { openSigningKey } from '../../electron/engine/ledger/signing.ts'
import { verifyDataDir } from '../../electron/engine/ledger/verify.ts'
import { createBuiltInProfiles } from '../../electron/engine/profiles/built-in-profiles.ts'
import { exportReport } from '../../electron/engine/reports/export-report.ts'
import { openDatabase } from '../../electron/engine/store/database.ts'
import { createFolderIndex } from '../../electron/engine/store/folder-index.ts'
import { createCommands } from '../../electron/engine/store/sqlite/commands.ts'
import { createStore } from '../../electron/engine/store/sqlite/open-store.ts'
import { createQueries } from '../../electron/engine/store/sqlite/queries.ts'
import { createIndexer, createSearchReader, createSearchWriter } from '../../electron/engine/store/sqlite/search.ts'
import { screenOptionsSchema } from '../../shared/screening.ts'

export interface EvidenceResult {
  readonly rows: number
  readonly csvRowsPerSecond: number
  readonly sqliteCsvRowsPerSecond: number
  /** Ours by `sqlite3 -csv`; null where that program is not installed. */
  readonly csvRatio: number | null
  readonly verifiedRowsPerSecond: number
  /** By reading the same rows of the ledger and hashing each with node:crypto, in turns: the median over the rounds. */
  readonly verifyRatio: number
  /** Of the time that a check takes in a full batch at the platform's highest rate (4000 a minute). */
  readonly appendShare: number
  readonly searchedTexts: number
  /** Slowest of the queries, and which. */
  readonly searchMs: number
  readonly slowestQuery: string
  readonly peakMegabytes: { readonly xlsx: number; readonly html: number }
}

const batch = 'b_bench00000000'
const rounds = 5
/** The check that leaves least time for anything else: 4000 calls a minute. */
const checkMs = 60_000 / 4_000

export async function benchEvidence(texts = 1_000_000, rows = 100_000): Promise<EvidenceResult> {
  const folder = await mkdtemp(path.join(tmpdir(), 'prescreen-bench-'))
  try {
    const database = openDatabase(path.join(folder, 'prescreen.sqlite'))
    await fill(database, rows)
    const csv = await benchCsv(database, folder, rows)
    const verified = await benchVerify(database)
    const appendMs = await benchAppend(database)
    await database.close()
    const search = await benchSearch(path.join(folder, 'search'), texts)
    const peakMegabytes = {
      xlsx: await peakOf('xlsx', path.join(folder, 'xlsx')),
      html: await peakOf('html', path.join(folder, 'html')),
    }
    return {
      rows,
      ...csv,
      ...verified,
      appendShare: appendMs / checkMs,
      searchedTexts: texts,
      ...search,
      peakMegabytes,
    }
  } finally {
    await rm(folder, { recursive: true })
  }
}

/** A batch of texts that were all checked, written as a run writes it. */
async function fill(database: GroupCommitDatabase, count: number): Promise<void> {
  const commands = createCommands(database, systemClock, () => undefined)
  const queries = createQueries(database, createFolderIndex)
  const profiles = createBuiltInProfiles(registry)
    .map(each => each.profile)
    .slice(0, 1)
  const options = screenOptionsSchema.parse({})
  await database.commit(() =>
    commands.createBatch({ id: batch, name: 'bench', profiles, inputs: [], options, practice: true, owner: '1:x' }),
  )
  const pageSize = 1_000
  for (let from = 0; from < count; from += pageSize) {
    const found = Array.from({ length: Math.min(pageSize, count - from) }, (_, index) => ({
      path: `posters/autumn/${from + index}.txt`,
      source: JSON.stringify({ kind: 'file', path: `/${from + index}` }),
      kind: 'text' as const,
      bytes: 120,
      excerpt: null,
      failure: null,
    }))
    await database.commit(() => commands.addAssets(batch, 1, found))
    const open = queries.openAssets(batch, 0, pageSize)
    await database.commit(() => {
      for (const { id, path: file } of open) writeCheck(commands, id, file)
    })
  }
  await database.commit(() => commands.setState(batch, 'done', null, null))
}

function writeCheck(commands: ReturnType<typeof createCommands>, asset: number, file: string): void {
  const verdict = asset % 10 === 0 ? 'risky' : 'pass'
  const hash = String(asset).padStart(64, '0')
  const facts = {
    kind: 'text',
    bytes: 120,
    sha256: hash,
    width: null,
    height: null,
    encoding: 'utf-8',
    reading: 'plain 2',
    notes: [],
    excerpt: '秋季新品，限时优惠',
    text: '秋季新品，限时优惠',
  } as const
  const check = {
    asset,
    profile: 0,
    place: { name: 'whole', rect: null, frame: null, range: [0, 9], line: 1, column: 1 },
    endpoint: 'wechat.msg_sec_check',
    version: 'v2',
    partHash: hash,
    transform: null,
    at: Date.now(),
  } as const
  const id = commands.beginCheck(check)
  const evidence = {
    httpStatus: 200,
    errcode: 0,
    errmsg: 'ok',
    rid: null,
    traceId: `60ae120f-${asset}-41d6f8a3`,
    label: verdict === 'risky' ? 20001 : 100,
    score: 90,
    reply:
      '{"errcode":0,"errmsg":"ok","detail":[{"strategy":"content_model","errcode":0,"suggest":"pass","label":100,"prob":90}],"trace_id":"60ae120f-371d5872-41d6f8a3","result":{"suggest":"pass","label":100}}',
  }
  commands.endCheck(
    { ...check, id },
    { conclusion: { kind: 'verdict', verdict, evidence }, attempts: 1, ms: 40 },
    { profile: 'practice' },
  )
  const labels = verdict === 'risky' ? [20001] : []
  const end = {
    outcome: verdict,
    reason: null,
    detail: null,
    labels,
    score: 90,
    parts: 1,
    checked: 1,
    reusedFrom: null,
    reusedProfile: null,
    reuseKey: null,
    tiled: false,
  } as const
  commands.endResult(asset, 0, end, { path: file, sha256: hash }, facts)
}

function servicesOf(database: GroupCommitDatabase, dataDir: string): Parameters<typeof exportReport>[0] {
  const store = { get: () => undefined, set: () => undefined, delete: () => undefined }
  const vault = { strength: 'none', encrypt: noVault, decrypt: noVault } as const
  const open = () => openSigningKey({ dataDir, store, vault })
  return {
    store: createStore(database, { clock: systemClock, isAlive: () => false, openKey: open }),
    clock: systemClock,
    reasons: () => [],
    thumbnail: async () => ({ bytes: await examplePicture(), mime: 'image/webp' }),
    textOf: async () => '秋季新品，限时优惠',
  }
}

const noVault = () => Promise.reject(new Error('no vault'))

async function benchCsv(database: GroupCommitDatabase, folder: string, rows: number) {
  const services = servicesOf(database, folder)
  const ours = async () => {
    const file = path.join(folder, 'ours.csv')
    const signal = new AbortController().signal
    return (await exportReport(services, { of: 'batch', batch }, 'csv', file, 'zh', () => undefined, signal)).rows
  }
  const theirs = async () => {
    await promisify(execFile)('sqlite3', [
      '-csv',
      '-header',
      database.raw.name,
      `.once ${path.join(folder, 'theirs.csv')}`,
      sameColumns,
    ])
    return rows
  }
  const hasSqlite = await promisify(execFile)('sqlite3', ['-version']).then(
    () => true,
    () => false,
  )
  const measured: { ours: number; theirs: number }[] = []
  for (let round = 0; round < rounds; round += 1) {
    // The second one runs on a warmer machine: they take turns.
    const theirsFirst = hasSqlite && round % 2 === 0 ? await rate(theirs) : null
    const csv = await rate(ours)
    measured.push({ ours: csv, theirs: theirsFirst ?? (hasSqlite ? await rate(theirs) : Number.NaN) })
  }
  return {
    csvRowsPerSecond: median(measured.map(round => round.ours)),
    sqliteCsvRowsPerSecond: median(measured.map(round => round.theirs)),
    csvRatio: hasSqlite ? median(measured.map(round => round.ours / round.theirs)) : null,
  }
}

const ofChecks = 'FROM checks c WHERE c.asset = r.asset AND c.profile = r.profile'
const sameColumns = `SELECT 1 AS schema, a.batch, 'a_' || a.id AS asset, a.path, a.sha256, a.kind, a.bytes,
  json_extract(b.profiles, '$[' || r.profile || '].name') AS profile, json_extract(b.profiles, '$[' || r.profile || '].platform') AS platform,
  json_extract(b.profiles, '$[' || r.profile || '].appid') AS appid, r.outcome AS verdict, r.labels AS label_codes, r.labels, r.reason, r.detail,
  r.parts, r.checked, r.reused_from IS NOT NULL AS reused, (SELECT group_concat(DISTINCT c.endpoint) ${ofChecks}) AS endpoints,
  (SELECT group_concat(c.rid, ' ') ${ofChecks}) AS rids, (SELECT group_concat(c.trace_id, ' ') ${ofChecks}) AS trace_ids,
  a.decision, a.decision_reason, a.note, a.reviewer, datetime(r.screened_at / 1000, 'unixepoch') AS screened_at,
  datetime(a.decided_at / 1000, 'unixepoch') AS decided_at, hex(l.hash) AS row_hash
  FROM assets a JOIN batches b ON b.id = a.batch JOIN results r ON r.asset = a.id LEFT JOIN ledger l ON l.seq = r.ledger_seq
  WHERE a.batch = '${batch}' ORDER BY a.position, r.profile;`

async function benchVerify(database: GroupCommitDatabase) {
  const bodies = database.raw.prepare<[], string>('SELECT body FROM ledger ORDER BY seq').pluck()
  const hashAll = async () => {
    let rows = 0
    for (const body of bodies.iterate()) {
      createHash('sha256').update(body).digest()
      rows += 1
    }
    return rows
  }
  const measured: { verified: number; hashed: number }[] = []
  for (let round = 0; round < rounds; round += 1) {
    const hashed = await rate(hashAll)
    measured.push({ hashed, verified: await rate(async () => (await verifyDataDir(database.raw)).rows) })
  }
  return {
    verifiedRowsPerSecond: median(measured.map(round => round.verified)),
    verifyRatio: median(measured.map(round => round.verified / round.hashed)),
  }
}

/** Milliseconds that the two rows of one check take, within the group commits of a busy batch (64 at a time). */
async function benchAppend(database: GroupCommitDatabase): Promise<number> {
  const appender = createAppender(database.raw, systemClock)
  const body = { endpoint: 'wechat.msg_sec_check', outcome: 'pass', reply: 'x'.repeat(300), partHash: '0'.repeat(64) }
  const groups = 50
  const checks = 64
  const started = performance.now()
  for (let group = 0; group < groups; group += 1) {
    await database.commit(() => {
      for (let check = 0; check < checks; check += 1) {
        appender.append({ kind: 'call', batch: null, asset: 1, body })
        appender.append({ kind: 'result', batch: null, asset: 1, body })
      }
    })
  }
  return (performance.now() - started) / (groups * checks)
}

const words =
  '秋季 新品 上市 限时 优惠 全场 五折 会员 专享 到店 有礼 周末 狂欢 满减 活动 详情 客服 咨询 品质 生活 健康 美味 海报 主图 横幅 文案 品牌 故事 联名 限量'.split(
    ' ',
  )

/** Texts of forty characters, one in fifty thousand with a rare word, and what people look for in them. */
async function benchSearch(folder: string, texts: number): Promise<{ searchMs: number; slowestQuery: string }> {
  const database = openDatabase(path.join(folder, 'prescreen.sqlite'))
  try {
    const writer = createSearchWriter(database.raw)
    const index = createIndexer(database.raw)
    const pageSize = 5_000
    for (let from = 1; from <= texts; from += pageSize) {
      await database.commit(() => {
        for (let id = from; id < Math.min(texts + 1, from + pageSize); id += 1) {
          const text = Array.from(
            { length: 20 },
            (_, index) => words[(id * (index * 7 + 3) + index * index) % words.length],
          )
          writer.put(id, 'text', `${text.join('')}${id % 50_000 === 0 ? '违禁' : ''} sku${id}`)
        }
        index(pageSize)
      })
    }
    const reader = createSearchReader(database.raw)
    const queries = ['违禁', '限时', '限时优惠', '违', '品', '故事 违禁', '限时 客服', `sku${texts - 1}`, 'sku', '没有']
    let slowest = { ms: 0, query: '' }
    for (const query of queries) {
      const times: number[] = []
      for (let round = 0; round < rounds; round += 1) {
        const started = performance.now()
        reader.newest(query, 200)
        times.push(performance.now() - started)
      }
      const ms = median(times)
      if (ms > slowest.ms) slowest = { ms, query }
    }
    return { searchMs: slowest.ms, slowestQuery: slowest.query }
  } finally {
    await database.close()
  }
}

const reportedAssets = 10_000

/** Peak resident memory of a process of its own that writes one report of ten thousand assets, pictures included. */
async function peakOf(format: 'xlsx' | 'html', folder: string): Promise<number> {
  await mkdir(folder)
  const database = openDatabase(path.join(folder, 'prescreen.sqlite'))
  await fill(database, reportedAssets)
  // All of them pictures, all of them risky: the most that a report can show.
  database.raw.exec(`UPDATE assets SET kind = 'image', width = 750, height = 1334, outcome = 'risky';
    UPDATE results SET outcome = 'risky'`)
  await database.close()
  const child = fork(import.meta.filename, ['--peak', format, folder], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  return new Promise((resolve, reject) => {
    child.once('message', megabytes => resolve(Number(megabytes)))
    child.once('exit', code => reject(new Error(`the report ended with ${code}`)))
  })
}

async function writePeak(format: 'xlsx' | 'html', folder: string): Promise<void> {
  const database = openDatabase(path.join(folder, 'prescreen.sqlite'))
  const file = path.join(folder, `report.${format}`)
  const scope = { of: 'batch', batch } as const
  const signal = new AbortController().signal
  await exportReport(servicesOf(database, folder), scope, format, file, 'zh', () => undefined, signal, 'blurred')
  if ((await stat(file)).size === 0) throw new Error('the report is empty')
  await database.close()
  process.send?.(process.resourceUsage().maxRSS / 1024)
}

let example: Promise<Uint8Array> | null = null
/** A thumbnail as the imaging child makes them. */
function examplePicture(): Promise<Uint8Array> {
  example ??= import('sharp').then(({ default: sharp }) =>
    sharp({
      create: {
        width: 180,
        height: 320,
        channels: 3,
        background: '#a33',
        noise: { type: 'gaussian', mean: 128, sigma: 20 },
      },
    })
      .webp({ quality: 80 })
      .toBuffer(),
  )
  return example
}

async function rate(run: () => Promise<number>): Promise<number> {
  const started = performance.now()
  const count = await run()
  return count / ((performance.now() - started) / 1000)
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN
}

if (process.argv[1] === import.meta.filename) {
  const [, , first, format, folder] = process.argv
  if (first === '--peak') await writePeak(format === 'html' ? 'html' : 'xlsx', folder ?? '')
  else {
    const result = await benchEvidence(first === undefined ? undefined : Number(first))
    const { peakMegabytes: peak } = result
    process.stdout.write(
      `csv: ${result.csvRowsPerSecond.toFixed(0)} rows/s, sqlite3 -csv ${result.sqliteCsvRowsPerSecond.toFixed(0)}, ratio ${result.csvRatio?.toFixed(2)}\n` +
        `verify: ${result.verifiedRowsPerSecond.toFixed(0)} rows/s, ${result.verifyRatio.toFixed(2)} of reading and hashing them\n` +
        `ledger append: ${(result.appendShare * 100).toFixed(1)} % of a check\n` +
        `search: ${result.searchMs.toFixed(0)} ms over ${result.searchedTexts} texts (slowest: ${result.slowestQuery})\n` +
        `peak memory: xlsx ${peak.xlsx.toFixed(0)} MB, html ${peak.html.toFixed(0)} MB (${reportedAssets} assets)\n`,
    )
  }
}
