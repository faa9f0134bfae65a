import { appendFileSync, closeSync, fstatSync, openSync } from 'node:fs'
import { resolve } from 'node:path'
import { controlSentence } from '../../shared/controls.ts'
import type { Outcome } from '../../shared/domain.ts'
import { isFailureCode } from '../../shared/failures.ts'
import type { ParsedInput } from '../../shared/ipc.ts'
import { Problem, usage } from '../../shared/problems.ts'
import { detailText } from '../../shared/remarks/index.ts'
import type { BatchSummary, Tally } from '../../shared/screening.ts'
import type { HeadlessEngine } from '../engine/app/api.ts'
import { faultName } from '../engine/base/fault.ts'
import { problemOf } from '../engine/base/sqlite/problem-of.ts'
import { writeProblem } from '../engine/reports/file.ts'
import { jsonRecord } from '../engine/reports/records.ts'
import type { RunningBatch } from '../engine/screening/batch-runner.ts'
import type { ReportRow } from '../engine/store/records.ts'
import type { CommandContext } from './context.ts'
import { probeReports, type ReportFiles, standardOutput } from './reports.ts'
import { createProgressLine, paint, printable, printableJson, table } from './terminal.ts'
import { failureSentence, outcomeWords, partName, problemSentence } from './words.ts'

interface FollowFlags extends ReportFiles {
  readonly json: boolean
  readonly quiet: boolean
  /** Flags whose words are checked with each text, and with nothing else. */
  readonly textFields: readonly string[]
}

/** How many risky, review and unchecked assets the summary names. */
const namedAssets = 40

/**
 * Follows a batch to its end: id first, progress, JSONL as results come, reports, summary. Resolves to the exit status of the
 * contract: 0 all passed, 1 nothing could be screened, 2 risky or review, 3 unchecked, 130 interrupted.
 */
export async function followBatch(
  context: CommandContext,
  engine: HeadlessEngine,
  start: (onResult: (asset: number, profile: number) => void) => Promise<RunningBatch>,
  flags: FollowFlags,
): Promise<number> {
  const { stdout, stderr, words } = context
  // Before the first call, so that an unwritable place is found while nothing is spent.
  // Opening is the trial of JSONL, which may be a pipe or a device.
  await probeReports({ ...flags, jsonl: undefined })
  const jsonl = flags.jsonl === undefined ? null : openJsonl(context, flags.jsonl)
  const isFile = jsonl?.isFile ?? false
  const progress = createProgressLine(stderr, flags.quiet)
  let broken: unknown = null
  let recording = Promise.resolve()
  /** One after the other, in the order in which the results came. */
  const record = (write: (lines: JsonLines) => Promise<void>) => {
    if (jsonl === null) return
    recording = recording
      .then(() => (broken === null ? write(jsonl) : undefined))
      .catch(error => {
        broken ??= error
      })
  }
  const onResult = (asset: number, profile: number) => record(lines => lines.write(engine, asset, profile))

  // From here on Ctrl-C ends in an orderly way, also while the batch is being made.
  let run: RunningBatch | null = null
  let interrupted = false
  const release = context.onInterrupt(() => {
    interrupted = true
    run?.interrupt()
  })
  try {
    run = await start(onResult)
    if (interrupted) run.interrupt()
  } catch (error) {
    release()
    jsonl?.close()
    throw error
  }
  const batchId = run.id
  if (!flags.quiet || !stderr.isTTY) stderr.write(`${words.batch(batchId)}\n`)
  const { practice } = await engine.batches.get(batchId)
  if (practice && !flags.quiet) stderr.write(`${paint(stderr, 'yellow', words.practice)}\n`)

  let ended = false
  const showProgress = async () => {
    const text = await progressText(context, engine, batchId)
    if (!ended) progress.show(text)
  }
  // What cannot be read now is shown the next time.
  const timer = setInterval(() => void showProgress().catch(() => undefined), 250)
  let summary: BatchSummary
  try {
    // What an earlier run of the batch has completed belongs to this file too.
    record(async lines => {
      for await (const page of engine.store.reports.rows(batchId, null)) await lines.writeDone(engine, page)
    })
    summary = await run.done
  } catch (error) {
    throw writeProblem(error, flags.jsonl ?? '')
  } finally {
    ended = true
    clearInterval(timer)
    release()
    progress.clear()
    await recording
    jsonl?.close()
  }
  // The verdict is printed whatever becomes of a report.
  let isReported = true
  const tellLost = (thrown: unknown, file: string) => {
    isReported = false
    const known = problemOf(writeProblem(thrown, file), file)
    const problem = known instanceof Problem ? known : new Problem('internal', faultName(known))
    if (problem.code === 'cancelled') throw problem
    stderr.write(`${printable(problemSentence(problem, context.language))}\n`)
    stderr.write(`${words.reportFailed(printable(file))}\n`)
  }
  if (broken !== null) tellLost(broken, flags.jsonl ?? '')

  if (interrupted) {
    stderr.write(`${words.interrupted(batchId)}\n`)
    return 130
  }
  for (const [format, file] of [
    // Once more, whole and in the batch's order, with the manifest that `verify` wants; a pipe has had its lines.
    ['jsonl', isFile ? flags.jsonl : undefined],
    ['csv', flags.csv],
    ['html', flags.html],
    ['xlsx', flags.xlsx],
  ] as const) {
    if (file === undefined) continue
    try {
      await exportTo(context, engine, { scope: { of: 'batch', batch: batchId }, format, file, quiet: flags.quiet })
    } catch (error) {
      tellLost(error, file)
    }
  }
  if (flags.json) stdout.write(`${printableJson(jsonSummary(summary, context.language))}\n`)
  else {
    // Standard output may be taken by the records.
    const stream = flags.jsonl === standardOutput ? stderr : stdout
    stream.write(await textSummary(context, engine, summary))
  }
  const status = exitStatus(summary)
  if (flags.textFields.length > 0 && !(await hasText(engine, batchId))) {
    stderr.write(`${words.fieldsUnused(flags.textFields.join(', '))}\n`)
    // These words were to be checked, and are not.
    if (status === 0) return 3
  }
  return status === 0 && !isReported ? 1 : status
}

