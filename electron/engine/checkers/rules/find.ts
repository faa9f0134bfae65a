import type { TextRange } from '../../../../shared/domain.ts'
import { ruleSeverities } from '../../../../shared/rules.ts'
import type { Found, FoundHit } from './compile.ts'
import type { Compiled, CompiledRule, Probe } from './compile-rules.ts'
import { containing, overlapping, withoutOverlaps } from './ranges.ts'
import { type Reading, readingOf } from './reading.ts'
import type { Scratch } from './seen.ts'

/** Hits of one text that are kept. */
const mostHits = 1000

interface RawHit {
  readonly rule: CompiledRule
  readonly range: TextRange
}

export function findIn(compiled: Compiled, text: string, scratch: Scratch): Found {
  const reading = readingOf(compiled, text, scratch)
  const found: RawHit[] = []
  for (const number of triggeredRules(compiled, reading)) {
    const rule = compiled.rules[number]
    if (rule === undefined) continue
    for (const range of hitsOf(rule, triggersOf(rule, number, reading), reading)) found.push({ rule, range })
  }
  const kept = found.length > mostHits ? worstOf(found) : found
  const hits = kept.map(hit => hitOf(hit, text))
  hits.sort((a, b) => a.range[0] - b.range[0] || a.range[1] - b.range[1])
  return { hits, more: found.length - hits.length }
}

/** Of the worst severity first, and of one severity the first in the text. */
function worstOf(found: readonly RawHit[]): RawHit[] {
  const kept: RawHit[] = []
  for (const severity of ruleSeverities.toReversed()) {
    const such = found.filter(({ rule }) => rule.text.severity === severity)
    const room = mostHits - kept.length
    // There may be a hundred thousand: only those before the last that is kept are sorted.
    const last = Int32Array.from(such, ({ range }) => range[0]).sort()[room - 1] ?? Number.POSITIVE_INFINITY
    const first = such.filter(({ range }) => range[0] <= last).sort((a, b) => a.range[0] - b.range[0])
    kept.push(...first.slice(0, room))
  }
  return kept
}

function hitOf({ rule: { text: rule, bookVersion }, range }: RawHit, text: string): FoundHit {
  return { book: rule.book, bookVersion, rule, range, matched: text.slice(range[0], range[1]) }
}

/** Numbers of the rules that one of their words or patterns was seen of. */
function triggeredRules(compiled: Compiled, { first, second, sounding }: Reading): Iterable<number> {
  const rules = new Set<number>([...compiled.always, ...sounding.keys()])
  const add = (numbers: readonly number[] | undefined) => {
    if (numbers !== undefined) for (const number of numbers) rules.add(number)
  }
  for (const word of first.words) {
    add(compiled.triggered[word])
    add(compiled.triggeredByPattern[word])
  }
  for (const word of second?.words ?? []) {
    add(compiled.triggeredSqueezed[word])
    add(compiled.triggeredByPattern[word])
  }
  return rules
}

/** Where the rule's words and patterns stand, before anything is asked of what is around them. */
function triggersOf({ triggers, symbols }: CompiledRule, number: number, reading: Reading): readonly TextRange[] {
  const sight = symbols ? 'squeezed' : 'plain'
  const sounding = reading.sounding.get(number) ?? []
  const [only] = triggers
  if (triggers.length === 1 && only !== undefined && sounding.length === 0) return reading.placesOf(only, sight).list
  return [...triggers.flatMap(probe => reading.placesOf(probe, sight).list), ...sounding]
}

function hitsOf(rule: CompiledRule, triggers: readonly TextRange[], reading: Reading): readonly TextRange[] {
  if (triggers.length === 0) return []
  const stands = (probes: readonly Probe[]) => probes.some(probe => reading.placesOf(probe, 'squeezed').list.length > 0)
  if (stands(rule.exceptInText) || stands(rule.requires)) return []
  if (rule.onlyWith.some(({ within, any }) => within === 'text' && !stands(any))) return []
  const hits = withoutOverlaps(isConditional(rule) ? triggers.filter(range => isHit(rule, range, reading)) : triggers)
  // What is missing is missing once.
  return rule.requires.length > 0 ? hits.slice(0, 1) : hits
}

function isConditional({ except, exceptInSentence, onlyClaims, onlyWith }: CompiledRule): boolean {
  return onlyClaims || except.length > 0 || exceptInSentence.length > 0 || onlyWith.length > 0
}

function isHit(rule: CompiledRule, range: TextRange, reading: Reading): boolean {
  if (rule.except.some(probe => containing(reading.placesOf(probe, 'squeezed'), range))) return false
  if (rule.onlyClaims && !reading.claims().isClaimed(range)) return false
  const hasSentence = rule.exceptInSentence.length > 0 || rule.onlyWith.some(({ within }) => within === 'sentence')
  if (!hasSentence) return true
  const sentence = reading.sentences().around(range)
  const isIn = (probe: Probe) => overlapping(reading.placesOf(probe, 'squeezed'), sentence)
  if (rule.exceptInSentence.some(isIn)) return false
  return rule.onlyWith.every(({ within, any }) => within === 'text' || any.some(isIn))
}
