import { createHash } from 'node:crypto'
import type { Said } from '../../../../shared/problems.ts'
import { type BookProblem, bookLimits, readings, type StatuteReading } from '../../../../shared/rules.ts'
import type { Book, Rule } from './book.ts'
import { compilePattern } from './patterns.ts'
import { readSyllables } from './pinyin.ts'
import { type PreparedBooks, type PreparedPattern, preparedBooks } from './prepared.ts'
import { readList } from './read-list.ts'
import { type BookParts, readDay, readOnlyClaims, readRule, readSaid, type Source } from './read-rule.ts'
import { choiceOf, type Fields, type Findings, fieldsOf, itemsOf, readYaml, textOf } from './yaml-nodes.ts'

export type ReadBook =
  | { readonly book: Book; readonly problems: readonly BookProblem[] }
  | { readonly book: null; readonly problems: readonly BookProblem[] }

/** More than that nobody reads at once; what is mended first often mends the rest. */
const mostProblems = 100

/**
 * Reads a rule book (docs/rules.md). There is a book only where nothing is an error; warnings are given with it. Problems come in the order
 * of the file, each with its line.
 */
export function readBook(bytes: Uint8Array | string): ReadBook {
  const version = bookVersion(bytes)
  const { books } = preparedBooks()
  return (Object.hasOwn(books, version) ? books[version] : undefined) ?? readAnew(bytes, version)
}

/** What every start would read the books for that come with the program. */
export async function prepareBooks(files: readonly Uint8Array[]): Promise<PreparedBooks> {
  const books = files.map(bytes => readAnew(bytes, bookVersion(bytes)))
  const patterns = books.flatMap(({ book }) => (book?.rules ?? []).flatMap(patternsOf))
  const prepared = new Map<string, PreparedPattern>()
  for (const source of patterns) {
    const pattern = compilePattern(source)
    if (!('problem' in pattern)) {
      prepared.set(source, { text: pattern.text, literals: pattern.literals, longest: pattern.longest })
    }
  }
  return {
    books: Object.fromEntries(books.flatMap(read => (read.book === null ? [] : [[read.book.version, read]]))),
    patterns: Object.fromEntries(prepared),
    syllables: Object.fromEntries(await readSyllables(new Set(JSON.stringify([books, [...prepared]])))),
  }
}

function patternsOf({ patterns, except, exceptInSentence, exceptInText, onlyWith, requires }: Rule): string[] {
  const terms = [...except, ...exceptInSentence, ...exceptInText, ...onlyWith.flatMap(({ any }) => any), ...requires]
  return [...patterns, ...terms.filter(({ kind }) => kind === 'pattern').map(({ text }) => text)]
}

function readAnew(bytes: Uint8Array | string, version: string): ReadBook {
  const text = decoded(bytes)
  if (typeof text !== 'string') return { book: null, problems: [text] }
  const { root, findings } = readYaml(text)
  const book = root === null && findings.problems.length > 0 ? null : readRoot(root ?? 0, findings)
  const errors = findings.problems.filter(({ level }) => level === 'error').length
  const problems = inOrder(findings.problems)
  if (book === null || errors > 0) return { book: null, problems }
  return { book: { ...book, version }, problems }
}

/** SHA-256 of the file. */
export function bookVersion(bytes: Uint8Array | string): string {
  return createHash('sha256').update(bytes).digest('hex')
}

function decoded(bytes: Uint8Array | string): string | BookProblem {
  const size = typeof bytes === 'string' ? Buffer.byteLength(bytes) : bytes.length
  if (size > bookLimits.bytes) {
    return ofFile({
      zh: `文件有 ${megabytes(size)} MB，规则书最大 ${megabytes(bookLimits.bytes)} MB。请拆成几本。`,
      en: `The file has ${megabytes(size)} MB; a rule book has at most ${megabytes(bookLimits.bytes)} MB. Split it into several.`,
    })
  }
  try {
    const text = typeof bytes === 'string' ? bytes : new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    return text.replace(/^\ufeff/, '')
  } catch {
    return ofFile({
      zh: '文件不是 UTF-8 编码。请用编辑器另存为 UTF-8。',
      en: 'The file is not UTF-8. Save it as UTF-8 in your editor.',
    })
  }
}

