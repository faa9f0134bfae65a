import type { Said } from '../../../../shared/problems.ts'
import {
  bookLimits,
  type Citation,
  type Day,
  type RuleScope,
  type RuleSeverity,
  type RuleState,
  ruleScopes,
  ruleSeverities,
  ruleStates,
  type StatuteReading,
} from '../../../../shared/rules.ts'
import { type Example, type OnlyWith, type Rule, type Term, type Variant, variants } from './book.ts'
import { normaliseText } from './normalise.ts'
import { compilePattern } from './patterns.ts'
import { choiceOf, type Fields, type Findings, fieldsOf, isMapping, itemsOf, nearestOf, textOf } from './yaml-nodes.ts'

export interface Source {
  readonly name: Said
  readonly reading: StatuteReading
  readonly readAt: string
  readonly readOn: Day | null
}

/** What the rules of a book have in common while it is read. */
export interface BookParts {
  readonly book: string
  readonly title: Said
  readonly sources: ReadonlyMap<string, Source>
  /** What a rule goes by that does not say it itself. */
  readonly onlyClaims: boolean
  /** Lines by the ids of the rules so far. */
  readonly ids: Map<string, number>
  entries: number
}

const names = [
  'id',
  'title',
  'severity',
  'scopes',
  'words',
  'patterns',
  'except',
  'except-in-sentence',
  'except-in-text',
  'only-claims',
  'only-with',
  'requires',
  'variants',
  'citation',
  'why',
  'suggest',
  'in-force',
  'state',
  'by',
  'on',
  'review',
  'examples',
] as const
type RuleFields = Fields<(typeof names)[number]>

/** A rule that is written by hand; null where it cannot be one. What is wrong with it is among the findings. */
export function readRule(node: unknown, parts: BookParts, findings: Findings): Rule | null {
  const before = findings.problems.length
  const fields = fieldsOf(node, names, { zh: '规则', en: 'A rule' }, findings)
  if (fields === null) return null
  const id = readRuleId(fields.id, node, parts, findings)
  findings.rule = id
  const title = readSaid(fields.title, findings)
  const severity =
    fields.severity === undefined ? null : choiceOf<RuleSeverity>(fields.severity, ruleSeverities, findings)
  const citation = readCitation(fields.citation, parts, findings)
  const words = readWords(fields.words, findings)
  const patterns = readPatterns(fields.patterns, findings)
  parts.entries += words.length + patterns.length
  const missing = (['title', 'severity', 'citation'] as const).filter(name => fields[name] === undefined)
  if (missing.length > 0) {
    findings.error(node, { zh: `规则缺少 ${missing.join('、')}。`, en: `The rule lacks ${missing.join(', ')}.` })
  }
  if (fields.words === undefined && fields.patterns === undefined) {
    findings.error(node, {
      zh: '规则没有要找的词：请写 words 或 patterns。',
      en: 'The rule has nothing to look for: write words or patterns.',
    })
  }
  if (severity !== null && citation !== null) requireRead(severity, citation, fields.severity, findings)
  const state = readState(fields, node, findings)
  const rule = {
    ...findings.placeOf(node),
    words,
    patterns,
    except: readTerms(fields.except, findings),
    exceptInSentence: readTerms(fields['except-in-sentence'], findings),
    exceptInText: readTerms(fields['except-in-text'], findings),
    onlyClaims: readOnlyClaims(fields['only-claims'], parts.onlyClaims, findings),
    onlyWith: readOnlyWith(fields['only-with'], findings),
    requires: readTerms(fields.requires, findings),
    variants: readVariants(fields.variants, findings),
    examples: readExamples(fields.examples, node, findings),
  }
  const text = {
    scopes: readScopes(fields.scopes, findings),
    why: readSaid(fields.why, findings),
    suggestion: readSaid(fields.suggest, findings),
    state,
    review: readDay(fields.review, findings),
    inForce: readInForce(fields['in-force'], findings),
    owner: null,
  }
  const isWhole = findings.problems.slice(before).every(({ level }) => level === 'warning')
  if (!isWhole || id === null || title === null || severity === null || citation === null) return null
  return { ...rule, text: { book: parts.book, rule: id, title, severity, citation, ...text } }
}

const ruleIdForm = /^[a-z0-9][a-z0-9-]{0,62}$/

function readRuleId(node: unknown, rule: unknown, parts: BookParts, findings: Findings): string | null {
  const id = node === undefined ? null : (textOf(node, findings)?.trim() ?? '')
  if (id === null || !ruleIdForm.test(id)) {
    findings.error(node ?? rule, {
      zh: `${id === null ? '规则缺少 id' : `规则编号“${id.slice(0, 80)}”不合规`}：小写字母、数字和连字符，最多 63 个字符，例如 absolute-best。`,
      en: `${id === null ? 'The rule lacks an id' : `The id "${id.slice(0, 80)}" is not one`}: lower-case letters, digits and hyphens, at most 63 characters, for example absolute-best.`,
    })
    return null
  }
  claimId(id, node, parts, findings)
  return id
}

