import { type Document, type ErrorCode, isAlias, isMap, isScalar, isSeq, type Node, parseDocument } from 'yaml'
import type { Said } from '../../../../shared/problems.ts'
import type { BookProblem } from '../../../../shared/rules.ts'
import { putRuns, takeRuns } from './yaml-runs.ts'

/** What is written at one place of a book's file. */
export interface Place {
  readonly line: number
  readonly column: number
}

/** Collects what is wrong, with the rule that is being read. */
export interface Findings {
  rule: string | null
  readonly problems: BookProblem[]
  error(node: unknown, said: Said): void
  warn(node: unknown, said: Said): void
  placeOf(node: unknown): Place
}

/** Fields of a mapping by their names, without those that are not known. */
export type Fields<K extends string> = Readonly<Partial<Record<K, unknown>>>

/** YAML 1.2, core schema: no tags, no anchors, one document. Null where it is not that. */
export function readYaml(text: string): { readonly root: unknown; readonly findings: Findings } {
  const findings = collecting(linesOf(text))
  let document: Document.Parsed
  try {
    document = parse(text)
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    findings.error(null, {
      zh: '层层嵌套得太深，读不下去。规则书只需要四五层，请检查括号和缩进。',
      en: 'It is nested too deeply to be read. A rule book needs four or five levels: check brackets and indentation.',
    })
    return { root: null, findings }
  }
  for (const { code, message, pos } of document.errors) findings.error(pos[0], yamlError(code, message))
  return { root: document.errors.length > 0 ? null : document.contents, findings }
}

/** What it is without the runs of plain items, each of which is told apart much faster than by a parser of all that YAML is. */
function parse(text: string): Document.Parsed {
  const { shortened, runs } = takeRuns(text)
  if (runs.size > 0) {
    const document = parseWhole(shortened)
    if (putRuns(document, runs)) return document
  }
  return parseWhole(text)
}

function parseWhole(text: string): Document.Parsed {
  return parseDocument(text, {
    schema: 'core',
    prettyErrors: false,
    // By us: it would compare each key with all others.
    uniqueKeys: false,
    merge: false,
    logLevel: 'error',
  })
}

interface Lines {
  linePos(offset: number): { readonly line: number; readonly col: number }
}

function linesOf(text: string): Lines {
  const starts = [0]
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1)
  return {
    linePos: offset => {
      let [low, high] = [0, starts.length]
      while (high - low > 1) {
        const middle = (low + high) >> 1
        if ((starts[middle] ?? 0) <= offset) low = middle
        else high = middle
      }
      return { line: low + 1, col: offset - (starts[low] ?? 0) + 1 }
    },
  }
}

function collecting(lines: Lines): Findings {
  const problems: BookProblem[] = []
  const placeOf = (node: unknown): Place => {
    const offset = typeof node === 'number' ? node : offsetOf(node)
    const { line, col } = lines.linePos(offset)
    return { line: Math.max(1, line), column: Math.max(1, col) }
  }
  const add = (level: BookProblem['level'], node: unknown, rule: string | null, message: Said) => {
    const place = node === null ? { line: null, column: null } : placeOf(node)
    problems.push({ level, ...place, rule, message })
  }
  return {
    rule: null,
    problems,
    placeOf,
    error(node, said) {
      add('error', node, this.rule, said)
    },
    warn(node, said) {
      add('warning', node, this.rule, said)
    },
  }
}

function offsetOf(node: unknown): number {
  return isNode(node) ? (node.range?.[0] ?? 0) : 0
}

function isNode(node: unknown): node is Node {
  return isScalar(node) || isMap(node) || isSeq(node) || isAlias(node)
}

/** False, and said, for what a book has no use for: tags, anchors and references to them. */
function isPlain(node: unknown, findings: Findings): boolean {
  if (isAlias(node) || (isNode(node) && 'anchor' in node && node.anchor !== undefined)) {
    findings.error(node, {
      zh: '规则书里不能用锚点和引用（&、*）。请把内容写出来；以 * 或 & 开头的词请加引号。',
      en: 'Anchors and aliases (&, *) are not allowed in a rule book. Write it out; quote a word that begins with * or &.',
    })
    return false
  }
  if (isNode(node) && node.tag !== undefined) {
    findings.error(node, {
      zh: `规则书里不能用标签（${node.tag}）。以 ! 开头的词请加引号。`,
      en: `Tags (${node.tag}) are not allowed in a rule book. Quote a word that begins with !.`,
    })
    return false
  }
  return true
}

/** The fields of a mapping; null, and said, where it is none. `what` names it: `a rule`. */
export function fieldsOf<K extends string>(
  node: unknown,
  names: readonly K[],
  what: Said,
  findings: Findings,
): Fields<K> | null {
  if (!isPlain(node, findings)) return null
  if (!isMap(node)) {
    findings.error(node, {
      zh: `${what.zh}应写成“字段: 值”，例如 ${names[0]}: …`,
      en: `${what.en} is written as "field: value", for example ${names[0]}: …`,
    })
    return null
  }
  const fields: Partial<Record<K, unknown>> = {}
  const seen = new Map<string, unknown>()
  for (const { key, value } of node.items) {
    if (!isPlain(key, findings)) continue
    const name = isScalar(key) ? String(key.value) : ''
    const before = seen.get(name)
    if (before !== undefined) {
      const { line } = findings.placeOf(before)
      findings.error(key, {
        zh: `“${name}”写了两次（第一次在第 ${line} 行）。请合并成一处。`,
        en: `"${name}" is there twice (first in line ${line}). Put both into one.`,
      })
      continue
    }
    seen.set(name, key)
    const known = names.find(candidate => candidate === name)
    if (known !== undefined) {
      // An empty value is as good as none, but has a place.
      if (!isScalar(value) || value.value !== null || isQuoted(value)) fields[known] = value ?? key
      else if (!isPlain(value, findings)) continue
      continue
    }
    const nearest = nearestOf(name, names)
    findings.error(key, {
      zh: `${what.zh}没有“${name}”这个字段。${nearest === null ? `可用的有：${names.join('、')}。` : `是不是“${nearest}”？`}`,
      en: `${what.en} has no field "${name}". ${nearest === null ? `There are: ${names.join(', ')}.` : `Do you mean "${nearest}"?`}`,
    })
  }
  return fields
}

