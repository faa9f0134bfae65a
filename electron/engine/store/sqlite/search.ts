import type { Database } from 'better-sqlite3'
import { labelOf } from '../../../../shared/labels.ts'
import { perConnection } from '../../base/sqlite/per-connection.ts'

/**
 * Full-text search that finds Chinese words of any length. SQLite's tokenisers cut Chinese at white space only, and its trigrams
 * do not find a word of two characters; therefore text goes into the index as pairs of neighbouring characters ("违规词" as
 * 违规 规词 词), and a query becomes a phrase of such pairs. Words of alphabetic scripts stay whole and are found by their beginning.
 */

/** What a row of the index is about; with the asset it makes the row's id. */
export const searchFields = { path: 0, text: 1, note: 2, labels: 3 } as const
export type SearchField = keyof typeof searchFields

/** Longer texts are found by their beginning: indexing costs some two microseconds a character. */
export const indexedUnits = 8_000

/** Scripts that are written without spaces. */
const unspaced =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]+|[\p{L}\p{N}\p{M}]+?(?=[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]|[^\p{L}\p{N}\p{M}]|$)/gu
const isUnspaced =
  /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u

/** One spelling for what people take for the same: full-width and half-width, upper and lower case. */
function normalised(text: string): string {
  return text.toWellFormed().normalize('NFKC').toLowerCase()
}

/** Text as the index keeps it. */
export function grams(text: string): string {
  const tokens: string[] = []
  for (const [run] of normalised(text.slice(0, indexedUnits)).matchAll(unspaced)) {
    if (!isUnspaced.test(run)) {
      tokens.push(run)
      continue
    }
    const characters = Array.from(run)
    for (const [index, character] of characters.entries()) tokens.push(character + (characters[index + 1] ?? ''))
  }
  return tokens.join(' ')
}

/** FTS5 phrases of a query, one for each run between spaces and punctuation; none when there is nothing to look for. */
export function phrasesOf(query: string): readonly string[] {
  const phrases: string[] = []
  for (const word of normalised(query).split(/[^\p{L}\p{N}\p{M}]+/u)) {
    if (word === '') continue
    const runs = Array.from(word.matchAll(unspaced), ([run]) => run)
    // The last character of a query may be any character of the text: only whole pairs are asked for, a lone one by its beginning.
    const last = runs.at(-1)
    const tokens = runs.flatMap((run, place) => {
      if (!isUnspaced.test(run)) return [run]
      const characters = Array.from(run)
      const pairs = characters.slice(0, -1).map((character, index) => character + (characters[index + 1] ?? ''))
      return place === runs.length - 1 && pairs.length > 0 ? pairs : [...pairs, characters.at(-1) ?? '']
    })
    const isBeginning = last !== undefined && (!isUnspaced.test(last) || Array.from(last).length === 1)
    phrases.push(`"${tokens.join(' ')}"${isBeginning ? ' *' : ''}`)
  }
  return phrases
}

/** Writes; call inside a commit. What is put is found once `indexQueued` has taken it up. */
export interface SearchWriter {
  /** Replaces what was known; null forgets it. */
  put(asset: number, field: SearchField, text: string | null): void
  putLabels(asset: number, labels: readonly number[]): void
}

export function createSearchWriter(raw: Database): SearchWriter {
  const queue = raw.prepare('INSERT OR REPLACE INTO search_queue (id, text) VALUES (?, ?)')
  const put: SearchWriter['put'] = (asset, field, text) => {
    queue.run(asset * 4 + searchFields[field], text === null ? '' : text.slice(0, indexedUnits).toWellFormed())
  }
  return {
    put,
    putLabels: (asset, labels) => {
      const texts = labels.map(labelOf).map(({ code, zh, en }) => `${zh} ${en} ${code}`)
      put(asset, 'labels', texts.length === 0 ? null : texts.join('\n'))
    },
  }
}

/**
 * Takes up to `limit` queued rows into the index; call inside a commit. Apart from the checks' own commits, because FTS5 writes a
 * segment with every commit: hundreds of rows at a time cost a tenth of the same rows one by one. Returns how many it took.
 */
export function createIndexer(raw: Database): (limit: number) => number {
  const queued = raw.prepare<[number], { id: number; text: string }>(
    'SELECT id, text FROM search_queue ORDER BY id LIMIT ?',
  )
  const insert = raw.prepare('INSERT OR REPLACE INTO search (rowid, grams) VALUES (?, ?)')
  const remove = raw.prepare('DELETE FROM search WHERE rowid = ?')
  const done = raw.prepare('DELETE FROM search_queue WHERE id = ?')
  return limit => {
    const rows = queued.all(limit)
    for (const { id, text } of rows) {
      if (text === '') remove.run(id)
      else insert.run(id, grams(text))
      done.run(id)
    }
    return rows.length
  }
}

export interface SearchReader {
  /** Assets that match, newest first, at most `limit`; every word of the query must occur, in whichever field. */
  newest(query: string, limit: number): readonly number[]
  /** All assets among these ids (inclusive) that match, in order. */
  within(query: string, first: number, last: number): readonly number[]
}

/** Up to this many assets make a word rare: they are looked for among those of the other words. */
const rareAssets = 500
/** Up to this many words that begin alike are asked for one by one, which finds the newest without putting all lists together. */
const fewTerms = 64

/** An asset's fields stand side by side. */
function withoutRepeats(assets: readonly number[]): readonly number[] {
  return assets.filter((asset, index) => asset !== assets[index - 1])
}