/** An id names one rule of the book only. */
export function claimId(id: string, node: unknown, parts: BookParts, findings: Findings): void {
  const first = parts.ids.get(id)
  if (first === undefined) {
    parts.ids.set(id, findings.placeOf(node).line)
    return
  }
  findings.error(node, {
    zh: `编号“${id}”已经用过（第 ${first} 行）。请换一个。`,
    en: `The id "${id}" is taken (line ${first}). Choose another.`,
  })
}

/** A text in both languages; a plain text, or one language alone, is for both. Null where there is none. */
export function readSaid(node: unknown, findings: Findings): Said | null {
  if (node === undefined) return null
  if (!isMapping(node)) {
    const text = textOf(node, findings)
    return text === null ? null : { zh: text, en: text }
  }
  const fields = fieldsOf(node, ['zh', 'en'], { zh: '这段文字', en: 'This text' }, findings)
  const zh = fields?.zh === undefined ? null : textOf(fields.zh, findings)
  const en = fields?.en === undefined ? null : textOf(fields.en, findings)
  const either = zh ?? en
  return either === null ? null : { zh: zh ?? either, en: en ?? either }
}

/** `2026-11-30`, and a day that there is. */
export function readDay(node: unknown, findings: Findings): Day | null {
  if (node === undefined) return null
  const text = textOf(node, findings)?.trim()
  if (text === undefined) return null
  const time = /^\d{4}-\d\d-\d\d$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN
  if (!Number.isNaN(time) && new Date(time).toISOString().slice(0, 10) === text) return text
  findings.error(node, {
    zh: `“${text.slice(0, 40)}”不是日期。请写成 2026-11-30 的样子。`,
    en: `"${text.slice(0, 40)}" is not a day. Write it as 2026-11-30.`,
  })
  return null
}

function readCitation(node: unknown, { sources }: BookParts, findings: Findings): Citation | null {
  if (node === undefined) return null
  const fields = fieldsOf(node, ['source', 'article', 'quote'], { zh: '依据（citation）', en: 'A citation' }, findings)
  if (fields === null) return null
  const id = fields.source === undefined ? null : (textOf(fields.source, findings)?.trim() ?? null)
  const source = id === null ? undefined : sources.get(id)
  if (source === undefined) {
    const nearest = id === null ? null : nearestOf(id, [...sources.keys()])
    findings.error(fields.source ?? node, {
      zh: `依据的出处${id === null ? '没有写' : `“${id}”不在 sources 里`}。${nearest === null ? '请在 sources 里写明名称和阅读情况。' : `是不是“${nearest}”？`}`,
      en: `${id === null ? 'The citation names no source' : `The source "${id}" is not among sources`}. ${nearest === null ? 'Add it to sources with its name and how it was read.' : `Do you mean "${nearest}"?`}`,
    })
    return null
  }
  return {
    source: source.name,
    article: fields.article === undefined ? '' : (textOf(fields.article, findings) ?? ''),
    quote: fields.quote === undefined ? null : textOf(fields.quote, findings),
    reading: source.reading,
    readAt: source.readAt,
    readOn: source.readOn,
  }
}

/** Nobody is held up by a statute that nobody here has read. */
function requireRead(severity: RuleSeverity, { reading }: Citation, node: unknown, findings: Findings): void {
  if (reading === 'official' || severity === 'notice') return
  findings.error(node, {
    zh: '出处不是官方文本（reading 为 secondary 或 unseen），这条规则只能是 notice。读到官方文本后再提高。',
    en: 'The source was not read in an official copy (reading is secondary or unseen), so the rule can be a notice only. Raise it once the official text was read.',
  })
}

function readState(fields: RuleFields, node: unknown, findings: Findings): RuleState {
  const state = fields.state === undefined ? 'draft' : choiceOf<RuleState>(fields.state, ruleStates, findings)
  if (fields.by !== undefined) textOf(fields.by, findings)
  readDay(fields.on, findings)
  if (state === 'checked' && (fields.by === undefined || fields.on === undefined)) {
    findings.error(fields.state ?? node, {
      zh: '已核对（checked）的规则要写明谁核对的、哪天：by: …，on: 2026-11-30。',
      en: 'A rule that is checked says by whom and when: by: …, on: 2026-11-30.',
    })
  }
  return state ?? 'draft'
}

function readInForce(node: unknown, findings: Findings): { from: Day | null; until: Day | null } {
  if (node === undefined) return { from: null, until: null }
  const fields = fieldsOf(node, ['from', 'until'], { zh: '生效期（in-force）', en: 'in-force' }, findings)
  const [from, until] = [readDay(fields?.from, findings), readDay(fields?.until, findings)]
  if (from !== null && until !== null && until < from) {
    findings.error(node, {
      zh: '失效日期（until）早于生效日期（from）。',
      en: 'The rule ends (until) before it begins (from).',
    })
  }
  return { from, until }
}

function readScopes(node: unknown, findings: Findings): readonly RuleScope[] {
  if (node === undefined) return ['general']
  const scopes = itemsOf(node, findings).map(item => choiceOf<RuleScope>(item, ruleScopes, findings))
  return [...new Set(scopes.filter(scope => scope !== null))]
}

