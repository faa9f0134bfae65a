import { realpath, stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import { usage } from '../../shared/problems.ts'
import { type BookProblem, type Day, type RuleScope, ruleScopes, rulesProfile } from '../../shared/rules.ts'
import type { ScreenOptions } from '../../shared/screening.ts'
import type { HeadlessEngine } from '../engine/app/api.ts'
import type { Book } from '../engine/checkers/rules/book.ts'
import { readBook } from '../engine/checkers/rules/read-book.ts'
import type { NamedLook } from '../engine/library/in-use.ts'
import { problemsWith, readNamedBook } from '../engine/library/named-book.ts'
import type { CommandContext } from './context.ts'
import { printable } from './terminal.ts'

/** What `--rules` takes besides ids and paths: the books in force. */
const all = 'all'

interface RuleFlags {
  readonly rules: readonly string[]
  readonly ruleScopes?: string | undefined
}

/** A book that a run goes by, as its summary names it. */
interface BookInUse {
  readonly id: string
  readonly title: Book['title']
  readonly version: string
  readonly rules: number
  /** Rules that are past their review date. */
  readonly stale: number
}
export type BooksInUse = readonly BookInUse[]

export interface ChosenRules {
  readonly options: ScreenOptions['rules']
  readonly books: BooksInUse
  /** Doubts about the files that were named; errors have been thrown. */
  readonly doubts: readonly { readonly path: string; readonly warnings: number }[]
}

/** What `--rules` and `--rule-scopes` ask for, and what the books are; null where they ask for nothing. Throws a sentence about the first fault. */
export async function chosenRules(engine: HeadlessEngine, flags: RuleFlags): Promise<ChosenRules | null> {
  if (flags.rules.length === 0) {
    if (flags.ruleScopes === undefined) return null
    throw usage(
      '--rule-scopes 要和 --rules 一起用，例如 --rules all',
      '--rule-scopes goes with --rules, for example --rules all',
    )
  }
  const scopes = flags.ruleScopes === undefined ? null : scopesOf(flags.ruleScopes)
  const named = await namedBooks(engine, flags.rules)
  const names = named.map(each => (each.kind === 'path' ? each.path : each.id))
  const looks = await engine.looksFor(names)
  const books: BookInUse[] = []
  const doubts: { path: string; warnings: number }[] = []
  for (const [at, look] of looks.entries()) {
    const { kind, given } = named[at] ?? { kind: 'id', given: names[at] ?? '' }
    const book = bookInUse(look)
    if (book === null) throw faulty(kind === 'path' ? given : (names[at] ?? ''), look.problems)
    const twin = books.find(({ id }) => id === book.id)
    if (twin !== undefined) throw twice(given, twin.id)
    books.push(book)
    if (kind === 'path' && look.problems.length > 0) doubts.push({ path: given, warnings: look.problems.length })
  }
  const isAll = flags.rules.length === 1 && flags.rules[0] === all
  return { options: { books: isAll ? null : names, scopes }, books, doubts }
}

/** The chosen books with all of their rules. */
export async function readChosen(
  engine: HeadlessEngine,
  { options }: Pick<ChosenRules, 'options'>,
): Promise<readonly Book[]> {
  const files = await engine.booksFor(options.books)
  return files.map((bytes, at) => {
    const { book, problems } = readBook(bytes)
    if (book === null) throw faulty(options.books?.[at] ?? '', problems)
    return book
  })
}

/** What is doubtful in the files that were named; what can be used is. */
export function warnOfDoubts({ stderr, words }: CommandContext, rules: ChosenRules | null): void {
  for (const { path, warnings } of rules?.doubts ?? [])
    stderr.write(`${words.doubtfulBook(printable(path), warnings)}\n`)
}

/** A batch goes on by the books that it began with: others would make half of it something else. */
export async function refuseOtherRules(engine: HeadlessEngine, batch: string, flags: RuleFlags): Promise<void> {
  const asked = await chosenRules(engine, flags)
  if (asked === null) return
  const stored = await engine.store.reader.batch(batch)
  const isRuled = stored?.profiles.some(({ platform }) => platform === rulesProfile) ?? false
  const { books, scopes } = stored?.options.rules ?? { books: null, scopes: null }
  const sorted = (list: readonly string[] | null) => JSON.stringify(list?.toSorted() ?? null)
  const isSame = sorted(books) === sorted(asked.options.books) && sorted(scopes) === sorted(asked.options.scopes)
  if (isRuled && isSame) return
  throw usage(
    `批次 ${batch} 开始时${isRuled ? '用的是别的规则' : '没有按规则检查'}，继续时不能改；请去掉 --rules 和 --rule-scopes，或用 screen 另开一个批次`,
    `the batch ${batch} began ${isRuled ? 'with other rules' : 'without rules'}, which cannot be changed now; leave out --rules and --rule-scopes, or begin a new batch with screen`,
  )
}

/** The books that a stored batch goes by, as far as they can still be had; null where it goes by none. */
export async function storedBooks(engine: HeadlessEngine, batch: string): Promise<BooksInUse | null> {
  const stored = await engine.store.reader.batch(batch)
  if (stored === null || !stored.profiles.some(({ platform }) => platform === rulesProfile)) return null
  const looks = await engine.looksFor(stored.options.rules.books).catch(() => [])
  return looks.flatMap(look => bookInUse(look) ?? [])
}

/** Null for one with errors. */
function bookInUse({ id, title, version, rules, stale }: NamedLook): BookInUse | null {
  return id === null || title === null || version === null ? null : { id, title, version, rules, stale }
}

/** Local day. */
export function today(): Day {
  const now = new Date()
  const two = (part: number) => String(part).padStart(2, '0')
  return `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`
}

export function scopesOf(given: string, flag = '--rule-scopes'): RuleScope[] {
  const names = given.split(',').map(name => name.trim())
  return [
    ...new Set(
      names.map(name => {
        const scope = ruleScopes.find(each => each === name)
        if (scope !== undefined) return scope
        const known = ruleScopes.join(', ')
        throw usage(
          `${flag}：没有行业“${printable(name)}”；可用：${known}，几个之间用逗号`,
          `${flag}: there is no trade "${printable(name)}"; there are: ${known}, several with commas between`,
        )
      }),
    ),
  ]
}

type NamedBook = { readonly given: string } & (
  | { readonly kind: 'path'; readonly path: string }
  | { readonly kind: 'id'; readonly id: string }
)

/** What each name means: a file that is there, else the id of a book in force. */
async function namedBooks(engine: HeadlessEngine, given: readonly string[]): Promise<readonly NamedBook[]> {
  const infos = await engine.bookVersions()
  const inForce = infos.filter(({ versionInForce }) => versionInForce !== null)
  const named: NamedBook[] = []
  const places = new Map<string, string>()
  const add = (book: NamedBook, place: string) => {
    if (places.has(place)) throw twice(book.given, place)
    places.set(place, book.given)
    named.push(book)
  }
  for (const name of given) {
    if (name === '') throw usage('--rules 是空的（变量没有设置？）', '--rules is empty (a variable that is not set?)')
    if (name === all) {
      if (inForce.length === 0) {
        throw usage(
          '没有启用任何规则书，--rules all 没有可用的规则；请给出规则书文件的路径，或先启用一本',
          'no rule book is in force, so that --rules all has no rules; give the path of a book, or put one in force first',
        )
      }
      for (const { id } of inForce) add({ given: name, kind: 'id', id }, id)
      continue
    }
    const isId = /^[a-z0-9][a-z0-9-]{0,62}$/.test(name)
    const info = isId ? infos.find(({ id }) => id === name) : undefined
    if (info !== undefined) {
      if (info.versionInForce === null) throw notInForce(name)
      add({ given: name, kind: 'id', id: name }, name)
      continue
    }
    const path = resolve(name)
    if ((await stat(path).catch(() => null)) === null) throw noBook(name, inForce)
    add({ given: name, kind: 'path', path }, await realpath(path))
  }
  return named
}

/** A rule book or word list, with its faults; its examples are not run. */
export async function readBookAt(path: string): Promise<Pick<ReturnType<typeof readBook>, 'book' | 'problems'>> {
  const file = await readNamedBook(path, new AbortController().signal)
  if (file.bytes === null) return { book: null, problems: file.problems }
  const { book, problems } = readBook(file.bytes)
  return { book, problems: problemsWith(path, file, problems) }
}

/** The first fault with its place, and how to see the others. */
function faulty(given: string, problems: readonly BookProblem[]) {
  const errors = problems.filter(({ level }) => level === 'error')
  const [first] = errors
  const name = printable(given)
  const more = errors.length - 1
  return usage(
    `${first === undefined ? name : problemLine(given, first, 'zh')}${more > 0 ? `（还有 ${more} 处，见 prescreen rules check ${name}）` : ''}。没有送检`,
    `${first === undefined ? name : problemLine(given, first, 'en')}${more > 0 ? ` (${more} more: prescreen rules check ${name})` : ''} Nothing was screened`,
  )
}

/** `book.yaml:12:7 [absolute-best] What is wrong.`, as compilers write it, so that editors can follow it. */
export function problemLine(file: string, { line, column, rule, message }: BookProblem, language: 'zh' | 'en'): string {
  const place = [file, ...(line === null ? [] : [line, ...(column === null ? [] : [column])])].join(':')
  return printable(`${place}${rule === null ? '' : ` [${rule}]`}${language === 'zh' ? '：' : ': '}${message[language]}`)
}

function twice(given: string, id: string) {
  return usage(
    `--rules ${printable(given)}：同一本规则书给了两次（${printable(id)}）`,
    `--rules ${printable(given)}: the same book was given twice (${printable(id)})`,
  )
}

function notInForce(id: string) {
  return usage(
    `规则书 ${id} 没有启用：请先在窗口里试用并启用，或给出它的文件路径`,
    `the rule book ${id} is not in force: try it and put it in force in the window, or give the path of its file`,
  )
}

function noBook(name: string, inForce: readonly { readonly id: string }[]) {
  const known = inForce.map(({ id }) => id).join(', ') || '–'
  return usage(
    `没有规则书 ${printable(name)}：既不是文件，也不是启用的规则书；启用的有：${known}`,
    `no rule book ${printable(name)}: there is no such file, and no such book in force; in force are: ${known}`,
  )
}
