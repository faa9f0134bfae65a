/** Keeps at most `capacity` entries. Evicts the least recently used entry. */
export interface LruCache<Key, Value> {
  /** Counts as a use. */
  get(key: Key): Value | undefined
  /** Does not count as a use. */
  has(key: Key): boolean
  set(key: Key, value: Value): void
  delete(key: Key): void
  clear(): void
}

export function createLruCache<Key, Value>(capacity: number): LruCache<Key, Value> {
  // A Map keeps its keys in insertion order, so the first is the least recently used.
  const entries = new Map<Key, Value>()
  const set = (key: Key, value: Value): void => {
    entries.delete(key)
    entries.set(key, value)
    for (const oldest of entries.keys()) {
      if (entries.size <= capacity) break
      entries.delete(oldest)
    }
  }
  return {
    get: key => {
      const value = entries.get(key)
      if (value !== undefined) set(key, value)
      return value
    },
    has: key => entries.has(key),
    set,
    delete: key => void entries.delete(key),
    clear: () => entries.clear(),
  }
}
