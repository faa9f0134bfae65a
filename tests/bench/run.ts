/**
 * `npm run bench`: what the program reaches on this machine, as ratios measured in one run wherever there is something public to
 * compare with. Each bench has a process of its own, so that none inherits another's memory. Nothing here passes or fails on time.
 * Names as arguments choose benches: `npm run bench -- overhead memory`.
 */
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { cpus, release, totalmem } from 'node:os'
import { join } from 'node:path'
import { buildIfStale } from '../../electron/launch/build-if-stale.ts'

const benches = [
  'overhead',
  'pieces',
  'memory',
  'curl',
  'evidence',
  'steps',
  'relay',
  'scanning',
  'awaiting',
  'window',
  'pacing',
  'rules',
  'rules-speed',
]
const chosen = process.argv.slice(2)
const unknown = chosen.filter(name => !benches.includes(name))
if (unknown.length > 0) {
  process.stderr.write(`no bench ${unknown.join(', ')}; there are: ${benches.join(', ')}\n`)
  process.exit(1)
}

// Measured is what people run.
if (!buildIfStale(join(import.meta.dirname, '../..'))) process.exit(1)
const memoryGb = Math.round(totalmem() / 2 ** 30)
process.stdout.write(
  `${cpus()[0]?.model ?? 'unknown processor'}, ${cpus().length} cores, ${memoryGb} GB, ${process.platform} ${release()}, Node ${process.version}\n`,
)
for (const name of benches) {
  const script = join(import.meta.dirname, `${name}.ts`)
  if ((chosen.length > 0 && !chosen.includes(name)) || !existsSync(script)) continue
  const { status } = spawnSync(process.execPath, [script], { stdio: 'inherit' })
  // A bench that could not measure says why by itself; the others are worth having all the same.
  if (status !== 0) process.exitCode = 1
}
