/**
 * How long readers of what comes over the wire take over the worst of 256 KB that we know for each, in milliseconds of processor time,
 * and how that compares with 128 KB: about twice, where text is read in one pass.
 *
 *     node tests/bench/scanning.ts
 */
import { median, processorMs } from '../unit/scanning/processor-time.ts'
import { beginnings, fragments, wireReaders } from '../unit/scanning/worst-inputs.ts'

const units = 256 * 1024

for (const [name, read] of Object.entries(wireReaders)) {
  let worst = { ms: -1, text: '', of: '' }
  for (const beginning of beginnings) {
    for (const fragment of fragments) {
      const text = beginning + fragment.repeat(Math.ceil(units / fragment.length))
      const ms = await processorMs(read, text)
      if (ms > worst.ms) worst = { ms, text, of: JSON.stringify(beginning + fragment) }
    }
  }
  const times = { whole: [] as number[], half: [] as number[] }
  for (let round = 0; round < 5; round += 1) {
    times.whole.push(await processorMs(read, worst.text))
    times.half.push(await processorMs(read, worst.text.slice(0, units / 2)))
  }
  const [whole, half] = [median(times.whole), median(times.half)]
  process.stdout.write(
    `${name.padEnd(26)} ${whole.toFixed(1).padStart(7)} ms for 256 KB, ${(whole / Math.max(half, 0.01)).toFixed(2)} x that of 128 KB (${worst.of})\n`,
  )
}
