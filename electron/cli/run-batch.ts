import { resolve } from 'node:path'
import type { ParsedInput, ReportPictures } from '../../shared/ipc.ts'
import { Problem, usage } from '../../shared/problems.ts'
import type { QueueStatus } from '../../shared/queue.ts'
import type { BatchSummary } from '../../shared/screening.ts'
import type { HeadlessEngine } from '../engine/app/api.ts'
import { faultName } from '../engine/base/fault.ts'
import { problemOf } from '../engine/base/sqlite/problem-of.ts'
import { writeProblem } from '../engine/reports/file.ts'
import type { RunningBatch } from '../engine/screening/batch-runner.ts'
import type { CommandContext } from './context.ts'
import { type JsonLines, openJsonl } from './json-lines.ts'
import { probeReports, type ReportFiles, standardOutput } from './reports.ts'
import type { BooksInUse } from './rules.ts'
import { jsonSummary, rulesSummary, textSummary } from './summary.ts'
import { createProgressLine, paint, printable, printableJson } from './terminal.ts'
import { outcomeWords, problemSentence } from './words.ts'

interface FollowFlags extends ReportFiles {
  readonly json: boolean
  readonly quiet: boolean
  /** Flags whose words are checked with each text, and with nothing else. */
  readonly textFields: readonly string[]
  /** What rules go by; null where none look. */
  readonly books: BooksInUse | null
}

/**
 * Follows a batch to its end: id first, progress, JSONL as results come, reports, summary. Resolves to the exit status of the
 * contract: 0 all passed, 1 nothing could be screened, 2 risky or review, 3 unchecked, 4 looked at by
 * rules alone, 130 interrupted.
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
      const { quiet, pictures } = flags
      await exportTo(context, engine, { scope: { of: 'batch', batch: batchId }, format, file, pictures, quiet })
    } catch (error) {
      tellLost(error, file)
    }
  }
  const ruled = await rulesSummary(engine, summary, flags.books)
  if (flags.json) stdout.write(`${printableJson(jsonSummary(summary, ruled, context.language))}\n`)
  else {
    // Standard output may be taken by the records.
    const stream = flags.jsonl === standardOutput ? stderr : stdout
    stream.write(await textSummary(context, engine, summary, ruled))
  }
  const status = exitStatus(summary)
  if (flags.textFields.length > 0 && !(await hasText(engine, batchId))) {
    stderr.write(`${words.fieldsUnused(flags.textFields.join(', '))}\n`)
    // These words were to be checked, and are not.
    if (status === 0 || status === 4) return 3
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
  /** Undefined shows them as the format does. */
  readonly pictures: ReportPictures | undefined
  /** Says nothing of the file that was written. */
  readonly quiet: boolean
}

export async function exportTo(
  context: CommandContext,
  engine: HeadlessEngine,
  { scope, format, file, pictures, quiet }: WantedReport,
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
      pictures,
    )
    if (!quiet) context.stderr.write(`${context.words.written(printable(written.file))}\n`)
  } finally {
    release()
  }
}

async function progressText({ language, words }: CommandContext, engine: HeadlessEngine, id: string): Promise<string> {
  const { tally, walked } = await engine.batches.get(id)
  const queue = await engine.queue.status()
  const done = tally.assets - tally.pending - tally.awaiting
  const share = tally.assets === 0 ? 0 : done / tally.assets
  const bar = '█'.repeat(Math.round(share * 20)).padEnd(20, '░')
  const counts = (['risky', 'review', 'unchecked', 'rules_only', 'pass'] as const)
    .filter(outcome => outcome !== 'rules_only' || tally.rules_only > 0)
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
  return [`${bar} ${done}/${tally.assets}${walked ? '' : '+'}`, counts, awaited, readingNow(queue, words), rate, finish]
    .filter(part => part !== '')
    .join('  ')
}

/** The document that says how far it is read, else any that is being read; '' for none. */
export function readingNow({ reading }: Pick<QueueStatus, 'reading'>, words: CommandContext['words']): string {
  const shown = reading.find(({ page }) => page !== null) ?? reading[0]
  return shown === undefined ? '' : printable(words.reading(shown))
}

function exitStatus(summary: BatchSummary): number {
  const { tally } = summary
  if (tally.risky + tally.review > 0) return 2
  const stop = summary.state === 'interrupted' ? summary.notice : null
  const screened = summary.tallyByProfile.some(each => each.pass + each.review + each.risky > 0)
  // Nothing was screened because of the account, the credentials or the host; what passes by itself is none of these (contract).
  if (stop !== null && !screened && stop.passes !== true) return 1
  if (tally.assets === 0) return 1
  if (tally.pass === tally.assets) return 0
  // Nothing is left unchecked, but no platform stands behind what only rules looked at.
  return tally.pass + tally.rules_only === tally.assets ? 4 : 3
}

export async function requireBatch(engine: HeadlessEngine, text: string): Promise<string> {
  // A few letters would choose among the batches that there happen to be.
  const isCertain = /^b_[0-9a-z]{8,}$/i.test(text)
  const id = isCertain ? await engine.store.reader.batchByPrefix(text) : null
  if (id === null) {
    throw usage(
      `没有批次 ${text}，或有几个这样开头。请填完整的编号，或开头的至少 10 个字符（b_ 和 8 个字符）`,
      `no batch ${text}, or several begin so; give its id, or 10 characters of its beginning at least (b_ and 8 more)`,
    )
  }
  return id
}
