import type { TextRange } from '../../../../shared/domain.ts'
import { type RuleText, ruleSeverities } from '../../../../shared/rules.ts'
import { scan } from './automaton.ts'
import type { Found, FoundHit } from './compile.ts'
import { type Compiled, type CompiledRule, type Probe, waiverKey } from './compile-rules.ts'
import { digestOf } from './digest.ts'
import { normalise, originalRange, type View, viewText } from './normalise.ts'
import { matchesOf } from './pattern-matches.ts'
import { containing, overlapping, type Ranges, rangesOf, withoutOverlaps } from './ranges.ts'
import { type Sentences, sentencesOf } from './sentences.ts'
import { classOf, digit, letter, squeeze, unitClasses } from './squeeze.ts'

/** Hits of one text that are kept. */
export const mostHits = 1000

/** Where words end in one view, as lists by word: the newest occurrence first, each with the one before. */
interface Seen {
  readonly view: View
  readonly text: string
  readonly ends: number[]
  readonly before: number[]
  readonly newest: Map<number, number>
}

/** What is known of a text while its rules are tried. */
interface Reading {
  readonly compiled: Compiled
  readonly text: string
  readonly seen: readonly Seen[]
  readonly ranges: Map<string, Ranges>
  readonly sentences: () => Sentences
}

export function findIn(compiled: Compiled, text: string): Found {
  const first = normalise(text)
  const second = squeeze(first)
  const seen = [first, ...(second === null ? [] : [second])].map(view => wordsIn(compiled, view))
  let sentences: Sentences | null = null
  const reading: Reading = {
    compiled,
    text,
    seen,
    ranges: new Map(),
    sentences: () => {
      sentences ??= sentencesOf(first)
      return sentences
    },
  }
  const found: { rule: CompiledRule; range: TextRange }[] = []
  for (const number of triggeredRules(reading)) {
    const rule = compiled.rules[number]
    if (rule !== undefined) for (const range of hitsOf(rule, reading)) found.push({ rule, range })
  }
  return kept(found, text, compiled)
}

function kept(found: { rule: CompiledRule; range: TextRange }[], text: string, { waivers }: Compiled): Found {
  const rank = ({ severity }: RuleText) => ruleSeverities.indexOf(severity)
  if (found.length > mostHits) found.sort((a, b) => rank(b.rule.text) - rank(a.rule.text) || a.range[0] - b.range[0])
  const hits = found.slice(0, mostHits).map(({ rule, range }): FoundHit => {
    const matched = text.slice(range[0], range[1])
    const { book, rule: id } = rule.text
    const waiver = waivers.size === 0 ? undefined : waivers.get(waiverKey({ book, rule: id, matched }))
    return {
      book,
      bookVersion: rule.bookVersion,
      rule: rule.text,
      digest: digestOf(rule.text),
      range,
      matched,
      waiver: waiver ?? null,
    }
  })
  hits.sort((a, b) => a.range[0] - b.range[0] || a.range[1] - b.range[1])
  return { hits, more: found.length - hits.length }
}

function wordsIn({ automaton }: Compiled, view: View): Seen {
  const seen: Seen = { view, text: viewText(view), ends: [], before: [], newest: new Map() }
  const { ends, before, newest } = seen
  scan(automaton, view.units, 0, view.units.length, (word, end) => {
    before.push(newest.get(word) ?? -1)
    newest.set(word, ends.length)
    ends.push(end)
  })
  return seen
}

/** Numbers of the rules that one of their words or patterns was seen of. */
function triggeredRules({ compiled, seen }: Reading): Iterable<number> {
  const rules = new Set<number>()
  compiled.patterns.forEach(({ needs }, pattern) => {
    if (needs === null) for (const rule of compiled.patternRules[pattern] ?? []) rules.add(rule)
  })
  seen.forEach(({ newest }, view) => {
    for (const word of newest.keys()) {
      for (const rule of compiled.triggered[view === 0 ? 0 : 1][word] ?? []) rules.add(rule)
      for (const pattern of compiled.needed[word] ?? []) {
        for (const rule of compiled.patternRules[pattern] ?? []) rules.add(rule)
      }
    }
  })
  return rules
}