export function readVariants(node: unknown, findings: Findings): readonly Variant[] {
  if (node === undefined) return ['symbols']
  const read = itemsOf(node, findings).map(item => choiceOf<Variant>(item, variants, findings))
  return [...new Set(read.filter(variant => variant !== null))]
}

/** Words without those that say nothing once they are normalised; such are errors, repeated ones are warned of. */
export function readWords(node: unknown, findings: Findings): readonly string[] {
  const words = new Map<string, string>()
  for (const item of itemsOf(node, findings)) {
    const word = readWord(item, findings)
    if (word === null) continue
    const normalised = normaliseText(word)
    const same = words.get(normalised)
    if (same !== undefined) {
      findings.warn(item, {
        zh: `“${word}”重复了${same === word ? '' : `（与“${same}”相同）`}，只算一次。`,
        en: `"${word}" is there twice${same === word ? '' : ` (it is the same as "${same}")`}; it counts once.`,
      })
      continue
    }
    if ([...normalised].length === 1) warnOfSingle(item, word, findings)
    words.set(normalised, word)
  }
  return [...words.values()]
}

export function warnOfSingle(node: unknown, word: string, findings: Findings): void {
  findings.warn(node, {
    zh: `“${word}”只有一个字，会在很多词里命中。请确认，或写成更长的词。`,
    en: `"${word}" is a single character and will be found within many words. Make sure that it is meant, or write a longer word.`,
  })
}

export function readWord(node: unknown, findings: Findings): string | null {
  const word = textOf(node, findings)?.trim()
  if (word === undefined) return null
  if (normaliseText(word).trim() === '') {
    findings.error(node, {
      zh: '这个词是空的（或只有看不见的字符）。请填写或删去。',
      en: 'This word is empty (or has invisible characters only). Fill it in, or remove it.',
    })
    return null
  }
  if (word.length > bookLimits.patternLength) {
    findings.error(node, {
      zh: `这个词有 ${word.length} 个字符，最多 ${bookLimits.patternLength} 个。请取其中的关键部分。`,
      en: `This word has ${word.length} characters; at most ${bookLimits.patternLength} are allowed. Take the part that matters.`,
    })
    return null
  }
  return word
}

function readPatterns(node: unknown, findings: Findings): readonly string[] {
  return itemsOf(node, findings).flatMap(item => {
    const source = textOf(item, findings)
    return source !== null && isRight(source, item, findings) ? [source] : []
  })
}

function isRight(source: string, node: unknown, findings: Findings): boolean {
  const compiled = compilePattern(source)
  if ('problem' in compiled) findings.error(node, compiled.problem)
  return !('problem' in compiled)
}

/** Words, or patterns between slashes. */
export function readTerms(node: unknown, findings: Findings): readonly Term[] {
  return itemsOf(node, findings).flatMap((item): Term[] => {
    const text = textOf(item, findings)
    if (text !== null && text.length > 2 && text.startsWith('/') && text.endsWith('/')) {
      const source = text.slice(1, -1)
      return isRight(source, item, findings) ? [{ kind: 'pattern', text: source }] : []
    }
    const word = text === null ? null : readWord(item, findings)
    return word === null ? [] : [{ kind: 'words', text: word }]
  })
}

function readOnlyWith(node: unknown, findings: Findings): readonly OnlyWith[] {
  return itemsOf(node, findings).flatMap(item => {
    const fields = fieldsOf(item, ['in', 'any'], { zh: 'only-with', en: 'only-with' }, findings)
    if (fields === null) return []
    const within = fields.in === undefined ? 'sentence' : choiceOf(fields.in, ['sentence', 'text'] as const, findings)
    const any = readTerms(fields.any, findings)
    if (any.length === 0) {
      findings.error(item, {
        zh: 'only-with 没有词：请写 any: [ … ]。',
        en: 'only-with has no words: write any: [ … ].',
      })
    }
    return within === null ? [] : [{ within, any }]
  })
}

export function readOnlyClaims(node: unknown, otherwise: boolean, findings: Findings): boolean {
  if (node === undefined) return otherwise
  return choiceOf(node, ['true', 'false'] as const, findings) === 'true'
}

function readExamples(node: unknown, rule: unknown, findings: Findings): Rule['examples'] {
  const fields =
    node === undefined ? {} : fieldsOf(node, ['hit', 'miss'], { zh: '例句（examples）', en: 'examples' }, findings)
  const [hit, miss] = [fields?.hit, fields?.miss].map(list =>
    itemsOf(list, findings).flatMap((item): Example[] => {
      const text = textOf(item, findings)
      return text === null ? [] : [{ text, ...findings.placeOf(item) }]
    }),
  )
  const examples = { hit: hit ?? [], miss: miss ?? [] }
  if (fields !== null && (examples.hit.length === 0 || examples.miss.length === 0)) {
    findings.error(node ?? rule, {
      zh: '规则要有两种例句：应命中的和不应命中的。examples: {hit: [ … ], miss: [ … ]}。',
      en: 'A rule has examples of both kinds: texts that it must hit and texts that it must not. examples: {hit: [ … ], miss: [ … ]}.',
    })
  }
  return examples
}