function isQuoted(node: unknown): boolean {
  return isScalar(node) && (node.type === 'QUOTE_DOUBLE' || node.type === 'QUOTE_SINGLE')
}

/** The items of a sequence; a single value is a sequence of one. Undefined is an empty one. */
export function itemsOf(node: unknown, findings: Findings): readonly unknown[] {
  if (node === undefined) return []
  if (!isPlain(node, findings)) return []
  return isSeq(node) ? node.items : [node]
}

/** The text of a scalar as it is written: a number or `true` in a list of words is a word. Null, and said, for anything else. */
export function textOf(node: unknown, findings: Findings): string | null {
  if (!isPlain(node, findings)) return null
  if (!isScalar(node)) {
    findings.error(node, {
      zh: '这里应是一段文字。含有冒号、括号等符号时请加引号。',
      en: 'A text is expected here. Quote it where it has colons, brackets or the like.',
    })
    return null
  }
  return typeof node.value === 'string' ? node.value : isQuoted(node) ? String(node.value) : (node.source ?? '')
}

export function isMapping(node: unknown): boolean {
  return isMap(node)
}

/** One of a few words; null, and said, for any other. */
export function choiceOf<T extends string>(node: unknown, choices: readonly T[], findings: Findings): T | null {
  const text = textOf(node, findings)
  if (text === null) return null
  const choice = choices.find(candidate => candidate === text.trim())
  if (choice !== undefined) return choice
  const nearest = nearestOf(text, choices)
  findings.error(node, {
    zh: `不认识“${text}”。${nearest === null ? `可用的有：${choices.join('、')}。` : `是不是“${nearest}”？`}`,
    en: `"${text}" is not known here. ${nearest === null ? `There are: ${choices.join(', ')}.` : `Do you mean "${nearest}"?`}`,
  })
  return null
}

/** The one that differs by at most a third of its letters. */
export function nearestOf<T extends string>(name: string, names: readonly T[]): T | null {
  if (name.length > 40) return null
  const [nearest] = names
    .map(candidate => ({ candidate, distance: distance(name.toLowerCase().replaceAll('_', '-'), candidate) }))
    .filter(({ candidate, distance }) => distance <= Math.max(1, Math.floor(candidate.length / 3)))
    .sort((a, b) => a.distance - b.distance)
  return nearest?.candidate ?? null
}

/** Levenshtein's. */
function distance(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, index) => index)
  for (let i = 1; i <= one.length; i++) {
    const next = [i]
    for (let j = 1; j <= other.length; j++) {
      const replaced = (row[j - 1] ?? 0) + (one[i - 1] === other[j - 1] ? 0 : 1)
      next.push(Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1))
    }
    row = next
  }
  return row[other.length] ?? 0
}

function yamlError(code: ErrorCode, message: string): Said {
  const said = yamlErrors[code]
  return said ?? { zh: `YAML 写法有误：${message}。`, en: `The YAML is malformed: ${message}.` }
}

const yamlErrors: Readonly<Partial<Record<ErrorCode, Said>>> = {
  BAD_INDENT: {
    zh: '缩进不对，或括号没有闭合。请与同级的行对齐。',
    en: 'The indentation is wrong, or a bracket is not closed. Align it with the lines of the same level.',
  },
  TAB_AS_INDENT: {
    zh: '缩进用了制表符。请改用空格。',
    en: 'A tab is used for indentation. Use blanks.',
  },
  MISSING_CHAR: {
    zh: '缺少引号、逗号、冒号或空格：请检查这一行和上一行。',
    en: 'A quote, a comma, a colon or a blank is missing: look at this line and the one before.',
  },
  MULTIPLE_DOCS: {
    zh: '一个文件只能有一本规则书。请去掉第二个“---”，或分成两个文件。',
    en: 'A file is one rule book. Remove the second "---", or make two files of it.',
  },
  BAD_SCALAR_START: {
    zh: '文字不能以这个符号开头。请加引号。',
    en: 'A text cannot begin with this character. Quote it.',
  },
  BLOCK_AS_IMPLICIT_KEY: {
    zh: '这里多了一个冒号，或上一行没有写完。含冒号的文字请加引号。',
    en: 'There is a colon too many, or the line before is not finished. Quote texts with colons.',
  },
  MULTILINE_IMPLICIT_KEY: {
    zh: '字段名要写在一行里；多半是上一行少了冒号。',
    en: "A field's name has to be in one line; the line before probably lacks a colon.",
  },
  BAD_DQ_ESCAPE: {
    zh: '双引号里的反斜杠写法不对。表达式请放在单引号里。',
    en: 'A backslash in double quotes is not right. Put patterns into single quotes.',
  },
  BAD_ALIAS: {
    zh: '以 * 或 & 开头的词请加引号。',
    en: 'Quote a word that begins with * or &.',
  },
}
