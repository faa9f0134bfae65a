import { openSync } from 'node:fs'
import type { Database } from 'better-sqlite3'
import { Problem } from '../../../../shared/problems.ts'
import { detailOf } from '../detail.ts'
import { connect } from './connect.ts'
import { type GroupCommitDatabase, type GroupHooks, groupCommits } from './group-commit.ts'
import { problemOf } from './problem-of.ts'
import { missingParts, type Schema, schemaVersion } from './schema.ts'

/**
 * Opens a database file whose writes go to disk in groups. A new file gets the schema; one of an older version must have been brought up
 * before (bring-up.ts). Throws a `Problem` for a file that is older, newer, damaged, busy, or cannot be written.
 */
export function openGroupCommitDatabase(file: string, schema: Schema, hooks: GroupHooks = {}): GroupCommitDatabase {
  const raw = connect(file)
  try {
    const mode = raw.pragma('journal_mode = WAL', { simple: true })
    if (mode !== 'wal') throw new Problem('not_writable', detailOf('no_write_ahead', { name: `${file}, ${mode}` }))
    // 16 MB of log: a page that is written time and again goes into the file once, and the file is waited for a quarter as often.
    raw.pragma('wal_autocheckpoint = 4000')
    createWhereEmpty(raw, schema)
    requireVersion(raw, schema, file)
    if (missingParts(raw, schema).length > 0) throw new Problem('database_corrupt', file)
    // From here on commits are made durable by `groupCommits`.
    raw.pragma('synchronous = NORMAL')
    return groupCommits(raw, file, openSync(`${file}-wal`, 'r+'), hooks)
  } catch (error) {
    raw.close()
    throw problemOf(error, file)
  }
}

function createWhereEmpty(raw: Database, schema: Schema): void {
  if (schemaVersion(raw) !== 0) return
  // IMMEDIATE, and the version read again inside: two processes may start at the same moment.
  raw
    .transaction(() => {
      if (schemaVersion(raw) !== 0) return
      schema.create(raw)
      raw.pragma(`user_version = ${schema.version}`)
    })
    .immediate()
}

function requireVersion(raw: Database, { version }: Schema, file: string): void {
  const present = schemaVersion(raw)
  if (present > version) throw newerSchema(present, version)
  if (present < version) throw new Error(`${file} has schema ${present} and was not brought up to ${version}`)
}

/** The file of a newer program, which is left as it is. */
export function newerSchema(present: number, version: number): Problem {
  return new Problem('database_newer', detailOf('newer_schema', { count: present, limit: version }))
}
