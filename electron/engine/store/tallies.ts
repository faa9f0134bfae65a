import type { Database, Statement } from 'better-sqlite3'
import { perConnection } from '../base/sqlite/per-connection.ts'

/** How many rows of a batch have come to what; profile -1 counts assets by their worst outcome, and those that were decided. */
export interface Tallies {
  /** Call it beside the write that it counts. Outside of `keepingTallies` it is written at once. */
  add(batch: string, profile: number, outcome: string, rows: number): void
}

type Counts = Map<string, number>

interface Book {
  write: Statement | null
  /** By batch and profile; null outside of `keepingTallies`. */
  sums: Map<string, Map<number, Counts>> | null
}

const bookOf = perConnection((): Book => ({ write: null, sums: null }))

/** Adds up what `write` counts, to write each count once: a transaction of forty checks changes the same few rows. */
export function keepingTallies(raw: Database, write: () => void): void {
  const book = bookOf(raw)
  const sums: NonNullable<Book['sums']> = new Map()
  book.sums = sums
  try {
    write()
    for (const [batch, profiles] of sums) {
      for (const [profile, counts] of profiles) {
        for (const [outcome, rows] of counts) enter(raw, book, batch, profile, outcome, rows)
      }
    }
  } finally {
    book.sums = null
  }
}

export function createTallies(raw: Database): Tallies {
  const book = bookOf(raw)
  return {
    add: (batch, profile, outcome, rows) => {
      const { sums } = book
      if (sums === null) {
        enter(raw, book, batch, profile, outcome, rows)
        return
      }
      const profiles = sums.get(batch) ?? new Map<number, Counts>()
      sums.set(batch, profiles)
      const counts = profiles.get(profile) ?? new Map<string, number>()
      profiles.set(profile, counts)
      counts.set(outcome, (counts.get(outcome) ?? 0) + rows)
    },
  }
}

function enter(raw: Database, book: Book, batch: string, profile: number, outcome: string, rows: number): void {
  if (rows === 0) return
  book.write ??= raw.prepare('INSERT INTO tallies VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET n = n + excluded.n')
  book.write.run(batch, profile, outcome, rows)
}
