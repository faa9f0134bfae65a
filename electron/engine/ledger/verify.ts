import { existsSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import SQLite, { type Database } from 'better-sqlite3'
import { z } from 'zod'
import type { VerifyResult } from '../../../shared/ipc.ts'
import { Problem } from '../../../shared/problems.ts'
import { newerSchema } from '../base/sqlite/database.ts'
import { problemOf } from '../base/sqlite/problem-of.ts'
import { schemaVersion } from '../base/sqlite/schema.ts'
import { type ChainedRow, chainDigits, chainHash, chainStart } from './chain.ts'
import { readableSchema } from './older-files.ts'
import { headText, isSigned } from './signing.ts'
import { type KnownKey, knownKeys, signedHeadSchema } from './signing-book.ts'
import { type Helpers, startHelpers, verifyTables } from './verify-helpers.ts'

/** What was found, and at which row of the ledger. */
export interface Finding {
  /** The first row that does not fit; for a table, the ledger row that it contradicts. */
  readonly row: number
  readonly what: 'changed' | 'removed' | 'inserted' | 'moved' | 'rewritten' | 'forged' | 'table'
  readonly zh: string
  readonly en: string
}

export interface LedgerVerification extends VerifyResult {
  /** The first row that does not fit, or null. */
  readonly row: number | null
  readonly what: Finding['what'] | null
  /** Rows up to this one were pruned by the retention setting; 0 for none. */
  readonly prunedThrough: number
  /** First row whose time is before that of its predecessor: the clock was set back. No sign of tampering by itself. */
  readonly clockBackAt: number | null
}

export interface VerifyOptions {
  readonly signal?: AbortSignal
  /** Rows of the chain that were walked so far. */
  readonly onProgress?: (rows: number) => void
  /** Then: up to which asset the tables were compared. */
  readonly onAssets?: (through: number) => void
  /** Threads besides this one; by default as many as there is use and room for. */
  readonly threads?: number
}

export interface LedgerRow extends ChainedRow {
  readonly hash: Buffer
}

/** Name of the database inside a data directory. */
const databaseName = 'prescreen.sqlite'
const pageRows = 4_000

/**
 * Walks the whole chain, checks every signed head in it, and compares what the tables say with what the ledger says. Reads a
 * snapshot of its own, so that work goes on meanwhile. Throws `Problem` when there is no database to read.
 */
export async function verifyDataDir(
  target: string | Database,
  options: VerifyOptions = {},
): Promise<LedgerVerification> {
  const file = fileOf(target)
  const watch = watchFile(target)
  try {
    const snapshot = openSnapshot(target)
    let helpers: Helpers | null = null
    try {
      const threads = options.threads ?? threadsFor(snapshot.raw)
      helpers = watch === null ? null : startHelpers(file, threads, watch.isUnchanged)
      requireSoundPages(snapshot.raw)
      return await verifySnapshot(snapshot.raw, helpers, options)
    } finally {
      await helpers?.end()
      snapshot.close()
    }
  } catch (error) {
    throw problemOf(error, file)
  } finally {
    watch?.close()
  }
}

/** The same over a connection, as it sees the file inside its own transaction. */
export async function verifyConnection(raw: Database, options: VerifyOptions = {}): Promise<LedgerVerification> {
  requireSoundPages(raw)
  return verifySnapshot(raw, null, options)
}

function fileOf(target: string | Database): string {
  return typeof target === 'string' ? join(target, databaseName) : target.name
}

/** Damaged pages are often ones that no row below is read from: what was found in the rest would be no answer. */
export function requireSoundPages(raw: Database): void {
  const found = String(raw.pragma('quick_check(1)', { simple: true }))
  if (found !== 'ok') throw new Problem('database_corrupt', `${raw.name}: ${found.replace(/\s+/g, ' ').slice(0, 200)}`)
}

/** A read-only connection that sees one moment. A database in memory has no second connection: it is read as it is. */
export function openSnapshot(target: string | Database): { readonly raw: Database; close(): void } {
  if (typeof target !== 'string' && target.memory) return { raw: target, close: () => undefined }
  const file = fileOf(target)
  if (!existsSync(file)) throw new Problem('not_found', file)
  try {
    const raw = openReadOnly(file)
    return {
      raw,
      close: () => {
        raw.close()
      },
    }
  } catch (error) {
    throw problemOf(error, file)
  }
}

function openReadOnly(file: string): Database {
  const raw = new SQLite(file, { readonly: true, fileMustExist: true })
  try {
    // 16 MB, for pages that are read more than once.
    raw.pragma('cache_size = -16000')
    raw.exec('BEGIN')
    const version = schemaVersion(raw)
    if (version > readableSchema) throw newerSchema(version, readableSchema)
    return raw
  } catch (error) {
    raw.close()
    if (!isHalfWritten(error)) throw error
    takeBack(file)
    return openReadOnly(file)
  }
}

/** A program was ended while it brought the file up, and what it had not committed is still in the file. */
function isHalfWritten(error: unknown): boolean {
  return error instanceof SQLite.SqliteError && error.code === 'SQLITE_READONLY_ROLLBACK'
}

/** Any reading does so whose connection may write. Throws where that one may not either. */
function takeBack(file: string): void {
  const raw = new SQLite(file, { fileMustExist: true })
  try {
    schemaVersion(raw)
  } finally {
    raw.close()
  }
}

/** Rows for which another thread takes less time than it saves. */
const rowsOfThread = 20_000
const mostThreads = 3

function threadsFor(raw: Database): number {
  const rows = raw.prepare<[], number>('SELECT coalesce(max(seq) - min(seq), 0) FROM ledger').pluck().get() ?? 0
  return Math.min(mostThreads, availableParallelism() - 1, Math.floor(rows / rowsOfThread))
}

/**
 * Tells whether nothing was committed since it was called, before the snapshot: a snapshot itself cannot
 * (https://www.sqlite.org/pragma.html#pragma_data_version). Null where no file can be read; opening the snapshot reports that.
 */
function watchFile(target: string | Database): { isUnchanged(): boolean; close(): void } | null {
  const file = fileOf(target)
  if ((typeof target !== 'string' && target.memory) || !existsSync(file)) return null
  const read = <T>(what: () => T): T | null => {
    try {
      return what()
    } catch {
      return null
    }
  }
  const raw = read(() => new SQLite(file, { readonly: true, fileMustExist: true }))
  if (raw === null) return null
  const version = () => read(() => Number(raw.pragma('data_version', { simple: true })))
  const first = version()
  return {
    isUnchanged: () => first !== null && version() === first,
    close: () => {
      raw.close()
    },
  }
}

async function verifySnapshot(
  raw: Database,
  helpers: Helpers | null,
  options: VerifyOptions,
): Promise<LedgerVerification> {
  const keys = new Map(knownKeys(raw).map(key => [key.fingerprint, key]))
  const newest = [...keys.values()].at(-1) ?? null
  const chain = await walkChain(raw, keys, options)
  const tables = chain.finding === null ? await verifyTables(raw, helpers, options) : null
  const finding = chain.finding ?? tables?.finding ?? null
  const base = {
    rows: chain.rows,
    fingerprint: newest?.fingerprint ?? '',
    key: newest === null ? null : { fingerprint: newest.fingerprint, origin: newest.origin },
    prunedThrough: chain.prunedThrough,
    clockBackAt: chain.clockBackAt,
  }
  if (finding !== null) {
    const { row, what, zh, en } = finding
    return { intact: false, row, what, zh, en, ...base }
  }
  return { intact: true, row: null, what: null, ...intactWords(chain, tables?.oldRows ?? 0), ...base }
}

interface ChainWalk {
  readonly rows: number
  readonly heads: number
  readonly prunedThrough: number
  readonly clockBackAt: number | null
  readonly finding: Finding | null
}

function intactWords(
  { rows, heads, prunedThrough, clockBackAt }: ChainWalk,
  oldRows: number,
): { zh: string; en: string } {
  const zh = [
    `${rows} 行记录前后相连，${heads} 个签名有效；数据表中的批次、素材、送检记录、机审结论和人工结论与账本一致，计数和索引与它们的来源一致；未发现改动。`,
    '末尾是否被截断，只能对照此前导出的报告判断。',
  ]
  const en = [
    `All ${rows} rows follow from one another, and ${heads} signed heads are valid; batches, assets, checks, verdicts and decisions in the tables agree with the ledger, and counts and indexes with what they come from; no change was found.`,
    'Whether the end was cut off can only be told against an earlier export.',
  ]
  if (oldRows > 0) {
    zh.push(`其中 ${oldRows} 行由旧版本写入，记录得较少；缺少的内容（如来源、大小、文本开头）无从比对。`)
    en.push(
      `${oldRows} of them were written by an older version and say less: what they lack (such as source, size or the beginning of a text) could not be compared.`,
    )
  }
  if (prunedThrough > 0) {
    zh.push(`前 ${prunedThrough} 行已按保存期限清理，有签名的检查点为证。`)
    en.push(`Rows up to ${prunedThrough} were pruned by the retention setting; a signed checkpoint stands for them.`)
  }
  if (clockBackAt !== null) {
    zh.push(`第 ${clockBackAt} 行的时间早于前一行：这台电脑的时钟被调回过，行的先后以行号为准。`)
    en.push(
      `The time of row ${clockBackAt} is before that of the row above it: this computer's clock was set back. The row numbers tell the order.`,
    )
  }
  return { zh: zh.join(''), en: en.join(' ') }
}

async function walkChain(
  raw: Database,
  keys: ReadonlyMap<string, KnownKey>,
  { signal, onProgress }: VerifyOptions,
): Promise<ChainWalk> {
  let rows = 0
  let heads = 0
  let clockBackAt: number | null = null
  let lastAt = Number.NEGATIVE_INFINITY
  const start = startOf(raw, keys)
  // Its bytes are those of the row before, one after the other.
  const previous = Buffer.from(start.hash)
  let seq = start.seq
  const ended = (finding: Finding | null): ChainWalk => ({
    rows,
    heads,
    prunedThrough: start.seq,
    clockBackAt,
    finding,
  })
  if (start.finding !== null) return ended(start.finding)
  const hashAt = raw.prepare<[number], Buffer>('SELECT hash FROM ledger WHERE seq = ?').pluck()
  // Rows that lie in the last head that fitted are known to be old; a rewrite lies behind it.
  let soundThrough = start.seq
  for await (const page of pagesFrom(raw, seq, signal)) {
    for (const row of page) {
      if (row.seq !== seq + 1) return ended(missing(seq + 1, row.seq - 1))
      if (chainDigits(previous, row) !== row.digits) return ended(await diagnose(raw, previous, storedRow(row), signal))
      if (row.at < lastAt) clockBackAt ??= row.seq
      if (row.kind === 'seal' || row.kind === 'export' || row.kind === 'checkpoint') {
        const head = headOfRow(row)
        if (head !== null) {
          const key = keys.get(head.key)
          if (key === undefined || !isSigned(key.publicKey, headText(head), head.signature) || head.seq >= row.seq) {
            return ended(forged(row.seq))
          }
          if (head.seq > start.seq) {
            if (hashAt.get(head.seq)?.toString('hex') !== head.hash)
              return ended(rewritten(soundThrough + 1, head.seq, row.seq))
            soundThrough = head.seq
          }
          heads += 1
        }
      }
      lastAt = row.at
      previous.write(row.digits, 'hex')
      seq = row.seq
      rows += 1
    }
    onProgress?.(rows)
  }
  return ended(null)
}

/** With its hash in hexadecimal digits: better-sqlite3 takes longer to hand out bytes. */
interface WalkedRow extends ChainedRow {
  readonly digits: string
}

function storedRow({ digits, ...row }: WalkedRow): LedgerRow {
  return { ...row, hash: Buffer.from(digits, 'hex') }
}

/** Yields to the event loop between pages, so that it serves the window and the calls meanwhile. */
async function* pagesFrom(
  raw: Database,
  after: number,
  signal: AbortSignal | undefined,
): AsyncGenerator<readonly WalkedRow[]> {
  const page = raw.prepare<[number, number], WalkedRow>(
    'SELECT seq, at, kind, batch, asset, body, lower(hex(hash)) AS digits FROM ledger WHERE seq > ? ORDER BY seq LIMIT ?',
  )
  for (let last = after; ; ) {
    const rows = page.all(last, pageRows)
    yield rows
    if (rows.length < pageRows) return
    last = rows.at(-1)?.seq ?? last
    await new Promise(resolve => setImmediate(resolve))
    signal?.throwIfAborted()
  }
}

const checkpointSchema = z.object({ through: signedHeadSchema })

/** Where the chain begins: before the first row, or at the signed checkpoint that stands for the rows that were pruned. */
function startOf(
  raw: Database,
  keys: ReadonlyMap<string, KnownKey>,
): { seq: number; hash: Buffer; finding: Finding | null } {
  const first = raw.prepare<[], number | null>('SELECT min(seq) FROM ledger').pluck().get() ?? null
  if (first === null || first === 1) return { seq: 0, hash: chainStart, finding: null }
  const row = raw
    .prepare<[], { seq: number; body: string }>(
      "SELECT seq, body FROM ledger WHERE kind IN ('key', 'checkpoint') AND kind = 'checkpoint' ORDER BY seq DESC LIMIT 1",
    )
    .get()
  const checkpoint = row === undefined ? null : checkpointSchema.safeParse(parsedJson(row.body))
  if (row === undefined || !checkpoint?.success || first <= 0) {
    return { seq: 0, hash: chainStart, finding: first <= 0 ? inserted(first, first) : missing(1, first - 1) }
  }
  const { through } = checkpoint.data
  const key = keys.get(through.key)
  if (key === undefined || !isSigned(key.publicKey, headText(through), through.signature)) {
    return { seq: 0, hash: chainStart, finding: forged(row.seq) }
  }
  return { seq: through.seq, hash: Buffer.from(through.hash, 'hex'), finding: null }
}

function headOfRow(row: ChainedRow) {
  const parsed = z.object({ head: signedHeadSchema }).safeParse(parsedJson(row.body))
  return parsed.success ? parsed.data.head : null
}

function parsedJson(json: string): unknown {
  try {
    return JSON.parse(json)
  } catch {
    return null
  }
}

/** Rows that may have been taken out and the rest renumbered, when they are looked for. */
const longestGap = 1_000

/**
 * Tells from the rows around what was done to the first one that does not follow. Each row keeps the hash of its original
 * neighbourhood, so a row that was moved, or pushed along by another, still says where it belongs.
 */
async function diagnose(
  raw: Database,
  previous: Uint8Array,
  row: LedgerRow,
  signal: AbortSignal | undefined,
): Promise<Finding> {
  const read = raw.prepare<[number], LedgerRow>('SELECT * FROM ledger WHERE seq = ?')
  const { seq } = row
  const fits = (before: Uint8Array, candidate: LedgerRow, place: number) =>
    chainHash(before, { ...candidate, seq: place }).equals(candidate.hash)

  for await (const page of pagesFrom(raw, seq, signal)) {
    // What stood here, if it is still there. The next row tells whether all the rest was pushed along with it.
    const other = page.map(storedRow).find(candidate => fits(previous, candidate, seq))
    if (other === undefined) continue
    const after = read.get(other.seq + 1)
    const isPushed =
      after === undefined
        ? other.seq === seq + 1 && !fits(other.hash, row, other.seq)
        : fits(other.hash, after, seq + 1)
    return isPushed ? inserted(seq, other.seq - 1) : moved(seq, other.seq)
  }
  const next = read.get(seq + 1)
  if (next !== undefined && !chainHash(row.hash, next).equals(next.hash)) {
    if (chainHash(chainHash(previous, row), next).equals(next.hash)) return hashChanged(seq)
    for (let gap = 1; gap <= longestGap; gap += 1) {
      if (fits(row.hash, next, next.seq + gap)) return removed(seq, gap)
    }
  }
  return changed(seq)
}

function changed(row: number): Finding {
  return row === 1
    ? { row, what: 'changed', zh: '第 1 行被改动。', en: 'Row 1 was changed.' }
    : {
        row,
        what: 'changed',
        zh: `第 ${row} 行被改动（也可能是第 ${row - 1} 行被改动并重算了它的哈希）。之前的 ${row - 1} 行前后相连。`,
        en: `Row ${row} was changed (or row ${row - 1} was, and its own hash recalculated). The ${row - 1} rows before follow from one another.`,
      }
}

function hashChanged(row: number): Finding {
  return {
    row,
    what: 'changed',
    zh: `第 ${row} 行的哈希值被改动，内容与其后各行相符。`,
    en: `The hash of row ${row} was changed; its content agrees with the rows after it.`,
  }
}

function missing(first: number, last: number): Finding {
  return {
    row: first,
    what: 'removed',
    zh: first === last ? `第 ${first} 行被删除。` : `第 ${first} 至 ${last} 行被删除。`,
    en: first === last ? `Row ${first} was removed.` : `Rows ${first} to ${last} were removed.`,
  }
}

function removed(row: number, count: number): Finding {
  return {
    row,
    what: 'removed',
    zh: `从第 ${row} 行起有 ${count} 行被删除，其后的行被重新编号。`,
    en: `${count} ${count === 1 ? 'row was' : 'rows were'} removed from row ${row} on, and what follows was renumbered.`,
  }
}

function inserted(first: number, last: number): Finding {
  return {
    row: first,
    what: 'inserted',
    zh: first === last ? `第 ${first} 行是后来插入的。` : `第 ${first} 至 ${last} 行是后来插入的。`,
    en: first === last ? `Row ${first} was inserted later.` : `Rows ${first} to ${last} were inserted later.`,
  }
}

function moved(row: number, to: number): Finding {
  return {
    row,
    what: 'moved',
    zh: `第 ${row} 行的顺序被改动：原来的第 ${row} 行现在在第 ${to} 行。`,
    en: `Row ${row} was reordered: what was row ${row} now stands at row ${to}.`,
  }
}

function rewritten(first: number, last: number, witness: number): Finding {
  return {
    row: first,
    what: 'rewritten',
    zh: `第 ${first} 至 ${last} 行中有记录在签名之后被改写并重算了哈希：第 ${witness} 行保存的签名与第 ${last} 行不符。`,
    en: `Something in rows ${first} to ${last} was rewritten after it had been signed, and the hashes recalculated: the signed head in row ${witness} does not agree with row ${last}.`,
  }
}

function forged(row: number): Finding {
  return {
    row,
    what: 'forged',
    zh: `第 ${row} 行的签名无效，不是由账本已知的密钥签发。`,
    en: `The signature in row ${row} is not valid: it was not made by a key that the ledger knows.`,
  }
}