function hitsOf(rule: CompiledRule, reading: Reading): readonly TextRange[] {
  const views = rule.symbols ? 2 : 1
  const triggers = rule.triggers.flatMap(probe => placesOf(probe, reading, views).list)
  if (triggers.length === 0) return []
  if (stands(rule.exceptInText, reading) || stands(rule.requires, reading)) return []
  if (rule.onlyWith.some(({ within, any }) => within === 'text' && !stands(any, reading))) return []
  const hits = triggers.filter(range => isHit(rule, range, reading))
  const single = withoutOverlaps(hits)
  // What is missing is missing once.
  return rule.requires.length > 0 ? single.slice(0, 1) : single
}

function isHit(rule: CompiledRule, range: TextRange, reading: Reading): boolean {
  if (rule.except.some(probe => containing(placesOf(probe, reading, 2), range))) return false
  const hasSentence = rule.exceptInSentence.length > 0 || rule.onlyWith.some(({ within }) => within === 'sentence')
  if (!hasSentence) return true
  const sentence = reading.sentences().around(range)
  const isIn = (probe: Probe) => overlapping(placesOf(probe, reading, 2), sentence)
  if (rule.exceptInSentence.some(isIn)) return false
  return rule.onlyWith.every(({ within, any }) => within === 'text' || any.some(isIn))
}

function stands(probes: readonly Probe[], reading: Reading): boolean {
  return probes.some(probe => placesOf(probe, reading, 2).list.length > 0)
}

/** Where a word or a pattern stands in the original, as seen in the first view or in both. */
function placesOf(probe: Probe, reading: Reading, views: 1 | 2): Ranges {
  const key = `${probe}/${views}`
  const known = reading.ranges.get(key)
  if (known !== undefined) return known
  const list = reading.seen
    .slice(0, views)
    .flatMap((seen, view) => (probe < 0 ? patternIn(-1 - probe, seen, reading) : wordIn(probe, seen, view, reading)))
  const ranges = rangesOf(list)
  reading.ranges.set(key, ranges)
  return ranges
}

function wordIn(probe: number, seen: Seen, view: number, { compiled }: Reading): TextRange[] {
  const word = view === 0 ? probe : (compiled.squeezed[probe] ?? -1)
  const length = compiled.lengths[word] ?? 0
  return occurrencesOf(word, seen).flatMap(end =>
    isWhole(seen.view.units, end - length, end) ? [originalRange(seen.view, end - length, end)] : [],
  )
}

/** In the order of the text. */
function occurrencesOf(word: number, { newest, ends, before }: Seen): number[] {
  const found: number[] = []
  for (let at = newest.get(word) ?? -1; at >= 0; at = before[at] ?? -1) found.push(ends[at] ?? 0)
  return found.reverse()
}

/** A word that begins or ends with a letter or a digit is not part of a longer one: top in stop, 第1 in 第10. */
function isWhole(units: Uint16Array, from: number, to: number): boolean {
  const classes = unitClasses()
  const goesOn = (inside: number, outside: number) => {
    const kind = classOf(classes, units, inside)
    return (kind === letter || kind === digit) && classOf(classes, units, outside) === kind
  }
  return !(from > 0 && goesOn(from, from - 1)) && !(to < units.length && goesOn(to - 1, to))
}

function patternIn(number: number, seen: Seen, { compiled }: Reading): TextRange[] {
  const pattern = compiled.patterns[number]
  if (pattern === undefined) return []
  const needed = pattern.needs?.flatMap(word =>
    occurrencesOf(word, seen).map((end): TextRange => [end - (compiled.lengths[word] ?? 0), end]),
  )
  return matchesOf(pattern, seen.text, needed ?? null).map(([from, to]) => originalRange(seen.view, from, to))
}
