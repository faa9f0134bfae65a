import { existsSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Database } from 'better-sqlite3'
import { Problem } from '../../../../shared/problems.ts'
import { type CopyServices, copyBefore, removeOlderCopies } from './before-copy.ts'
import { connect } from './connect.ts'
import { newerSchema } from './database.ts'
import { isBusy, problemOf } from './problem-of.ts'
import { type Schema, schemaVersion } from './schema.ts'

export interface BringUpOptions extends CopyServices {
  /**
   * Looks at the file when the steps are done and before they are committed; `copy` is the file as it was. Throws where the steps must not
   * be kept.
   */
  readonly check: (raw: Database, copy: string) => Promise<void>
  /** Told when the copy is whole, before the first step: what takes long may begin beside the steps. */
  readonly onCopied?: (copy: string) => void
  /** How much of the steps is done, from 0 to 1. */
  readonly onSteps?: (share: number) => void
  /** How long to wait for other programs that have the file open. */
  readonly patienceMs?: number
}

export interface BroughtUp {
  /** The schema that the file had. */
  readonly from: number
  /** The file as it was, for an older version of the program. */
  readonly copy: string
}

/**
 * Whether there is a file that has to be brought up, as far as can be seen: one that another program is bringing up is locked, and counts.
 * Throws a `Problem` for the file of a newer program, and for a damaged one.
 */
export function isOlder(file: string, schema: Schema): boolean {
  if (!existsSync(file)) return false
  let raw: Database | null = null
  try {
    raw = connect(file, 0)
    const version = schemaVersion(raw)
    if (version > schema.version) throw newerSchema(version, schema.version)
    return version !== 0 && version < schema.version
  } catch (error) {
    if (isBusy(error)) return true
    throw problemOf(error, file)
  } finally {
    raw?.close()
  }
}

/**
 * Brings an older file to the schema: copies it, runs the steps that are missing and checks what came of them, in one transaction, so that
 * whatever happens the file is either of the old schema or of the new one. Nobody else may have it open meanwhile: an older program would
 * write into tables that it does not know. Returns null where nothing is to be done, or another program did it. Throws a `Problem`, and
 * leaves the file as it was.
 */
export async function bringUp(file: string, schema: Schema, options: BringUpOptions): Promise<BroughtUp | null> {
  const { at = () => undefined } = options
  if (!isOlder(file, schema)) return null
  const raw = await openAlone(file, schema, options.patienceMs ?? 10_000)
  if (raw === null) return null
  try {
    raw.pragma(`cache_size = -${cacheKilobytes(raw)}`)
    at('alone', raw)
    const from = schemaVersion(raw)
    const copy = copyBefore(raw, file, from, options)
    options.onCopied?.(copy)
    runSteps(raw, schema, from, options)
    at('steps done', raw)
    requireWholeReferences(raw, file)
    at('references whole', raw)
    await options.check(raw, copy)
    at('checked', raw)
    raw.exec('COMMIT')
    at('committed', raw)
    removeOlderCopies(file)
    return { from, copy }
  } catch (error) {
    if (raw.inTransaction) raw.exec('ROLLBACK')
    throw problemOf(error, file)
  } finally {
    raw.close()
  }
}

/** A sixteenth of the file, from 8 to 64 MB: what does not fit is written before its time, and the disk is waited for. */
function cacheKilobytes(raw: Database): number {
  const number = (name: string) => Number(raw.pragma(name, { simple: true }))
  const kilobytes = Math.ceil((number('page_count') * number('page_size')) / 1_024 / 16)
  return Math.min(64_000, Math.max(8_000, kilobytes))
}

const retryMs = 50

/**
 * A connection that is the only one to the file, inside a transaction: with a rollback journal in place of the log, which SQLite grants to
 * nobody as long as others have the file open. They are waited for. Null where one of them has brought the file up.
 */
async function openAlone(file: string, schema: Schema, patienceMs: number): Promise<Database | null> {
  const until = performance.now() + patienceMs
  for (;;) {
    // Other programs are waited for here, without blocking the thread.
    let raw: Database | null = null
    try {
      raw = connect(file, 0)
      if (schemaVersion(raw) >= schema.version) {
        raw.close()
        return null
      }
      raw.pragma('foreign_keys = OFF')
      raw.pragma('journal_mode = DELETE')
      raw.exec('BEGIN IMMEDIATE')
      // A program that opened the file between the two statements has switched it back to the log.
      if (raw.pragma('journal_mode', { simple: true }) === 'delete' && schemaVersion(raw) < schema.version) {
        // Others may still look at the file for a moment.
        raw.pragma(`busy_timeout = ${patienceMs}`)
        return raw
      }
      raw.close()
    } catch (error) {
      raw?.close()
      if (!isBusy(error)) throw problemOf(error, file)
    }
    if (performance.now() > until) throw new Problem('database_open_elsewhere', file)
    await sleep(retryMs)
  }
}

function runSteps(raw: Database, { steps, version }: Schema, from: number, { at, onSteps }: BringUpOptions): void {
  const missing = steps.filter(step => step.version > from)
  for (const [done, step] of missing.entries()) {
    onSteps?.(done / missing.length)
    let statement = 0
    at?.(`step ${step.version}`, raw)
    step.up(raw, () => {
      statement += 1
      // How many there will be depends on the file: a little less is left each time.
      onSteps?.((done + statement / (statement + 8)) / missing.length)
      at?.(`step ${step.version}.${statement}`, raw)
    })
    raw.pragma(`user_version = ${step.version}`)
  }
  if (schemaVersion(raw) !== version)
    throw new Error(`the steps lead to schema ${schemaVersion(raw)}, not to ${version}`)
}

function requireWholeReferences(raw: Database, file: string): void {
  const [broken] = raw
    .prepare<[], { table: string; rowid: number | null; parent: string }>('PRAGMA foreign_key_check')
    .all()
  if (broken === undefined) return
  const { table, rowid, parent } = broken
  throw new Problem('database_step_failed', `${file}: ${table} ${rowid ?? ''} refers to no row of ${parent}`)
}
