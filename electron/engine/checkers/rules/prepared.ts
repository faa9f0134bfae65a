import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { ReadBook } from './read-book.ts'

/**
 * The books that come with the program, as reading them comes out: reading a thousand patterns anew takes each program that is started over a
 * second. It is made when the program is built (electron.vite.config.ts) and known by the hashes of the files, so a file that was changed is
 * read as any other. There is none where the program runs from its source.
 */
export interface PreparedBooks {
  /** By version. */
  readonly books: Readonly<Record<string, ReadBook>>
  /** By source. */
  readonly patterns: Readonly<Record<string, PreparedPattern>>
  /** Of the characters of all of them, by their most common reading. */
  readonly syllables: Readonly<Record<string, string>>
}

/** What is known of a pattern without compiling it; `text` is what is compiled. */
export interface PreparedPattern {
  readonly text: string
  readonly literals: readonly string[] | null
  readonly longest: number | null
}

export const preparedName = 'prepared-books.json'

let known: PreparedBooks | null = null

export function preparedBooks(): PreparedBooks {
  known ??= readPrepared()
  return known
}

function readPrepared(): PreparedBooks {
  const places = import.meta.url.endsWith('.ts') ? [] : [`./${preparedName}`, `../${preparedName}`]
  const file = places.map(place => fileURLToPath(new URL(place, import.meta.url))).find(existsSync)
  return file === undefined ? { books: {}, patterns: {}, syllables: {} } : JSON.parse(readFileSync(file, 'utf8'))
}