async function hasText(engine: HeadlessEngine, batch: string): Promise<boolean> {
  for await (const page of engine.store.reports.rows(batch, null))
    if (page.some(row => row.asset.kind === 'text')) return true
  return false
}

interface WantedReport {
  readonly scope: ParsedInput<'reports.export'>['scope']
  readonly format: 'csv' | 'html' | 'xlsx' | 'jsonl'
  readonly file: string
  /** Says nothing of the file that was written. */
  readonly quiet: boolean
}

export async function exportTo(
  context: CommandContext,
  engine: HeadlessEngine,
  { scope, format, file, quiet }: WantedReport,
): Promise<void> {
  const stopping = new AbortController()
  const release = context.onInterrupt(() => stopping.abort())
  try {
    const written = await engine.reports.export(
      scope,
      format,
      resolve(file),
      context.language,
      () => undefined,
      stopping.signal,
    )
    if (!quiet) context.stderr.write(`${context.words.written(printable(written.file))}\n`)
  } finally {
    release()
  }
}

interface JsonLines {
  readonly isFile: boolean
  /** The lines of those rows of one batch that are complete. */
  writeDone(engine: HeadlessEngine, rows: readonly ReportRow[]): Promise<void>
  write(engine: HeadlessEngine, asset: number, profile: number): Promise<void>
  close(): void
}

/** One line per asset and profile, as soon as it is complete. */
function openJsonl({ stdout, language }: CommandContext, file: string): JsonLines {
  let descriptor: number | null
  try {
    descriptor = file === standardOutput ? null : openSync(resolve(file), 'w')
  } catch (error) {
    throw writeProblem(error, file)
  }
  const writeDone: JsonLines['writeDone'] = async (engine, rows) => {
    const done = rows.filter(row => row.result.state === 'done')
    const [first] = done
    if (first === undefined) return
    const { profiles } = await engine.batches.get(first.asset.batch)
    const controls = await engine.store.reports.controls(done)
    for (const [index, row] of done.entries()) {
      const profile = profiles[row.result.profile]
      if (profile === undefined) continue
      const checks = await engine.store.reader.checks(row.asset.id)
      const record = jsonRecord(row, { checks, control: controls[index] ?? null }, profile, language)
      if (descriptor === null) stdout.write(`${printableJson(record)}\n`)
      else appendFileSync(descriptor, `${JSON.stringify(record)}\n`)
    }
  }
  return {
    isFile: descriptor !== null && fstatSync(descriptor).isFile(),
    writeDone,
    write: async (engine, asset, profile) => {
      const batch = (await engine.store.reader.asset(asset))?.batch ?? ''
      for await (const page of engine.store.reports.rows(batch, [asset])) {
        await writeDone(
          engine,
          page.filter(row => row.result.profile === profile),
        )
      }
    },
    close: () => {
      if (descriptor !== null) closeSync(descriptor)
    },
  }
}

