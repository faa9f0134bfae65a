import { expect, test } from 'vitest'
import { median, processorMs } from './processor-time.ts'
import { beginnings, fileReaders, fragments, type Reader, wireReaders } from './worst-inputs.ts'

/**
 * Text that others wrote is read in one pass: twice the text takes about twice the time. Processor time, not time on the wall, so that
 * other work on the machine counts for nothing; what is fast at the larger size cannot have grown.
 */

/** What comes over the wire may be 256 KB; of files, which are many readers' and slower, an eighth of that tells as much. */
const wireUnits = 256 * 1024
const fileUnits = 32 * 1024
const notableMs = 25

/** The least of a few ratios of medians: a collection of garbage may fall into any one of them. */
async function growthOf(read: Reader, make: (length: number) => string, units: number): Promise<number> {
  const [half, whole] = [make(units / 2), make(units)]
  if ((await processorMs(read, whole)) < notableMs) return 1
  let least = Number.POSITIVE_INFINITY
  for (let attempt = 0; attempt < 4 && least > 2.5; attempt += 1) {
    const times = { half: [] as number[], whole: [] as number[] }
    for (let round = 0; round < 3; round += 1) {
      times.half.push(await processorMs(read, half))
      times.whole.push(await processorMs(read, whole))
    }
    least = Math.min(least, median(times.whole) / median(times.half))
  }
  return least
}

test.each(Object.entries(wireReaders))('what comes over the wire: %s', { timeout: 120_000 }, async (_name, read) => {
  for (const beginning of beginnings) {
    for (const fragment of fragments) {
      const growth = await growthOf(
        read,
        length => beginning + fragment.repeat(Math.ceil(length / fragment.length)),
        wireUnits,
      )
      expect(growth, JSON.stringify([beginning, fragment])).toBeLessThanOrEqual(2.5)
    }
  }
})

test.each(Object.entries(fileReaders))('what is in files: %s', { timeout: 300_000 }, async (_name, read) => {
  for (const fragment of fragments) {
    const growth = await growthOf(read, length => fragment.repeat(Math.ceil(length / fragment.length)), fileUnits)
    expect(growth, JSON.stringify(fragment)).toBeLessThanOrEqual(2.5)
  }
})
