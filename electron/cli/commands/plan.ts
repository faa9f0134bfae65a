import type { Command } from 'commander'
import { z } from 'zod'
import { causesText } from '../../../shared/call-causes.ts'
import { failureText, isFailureCode } from '../../../shared/failures.ts'
import type { Language } from '../../../shared/language.ts'
import { callsText, foundText, leftOutText, type PlannedDocument } from '../../../shared/planned-documents.ts'
import { detailText } from '../../../shared/remarks/index.ts'
import { routeText } from '../../../shared/routes.ts'
import type { Plan } from '../../../shared/screening.ts'
import type { CommandContext } from '../context.ts'
import { openFromCommandLine } from '../open.ts'
import { profileFlagsSchema, profilesOf, screenFlagsSchema, screenOptionsOf, warnOfPlainHttp } from '../profile.ts'
import { type ChosenRules, chosenRules, warnOfDoubts } from '../rules.ts'
import { readingNow } from '../run-batch.ts'
import { createProgressLine, printable, printableJson, table } from '../terminal.ts'
import { checkInputs, parseFlags, reportFlagsSchema } from './screen.ts'

const planSchema = z.object({ ...profileFlagsSchema.shape, ...screenFlagsSchema.shape, ...reportFlagsSchema.shape })
const namedProblems = 40

export async function plan(context: CommandContext, paths: readonly string[], command: Command): Promise<number> {
  const { stdout, stderr, words, language } = context
  const flags = parseFlags(planSchema, command)
  await checkInputs(paths, flags)
  const engine = await openFromCommandLine(context, flags.dataDir, { stdin: process.stdin })
  const stopping = new AbortController()
  const release = context.onInterrupt(() => stopping.abort(new Error('interrupted')))
  const progress = createProgressLine(stderr, flags.quiet)
  let latest: (() => Plan) | null = null
  let isOver = false
  const timer = setInterval(() => {
    void engine.queue.status().then(queue => {
      if (isOver) return
      const said = [latest === null ? '' : words.planKinds(latest().assets), readingNow(queue, words)]
      progress.show(said.filter(each => each !== '').join('  '))
    })
  }, 250)
  try {
    const rules = await chosenRules(engine, flags)
    const profiles = profilesOf(engine, flags, context, rules !== null)
    warnOfPlainHttp(context, flags)
    warnOfDoubts(context, rules)
    const options = screenOptionsOf(engine, flags, rules?.options ?? null)
    const request = { inputs: paths, profiles, options, name: null }
    const made = await engine.plan(
      request,
      grown => {
        latest = grown
      },
      stopping.signal,
    )
    isOver = true
    clearInterval(timer)
    progress.clear()
    if (flags.json) {
      stdout.write(
        `${printableJson({ schema: 1, ...made, id: undefined, done: undefined, rules: jsonBooks(rules) })}\n`,
      )
      return 0
    }
    const { assets } = made
    const count = (n: number | null) =>
      n === null ? words.unlimited : n.toLocaleString(language === 'zh' ? 'zh-CN' : 'en')
    const lines = [
      `${words.planTitle}${words.planKinds(assets)}`,
      ...(made.calls.length === 0
        ? []
        : [
            table([
              [...words.columns],
              ...made.calls.map(call => [
                printable(profiles.find(profile => profile.id === call.profile)?.name ?? call.profile),
                call.endpoint,
                count(call.parts),
                count(call.perMinute),
                count(call.quotaLeft),
              ]),
            ]),
          ]),
      ...(rules === null ? [] : [words.planRules(rules.books.length, sumOf(rules.books))]),
    ]
    for (const { way, why, kind, assets: number } of made.ways.filter(
      each => each.why !== 'only_way' && each.why !== 'chosen',
    )) {
      lines.push(`${words.planWay(kind, way, number)} ${routeText(why, language)}`)
    }
    const named = made.documents.slice(0, namedProblems)
    if (named.length > 0) {
      lines.push('', words.planDocuments(made.documentCount), table(named.map(each => documentLine(each, language))))
      if (made.documentCount > named.length) lines.push(words.more(made.documentCount - named.length))
      lines.push('')
    }
    const causes = causesText(made.causes, language)
    if (causes !== '') lines.push(words.planCauses(causes))
    if (made.controls > 0) lines.push(words.planControls(made.controls))
    if (made.reused > 0) lines.push(words.planReused(made.reused))
    lines.push(
      made.durationMs === null
        ? words.planNoQuota
        : words.planDuration(words.minutes(Math.ceil(made.durationMs / 60_000))),
    )
    if (made.problemCount > 0) {
      const shown = made.problems.slice(0, namedProblems)
      lines.push(
        '',
        words.planProblems(made.problemCount),
        table(
          shown.map(problem => [
            printable(problem.path),
            `${isFailureCode(problem.code) ? failureText(problem.code, language) : words.planSkipped} ${problem.detail === '' ? '' : `(${printable(detailText(problem.detail, language))})`}`,
          ]),
        ),
      )
      if (made.problemCount > shown.length) lines.push(words.more(made.problemCount - shown.length))
    }
    lines.push(...uncertainLines(made, words))
    stdout.write(`${lines.join('\n')}\n`)
    return 0
  } catch (error) {
    if (stopping.signal.aborted) return 130
    throw error
  } finally {
    isOver = true
    clearInterval(timer)
    progress.clear()
    release()
    await engine.close()
  }
}

function documentLine(document: PlannedDocument, language: Language): string[] {
  const { path, found } = document
  const said = [foundText(found, language), callsText(document, language), leftOutText(document, language)]
  return [printable(path), ...said.map(each => printable(each))]
}

const shownUncertain = 10

/** How texts would read in each encoding that they may be in. */
function uncertainLines({ uncertain, uncertainCount }: Plan, words: CommandContext['words']): string[] {
  if (uncertainCount === 0) return []
  const shown = uncertain.slice(0, shownUncertain)
  const rows = shown.flatMap(({ path, readings }) =>
    readings.map(({ encoding, lines }) => [printable(path), encoding, printable(lines[0] ?? '')]),
  )
  const more = uncertainCount > shown.length ? [words.more(uncertainCount - shown.length)] : []
  return ['', words.planUncertain(uncertainCount), table(rows), ...more]
}

const sumOf = (books: ChosenRules['books']): number => books.reduce((sum, { rules }) => sum + rules, 0)

const jsonBooks = (rules: ChosenRules | null) =>
  rules === null ? null : rules.books.map(({ id, ...book }) => ({ book: id, ...book }))
