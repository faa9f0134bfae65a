import { basename } from 'node:path'
import type { ControlState } from '../../../shared/controls.ts'
import type { ParsedInput, ReportPictures } from '../../../shared/ipc.ts'
import type { Language } from '../../../shared/language.ts'
import { Problem } from '../../../shared/problems.ts'
import type { BatchProfile } from '../../../shared/screening.ts'
import type { Clock } from '../base/clock.ts'
import { detailOf } from '../base/detail.ts'
import type { ThumbnailOptions } from '../imaging/imaging.ts'
import type { ReportSnapshot, StoreLedger, StoreReports, StoreWriter } from '../store/ports.ts'
import type { ReportRow } from '../store/records.ts'
import { type Cell, isoTime } from './cells.ts'
import { cellsOf, reportColumns, rowView } from './columns.ts'
import { controlLines } from './control-lines.ts'
import { csvHead, csvLine } from './csv.ts'
import { writeWhole } from './file.ts'
import { type HtmlPicture, type HtmlReport, htmlReport } from './html.ts'
import { htmlOf } from './html-job.ts'
import { createLineDigests, manifestName, signManifest } from './manifest.ts'
import { peopleSheet } from './people-rows.ts'
import { flaggedPlaces, isHit, jsonRecord } from './records.ts'
import { type Selection, type Survey, selectionOf } from './selection.ts'
import { outcomeNames, reportWords } from './words.ts'
import { workbookRules } from './workbook-rules.ts'
import { workbook } from './xlsx.ts'

export interface ReportServices {
  readonly store: {
    readonly reports: StoreReports
    readonly writer: Pick<StoreWriter, 'append'>
    readonly ledger: Pick<StoreLedger, 'key'>
  }
  readonly clock: Clock
  /** Texts of the reasons behind the keys 1–9, in the language of the report where nobody wrote their own. */
  readonly reasons: (language: Language) => readonly string[]
  readonly thumbnail: (asset: number, options: PictureOptions) => Promise<HtmlPicture>
  /** The decoded text of an asset; null when it is no text, or its file is gone or changed. */
  readonly textOf: (asset: number) => Promise<string | null>
}

/**
 * Streams to a temporary name beside `file` and renames at the end; `pdf` is made by the window from `html`. `onProgress` gets the
 * rows written and their total. `pictures` are of images: HTML and XLSX show them blurred unless told otherwise.
 * Throws `Problem`.
 */
export type ExportReport = (
  scope: ParsedInput<'reports.export'>['scope'],
  format: 'csv' | 'xlsx' | 'html' | 'jsonl',
  file: string,
  language: Language,
  onProgress: (rows: number, total: number) => void,
  signal: AbortSignal,
  pictures?: ReportPictures,
) => Promise<{ file: string; rows: number }>

/** `piece`: a picture in a document. */
export type PictureOptions = ThumbnailOptions & { readonly piece?: string | undefined }

/** One export, with what all its formats are made of. */
export interface Export {
  readonly services: ReportServices
  readonly snapshot: ReportSnapshot
  readonly selection: Selection
  readonly format: Parameters<ExportReport>[1]
  readonly language: Language
  readonly pictures: ReportPictures
  readonly onProgress: Parameters<ExportReport>[4]
  readonly exportedAt: string
  readonly reasons: readonly string[]
  /** As the report itself states it. */
  readonly ledger: HtmlReport['ledger']
  readonly digests: ReturnType<typeof createLineDigests>
  /** Rows written so far. */
  readonly counter: { rows: number }
}

/**
 * Writes a report of a batch, of some of its assets or of what a filter finds in all batches, and its signed manifest; the ledger gets a row for it. All of it is read from
 * one moment, so that the rows and the ledger head that the manifest names belong together whatever is being screened meanwhile.
 */
