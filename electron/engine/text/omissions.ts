/** Counts what a file shows and is not in its text. */
export interface Omissions {
  add(one: string, several: string, count?: number): void
  /** Takes over what was counted elsewhere, e.g. `2 pictures`. */
  include(omitted: readonly string[]): void
  list(): readonly string[]
}

export function createOmissions(): Omissions {
  const counts = new Map<string, { several: string; count: number }>()
  const included = new Set<string>()
  return {
    add(one, several, count = 1) {
      if (count === 0) return
      counts.set(one, { several, count: count + (counts.get(one)?.count ?? 0) })
    },
    include(omitted) {
      for (const each of omitted) included.add(each)
    },
    list: () => [
      ...Array.from(counts, ([one, { several, count }]) => `${count} ${count === 1 ? one : several}`),
      ...included,
    ],
  }
}
