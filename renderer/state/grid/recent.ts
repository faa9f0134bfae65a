/** What was used of late, `capacity` things at most: of more, those go that were unused for longest. */
export interface Recent<Key, Value> {
  get(key: Key): Value | undefined
  has(key: Key): boolean
  keep(key: Key, value: Value): void
  clear(): void
}

export function createRecent<Key, Value>(capacity: number): Recent<Key, Value> {
  // A Map keeps its keys in the order they were set, so the first is the one unused for longest.
  const kept = new Map<Key, Value>()
  const keep = (key: Key, value: Value) => {
    kept.delete(key)
    kept.set(key, value)
    for (const oldest of kept.keys()) {
      if (kept.size <= capacity) break
      kept.delete(oldest)
    }
  }
  return {
    get: key => {
      const value = kept.get(key)
      if (value !== undefined) keep(key, value)
      return value
    },
    has: key => kept.has(key),
    keep,
    clear: () => kept.clear(),
  }
}
