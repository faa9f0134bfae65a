import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import SQLite, { type Database } from 'better-sqlite3'
import { onTestFinished } from 'vitest'
import type { Clock } from '../../../electron/engine/base/clock.ts'
import type { SettingsStore } from '../../../electron/engine/base/settings-store.ts'
import type { GroupCommitDatabase } from '../../../electron/engine/base/sqlite/group-commit.ts'
import type { Vault } from '../../../electron/engine/base/vault.ts'
import { registry } from '../../../electron/engine/checkers/registry.ts'
import { type Appender, createAppender } from '../../../electron/engine/ledger/append.ts'
import { openSigningKey } from '../../../electron/engine/ledger/signing.ts'
import { createSealer, type Sealer } from '../../../electron/engine/ledger/signing-book.ts'
import { createBuiltInProfiles } from '../../../electron/engine/profiles/built-in-profiles.ts'
import { openDatabase } from '../../../electron/engine/store/database.ts'
import { createFolderIndex } from '../../../electron/engine/store/folder-index.ts'
import type { Store } from '../../../electron/engine/store/ports.ts'
import type { NewCheck } from '../../../electron/engine/store/records.ts'
import { createCommands, type LedgerCommands } from '../../../electron/engine/store/sqlite/commands.ts'
import { createStore } from '../../../electron/engine/store/sqlite/open-store.ts'
import { createQueries, type LedgerQueries } from '../../../electron/engine/store/sqlite/queries.ts'
import { failure } from '../../../shared/conclusion.ts'
import type { Verdict } from '../../../shared/domain.ts'
import { screenOptionsSchema } from '../../../shared/screening.ts'

export interface LedgerFixture {
  readonly dataDir: string
  readonly database: GroupCommitDatabase
  readonly commands: LedgerCommands
  readonly queries: LedgerQueries
  readonly appender: Appender
  readonly sealer: Sealer
  readonly clock: FixedClock
  readonly settings: SettingsStore
  readonly store: Store
}

export interface FixedClock extends Clock {
  set(ms: number): void
}

/** Time stands still until it is told otherwise. */
export function fixedClock(start: number): FixedClock {
  let now = start
  return {
    now: () => now,
    set: ms => {
      now = ms
    },
    sleep: async () => undefined,
  }
}

export function memoryStore(): SettingsStore {
  const values = new Map<string, unknown>()
  return {
    get: key => values.get(key),
    set: (key, value) => void values.set(key, value),
    delete: key => void values.delete(key),
  }
}

export const noVault: Vault = {
  strength: 'none',
  encrypt: () => Promise.reject(new Error('there is no vault')),
  decrypt: () => Promise.reject(new Error('there is no vault')),
}

/** A vault that opens only for the machine that sealed. */
export function keychain(machine: string): Vault {
  return {
    strength: 'keychain',
    encrypt: async plain => Buffer.from(`${machine}\n${plain}`),
    decrypt: async cipher => {
      const [owner, ...lines] = Buffer.from(cipher).toString().split('\n')
      if (owner !== machine) throw new Error('the keychain is another one')
      return lines.join('\n')
    },
  }
}

export function temporaryDir(): string {
  const dir = mkdtempSync(join(tmpdir(), 'prescreen-ledger-'))
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }))
  return dir
}

export function openLedger(
  options: { readonly dataDir?: string; readonly vault?: Vault; readonly store?: SettingsStore } = {},
): LedgerFixture {
  const dataDir = options.dataDir ?? temporaryDir()
  const settings = options.store ?? memoryStore()
  const openKey = () => openSigningKey({ dataDir, store: settings, vault: options.vault ?? noVault })
  const clock = fixedClock(Date.UTC(2026, 10, 21))
  const database = openDatabase(join(dataDir, 'prescreen.sqlite'))
  onTestFinished(() => database.close())
  const appender = createAppender(database.raw, clock)
  return {
    dataDir,
    database,
    clock,
    settings,
    store: createStore(database, { clock, isAlive: () => false, openKey }),
    appender,
    commands: createCommands(database, clock, () => undefined),
    queries: createQueries(database, createFolderIndex),
    sealer: createSealer(database, appender, openKey),
  }
}

