import { pinyin } from 'pinyin-pro'
import type { TextRange } from '../../../../shared/domain.ts'
import { type Automaton, buildAutomaton, noOccurrences, scan } from './automaton.ts'
import { originalRange, type View } from './normalise.ts'

/** Words by how they sound, each character by its most common reading and without tones. */
export interface Homophones {
  /** Where words stand that sound like one of a rule's, by the rule's number. */
  placesIn(view: View): ReadonlyMap<number, readonly TextRange[]>
}

export interface SoundingWord {
  readonly rule: number
  /** As the second view has it. */
  readonly word: string
}

/** Imported where a rule asks for it only: the readings of all characters take a third of a megabyte. */
export function compileHomophones(sounding: readonly SoundingWord[]): Homophones {
  const sounds = soundsOfUnits()
  const rules = new Map<string, number[]>()
  for (const { rule, word } of sounding) {
    const sound = String.fromCharCode(...sounds(Uint16Array.from(word, (_, at) => word.charCodeAt(at))))
    const list = rules.get(sound) ?? []
    if (!list.includes(rule)) list.push(rule)
    rules.set(sound, list)
  }
  const words = [...rules.keys()]
  const automaton = buildAutomaton(words)
  return { placesIn: view => placesOf(automaton, words, rules, view, sounds(view.units)) }
}

function placesOf(
  automaton: Automaton,
  words: readonly string[],
  rules: ReadonlyMap<string, readonly number[]>,
  view: View,
  units: Uint16Array,
): ReadonlyMap<number, readonly TextRange[]> {
  const found = noOccurrences()
  scan(automaton, units, 0, units.length, found)
  const places = new Map<number, TextRange[]>()
  for (let at = 0; at < found.size; at++) {
    const word = words[found.words[at] as number] ?? ''
    const end = found.ends[at] as number
    const range = originalRange(view, end - word.length, end)
    for (const rule of rules.get(word) ?? []) {
      const list = places.get(rule)
      if (list === undefined) places.set(rule, [range])
      else list.push(range)
    }
  }
  return places
}

/** Syllables have numbers in the private use area, so that everything but Han stays what it is. */
const firstSound = 0xe000

function soundsOfUnits(): (units: Uint16Array) => Uint16Array {
  const known = new Uint16Array(0x10000)
  const numbers = new Map<string, number>()
  const soundOf = (unit: number): number => {
    const character = String.fromCharCode(unit)
    if (!/^\p{sc=Han}$/u.test(character)) return unit
    const syllable = pinyin(character, { toneType: 'none' })
    const number = numbers.get(syllable) ?? numbers.size
    numbers.set(syllable, number)
    return firstSound + number
  }
  return units => {
    const sounds = new Uint16Array(units.length)
    for (let at = 0; at < units.length; at++) {
      const unit = units[at] as number
      let sound = known[unit] as number
      if (sound === 0) {
        sound = soundOf(unit)
        known[unit] = sound
      }
      sounds[at] = sound
    }
    return sounds
  }
}
