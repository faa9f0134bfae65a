import type { RuleText } from '../../../../shared/rules.ts'
import { type Automaton, buildAutomaton } from './automaton.ts'
import { type Book, isInForce, type Rule, type Term } from './book.ts'
import type { MatchedRule, MatcherOptions } from './compile.ts'
import type { Homophones } from './homophones.ts'
import { normalise, normaliseText, viewText } from './normalise.ts'
import { compilePattern, type Pattern } from './patterns.ts'
import { type Spelling, spellingOf } from './pinyin.ts'
import { squeeze } from './squeeze.ts'

/** What is looked for, by number: a word's, or for a pattern -1 less its number, so that the first pattern is -1. */
export type Probe = number

export interface CompiledRule extends MatchedRule {
  readonly triggers: readonly Probe[]
  readonly except: readonly Probe[]
  readonly exceptInSentence: readonly Probe[]
  readonly exceptInText: readonly Probe[]
  readonly onlyClaims: boolean
  readonly onlyWith: readonly { readonly within: 'sentence' | 'text'; readonly any: readonly Probe[] }[]
  readonly requires: readonly Probe[]
  /** Sees its triggers through inserted symbols too. */
  readonly symbols: boolean
}

export interface CompiledPattern extends Pattern {
  /** Words of which one stands in whatever it matches; null where none is known. */
  readonly needs: readonly number[] | null
}

/** Everything is known by numbers, so that a hundred thousand rules are arrays of numbers wherever a text is read. */
export interface Compiled {
  readonly rules: readonly CompiledRule[]
  readonly automaton: Automaton
  /** UTF-16 units of each word. */
  readonly lengths: Uint16Array
  /** Those of the longest. */
  readonly longest: number
  /** Whether a word begins or ends with a letter or a digit, which must not go on in the text. */
  readonly bounded: Uint8Array
  /** Each word as the second view has it; -1 where nothing is left of it. */
  readonly squeezed: Int32Array
  /** The rules that a word triggers, and those that it triggers in the second view. */
  readonly triggered: Uses
  readonly triggeredSqueezed: Uses
  /** The rules one of whose patterns needs that word. */
  readonly triggeredByPattern: Uses
  /** The rules that have a pattern which needs no word: they are tried on every text. */
  readonly always: readonly number[]
  readonly patterns: readonly CompiledPattern[]
  /** The patterns that need a word. */
  readonly neededBy: Uses
  /** How characters are spelt in letters within what is looked for; null where no rule sees through disguises. */
  readonly spelling: Spelling | null
  /** Words that are also found by their sound; null where no rule asks for it. */
  readonly homophones: Homophones | null
}

/** Numbers by word. */
export type Uses = readonly (readonly number[] | undefined)[]

export async function compileRules(books: readonly Book[], options: MatcherOptions): Promise<Compiled> {
  const words = numbering()
  const sources = numbering()
  const probe = ({ kind, text }: Term): Probe =>
    kind === 'words' ? words.numberOf(normaliseText(text)) : -1 - sources.numberOf(text)
  const applied = books.flatMap(book =>
    book.rules.filter(({ text }) => applies(text, options)).map(rule => ({ rule, version: book.version })),
  )
  const rules = applied.map(({ rule, version }) => compileRule(rule, version, probe))
  const plain = words.all().length
  const squeezed = words.all().map(word => squeezedWord(word))
  const squeezedNumbers = squeezed.map(word => (word === '' ? -1 : words.numberOf(word)))
  const patterns = sources.all().map((source): CompiledPattern => {
    const pattern = compilePattern(source)
    // Every pattern of a book was compiled when the book was read.
    if ('problem' in pattern) throw new Error(pattern.problem.en)
    return { ...pattern, needs: pattern.literals?.map(literal => words.numberOf(literal)) ?? null }
  })
  const all = words.all()
  const uses = usesOf(rules, patterns, squeezedNumbers)
  return {
    rules,
    automaton: buildAutomaton(all),
    lengths: Uint16Array.from(all, word => word.length),
    longest: all.reduce((longest, word) => Math.max(longest, word.length), 0),
    bounded: Uint8Array.from(all, word => (isBounded(word) ? 1 : 0)),
    squeezed: Int32Array.from(all, (_, word) => (word < plain ? (squeezedNumbers[word] ?? -1) : word)),
    patterns,
    neededBy: neededByOf(patterns),
    ...uses,
    spelling: rules.some(({ symbols }) => symbols) ? await spellingOf(all) : null,
    homophones: await homophonesOf(applied.map(({ rule }) => rule)),
  }
}