/** The index's words as a table; once, because no statement may run meanwhile. */
const termsTable = perConnection(raw => {
  raw.exec('CREATE VIRTUAL TABLE IF NOT EXISTS temp.search_terms USING fts5vocab(main, search, row)')
})

export function createSearchReader(raw: Database): SearchReader {
  const newestRows = raw
    .prepare<[string, number, number], number>(
      'SELECT rowid / 4 FROM search WHERE search MATCH ? AND rowid < ? ORDER BY rowid DESC LIMIT ?',
    )
    .pluck()
  const rangeRows = raw
    .prepare<[string, number, number], number>(
      'SELECT rowid / 4 FROM search WHERE search MATCH ? AND rowid BETWEEN ? AND ? ORDER BY rowid',
    )
    .pluck()
  const amongRows = raw
    .prepare<[string, string], number>(
      'SELECT rowid / 4 FROM search WHERE search MATCH ? AND rowid / 4 IN (SELECT value FROM json_each(?)) ORDER BY rowid',
    )
    .pluck()
  const newestId = raw.prepare<[], number | null>('SELECT max(id) FROM search_docsize').pluck()
  // The platform's request id or trace id, from its beginning.
  const byId = raw
    .prepare<[string, string, string, string, number], number>(
      `SELECT asset FROM checks WHERE rid >= ? AND rid < ? UNION SELECT asset FROM checks WHERE trace_id >= ? AND trace_id < ?
       ORDER BY asset DESC LIMIT ?`,
    )
    .pluck()
  termsTable(raw)
  const termsFrom = raw
    .prepare<[string, string, number], string>('SELECT term FROM search_terms WHERE term >= ? AND term < ? LIMIT ?')
    .pluck()
  /** A lone beginning, spelt out as the words that begin so. */
  const spelt = (phrase: string) => {
    const beginning = /^"([^" ]+)" \*$/.exec(phrase)?.[1]
    if (beginning === undefined) return phrase
    const terms = termsFrom.all(beginning, `${beginning}\u{10ffff}`, fewTerms + 1)
    return terms.length === 0 || terms.length > fewTerms ? phrase : `(${terms.map(term => `"${term}"`).join(' OR ')})`
  }
  const looksLikeId = /^[\w-]{6,}$/
  const idMatches = (query: string, limit: number) => {
    const wanted = query.trim()
    return looksLikeId.test(wanted) ? byId.all(wanted, `${wanted}\u{10ffff}`, wanted, `${wanted}\u{10ffff}`, limit) : []
  }
  /** Assets that have every phrase, each in whichever field, in order. */
  const common = (phrases: readonly string[], from: number, to: number): readonly number[] => {
    const [first = [], ...others] = phrases
      .map(phrase => withoutRepeats(rangeRows.all(phrase, from, to)))
      .toSorted((a, b) => a.length - b.length)
    if (others.length === 0) return first
    const sets = others.map(assets => new Set(assets))
    return first.filter(asset => sets.every(set => set.has(asset)))
  }
  /** The newest of them, from wider and wider ranges: a frequent word has its assets among the newest. */
  const newestCommon = (phrases: readonly string[], limit: number, found: Set<number>) => {
    // The rarest word says where to look; when it is rare, the others are asked about its assets alone.
    const [fewest = [], rarest] = phrases
      .map(phrase => [newestRows.all(phrase, Number.MAX_SAFE_INTEGER, rareAssets + 1), phrase] as const)
      .reduce((a, b) => (a[0].length <= b[0].length ? a : b))
    if (fewest.length <= rareAssets) {
      const others = phrases.filter(phrase => phrase !== rarest)
      const left = others.reduce<readonly number[]>(
        (assets, phrase) =>
          assets.length === 0 ? assets : withoutRepeats(amongRows.all(phrase, JSON.stringify(assets))),
        withoutRepeats(fewest),
      )
      for (const asset of left) found.add(asset)
      return
    }
    let to = (newestId.get() ?? 0) + 1
    for (let width = 80_000; to > 0 && found.size < limit; width *= 4) {
      const from = Math.max(0, to - width)
      for (const asset of common(phrases, from, to - 1)) found.add(asset)
      to = from
    }
  }

  return {
    newest: (query, limit) => {
      const phrases = phrasesOf(query).map(spelt)
      const found = new Set<number>(idMatches(query, limit))
      if (phrases.length === 0) return [...found]
      // All words in one field: SQLite merges the lists by itself, newest first, and stops when there is enough.
      const together = phrases.join(' AND ')
      for (let below = Number.MAX_SAFE_INTEGER; found.size < limit; ) {
        const page = newestRows.all(together, below, limit)
        for (const asset of page) found.add(asset)
        if (page.length < limit) break
        below = (page.at(-1) ?? 0) * 4
      }
      if (phrases.length > 1 && found.size < limit) {
        newestCommon(phrases, limit, found)
      }
      return [...found].sort((a, b) => b - a).slice(0, limit)
    },
    within: (query, first, last) => {
      const byCall = idMatches(query, 1_000_000).filter(asset => asset >= first && asset <= last)
      const phrases = phrasesOf(query).map(spelt)
      const found = phrases.length === 0 ? [] : common(phrases, first * 4, last * 4 + 3)
      return byCall.length === 0 ? found : [...new Set([...found, ...byCall])].sort((a, b) => a - b)
    },
  }
}