export async function exportReport(
  services: ReportServices,
  ...[scope, format, file, language, onProgress, signal, pictures = 'blurred']: Parameters<ExportReport>
): ReturnType<ExportReport> {
  const { reports, writer, ledger } = services.store
  const key = await ledger.key()
  const snapshot = await reports.snapshot({ isSearched: scope.of === 'history' && scope.query !== null })
  try {
    const head = await snapshot.head()
    if (head === null) throw new Problem('not_found', detailOf('empty_ledger'))
    const exportedAt = isoTime(services.clock.now()) ?? ''
    const selection = await selectionOf(snapshot, scope, language, async () => {
      await new Promise(resolve => setImmediate(resolve))
      if (signal.aborted) throw new Problem('cancelled', file)
    })
    const { subject, filter } = selection
    const batch = subject.batch?.id ?? null
    const digests = createLineDigests()
    const counter = { rows: 0 }
    const manifestOf = (written: { sha256: string; bytes: number }) =>
      signManifest(
        {
          file: basename(file),
          format,
          language,
          batch,
          practice: subject.practice !== 'none',
          filter,
          rows: counter.rows,
          bytes: written.bytes,
          sha256: written.sha256,
          exportedAt,
          lineDigests: digests.base64(),
        },
        head,
        key,
      )
    const { ledgerHead } = manifestOf({ sha256: '', bytes: 0 })
    const { publicKey, fingerprint, origin } = key
    const pieces = await piecesOf({
      services,
      snapshot,
      selection,
      format,
      language,
      pictures,
      onProgress,
      exportedAt,
      reasons: services.reasons(language),
      ledger: { ledgerHead, key: { algorithm: 'ed25519', publicKey, fingerprint, origin } },
      digests,
      counter,
    })
    const written = await writeWhole(file, pieces, signal)
    const manifest = manifestOf(written)
    await writeWhole(manifestName(file), [`${JSON.stringify(manifest, null, 2)}\n`], signal)
    const { rows } = counter
    const { sha256 } = written
    await writer.append('export', batch, { format, rows, sha256, filter, head: manifest.ledgerHead })
    return { file, rows }
  } finally {
    await snapshot.close()
  }
}

async function piecesOf(job: Export): Promise<AsyncIterable<string | Uint8Array>> {
  const { counter } = job
  switch (job.format) {
    case 'csv':
    case 'jsonl':
      return tableLines(job)
    case 'xlsx':
      return workbookOf(job)
    case 'html': {
      const report = await htmlOf(job)
      // It counts its assets, whichever of them it lists.
      counter.rows = Object.values(report.counts.outcomes).reduce((sum, count) => sum + count, 0)
      return htmlReport(report)
    }
  }
}

/** The sheet for people takes the time: its rows count for progress as those of the tables do. */
async function workbookOf(job: Export): Promise<AsyncIterable<Uint8Array>> {
  const { selection, language, onProgress } = job
  const survey = await selection.survey()
  const assets = Object.values(survey.outcomes).reduce((sum, count) => sum + count, 0)
  const total = assets + selection.total
  let listed = 0
  const onRow = () => {
    listed += 1
    if (listed % 50 === 0) onProgress(listed, total)
  }
  return workbook({
    language,
    people: peopleSheet(job, survey, onRow),
    columns: reportColumns,
    rows: workbookRows({ ...job, onProgress: rows => onProgress(assets + rows, total) }),
    rules: workbookRules(await selection.rules(), language),
    summary: await summaryCells(job, survey),
  })
}

/** A row, and what stands behind its no-hit. */
interface ControlledRow {
  readonly row: ReportRow
  readonly control: ControlState | null
}

/** Rows in pages, with a breath after each: the event loop serves the window and the calls meanwhile. */
async function* reportRows({ snapshot, selection, counter, onProgress }: Export): AsyncGenerator<ControlledRow> {
  for await (const page of selection.rows()) {
    const controls = await snapshot.controls(page)
    for (const [index, row] of page.entries()) yield { row, control: controls[index] ?? null }
    counter.rows += page.length
    onProgress(counter.rows, selection.total)
    await new Promise(resolve => setImmediate(resolve))
  }
  onProgress(counter.rows, selection.total)
}

