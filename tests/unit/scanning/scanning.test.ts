import { expect, test } from 'vitest'
import { processorMs } from './processor-time.ts'
import { beginnings, fileReaders, fragments, type Reader, wireReaders } from './worst-inputs.ts'

/**
 * Text that others wrote is read in one pass: twice the text takes about twice the time. Processor time, not time on the wall, so that
 * other work on the machine counts for nothing; what is fast at the larger size cannot have grown.
 */

/** What comes over the wire may be 256 KB; of files, which are many readers' and slower, an eighth of that tells as much. */
const wireUnits = 256 * 1024
const fileUnits = 32 * 1024
const notableMs = 25
/** Twice for what is linear, four times for what is not. */
const most = 2.5

/**
 * The least time of the whole over the least of its half. What else goes on in the process, a collection of garbage above all, only ever
 * adds to a time: a ratio that looks bad is measured again until the least times are those of the reading itself. A step in between, as
 * where a heap no longer fits, is no growth: what is not linear is not at twice the length either.
 */
async function growthOf(read: Reader, make: (length: number) => string, units: number): Promise<number> {
  if ((await processorMs(read, make(units))) < notableMs) return 1
  const growth = await leastGrowth(read, make, units)
  return growth <= most ? growth : Math.min(growth, await leastGrowth(read, make, 2 * units))
}

async function leastGrowth(read: Reader, make: (length: number) => string, units: number): Promise<number> {
  const [half, whole] = [make(units / 2), make(units)]
  const least = { half: Number.POSITIVE_INFINITY, whole: Number.POSITIVE_INFINITY }
  for (let round = 0; round < 3 || (round < 24 && least.whole > most * least.half); round += 1) {
    least.half = Math.min(least.half, await processorMs(read, half))
    least.whole = Math.min(least.whole, await processorMs(read, whole))
  }
  return least.whole / least.half
}

test.each(Object.entries(wireReaders))('what comes over the wire: %s', { timeout: 120_000 }, async (_name, read) => {
  for (const beginning of beginnings) {
    for (const fragment of fragments) {
      const growth = await growthOf(
        read,
        length => beginning + fragment.repeat(Math.ceil(length / fragment.length)),
        wireUnits,
      )
      expect(growth, JSON.stringify([beginning, fragment])).toBeLessThanOrEqual(most)
    }
  }
})

test.each(Object.entries(fileReaders))('what is in files: %s', { timeout: 300_000 }, async (_name, read) => {
  for (const fragment of fragments) {
    const growth = await growthOf(read, length => fragment.repeat(Math.ceil(length / fragment.length)), fileUnits)
    expect(growth, JSON.stringify(fragment)).toBeLessThanOrEqual(most)
  }
})
