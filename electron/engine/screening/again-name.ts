/** The longest name that a batch may have, in UTF-16 units. */
const longestName = 120

/** A name for a batch that is screened again, so that no list shows two of the same: `Spring (2)`, then `Spring (3)`. */
export function nameAgain(name: string, taken: ReadonlySet<string>): string {
  const numbered = /^(.+) \(\d{1,3}\)$/.exec(name)?.[1]
  // A number that belongs to the name itself, such as `Posters (12)`, has no batch without it.
  const base = numbered !== undefined && taken.has(numbered) ? numbered : name
  for (let number = 2; ; number += 1) {
    const suffix = ` (${number})`
    const candidate = `${base.slice(0, longestName - suffix.length)}${suffix}`
    if (!taken.has(candidate)) return candidate
  }
}