async function homophonesOf(rules: readonly Rule[]): Promise<Homophones | null> {
  const sounding = rules.flatMap((rule, number) =>
    rule.variants.includes('homophones')
      ? rule.words.map(word => ({ rule: number, word: squeezedWord(normaliseText(word)) }))
      : [],
  )
  // A single syllable is the sound of dozens of characters.
  const words = sounding.filter(({ word }) => word.length > 1)
  return words.length === 0 ? null : (await import('./homophones.ts')).compileHomophones(words)
}

function applies(text: RuleText, { scopes, today }: MatcherOptions): boolean {
  if (today !== null && !isInForce(text, today)) return false
  return (
    scopes === null || text.scopes.some(scope => scope === 'general' || scope === 'platform' || scopes.includes(scope))
  )
}

function compileRule(rule: Rule, bookVersion: string, probe: (term: Term) => Probe): CompiledRule {
  const probes = (terms: readonly Term[]) => terms.map(probe)
  return {
    text: rule.text,
    bookVersion,
    example: rule.examples.hit[0]?.text ?? null,
    triggers: [
      ...rule.words.map(text => probe({ kind: 'words', text })),
      ...rule.patterns.map(text => probe({ kind: 'pattern', text })),
    ],
    except: probes(rule.except),
    exceptInSentence: probes(rule.exceptInSentence),
    exceptInText: probes(rule.exceptInText),
    onlyClaims: rule.onlyClaims,
    onlyWith: rule.onlyWith.map(({ within, any }) => ({ within, any: probes(any) })),
    requires: probes(rule.requires),
    symbols: rule.variants.includes('symbols'),
  }
}

function isBounded(word: string): boolean {
  return /^[\p{L}\p{N}\p{M}]|[\p{L}\p{N}\p{M}]$/u.test(word) && !/^\p{sc=Han}(?:.*\p{sc=Han})?$/su.test(word)
}

function squeezedWord(word: string): string {
  if (/^[\p{L}\p{N}]*$/u.test(word)) return word
  const view = normalise(word)
  return viewText(squeeze(view) ?? view)
}

function usesOf(
  rules: readonly CompiledRule[],
  patterns: readonly CompiledPattern[],
  squeezed: readonly number[],
): Pick<Compiled, 'triggered' | 'triggeredSqueezed' | 'triggeredByPattern' | 'always'> {
  const triggered: number[][] = []
  const triggeredSqueezed: number[][] = []
  const triggeredByPattern: number[][] = []
  const always: number[] = []
  rules.forEach(({ triggers, symbols }, rule) => {
    for (const trigger of triggers) {
      const pattern = patterns[-1 - trigger]
      if (pattern !== undefined) {
        if (pattern.needs === null) always.push(rule)
        for (const word of pattern.needs ?? []) addUse(triggeredByPattern, word, rule)
        continue
      }
      addUse(triggered, trigger, rule)
      const form = squeezed[trigger] ?? -1
      if (!symbols || form < 0) continue
      addUse(triggered, form, rule)
      addUse(triggeredSqueezed, form, rule)
    }
  })
  return { triggered, triggeredSqueezed, triggeredByPattern, always }
}

function neededByOf(patterns: readonly CompiledPattern[]): Uses {
  const neededBy: number[][] = []
  patterns.forEach(({ needs }, pattern) => {
    for (const word of needs ?? []) addUse(neededBy, word, pattern)
  })
  return neededBy
}

function addUse(uses: number[][], word: number, rule: number): void {
  const list = uses[word]
  if (list === undefined) uses[word] = [rule]
  else if (list.at(-1) !== rule) list.push(rule)
}

function numbering() {
  const numbers = new Map<string, number>()
  const all: string[] = []
  return {
    numberOf: (text: string): number => {
      const known = numbers.get(text)
      if (known !== undefined) return known
      numbers.set(text, all.length)
      all.push(text)
      return all.length - 1
    },
    all: (): readonly string[] => all,
  }
}