function megabytes(bytes: number): string {
  return (Math.ceil(bytes / 100_000) / 10).toString()
}

function ofFile(message: Said): BookProblem {
  return { level: 'error', line: null, column: null, rule: null, message }
}

const rootNames = ['format', 'book', 'title', 'sources', 'only-claims', 'rules', 'lists'] as const

function readRoot(root: unknown, findings: Findings): Omit<Book, 'version'> | null {
  const fields = fieldsOf(root, rootNames, { zh: '规则书', en: 'A rule book' }, findings)
  if (fields === null || !isKnownFormat(fields.format, root, findings)) return null
  const id = fields.book === undefined ? null : readId(fields.book, findings)
  if (fields.book === undefined) {
    findings.error(root, {
      zh: '缺少 book：规则书的编号，例如 book: brand-words。',
      en: 'book is missing: the id of the rule book, for example book: brand-words.',
    })
  }
  const title = readSaid(fields.title, findings)
  if (fields.title === undefined) {
    findings.error(root, {
      zh: '缺少 title：规则书的名称，例如 title: {zh: 品牌用词, en: Brand words}。',
      en: 'title is missing: the name of the rule book, for example title: {zh: 品牌用词, en: Brand words}.',
    })
  }
  const parts: BookParts = {
    book: id ?? '',
    title: title ?? { zh: '', en: '' },
    sources: readSources(fields, findings),
    onlyClaims: readOnlyClaims(fields['only-claims'], false, findings),
    ids: new Map(),
    entries: 0,
  }
  const rules = readRules(fields, parts, findings)
  if (rules.length === 0 && findings.problems.length === 0) {
    findings.error(root, {
      zh: '规则书里没有规则：请写 rules 或 lists。',
      en: 'There is no rule in the book: write rules or lists.',
    })
  }
  if (parts.entries > bookLimits.entries) {
    findings.error(null, {
      zh: `规则书有 ${parts.entries} 个词和表达式，最多 ${bookLimits.entries} 个。请拆成几本。`,
      en: `The book has ${parts.entries} words and patterns; at most ${bookLimits.entries} are allowed. Split it into several.`,
    })
  }
  return id === null || title === null ? null : { id, title, rules, entries: parts.entries }
}

function readRules(fields: Fields<(typeof rootNames)[number]>, parts: BookParts, findings: Findings): Rule[] {
  const rules: Rule[] = []
  for (const node of itemsOf(fields.rules, findings)) {
    const rule = readRule(node, parts, findings)
    findings.rule = null
    if (rule !== null) rules.push(rule)
  }
  for (const node of itemsOf(fields.lists, findings)) {
    for (const rule of readList(node, parts, findings)) rules.push(rule)
    findings.rule = null
  }
  return rules
}

/** A book of a format that comes later may mean something else by the same words: it is not read at all. */
function isKnownFormat(node: unknown, root: unknown, findings: Findings): boolean {
  const text = node === undefined ? null : textOf(node, findings)
  if (text === '1') return true
  if (text !== null && /^\d+$/.test(text) && Number(text) > 1) {
    findings.error(node, {
      zh: `这本规则书是格式 ${text}，由更新版本的预审台写成，这个版本只懂格式 1。请升级程序。`,
      en: `This book has format ${text}, of a newer Prescreen; this version knows format 1 only. Update the program.`,
    })
  } else {
    findings.error(node ?? root, {
      zh: '第一个字段应是 format: 1。',
      en: 'The first field should be format: 1.',
    })
  }
  return false
}

