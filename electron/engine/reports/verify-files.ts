import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { readFile, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { z } from 'zod'
import type { KeyOrigin } from '../../../shared/domain.ts'
import type { ReportFinding } from '../../../shared/ipc.ts'
import type { LedgerView } from '../ledger/ledger-view.ts'
import { fingerprintOf, headText, isSigned } from '../ledger/signing.ts'
import { reportColumns } from './columns.ts'
import {
  lineDigest,
  lineDigestBytes,
  type Manifest,
  manifestName,
  manifestSchema,
  manifestSchemaVersion,
  manifestText,
} from './manifest.ts'

export interface FileVerification {
  readonly file: string
  readonly intact: boolean
  /** First line that does not fit, the head line being 1; null when it is about the whole file. */
  readonly line: number | null
  readonly what: ReportFinding | null
  readonly zh: string
  readonly en: string
  /** The fingerprint of the signing key: compare it with what you know from elsewhere. */
  readonly fingerprint: string
  readonly origin: KeyOrigin | null
}

/** Whether there was nothing to check, which is no sign of tampering. */
export function isUnchecked({ what }: FileVerification): boolean {
  return what === 'missing' || what === 'no_manifest' || what === 'other_version'
}

export interface VerifyFilesOptions {
  /** The key that must have signed, as its owner told it. */
  readonly fingerprint?: string
  /** Opens the ledger that must still contain what the exports say. */
  readonly ledger?: () => LedgerView
  readonly signal?: AbortSignal
}

/**
 * Checks exported reports with nothing but the files: against the manifests beside them, and those against their signatures. A
 * manifest may be named itself. With a ledger at hand, also finds that it was cut off or rewritten after the export.
 */
export async function verifyFiles(
  files: readonly string[],
  options: VerifyFilesOptions = {},
): Promise<readonly FileVerification[]> {
  const ledger = options.ledger?.() ?? null
  try {
    const verified: FileVerification[] = []
    for (const file of files) verified.push(await verifyFile(file, options, ledger))
    return verified
  } finally {
    ledger?.close()
  }
}

async function verifyFile(
  named: string,
  options: VerifyFilesOptions,
  ledger: LedgerView | null,
): Promise<FileVerification> {
  const read = await readManifest(named)
  if (read.kind === 'finding') return read.finding
  const { manifest, report } = read
  const { fingerprint, origin } = manifest.key
  const bad = (what: FileVerification['what'], zh: string, en: string, line: number | null = null) =>
    ({ file: named, intact: false, line, what, zh, en, fingerprint, origin }) satisfies FileVerification

  if (
    fingerprintOf(manifest.key.publicKey) !== fingerprint ||
    !isSigned(manifest.key.publicKey, manifestText(read.json), manifest.signature) ||
    !isSigned(manifest.key.publicKey, headText(manifest.ledgerHead), manifest.ledgerHead.signature)
  ) {
    return bad(
      'forged',
      '清单的签名无效：清单被改动。',
      'The signature of the manifest is not valid: the manifest was changed.',
    )
  }
  if (options.fingerprint !== undefined && plain(options.fingerprint) !== plain(fingerprint)) {
    return bad(
      'other_key',
      `签名有效，但不是所给指纹的密钥签发（这份报告的是 ${fingerprint}）。`,
      `The signature is valid, but made by another key than the one given (this report's is ${fingerprint}).`,
    )
  }
  const lines: LineFacts = { digests: [], rowHashes: [] }
  const actual = await digestFile(report, manifest, lines, options.signal).catch(() => null)
  if (actual === null) {
    return bad('missing', `读不到报告文件 ${basename(report)}。`, `The report file ${basename(report)} cannot be read.`)
  }
  if (actual !== manifest.sha256) {
    const { what, line } = compareLines(manifest, lines.digests)
    return bad(what, ...changedWords(what, line), line)
  }
  if (ledger !== null) {
    const broken = compareLedger(ledger, manifest, lines.rowHashes)
    if (broken !== null) return bad(broken.what, broken.zh, broken.en, broken.line)
  }
  const { seq } = manifest.ledgerHead
  return {
    file: named,
    intact: true,
    line: null,
    what: null,
    zh: `${manifest.rows} 行与清单一致，签名有效（密钥存于${originWords[origin].zh}）。导出时账本有 ${seq} 行。请核对密钥指纹是否与您已知的一致。`,
    en: `All ${manifest.rows} rows agree with the manifest and its signature is valid (key kept in ${originWords[origin].en}). The ledger had ${seq} rows at the time. Compare the key's fingerprint with the one you know.`,
    fingerprint,
    origin,
  }
}

const originWords = {
  vault: { zh: '系统钥匙串', en: 'the system keychain' },
  file: { zh: '仅本人可读的文件', en: 'a file that only its owner can read' },
} as const satisfies Record<KeyOrigin, { zh: string; en: string }>

const plain = (fingerprint: string) => fingerprint.toLowerCase().replace(/[^0-9a-f]/g, '')

type ReadManifest =
  | {
      readonly kind: 'manifest'
      readonly manifest: Manifest
      readonly json: Readonly<Record<string, unknown>>
      readonly report: string
    }
  | { readonly kind: 'finding'; readonly finding: FileVerification }

/** No manifest of ours is larger: eight bytes a line of a report. */
const maxManifestBytes = 256e6

async function readManifest(named: string): Promise<ReadManifest> {
  const isManifest = named.endsWith(manifestName(''))
  const file = isManifest ? named : manifestName(named)
  const finding = (what: FileVerification['what'], zh: string, en: string): ReadManifest => ({
    kind: 'finding',
    finding: { file: named, intact: false, line: null, what, zh, en, fingerprint: '', origin: null },
  })
  const facts = await stat(file).catch(() => null)
  if (facts === null && (isManifest || (await stat(named).catch(() => null)) === null)) {
    return finding('missing', `没有文件 ${basename(named)}。`, `There is no file ${basename(named)}.`)
  }
  if (facts === null) {
    return finding(
      'no_manifest',
      `旁边没有清单 ${basename(file)}，无从核对。`,
      `There is no manifest ${basename(file)} beside it, so there is nothing to check it against.`,
    )
  }
  const unreadable = () =>
    finding(
      'unreadable',
      '清单读不出来，不是本程序写的形式。',
      'The manifest cannot be read: it does not have the form that this program writes.',
    )
  if (facts.size > maxManifestBytes) return unreadable()
  const json = await readFile(file, 'utf8')
    .then(text => z.record(z.string(), z.unknown()).parse(JSON.parse(text)))
    .catch(() => null)
  if (json === null) return unreadable()
  if (typeof json.schema === 'number' && json.schema !== manifestSchemaVersion) {
    return finding(
      'other_version',
      `清单是版本 ${json.schema}，本程序只认版本 ${manifestSchemaVersion}。请用写出它的那个版本（或更新的版本）核对。`,
      `The manifest is of version ${json.schema}; this program knows version ${manifestSchemaVersion}. Check it with the program that wrote it, or a newer one.`,
    )
  }
  const parsed = manifestSchema.safeParse(json)
  if (!parsed.success) return unreadable()
  const manifest = parsed.data
  // A name, never a way: the manifest may come from anybody.
  const report = isManifest ? join(dirname(named), basename(manifest.file)) : named
  return { kind: 'manifest', manifest, json, report }
}

interface LineFacts {
  readonly digests: Buffer[]
  /** `row_hash` of each line of a CSV; '' where a line has none, as the head. */
  readonly rowHashes: string[]
}

async function digestFile(
  file: string,
  { format, lineDigests }: Manifest,
  facts: LineFacts,
  signal: AbortSignal | undefined,
): Promise<string> {
  const hash = createHash('sha256')
  const onLine = (line: Buffer) => {
    facts.digests.push(lineDigest(line))
    if (format === 'csv') facts.rowHashes.push(rowHashOf(line.toString('latin1')))
  }
  const split = lineDigests === null ? null : createLineSplitter(format === 'csv', onLine)
  for await (const chunk of createReadStream(file, { signal, highWaterMark: 1 << 20 })) {
    const bytes: Buffer = chunk
    hash.update(bytes)
    split?.push(bytes)
  }
  split?.end()
  return hash.digest('hex')
}

const rowHashColumn = reportColumns.findIndex(column => column.name === 'row_hash')

/** By its place: later programs add columns behind it, earlier ones had none there. */
function rowHashOf(line: string): string {
  let at = 0
  for (let column = 0; column < rowHashColumn; column += 1) {
    if (line[at] === '"') {
      do at = line.indexOf('"', at + 1) + 1
      while (at > 0 && line[at] === '"')
      if (at === 0) return ''
    }
    at = line.indexOf(',', at) + 1
    if (at === 0) return ''
  }
  return /^([0-9a-f]{64})(?:,|\r\n$)/.exec(line.slice(at, at + 66))?.[1] ?? ''
}

/** Lines with their ends; a line end between quotation marks belongs to a cell. */
function createLineSplitter(isQuoted: boolean, onLine: (line: Buffer) => void) {
  let rest: Buffer[] = []
  let inQuotes = false
  return {
    push: (chunk: Buffer) => {
      let start = 0
      for (let at = 0; at < chunk.length; at += 1) {
        const byte = chunk[at]
        if (isQuoted && byte === 0x22) inQuotes = !inQuotes
        if (byte !== 0x0a || inQuotes) continue
        const piece = chunk.subarray(start, at + 1)
        onLine(rest.length === 0 ? piece : Buffer.concat([...rest, piece]))
        rest = []
        start = at + 1
      }
      if (start < chunk.length) rest.push(chunk.subarray(start))
    },
    end: () => {
      if (rest.length > 0) onLine(Buffer.concat(rest))
    },
  }
}

type Change = 'changed' | 'removed' | 'inserted' | 'moved'

/** The first line that is not where it was, from the digests alone. */
function compareLines(manifest: Manifest, digests: readonly Buffer[]): { what: Change; line: number | null } {
  if (manifest.lineDigests === null) return { what: 'changed', line: null }
  const all = Buffer.from(manifest.lineDigests, 'base64')
  const expected: string[] = []
  for (let at = 0; at < all.length; at += lineDigestBytes)
    expected.push(all.subarray(at, at + lineDigestBytes).toString('latin1'))
  const actual = digests.map(digest => digest.toString('latin1'))
  const first = actual.findIndex((digest, index) => digest !== expected[index])
  if (first < 0) return { what: actual.length < expected.length ? 'removed' : 'changed', line: actual.length + 1 }
  const isElsewhere = expected.indexOf(actual[first] ?? '', first + 1) >= 0
  const isLater = actual.indexOf(expected[first] ?? '', first + 1) >= 0
  const what: Change =
    isElsewhere && isLater
      ? actual.length < expected.length
        ? 'removed'
        : actual.length > expected.length
          ? 'inserted'
          : 'moved'
      : isElsewhere
        ? 'removed'
        : isLater || first >= expected.length
          ? 'inserted'
          : 'changed'
  return { what, line: first + 1 }
}

function changedWords(what: Change, line: number | null): [zh: string, en: string] {
  if (line === null) return ['文件在导出之后被改动。', 'The file was changed after the export.']
  const row =
    line === 1 ? { zh: '表头行', en: 'The head line' } : { zh: `第 ${line - 1} 条记录`, en: `Row ${line - 1}` }
  switch (what) {
    case 'changed':
      return [`${row.zh}被改动。`, `${row.en} was changed.`]
    case 'removed':
      return [`${row.zh}被删除。`, `${row.en} was removed.`]
    case 'inserted':
      return [`${row.zh}是后来插入的。`, `${row.en} was inserted later.`]
    case 'moved':
      return [`${row.zh}的顺序被改动。`, `${row.en} was reordered.`]
  }
}

/** Whether the ledger still holds what it held when the report was written. */
function compareLedger(
  ledger: LedgerView,
  { ledgerHead, key }: Manifest,
  rowHashes: readonly string[],
): { what: 'ledger_cut' | 'ledger_rewritten' | 'other_key'; line: number | null; zh: string; en: string } | null {
  const keys = ledger.keys()
  const isKnown = keys.some(({ fingerprint }) => fingerprint === key.fingerprint)
  const otherKey = {
    what: 'other_key',
    line: null,
    zh: `签名有效，但这个账本不认识签名的密钥（${key.fingerprint}）：报告来自另一台工作站，或账本已不是原来的那份。`,
    en: `The signature is valid, but this ledger does not know the key (${key.fingerprint}): the report comes from another workstation, or the ledger is not the one it was.`,
  } as const
  // Before any row is compared: another workstation's rows have nothing to do with these. A ledger that has lost all of its keys
  // was cut off, which the rows tell.
  if (!isKnown && keys.length > 0) return otherKey
  const range = ledger.range()
  const last = range?.last ?? 0
  if (ledgerHead.seq > last) {
    return {
      what: 'ledger_cut',
      line: null,
      zh: `这份报告比账本新：导出时账本有 ${ledgerHead.seq} 行，现在只有 ${last} 行，第 ${last + 1} 行起被截断（或账本是从旧备份恢复的）。`,
      en: `This report is newer than the ledger: it had ${ledgerHead.seq} rows at the time and has ${last} now. It was cut off from row ${last + 1} on, or restored from an older backup.`,
    }
  }
  // What was pruned since can no longer be compared; the checkpoint stands for it.
  if (range !== null && ledgerHead.seq < range.first) return null
  if (ledger.hashOf(ledgerHead.seq) !== ledgerHead.hash) {
    const row = firstForeign(ledger, rowHashes)
    return {
      what: 'ledger_rewritten',
      line: row === null ? null : row + 1,
      zh: `账本在这份报告之后被改写：第 ${ledgerHead.seq} 行与导出时不符。${row === null ? '' : `报告的第 ${row} 条记录在账本中已找不到。`}`,
      en: `The ledger was rewritten after this report: row ${ledgerHead.seq} is not what it was.${row === null ? '' : ` Row ${row} of the report is no longer found in the ledger.`}`,
    }
  }
  return isKnown ? null : otherKey
}

/** First row of a report whose ledger row is gone, or null. */
function firstForeign(ledger: LedgerView, rowHashes: readonly string[]): number | null {
  const left = new Set(rowHashes)
  left.delete('')
  for (const hash of ledger.hashes()) left.delete(hash)
  const index = rowHashes.findIndex(hash => left.has(hash))
  return index < 0 ? null : index
}
