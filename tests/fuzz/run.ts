/**
 * `npm run fuzz [-- FORMAT…]`: damaged copies of one file of each format (tests/fixtures/formats/specimens.ts), read as a batch reads them, by the
 * real children; of packages, every other copy is a sound archive of damaged files. Prints the seeds, what became of the copies, and everything that nobody expects: an exception, a child that ended.
 * PRESCREEN_MUTATIONS says how many of each (10,000), PRESCREEN_MUTATIONS_SEED from which seed on (1), and either makes the same ones again.
 */

import { mkdtempSync, rmSync, unlinkSync, writeFileSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { extname, join } from 'node:path'
import process from 'node:process'
import { readZipDirectory, unpackEntry } from '../../electron/engine/formats/archives/zip-archive.ts'
import { specimens } from '../fixtures/formats/specimens.ts'
import { mutationOf } from '../unit/formats/mutations.ts'
import { zipOfEntries } from '../unit/formats/zip-file.ts'
import { createReading, type Told } from './read-through.ts'

const count = Number(process.env.PRESCREEN_MUTATIONS ?? 10_000)
const first = Number(process.env.PRESCREEN_MUTATIONS_SEED ?? 1)
const wanted = process.argv.slice(2)
const chosen = Object.entries(specimens).filter(
  ([name]) => wanted.length === 0 || wanted.includes(extname(name).slice(1)),
)

const folder = mkdtempSync(join(tmpdir(), 'prescreen-fuzz-'))
const say = (line: string) => process.stdout.write(`${line}\n`)
say(`${count} mutations each, seeds ${first} to ${first + count - 1}`)
let unexpected = 0
try {
  for (const [name, make] of chosen) unexpected += await fuzz(name, await make())
} finally {
  rmSync(folder, { recursive: true, force: true })
}
say(unexpected === 0 ? 'nothing that nobody expects' : `${unexpected} that nobody expects`)
process.exitCode = unexpected === 0 ? 0 : 1

type Entries = readonly (readonly [name: string, content: Uint8Array])[]

/** What is in a package; null for what is none. */
async function entriesOf(bytes: Uint8Array): Promise<Entries | null> {
  const directory = readZipDirectory(bytes)
  if (directory.kind === 'failure') return null
  return await Promise.all(
    directory.entries.map(async entry => {
      const unpacked = await unpackEntry(bytes, entry, 1e7)
      return [entry.name, unpacked.kind === 'unpacked' ? unpacked.bytes : new Uint8Array(0)] as const
    }),
  )
}

/** A sound archive of damaged files: the checksums of one that is damaged itself let few of them through. */
function withinPackage(entries: Entries, seed: number): Uint8Array {
  return zipOfEntries(
    entries.map(([name, content], at) => [name, at === seed % entries.length ? mutationOf(content, seed) : content]),
  )
}

async function fuzz(name: string, bytes: Uint8Array): Promise<number> {
  const reading = createReading(join(folder, 'work'))
  const entries = await entriesOf(bytes)
  const outcomes = new Map<string, number>()
  const found: string[] = []
  const started = performance.now()
  const seeds = Iterator.from(Array.from({ length: count }, (_, index) => first + index))
  const lane = async () => {
    for (const seed of seeds) {
      const path = join(folder, `${seed}-${name}`)
      writeFileSync(path, entries !== null && seed % 2 === 0 ? withinPackage(entries, seed) : mutationOf(bytes, seed))
      // What hangs is found too: a child's own limit is a minute.
      const told: Told | string = await reading.readThrough(path, AbortSignal.timeout(180_000)).catch(String)
      unlinkSync(path)
      const outcome = typeof told === 'string' ? 'exception' : told.outcome
      outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1)
      if (typeof told === 'string') found.push(`seed ${seed}: ${told}`)
      else if (outcome === 'child ended') found.push(`seed ${seed}: ${told.why.join(', ')}`)
    }
  }
  try {
    await Promise.all(Array.from({ length: availableParallelism() * 2 }, lane))
  } finally {
    await reading.close()
  }
  const told = [...outcomes].toSorted().map(([outcome, times]) => `${times} ${outcome}`)
  say(`${name.padEnd(12)} ${told.join(', ')} (${Math.round((performance.now() - started) / 1000)} s)`)
  for (const line of found.slice(0, 20)) say(`  ${line}`)
  return found.length
}
