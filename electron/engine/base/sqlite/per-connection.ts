import type { Database } from 'better-sqlite3'

/** What all users of a connection share, made for the first of them. */
export function perConnection<T>(make: (raw: Database) => T): (raw: Database) => T {
  const made = new WeakMap<Database, { readonly value: T }>()
  return raw => {
    const known = made.get(raw) ?? { value: make(raw) }
    made.set(raw, known)
    return known.value
  }
}
