import { spawnSync } from 'node:child_process'
import { copyFileSync, existsSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import SQLite, { type Database } from 'better-sqlite3'
import { describe, expect, test } from 'vitest'
import { bringUp } from '../../../electron/engine/base/sqlite/bring-up.ts'
import { verifyDataDir } from '../../../electron/engine/ledger/verify.ts'
import { checkStore } from '../../../electron/engine/store/bring-up.ts'
import { storeSchema } from '../../../electron/engine/store/schema.ts'
import { writeEarlierFile } from '../../fixtures/earlier-file.ts'
import { temporaryFolder } from '../../fixtures/engine/harness.ts'

const victim = join(import.meta.dirname, 'bring-up-victim.ts')
/** More than the victim's cache holds, so that what is not committed is in the file when the program ends. */
const assets = 1_500
const mostKills = 10

function runVictim(file: string, last?: number) {
  const { signal, stdout, stderr } = spawnSync(process.execPath, [victim, file, ...(last ? [String(last)] : [])], {
    encoding: 'utf8',
  })
  return { signal, stdout, stderr }
}

function versionOf(file: string): number {
  // Not read-only: SQLite takes back what was not committed.
  const raw = new SQLite(file)
  try {
    expect(raw.pragma('integrity_check', { simple: true })).toBe('ok')
    return Number(raw.pragma('user_version', { simple: true }))
  } finally {
    raw.close()
  }
}

/** Whether the journal says what was in the file: then what is there now was not committed. */
function isHot(journal: string): boolean {
  return existsSync(journal) && readFileSync(journal)[0] !== 0 && readFileSync(journal).length > 0
}

// One that is written anew row by row, and one whose tables stay.
describe.each([30, 70])('a file of schema %i that is brought up by a program that is killed', version => {
  test('is whole, of the old schema or of the new one, wherever that was', async () => {
    const folder = await temporaryFolder()
    const [source, file, copy] = ['source', 'prescreen', `prescreen.before-${version}`].map(name =>
      join(folder, `${name}.sqlite`),
    ) as [string, string, string]
    writeEarlierFile(source, version, assets)
    copyFileSync(source, file)
    const all = runVictim(file)
    expect(all.stderr).toBe('')
    const places: readonly string[] = JSON.parse(all.stdout)
    const kills = Math.min(mostKills, places.length)
    const ended = new Map<string, number>()
    let halfWritten = 0
    for (let kill = 0; kill < kills; kill += 1) {
      const last = 1 + Math.round((kill * (places.length - 1)) / (kills - 1))
      rmSync(copy, { force: true })
      copyFileSync(source, file)
      expect(runVictim(file, last).signal).toBe('SIGKILL')
      const place = places[last - 1] ?? ''
      if (isHot(`${file}-journal`)) halfWritten += 1
      expect(await verifyDataDir(folder), place).toMatchObject({ intact: true, rows: expect.any(Number) })
      const present = versionOf(file)
      ended.set(place, present)
      if (existsSync(copy)) expect(versionOf(copy), place).toBe(version)
      // The next start ends what this one began.
      const check = (raw: Database, of: string) => checkStore(raw, of, () => undefined)
      await bringUp(file, storeSchema, { check })
      expect(versionOf(file), place).toBe(storeSchema.version)
    }
    expect(ended.size).toBe(kills)
    expect(new Set(ended.values())).toEqual(new Set([version, storeSchema.version]))
    expect(halfWritten).toBeGreaterThan(0)
    expect(ended.get('committed')).toBe(storeSchema.version)
  }, 600_000)
})