async function cellsOfRow(
  { snapshot, selection, language, reasons }: Export,
  { row, control }: ControlledRow,
): Promise<readonly Cell[]> {
  const profile = profileOf(selection.batchOf(row.asset.batch).profiles, row)
  const { outcome } = row.result
  // Of most assets nothing is flagged, and most of the others are one text or picture.
  const pieces = outcome === 'risky' || outcome === 'review' ? await snapshot.pieces(row.asset.id) : null
  const checks = pieces === null ? [] : await snapshot.checks(row.asset.id)
  const places = flaggedPlaces(checks, pieces, profile.id, language)
  return cellsOf(reportColumns, rowView({ row, profile, language, reasons, control, places }))
}

async function* tableLines(job: Export): AsyncGenerator<Buffer> {
  const { format, snapshot, selection, language, digests } = job
  const line = (text: string) => {
    const bytes = Buffer.from(text)
    digests.add(bytes)
    return bytes
  }
  if (format === 'csv') yield line(csvHead(reportColumns))
  for await (const { row, control } of reportRows(job)) {
    if (format === 'csv') {
      yield line(csvLine(await cellsOfRow(job, { row, control })))
      continue
    }
    const profile = profileOf(selection.batchOf(row.asset.batch).profiles, row)
    const checks = await snapshot.checks(row.asset.id)
    const pieces = await snapshot.pieces(row.asset.id)
    const ruled = isHit(row) ? await snapshot.ruled(row.asset.id) : null
    yield line(`${JSON.stringify(jsonRecord(row, { checks, pieces, control, ruled }, profile, language))}\n`)
  }
}

async function* workbookRows(job: Export): AsyncGenerator<readonly Cell[]> {
  for await (const each of reportRows(job)) yield await cellsOfRow(job, each)
}

export function profileOf(profiles: readonly BatchProfile[], row: ReportRow): BatchProfile {
  const profile = profiles[row.result.profile]
  if (profile === undefined) throw new Error(`batch ${row.asset.batch} has no profile ${row.result.profile}`)
  return profile
}

async function summaryCells(
  { selection, language, exportedAt, ledger }: Export,
  { outcomes, decisions }: Survey,
): Promise<readonly (readonly [string, Cell])[]> {
  const { subject, filter } = selection
  const { ledgerHead, key } = ledger
  const words = reportWords[language]
  const names = outcomeNames[language]
  const { batch, practice } = subject
  const isRuled = subject.isRuled || (await selection.rules()).length > 0
  const marks = { none: null, some: words.somePractice, all: words.practice } as const
  const whose = (profile: BatchProfile) => (profile.practice ? ` [${words.practiceMark}]` : '')
  return [
    [words.title, marks[practice]],
    [words.name, subject.name],
    ...(batch === null
      ? ([[words.batches, subject.batches]] as const)
      : ([
          [words.batch, batch.id],
          [words.created, new Date(batch.createdAt)],
        ] as const)),
    [words.exported, exportedAt],
    [
      words.profiles,
      subject.profiles
        .map(profile => `${profile.name} (${profile.platform}, ${profile.appid})${whose(profile)}`)
        .join('; '),
    ],
    [words.filter, filter ?? words.wholeBatch],
    ...controlLines(subject, language).map(({ text }): [string, Cell] => [words.controls, text]),
    [names.risky, outcomes.risky],
    [names.review, outcomes.review],
    [names.unchecked, outcomes.unchecked + outcomes.pending + outcomes.awaiting],
    ...(isRuled ? ([[names.rules_only, outcomes.rules_only]] as const) : []),
    [names.pass, outcomes.pass],
    [words.decided, decisions.approve + decisions.reject + decisions.escalate + decisions.defer],
    ...(batch === null ? [] : ([[words.skipped, batch.skipped]] as const)),
    [words.ledgerHead(ledgerHead.seq), ledgerHead.hash],
    [words.fingerprint, `${key.fingerprint} (${words.origin[key.origin]})`],
    [words.publicKey, key.publicKey],
    [words.signature, ledgerHead.signature],
    ...(isRuled ? ([[words.rules, words.notLegalAdvice]] as const) : []),
    ...words.methodTexts.map((text): [string, Cell] => [words.method, text]),
  ]
}
