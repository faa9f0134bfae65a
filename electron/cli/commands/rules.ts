import { stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { Command } from 'commander'
import { z } from 'zod'
import { usage } from '../../../shared/problems.ts'
import { type BookProblem, isStale, type RuleText, ruleSeverities } from '../../../shared/rules.ts'
import type { Book, Rule } from '../../engine/checkers/rules/book.ts'
import { compileBooks, type FoundHit, noRuleApplies } from '../../engine/checkers/rules/compile.ts'
import { testBook } from '../../engine/checkers/rules/test-book.ts'
import { ruleName } from '../../engine/reports/by-rule.ts'
import { reportWords, severityNames } from '../../engine/reports/words.ts'
import type { CommandContext } from '../context.ts'
import { openFromCommandLine } from '../open.ts'
import { chosenRules, problemLine, readBookAt, readChosen, scopesOf, today } from '../rules.ts'
import { paint, printable, printableJson, table } from '../terminal.ts'
import { parseFlags } from './screen.ts'

const checkSchema = z.object({ json: z.boolean().default(false) })

interface CheckedFile {
  readonly file: string
  /** Null where the file has errors. */
  readonly book: Book | null
  readonly problems: readonly BookProblem[]
}

/** Faults and doubts of rule books and word lists, by line. Resolves to 1 where anything is an error. Needs no data folder. */
export async function checkRules(context: CommandContext, files: readonly string[], command: Command): Promise<number> {
  const { stdout, words, language } = context
  const flags = parseFlags(checkSchema, command)
  if (files.includes('')) throw usage('路径是空的（变量没有设置？）', 'a path is empty (a variable that is not set?)')
  const checked: CheckedFile[] = []
  for (const file of files) {
    const found = await checkFile(file)
    const twin = checked.find(({ book }) => book !== null && book.id === found.book?.id)
    checked.push(twin === undefined ? found : { ...found, problems: [...found.problems, sameId(twin)] })
  }
  const count = (level: BookProblem['level']) =>
    checked.reduce((sum, { problems }) => sum + problems.filter(each => each.level === level).length, 0)
  const errors = count('error')
  if (flags.json) {
    const shown = checked.map(({ file, book, problems }) => ({
      file,
      book: book?.id ?? null,
      version: book?.version ?? null,
      rules: book?.rules.length ?? null,
      entries: book?.entries ?? null,
      stale: book === null ? null : staleIn(book),
      problems,
    }))
    stdout.write(`${printableJson({ schema: 1, files: shown, errors, warnings: count('warning') })}\n`)
    return errors > 0 ? 1 : 0
  }
  for (const { file, book, problems } of checked) {
    for (const problem of problems) {
      const mark = paint(stdout, problem.level === 'error' ? 'red' : 'yellow', words.problemLevels[problem.level])
      stdout.write(`${mark} ${problemLine(file, problem, language)}\n`)
    }
    if (book === null) continue
    stdout.write(`${printable(file)}: ${words.bookChecked(book.id, book.rules.length, book.entries)}\n`)
    if (staleIn(book) > 0) stdout.write(`${paint(stdout, 'yellow', words.staleBook(book.id, staleIn(book)))}\n`)
  }
  stdout.write(`${words.checkedFiles(checked.length, errors, count('warning'))}\n`)
  return errors > 0 ? 1 : 0
}

async function checkFile(file: string): Promise<CheckedFile> {
  if ((await stat(resolve(file)).catch(() => null)) === null) {
    throw usage(`没有文件 ${printable(file)}`, `there is no file ${printable(file)}`)
  }
  const { book, problems } = await readBookAt(resolve(file))
  const failed = book === null ? [] : await testBook(book)
  return { file, book, problems: [...problems, ...failed] }
}

function sameId({ file, book }: CheckedFile): BookProblem {
  const id = book?.id ?? ''
  const message = {
    zh: `编号 ${id} 与 ${file} 相同。请换一个编号，否则两本都不能用。`,
    en: `The id ${id} is that of ${file} too. Give one of them another, or neither can be used.`,
  }
  return { level: 'error', line: null, column: null, rule: null, message }
}

const staleIn = ({ rules }: Book): number => rules.filter(({ text }) => isStale(text, today())).length

const listSchema = z.object({
  scope: z.string().optional(),
  severity: z.enum(ruleSeverities).optional(),
  json: z.boolean().default(false),
  dataDir: z.string().optional(),
})

/** The books with their states; of those that are named, or with a filter, every rule. */
export async function listRules(context: CommandContext, named: readonly string[], command: Command): Promise<number> {
  const { stdout, words, language } = context
  const flags = parseFlags(listSchema, command)
  const scopes = flags.scope === undefined ? null : scopesOf(flags.scope, '--scope')
  const engine = await openFromCommandLine(context, flags.dataDir)
  try {
    const infos = await engine.rules.books()
    const chosen = named.length === 0 ? null : await chosenRules(engine, { rules: named })
    const books = chosen === null ? [] : await readChosen(engine, chosen)
    const isFiltered = scopes !== null || flags.severity !== undefined
    const shown = named.length > 0 ? books : isFiltered || flags.json ? await inForce(engine, infos) : []
    const isWanted = ({ text }: Rule) =>
      (flags.severity === undefined || text.severity === flags.severity) &&
      (scopes === null || text.scopes.some(scope => scopes.includes(scope)))
    const listed = shown.map(book => ({ book, rules: book.rules.filter(isWanted) }))
    if (flags.json) {
      const rulesOf = (id: string) => listed.find(({ book }) => book.id === id)?.rules.map(jsonRule) ?? []
      const known =
        named.length === 0 ? infos.map(info => ({ ...info, listed: rulesOf(info.id) })) : listed.map(jsonBook)
      stdout.write(`${printableJson({ schema: 1, books: known, remark: reportWords[language].notLegalAdvice })}\n`)
      return 0
    }
    if (named.length === 0) {
      const rows = infos.map(({ id, title, origin, state, rules, stale, problems }) => [
        printable(id),
        printable(title[language]),
        words.bookOrigins[origin],
        words.bookStates[state],
        words.ruleCount(rules),
        ...[
          stale === 0 ? '' : words.staleRules(stale),
          problems.length === 0 ? '' : words.problemCount(problems.length),
        ],
      ])
      stdout.write(`${rows.length === 0 ? words.noBooks : table(rows)}\n`)
    }
    for (const { book, rules } of listed) {
      stdout.write(`\n${printable(book.id)} · ${printable(book.title[language])}\n`)
      stdout.write(`${rules.length === 0 ? words.noRules : table(rules.map(rule => ruleRow(context, rule.text)))}\n`)
    }
    stdout.write(`${paint(stdout, 'dim', reportWords[language].notLegalAdvice)}\n`)
    return 0
  } finally {
    await engine.close()
  }
}

async function inForce(
  engine: Awaited<ReturnType<typeof openFromCommandLine>>,
  infos: readonly { readonly id: string; readonly versionInForce: string | null }[],
): Promise<readonly Book[]> {
  const ids = infos.filter(({ versionInForce }) => versionInForce !== null).map(({ id }) => id)
  return ids.length === 0 ? [] : readChosen(engine, { options: { books: ids, scopes: null } })
}

function ruleRow({ stdout, words, language }: CommandContext, text: RuleText): readonly string[] {
  const { source, article } = text.citation
  const stale = isStale(text, today()) ? paint(stdout, 'yellow', words.staleMark) : ''
  return [
    severityNames[language][text.severity],
    printable(text.rule),
    printable(text.title[language]),
    text.scopes.join(','),
    printable([source[language], article].filter(part => part !== '').join(' ')),
    `${text.review ?? ''}${stale === '' ? '' : ` ${stale}`}`,
  ]
}

const jsonRule = (rule: Rule) => ({
  ...rule.text,
  stale: isStale(rule.text, today()),
  line: rule.line,
  words: rule.words,
  patterns: rule.patterns,
})

const jsonBook = ({ book, rules }: { readonly book: Book; readonly rules: readonly Rule[] }) => ({
  id: book.id,
  title: book.title,
  version: book.version,
  rules: book.rules.length,
  entries: book.entries,
  stale: staleIn(book),
  listed: rules.map(jsonRule),
})

const testSchema = z.object({
  text: z.string().optional(),
  ruleScopes: z.string().optional(),
  json: z.boolean().default(false),
  dataDir: z.string().optional(),
})

/**
 * Runs the examples of books (1 where one comes out otherwise than it should), or tries a text: 2 where it is hit by a rule that needs a
 * proof or forbids it, 4 where it is not, as `screen` would say it.
 */
export async function testRules(context: CommandContext, named: readonly string[], command: Command): Promise<number> {
  const flags = parseFlags(testSchema, command)
  if (flags.text === undefined && flags.ruleScopes !== undefined) {
    throw usage('--rule-scopes 要和 --text 一起用', '--rule-scopes goes with --text')
  }
  const engine = await openFromCommandLine(context, flags.dataDir)
  try {
    const chosen = await chosenRules(engine, { rules: named, ruleScopes: flags.ruleScopes })
    const books = chosen === null ? [] : await readChosen(engine, chosen)
    if (flags.text === undefined) return await runExamples(context, books, flags.json)
    const text = flags.text === '-' ? await readStdin() : flags.text
    const matcher = await compileBooks(books, { scopes: chosen?.options.scopes ?? null, today: today() })
    if (matcher.rules.length === 0) throw noRuleApplies()
    const { hits, more } = matcher.find(text)
    const status = hits.some(({ rule }) => rule.severity !== 'notice') ? 2 : 4
    if (flags.json) context.stdout.write(`${printableJson({ schema: 1, hits: hits.map(jsonHitIn(text)), more })}\n`)
    else context.stdout.write(triedText(context, text, hits, more))
    return status
  } finally {
    await engine.close()
  }
}

async function runExamples({ stdout, words, language }: CommandContext, books: readonly Book[], isJson: boolean) {
  const results = []
  for (const book of books) {
    const examples = book.rules.reduce((sum, rule) => sum + rule.examples.hit.length + rule.examples.miss.length, 0)
    results.push({ book: book.id, rules: book.rules.length, examples, problems: await testBook(book) })
  }
  if (isJson) stdout.write(`${printableJson({ schema: 1, books: results })}\n`)
  else {
    for (const { book, examples, problems } of results) {
      for (const problem of problems) stdout.write(`${problemLine(book, problem, language)}\n`)
      stdout.write(`${words.examplesRun(book, examples, problems.length)}\n`)
    }
  }
  return results.some(({ problems }) => problems.length > 0) ? 1 : 0
}

function triedText(
  { stdout, words, language }: CommandContext,
  text: string,
  hits: readonly FoundHit[],
  more: number,
): string {
  const rows = hits.map(({ rule, range, matched }) => {
    const { line, column } = placeIn(text, range[0])
    const { source, article } = rule.citation
    return [
      severityNames[language][rule.severity],
      `${line}:${column}`,
      printable(matched),
      printable(rule.title[language]),
      printable(ruleName(rule)),
      printable([source[language], article].filter(part => part !== '').join(' ')),
      printable(rule.suggestion === null ? '' : `${reportWords[language].suggestion}: ${rule.suggestion[language]}`),
    ]
  })
  const lines = [
    rows.length === 0 ? words.noRuleHit : table(rows),
    ...(more > 0 ? [words.more(more)] : []),
    paint(stdout, 'dim', reportWords[language].notLegalAdvice),
  ]
  return `${lines.join('\n')}\n`
}

const jsonHitIn = (text: string) => (hit: FoundHit) => ({
  rule: ruleName(hit.rule),
  bookVersion: hit.bookVersion,
  title: hit.rule.title,
  severity: hit.rule.severity,
  range: hit.range,
  ...placeIn(text, hit.range[0]),
  matched: hit.matched,
  citation: hit.rule.citation,
  suggestion: hit.rule.suggestion,
  stale: isStale(hit.rule, today()),
})

/** Line and column, both from 1, of an offset in UTF-16 units. */
function placeIn(text: string, at: number): { readonly line: number; readonly column: number } {
  const before = text.slice(0, at).split(/\r\n|\r|\n/)
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 }
}

/** Longer texts are files, which `screen` takes. */
const stdinBytes = 20_000_000

async function readStdin(): Promise<string> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of process.stdin) {
    const bytes = Buffer.from(chunk)
    size += bytes.length
    if (size > stdinBytes) {
      throw usage(
        '标准输入超过 20 MB，请用 screen --rules 检查文件',
        'standard input is longer than 20 MB; use screen --rules on a file',
      )
    }
    chunks.push(bytes)
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunks))
  } catch {
    throw usage(
      '标准输入不是 UTF-8；请转换编码，或用 screen --rules 检查文件',
      'standard input is not UTF-8; convert it, or use screen --rules on the file',
    )
  }
}
