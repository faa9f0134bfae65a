import { preparedBooks } from './prepared.ts'

/**
 * Characters that are written as their sound in Latin letters within a word (zui佳 for 最佳, 特gong for 特供). A syllable alone says little:
 * it is read as a character only where that and the one beside it stand together in something that is looked for.
 */
export interface Spelling {
  /** The unit that a syllable stands for between two others; 0 for none. */
  unitOf(before: number, syllable: string, after: number): number
}

/** Letters of a syllable; a, e and o alone are too often something else. */
export const syllableLetters = { least: 2, most: 6 }

/** Of all that is looked for, as it is normalised; by the most common reading of each character and without tones. */
export async function spellingOf(words: readonly string[]): Promise<Spelling> {
  const pairs = new Set(words.flatMap(pairsOf))
  const syllables = await syllablesOf(new Set([...pairs].flatMap(pair => [...pair])))
  const units = new Map<string, number>()
  const know = (key: string, unit: string) => {
    if (!units.has(key)) units.set(key, unit.charCodeAt(0))
  }
  for (const pair of pairs) {
    const [one = '', other = ''] = pair
    know(`${syllables.get(one)}${other}`, one)
    know(`${one}${syllables.get(other)}`, other)
  }
  return {
    unitOf: (before, syllable, after) =>
      units.get(`${String.fromCharCode(before)}${syllable}`) ??
      units.get(`${syllable}${String.fromCharCode(after)}`) ??
      0,
  }
}

const han = /^[\u4e00-\u9fff]$/

function pairsOf(word: string): string[] {
  const pairs: string[] = []
  for (let at = 1; at < word.length; at++) {
    if (han.test(word[at - 1] ?? '') && han.test(word[at] ?? '')) pairs.push(word.slice(at - 1, at + 1))
  }
  return pairs
}

/** Those of the characters of the shipped books are known: the readings of all others are a third of a megabyte to read. */
async function syllablesOf(characters: ReadonlySet<string>): Promise<ReadonlyMap<string, string>> {
  const known = new Map(Object.entries(preparedBooks().syllables))
  const missing = [...characters].filter(character => !known.has(character))
  return missing.length === 0 ? known : new Map([...known, ...(await readSyllables(missing))])
}

/** The syllables of those that are Han characters, as they are typed. */
export async function readSyllables(characters: Iterable<string>): Promise<ReadonlyMap<string, string>> {
  const { pinyin } = await import('pinyin-pro')
  const those = [...characters].filter(character => han.test(character))
  return new Map(those.map(character => [character, pinyin(character, { toneType: 'none' }).replaceAll('ü', 'v')]))
}
