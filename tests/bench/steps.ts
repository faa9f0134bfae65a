/**
 * What it takes to bring a large file of each earlier schema up: the copy, the steps, and the verification before the commit.
 * Run alone: node tests/bench/steps.ts [assets] [schema …]
 */

import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import process from 'node:process'
import { type BringUpProgress, bringUpStore } from '../../electron/engine/store/bring-up.ts'
import { writeEarlierFile } from '../fixtures/earlier-file.ts'

const versions = [10, 20, 30, 40, 50, 60, 70]

async function main(): Promise<void> {
  const [assets = 1_000_000, ...chosen] = process.argv.slice(2).map(Number)
  for (const version of chosen.length > 0 ? chosen : versions) {
    const folder = mkdtempSync(path.join(tmpdir(), 'prescreen-bench-'))
    try {
      const file = path.join(folder, 'prescreen.sqlite')
      writeEarlierFile(file, version, assets)
      const gigabytes = statSync(file).size / 2 ** 30
      const { seconds, cpuSeconds, phases } = await timed(file)
      const each = phases.map(({ phase, seconds: own }) => `${phase} ${own.toFixed(1)} s`).join(', ')
      process.stdout.write(
        `schema ${version}: ${assets} assets, ${gigabytes.toFixed(2)} GB, brought up in ${seconds.toFixed(1)} s (${each}; ${cpuSeconds.toFixed(1)} s of a core)\n`,
      )
    } finally {
      rmSync(folder, { recursive: true })
    }
  }
}

async function timed(file: string) {
  const started = performance.now()
  const cpuBefore = process.cpuUsage()
  const begun: { readonly phase: BringUpProgress['phase']; readonly at: number }[] = []
  await bringUpStore(file, ({ phase }) => {
    if (begun.at(-1)?.phase !== phase) begun.push({ phase, at: performance.now() })
  })
  const ended = performance.now()
  const phases = begun.map(({ phase, at }, index) => ({
    phase,
    seconds: ((begun[index + 1]?.at ?? ended) - at) / 1_000,
  }))
  const { user, system } = process.cpuUsage(cpuBefore)
  return { seconds: (ended - started) / 1_000, cpuSeconds: (user + system) / 1e6, phases }
}

if (import.meta.main) await main()