async function progressText({ language, words }: CommandContext, engine: HeadlessEngine, id: string): Promise<string> {
  const { tally, walked } = await engine.batches.get(id)
  const queue = await engine.queue.status()
  const done = tally.assets - tally.pending - tally.awaiting
  const share = tally.assets === 0 ? 0 : done / tally.assets
  const bar = '█'.repeat(Math.round(share * 20)).padEnd(20, '░')
  const counts = (['risky', 'review', 'unchecked', 'pass'] as const)
    .map(outcome => `${outcomeWords[language][outcome]} ${tally[outcome]}`)
    .join(' · ')
  const rates = queue.endpoints.filter(endpoint => endpoint.lastMinute > 0)
  const rate = rates.map(endpoint => words.perMinute(endpoint.lastMinute, endpoint.perMinute)).join(', ')
  const finish =
    queue.finishAt === null
      ? ''
      : words.finish(new Date(queue.finishAt).toLocaleTimeString(language === 'zh' ? 'zh-CN' : 'en-GB'))
  const { results, since } = await engine.store.reader.awaiting(id)
  const awaited = since === null ? '' : words.awaiting(results, Math.floor((Date.now() - since) / 60_000))
  return [`${bar} ${done}/${tally.assets}${walked ? '' : '+'}`, counts, awaited, rate, finish]
    .filter(part => part !== '')
    .join('  ')
}

function jsonSummary(summary: BatchSummary, language: 'zh' | 'en'): Record<string, unknown> {
  const {
    id,
    name,
    state,
    notice,
    practice,
    profiles,
    tally,
    tallyByProfile,
    noted,
    skipped,
    createdAt,
    endedAt,
    controls,
  } = summary
  return {
    schema: 1,
    batch: id,
    name,
    state,
    reason: notice?.code ?? null,
    detail: notice === null ? null : detailText(notice.detail, language),
    practice,
    profiles: profiles.map((profile, index) => ({ ...profile, ...tallyByProfile[index] })),
    ...settle(tally),
    noted,
    skipped,
    createdAt: new Date(createdAt).toISOString(),
    endedAt: endedAt === null ? null : new Date(endedAt).toISOString(),
    controls: controls.map(({ at, ...view }) => ({ ...view, at: new Date(at).toISOString() })),
  }
}

/** What is still open when a run has ended counts as unchecked. */
function settle(tally: Tally): Pick<Tally, 'assets' | 'pass' | 'review' | 'risky' | 'unchecked'> {
  return {
    assets: tally.assets,
    pass: tally.pass,
    review: tally.review,
    risky: tally.risky,
    unchecked: tally.unchecked + tally.pending + tally.awaiting,
  }
}

const styles = {
  risky: 'red',
  review: 'yellow',
  unchecked: 'magenta',
  rules_only: 'cyan',
  pass: 'green',
} as const satisfies Record<Outcome, string>

async function textSummary(context: CommandContext, engine: HeadlessEngine, summary: BatchSummary): Promise<string> {
  const { stdout, words, language } = context
  const tally = settle(summary.tally)
  const lines: string[] = []
  if (tally.assets === 0) lines.push(words.nothing)
  const { named, unnamed } = await namedRows(context, engine, summary)
  if (named.length > 0) lines.push(table(named), ...(unnamed > 0 ? [words.more(unnamed)] : []), '')
  lines.push(
    [
      words.assets(tally.assets),
      ...(['pass', 'review', 'risky', 'unchecked'] as const).map(outcome => {
        const text = `${outcomeWords[language][outcome]} ${tally[outcome]}`
        return tally[outcome] === 0 ? text : paint(stdout, styles[outcome], text)
      }),
    ].join(' · '),
  )
  if (summary.noted > 0) lines.push(paint(stdout, 'yellow', words.noted(summary.noted)))
  if (summary.skipped > 0) lines.push(words.skipped(summary.skipped))
  if (summary.notice !== null && isFailureCode(summary.notice.code)) {
    lines.push(paint(stdout, 'red', failureSentence(summary.notice.code, summary.notice.detail, language)))
  }
  if (tally.unchecked > 0) lines.push(paint(stdout, 'magenta', words.notClean(tally.unchecked)))
  if (summary.state === 'interrupted') lines.push(words.resumeHint(summary.id))
  if (tally.pass > 0) {
    for (const view of summary.controls) {
      if (view.state === 'flagged') continue
      const style = view.state === 'impossible' ? 'dim' : styles.unchecked
      const name = summary.profiles.length > 1 ? `${nameOf(summary, view.profile)} · ` : ''
      lines.push(paint(stdout, style, printable(`${name}${controlSentence(view, language)}`)))
    }
    lines.push(paint(stdout, 'dim', words.noHit))
  }
  if (summary.practice) lines.push(paint(stdout, 'yellow', words.practice))
  return `${lines.join('\n')}\n`
}