/** Takes everything that is queued into the search index. */
export function indexAll(ledger: Pick<LedgerFixture, 'database' | 'commands'>): void {
  ledger.database.raw.transaction(() => ledger.commands.index(1_000_000)).immediate()
}

export interface FixtureText {
  readonly path: string
  readonly text: string
  readonly verdict: Verdict | 'unchecked'
}

export const practiceProfile = createBuiltInProfiles(registry)[0]!.profile
export const options = screenOptionsSchema.parse({})
let batches = 0

/** A batch as a run would write it, one check for each text. Resolves to its id and its assets' ids. */
export async function screened(
  { database, commands, queries, clock }: LedgerFixture,
  texts: readonly FixtureText[],
): Promise<{ id: string; assets: readonly number[] }> {
  batches += 1
  const id = `b_fixture${String(batches).padStart(8, '0')}`
  await database.commit(() => {
    commands.createBatch({
      id,
      name: id,
      profiles: [practiceProfile],
      inputs: ['in'],
      options,
      practice: true,
      owner: '1:x',
    })
    const found = texts.map(({ path }, index) => ({
      path,
      source: JSON.stringify({ kind: 'file', path: `${id}/${index}` }),
      kind: 'text' as const,
      bytes: 10,
      excerpt: null,
      failure: null,
    }))
    commands.addAssets(id, 1, found)
    commands.setWalked(id)
  })
  const open = queries.openAssets(id, 0, texts.length)
  await database.commit(() => {
    for (const [index, { id: asset, path }] of open.entries()) {
      const { text, verdict } = texts[index]!
      const sha256 = `${id}-${index}`.padEnd(64, '0')
      const isChecked = verdict !== 'unchecked'
      commands.recordFacts(asset, {
        kind: 'text',
        bytes: 10,
        sha256,
        width: null,
        height: null,
        encoding: 'utf-8',
        reading: 'plain 2',
        notes: [],
        excerpt: text.slice(0, 200),
        text,
      })
      const check: NewCheck = {
        asset,
        profile: 0,
        place: { name: 'whole', rect: null, frame: null, range: [0, text.length], line: 1, column: 1 },
        endpoint: 'wechat.msg_sec_check',
        version: 'v2',
        partHash: sha256,
        transform: null,
        at: clock.now(),
      }
      const checkId = commands.beginCheck(check)
      const evidence = {
        httpStatus: 200,
        errcode: 0,
        errmsg: 'ok',
        rid: `rid-${id}-${index}`,
        traceId: null,
        label: verdict === 'risky' ? 20002 : 100,
        score: 90,
        reply: `{"errcode":0,"index":${index}}`,
      }
      const conclusion = isChecked
        ? ({ kind: 'verdict', verdict, evidence } as const)
        : failure('RETRY', 'timeout', 'late', evidence)
      commands.endCheck({ ...check, id: checkId }, { conclusion, attempts: 1, ms: 5 }, { profile: practiceProfile.id })
      commands.endResult(
        asset,
        0,
        {
          outcome: verdict,
          reason: isChecked ? null : 'timeout',
          detail: isChecked ? null : 'late',
          labels: verdict === 'risky' ? [20002] : [],
          score: isChecked ? 90 : null,
          parts: 1,
          checked: isChecked ? 1 : 0,
          reusedFrom: null,
          reusedProfile: null,
          reuseKey: null,
          tiled: false,
        },
        { path, sha256 },
      )
    }
    commands.setState(id, 'done', null, null)
  })
  clock.set(clock.now() + 1_000)
  return { id, assets: open.map(asset => asset.id) }
}

/** What somebody with the file and a SQLite program can do. */
export function tamper(dataDir: string, change: (raw: Database) => void): void {
  const raw = new SQLite(join(dataDir, 'prescreen.sqlite'))
  try {
    raw.pragma('foreign_keys = OFF')
    raw.exec('DROP TRIGGER IF EXISTS ledger_keeps; DROP TRIGGER IF EXISTS ledger_stays')
    change(raw)
  } finally {
    raw.close()
  }
}
