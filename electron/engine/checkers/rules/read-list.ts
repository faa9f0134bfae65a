import type { Said } from '../../../../shared/problems.ts'
import {
  type Citation,
  type RuleSeverity,
  type RuleState,
  type RuleText,
  ruleSeverities,
  ruleStates,
} from '../../../../shared/rules.ts'
import type { Rule } from './book.ts'
import { normaliseText } from './normalise.ts'
import {
  type BookParts,
  claimId,
  readDay,
  readSaid,
  readTerms,
  readVariants,
  readWord,
  readWords,
  warnOfSingle,
} from './read-rule.ts'
import { choiceOf, type Fields, type Findings, fieldsOf, isMapping, itemsOf, textOf } from './yaml-nodes.ts'

const listNames = [
  'id',
  'title',
  'severity',
  'owner',
  'until',
  'match',
  'state',
  'review',
  'suggest',
  'entries',
] as const
const entryNames = ['word', 'variants', 'note', 'suggest', 'severity', 'owner', 'until', 'except'] as const

/** A list of the house: each entry is a rule of its own, which goes by the list. */
export function readList(node: unknown, parts: BookParts, findings: Findings): readonly Rule[] {
  const fields = fieldsOf(node, listNames, { zh: '词表', en: 'A list' }, findings)
  if (fields === null) return []
  const id = readListId(fields.id, node, parts, findings)
  findings.rule = id
  const title = readSaid(fields.title, findings)
  const severity =
    fields.severity === undefined ? null : choiceOf<RuleSeverity>(fields.severity, ruleSeverities, findings)
  const missing = (['title', 'severity', 'entries'] as const).filter(name => fields[name] === undefined)
  if (missing.length > 0) {
    findings.error(node, { zh: `词表缺少 ${missing.join('、')}。`, en: `The list lacks ${missing.join(', ')}.` })
  }
  if (id === null || title === null) return []
  const owner = fields.owner === undefined ? null : textOf(fields.owner, findings)
  const list: List = {
    id,
    severity: severity ?? 'notice',
    owner,
    until: readDay(fields.until, findings),
    variants: readVariants(fields.match, findings),
    state: (fields.state === undefined ? 'draft' : choiceOf<RuleState>(fields.state, ruleStates, findings)) ?? 'draft',
    review: readDay(fields.review, findings),
    suggestion: readSaid(fields.suggest, findings),
    citation: citationOf(parts.title, title, owner),
    words: new Map(),
  }
  const rules: Rule[] = []
  for (const entry of itemsOf(fields.entries, findings)) {
    const rule = readEntry(entry, list, parts, findings)
    findings.rule = id
    if (rule !== null) rules.push(rule)
  }
  return rules
}

interface List {
  readonly id: string
  readonly severity: RuleSeverity
  readonly owner: string | null
  readonly until: string | null
  readonly variants: Rule['variants']
  readonly state: RuleState
  readonly review: string | null
  readonly suggestion: Said | null
  readonly citation: Citation
  /** Lines by normalised words. */
  readonly words: Map<string, number>
}

function citationOf(book: Said, list: Said, owner: string | null): Citation {
  const source = { zh: `${book.zh}：${list.zh}`, en: `${book.en}: ${list.en}` }
  return { source, article: '', quote: null, reading: 'official', readAt: owner ?? '', readOn: null }
}

function readListId(node: unknown, list: unknown, parts: BookParts, findings: Findings): string | null {
  const id = node === undefined ? null : (textOf(node, findings)?.trim() ?? '')
  // With the word of an entry behind it, it is no longer than 100 characters.
  if (id === null || !/^[a-z0-9][a-z0-9-]{0,30}$/.test(id)) {
    findings.error(node ?? list, {
      zh: `${id === null ? '词表缺少 id' : `词表编号“${id.slice(0, 80)}”不合规`}：小写字母、数字和连字符，最多 31 个字符，例如 banned-words。`,
      en: `${id === null ? 'The list lacks an id' : `The id "${id.slice(0, 80)}" is not one`}: lower-case letters, digits and hyphens, at most 31 characters, for example banned-words.`,
    })
    return null
  }
  claimId(id, node, parts, findings)
  return id
}

function readEntry(node: unknown, list: List, parts: BookParts, findings: Findings): Rule | null {
  const fields: Fields<(typeof entryNames)[number]> | null = isMapping(node)
    ? fieldsOf(node, entryNames, { zh: '词条', en: 'An entry' }, findings)
    : { word: node }
  if (fields === null) return null
  const word = readEntryWord(fields.word ?? null, node, findings)
  if (word === null) return null
  const normalised = normaliseText(word)
  const first = list.words.get(normalised)
  if (first !== undefined) {
    findings.warn(node, {
      zh: `“${word}”在第 ${first} 行已经有了，这一条不算。`,
      en: `"${word}" is there already, in line ${first}; this entry does not count.`,
    })
    return null
  }
  const place = findings.placeOf(node)
  list.words.set(normalised, place.line)
  const id = entryId(list.id, word, parts)
  parts.ids.set(id, place.line)
  findings.rule = id
  if ([...normalised].length === 1) warnOfSingle(node, word, findings)
  const more = readWords(fields.variants, findings).filter(variant => normaliseText(variant) !== normalised)
  parts.entries += 1 + more.length
  const until = fields.until === undefined ? list.until : readDay(fields.until, findings)
  const text: RuleText = {
    book: parts.book,
    rule: id,
    title: { zh: word, en: word },
    severity:
      (fields.severity === undefined ? null : choiceOf<RuleSeverity>(fields.severity, ruleSeverities, findings)) ??
      list.severity,
    scopes: ['general'],
    citation: list.citation,
    why: readSaid(fields.note, findings),
    suggestion: readSaid(fields.suggest, findings) ?? list.suggestion,
    state: list.state,
    review: list.review,
    inForce: { from: null, until },
    owner: fields.owner === undefined ? list.owner : textOf(fields.owner, findings),
  }
  return {
    text,
    ...place,
    words: [word, ...more],
    patterns: [],
    except: readTerms(fields.except, findings),
    exceptInSentence: [],
    exceptInText: [],
    onlyClaims: false,
    onlyWith: [],
    requires: [],
    variants: list.variants,
    examples: { hit: [{ text: word, ...place }], miss: [] },
  }
}

/** Lists come from tables, where rows without a word are no more than untidy. */
function readEntryWord(word: unknown, entry: unknown, findings: Findings): string | null {
  const text = word === null ? '' : (textOf(word, findings) ?? null)
  if (text === null) return null
  if (normaliseText(text).trim() !== '') return readWord(word, findings)
  findings.warn(entry, {
    zh: '这一条没有词，不算。',
    en: 'This entry has no word and does not count.',
  })
  return null
}

const longestInId = 60

/** Ids are written in lists with blanks between them, and kept for ever: a blank is a low line, and a long word is cut. */
function entryId(list: string, word: string, { ids }: BookParts): string {
  const stem = `${list}/${cut(word.replace(/\s+/g, '_'))}`
  let id = stem
  for (let count = 2; ids.has(id); count++) id = `${stem}~${count}`
  return id
}

function cut(word: string): string {
  // Without half a character at its end.
  return word.slice(0, longestInId).replace(/[\ud800-\udbff]$/, '')
}