/** The first assets that did not pass, worst first, and how many more there are. */
async function namedRows({ stdout, language }: CommandContext, engine: HeadlessEngine, summary: BatchSummary) {
  const named: string[][] = []
  let unnamed = 0
  for (const outcome of ['risky', 'review', 'unchecked'] as const) {
    for await (const page of engine.store.reports.rows(summary.id, null)) {
      for (const row of page) {
        const actual =
          row.result.outcome === 'pending' || row.result.outcome === 'awaiting' ? 'unchecked' : row.result.outcome
        if (actual !== outcome) continue
        if (named.length >= namedAssets) {
          unnamed += 1
          continue
        }
        const checks = await engine.store.reader.checks(row.asset.id)
        const profile = summary.profiles[row.result.profile]
        const record = jsonRecord(row, { checks, control: null }, profile ?? fallbackProfile, language)
        named.push([
          paint(stdout, styles[outcome], outcomeWords[language][outcome]),
          printable(row.asset.path),
          ...(summary.profiles.length > 1 ? [printable(profile?.name ?? '')] : []),
          explain(record, row.result.reason, row.result.detail, language),
        ])
      }
    }
  }
  return { named, unnamed }
}

const nameOf = ({ profiles }: BatchSummary, id: string) => profiles.find(profile => profile.id === id)?.name ?? id

const fallbackProfile = { id: '', name: '', platform: '', appid: '', practice: false } as const

/** Where the hit is and what it is called, or why there is no verdict and what to do. */
function explain(
  record: Record<string, unknown>,
  reason: string | null,
  detail: string | null,
  language: 'zh' | 'en',
): string {
  const checks = Array.isArray(record.checks) ? record.checks : []
  const hits = checks.filter(check => check.verdict === 'risky' || check.verdict === 'review')
  const places = hits
    .filter(check => check.part !== 'whole' || check.line !== null)
    .slice(0, 3)
    .map(check =>
      check.line === null
        ? partName(check.part, language)
        : `${check.part === 'whole' ? '' : `${partName(check.part, language)} `}${check.line}:${check.column}`,
    )
  const labels = Array.isArray(record.labels) ? record.labels.map(label => `${label[language]} ${label.code}`) : []
  const why = reason !== null && isFailureCode(reason) ? failureSentence(reason, detail, language) : ''
  return [labels.join(', '), places.join(', '), why].filter(part => part !== '').join(' · ')
}

function exitStatus(summary: BatchSummary): number {
  const { tally } = summary
  if (tally.risky + tally.review > 0) return 2
  const stop = summary.state === 'interrupted' ? summary.notice : null
  const screened = summary.tallyByProfile.some(each => each.pass + each.review + each.risky > 0)
  // Nothing was screened because of the account, the credentials or the host; what passes by itself is none of these (contract).
  if (stop !== null && !screened && stop.passes !== true) return 1
  if (tally.assets === 0) return 1
  return tally.pass === tally.assets ? 0 : 3
}

export async function requireBatch(engine: HeadlessEngine, text: string): Promise<string> {
  // A few letters would choose among the batches that there happen to be.
  const isCertain = /^b_[0-9a-z]{8,}$/i.test(text)
  const id = isCertain ? await engine.store.reader.batchByPrefix(text) : null
  if (id === null) {
    throw usage(
      `没有批次 ${text}，或有几个这样开头。请填完整的 ID，或开头的至少 10 个字符（b_ 和 8 个字符）`,
      `no batch ${text}, or several begin so; give its id, or 10 characters of its beginning at least (b_ and 8 more)`,
    )
  }
  return id
}