/** A book's file has its id as name, and data folders go from one system to another. */
export const isDeviceName = (id: string): boolean => /^(?:con|prn|aux|nul|com[0-9]|lpt[0-9])$/.test(id)

const idForm = /^[a-z0-9][a-z0-9-]{0,62}$/

function readId(node: unknown, findings: Findings): string | null {
  const text = textOf(node, findings)?.trim() ?? null
  if (text === null) return null
  if (isDeviceName(text)) {
    findings.error(node, {
      zh: `编号“${text}”是 Windows 的设备名，不能作文件名。请换一个编号，例如 ${text}-words。`,
      en: `"${text}" is the name of a device of Windows, where no file can have it. Take another id, for example ${text}-words.`,
    })
    return null
  }
  if (idForm.test(text)) return text
  findings.error(node, {
    zh: `编号“${text.slice(0, 80)}”只能用小写字母、数字和连字符，以字母或数字开头，最多 63 个字符。`,
    en: `The id "${text.slice(0, 80)}" may have lower-case letters, digits and hyphens only, beginning with a letter or digit, and at most 63 characters.`,
  })
  return null
}

const sourceNames = ['name', 'reading', 'read-at', 'read-on'] as const

function readSources({ sources }: Fields<'sources'>, findings: Findings): ReadonlyMap<string, Source> {
  const read = new Map<string, Source>()
  if (sources === undefined) return read
  for (const [id, node] of entriesOf(sources, findings)) {
    const fields = fieldsOf(node, sourceNames, { zh: '出处', en: 'A source' }, findings)
    if (fields === null) continue
    const name = readSaid(fields.name, findings)
    const reading = fields.reading === undefined ? null : choiceOf<StatuteReading>(fields.reading, readings, findings)
    const readAt = fields['read-at'] === undefined ? null : textOf(fields['read-at'], findings)
    const readOn = readDay(fields['read-on'], findings)
    const missing = sourceNames.filter(
      field => fields[field] === undefined && (field !== 'read-on' || reading === 'official'),
    )
    if (missing.length > 0 && !(reading === 'unseen' && missing.every(field => field.startsWith('read-')))) {
      findings.error(node, {
        zh: `出处“${id}”缺少 ${missing.join('、')}。`,
        en: `The source "${id}" lacks ${missing.join(', ')}.`,
      })
    }
    if (name !== null) read.set(id, { name, reading: reading ?? 'unseen', readAt: readAt ?? '', readOn })
  }
  return read
}

/** A mapping whose keys the author chooses. */
function entriesOf(node: unknown, findings: Findings): [string, unknown][] {
  const keys = keysOf(node)
  const fields = fieldsOf(node, keys, { zh: 'sources', en: 'sources' }, findings) ?? {}
  return keys.flatMap(key => {
    const value = fields[key]
    return value === undefined ? [] : [[key, value] as [string, unknown]]
  })
}

function keysOf(node: unknown): string[] {
  if (typeof node !== 'object' || node === null || !('items' in node) || !Array.isArray(node.items)) return []
  const keys = node.items.map((pair: { key?: { value?: unknown } }) => String(pair?.key?.value ?? ''))
  return [...new Set(keys)]
}

function inOrder(problems: readonly BookProblem[]): readonly BookProblem[] {
  const rank = { error: 0, warning: 1 }
  // Errors are kept before warnings where there are too many of both.
  const kept = [...problems].sort((a, b) => rank[a.level] - rank[b.level]).slice(0, mostProblems)
  kept.sort((a, b) => (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0))
  const more = problems.length - kept.length
  if (more === 0) return kept
  const level = problems.some(problem => problem.level === 'error') ? 'error' : 'warning'
  const message = {
    zh: `另有 ${more} 处问题没有列出。请先改好以上各处再查。`,
    en: `${more} more problems are not listed. Mend these first, then check again.`,
  }
  return [...kept, { level, line: null, column: null, rule: null, message }]
}
