import { createHash, randomBytes } from 'node:crypto'
import type { Database } from 'better-sqlite3'
import { openGroupCommitDatabase } from '../base/sqlite/database.ts'
import type { GroupCommitDatabase } from '../base/sqlite/group-commit.ts'
import type { Schema } from '../base/sqlite/schema.ts'
import { type RelayRecord, relayRecordSchema } from './protocol.ts'

/** The relay's database: events in the order in which they became durable, signatures in use, and the shelf of media. */
export interface RelayStore {
  /** Resolves once the event, or the earlier one that it repeats, is on disk. */
  accept(event: NewEvent, nowMs: number): Promise<Acceptance>
  /**
   * Records what a signature was used for, on disk, where nothing else ties it to that: in plain mode the platform signs neither the
   * body of a push nor what a check of the address asks (spec §5.3). False where it was used for something else before.
   */
  claimSignature(signature: string, use: Uint8Array, nowMs: number): Promise<boolean>
  /** What follows `after`, in order: at most `pageEvents`, and no more than one over `pageChars`. */
  eventsAfter(after: number): readonly RelayRecord[]
  readonly media: MediaRows
  /** Deletes what was received before `beforeMs`, and signatures that are too old to be used again. */
  forget(before: { readonly eventsMs: number; readonly signaturesMs: number }): Promise<void>
  /** Throws when the database does not answer. */
  probe(): void
  close(): Promise<void>
}

export type NewEvent = Omit<RelayRecord, 'seq' | 'receivedAt'>

export type Acceptance =
  | { readonly kind: 'stored'; readonly seq: number }
  | { readonly kind: 'duplicate' }
  /** The app's limit of events a day (`eventsPerDay`) is reached: more cannot belong to real checks, and would fill the disk. */
  | { readonly kind: 'day_full' }

export interface MediaRow {
  readonly id: string
  readonly mime: string
  readonly sizeBytes: number
  readonly expiresAt: number
}

export interface MediaRows {
  /** The secret of this installation; makes ids unguessable for those who know the content. */
  readonly secret: Buffer
  find(id: string): MediaRow | null
  put(row: MediaRow): Promise<void>
  all(): readonly MediaRow[]
  totalBytes(): number
  remove(ids: readonly string[]): Promise<void>
}

const pageEvents = 500
const pageChars = 2_000_000
const gatherMs = 16

const schema: Schema = {
  version: 10,
  steps: [],
  create: database => {
    database.exec(`
CREATE TABLE events (
  seq INTEGER PRIMARY KEY,
  received_at INTEGER NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('push', 'self-test')),
  platform TEXT NOT NULL,
  appid TEXT NOT NULL,
  trace_id TEXT NOT NULL,
  authenticity TEXT NOT NULL,
  message TEXT NOT NULL
) STRICT;
-- Not FromUserName and CreateTime: two results can share both (spec §5.6).
CREATE UNIQUE INDEX events_by_trace ON events (kind, platform, appid, trace_id);

CREATE TABLE signatures (
  signature TEXT PRIMARY KEY,
  body_sha256 BLOB NOT NULL,
  seen_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE media (
  id TEXT PRIMARY KEY,
  mime TEXT NOT NULL,
  size_bytes INTEGER NOT NULL,
  expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE secrets (name TEXT PRIMARY KEY, value BLOB NOT NULL) STRICT, WITHOUT ROWID;
`)
    database.prepare("INSERT INTO secrets (name, value) VALUES ('media', ?)").run(randomBytes(32))
  },
}

/** Throws a problem when the file is damaged, newer, or cannot be written. */
export function openRelayStore(file: string, { eventsPerDay }: { readonly eventsPerDay: number }): RelayStore {
  const database = openGroupCommitDatabase(file, schema)
  const { raw } = database
  const signatureBody = raw.prepare<[string], Buffer>('SELECT body_sha256 FROM signatures WHERE signature = ?').pluck()
  const addSignature = raw.prepare<[string, Buffer, number]>('INSERT INTO signatures VALUES (?, ?, ?)')
  const addEvent = raw
    .prepare<[number, number, string, string, string, string, string, string], number>(
      `INSERT INTO events (seq, received_at, kind, platform, appid, trace_id, authenticity, message)
       VALUES (max(?, (SELECT ifnull(max(seq), 0) + 1 FROM events)), ?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (kind, platform, appid, trace_id) DO NOTHING RETURNING seq`,
    )
    .pluck()
  const isStored = raw
    .prepare<[string, string, string, string], number>(
      'SELECT 1 FROM events WHERE kind = ? AND platform = ? AND appid = ? AND trace_id = ?',
    )
    .pluck()
  const page = raw.prepare<[number, number], unknown>(
    `SELECT seq, received_at AS receivedAt, kind, platform, appid, trace_id AS traceId, authenticity, message
     FROM events WHERE seq > ? ORDER BY seq LIMIT ?`,
  )
  const dropEvents = raw.prepare<[number]>('DELETE FROM events WHERE received_at < ?')
  const dropSignatures = raw.prepare<[number]>('DELETE FROM signatures WHERE seen_at < ?')
  const probe = raw.prepare('SELECT max(seq) FROM events').pluck()
  const countSince = raw
    .prepare<[number, string, string], number>(
      'SELECT count(*) FROM events WHERE seq >= ? AND platform = ? AND appid = ?',
    )
    .pluck()
  const gather = createGatherer()
  const today = createDayCount((sinceMs, platform, appid) => countSince.get(sinceMs * 1000, platform, appid) ?? 0)

  return {
    accept: async (event, nowMs) => {
      await gather()
      return database.commit((): Acceptance => {
        const { kind, platform, appid, traceId, authenticity, message } = event
        if (today.of(platform, appid, nowMs) >= eventsPerDay) {
          return isStored.get(kind, platform, appid, traceId) === undefined
            ? { kind: 'day_full' }
            : { kind: 'duplicate' }
        }
        const seq = addEvent.get(nowMs * 1000, nowMs, kind, platform, appid, traceId, authenticity, message)
        if (seq === undefined) return { kind: 'duplicate' }
        today.add(platform, appid)
        return { kind: 'stored', seq }
      })
    },
    claimSignature: async (signature, use, nowMs) => {
      await gather()
      const digest = createHash('sha256').update(use).digest()
      return database.commit(() => {
        const seen = signatureBody.get(signature)
        if (seen === undefined) addSignature.run(signature, digest, nowMs)
        return seen === undefined || seen.equals(digest)
      })
    },
    eventsAfter: after => {
      const records: RelayRecord[] = []
      let chars = 0
      for (const row of page.iterate(after, pageEvents)) {
        const record = relayRecordSchema.parse(row)
        records.push(record)
        chars += record.message.length
        if (chars > pageChars) break
      }
      return records
    },
    media: mediaRows(database),
    forget: ({ eventsMs, signaturesMs }) =>
      database.commit(() => {
        dropEvents.run(eventsMs)
        dropSignatures.run(signaturesMs)
      }),
    probe: () => {
      probe.get()
    },
    close: () => database.close(),
  }
}

/** Events of each app since midnight UTC, read from the database once a day. */
function createDayCount(read: (sinceMs: number, platform: string, appid: string) => number) {
  const dayMs = 86_400_000
  let day = Number.NaN
  const counts = new Map<string, number>()
  const keyOf = (platform: string, appid: string) => `${platform} ${appid}`
  return {
    of: (platform: string, appid: string, nowMs: number): number => {
      const present = Math.floor(nowMs / dayMs)
      if (present !== day) counts.clear()
      day = present
      const key = keyOf(platform, appid)
      const count = counts.get(key) ?? read(present * dayMs, platform, appid)
      counts.set(key, count)
      return count
    },
    add: (platform: string, appid: string): void => {
      const key = keyOf(platform, appid)
      counts.set(key, (counts.get(key) ?? 0) + 1)
    },
  }
}

/**
 * Lets events of a few milliseconds go to disk together: the platform waits 5 s (spec §5.6), and a thousand events a second
 * must not mean a thousand waits for the disk.
 */
function createGatherer(): () => Promise<void> {
  let gathering: Promise<void> | null = null
  return () => {
    gathering ??= new Promise(resolve => {
      setTimeout(() => {
        gathering = null
        resolve()
      }, gatherMs)
    })
    return gathering
  }
}

function mediaRows({ raw, commit }: GroupCommitDatabase): MediaRows {
  const columns = 'id, mime, size_bytes AS sizeBytes, expires_at AS expiresAt'
  const find = raw.prepare<[string], MediaRow>(`SELECT ${columns} FROM media WHERE id = ?`)
  const all = raw.prepare<[], MediaRow>(`SELECT ${columns} FROM media`)
  const put = raw.prepare<[string, string, number, number]>(
    `INSERT INTO media VALUES (?, ?, ?, ?)
     ON CONFLICT (id) DO UPDATE SET expires_at = max(expires_at, excluded.expires_at)`,
  )
  const total = raw.prepare<[], number>('SELECT ifnull(sum(size_bytes), 0) FROM media').pluck()
  const remove = raw.prepare<[string]>('DELETE FROM media WHERE id = ?')
  return {
    secret: readSecret(raw),
    find: id => find.get(id) ?? null,
    all: () => all.all(),
    totalBytes: () => total.get() ?? 0,
    put: ({ id, mime, sizeBytes, expiresAt }) =>
      commit(() => {
        put.run(id, mime, sizeBytes, expiresAt)
      }),
    remove: ids =>
      commit(() => {
        for (const id of ids) remove.run(id)
      }),
  }
}

function readSecret(raw: Database): Buffer {
  const secret = raw.prepare<[], Buffer>("SELECT value FROM secrets WHERE name = 'media'").pluck().get()
  if (secret === undefined) throw new Error('The relay database has no media secret.')
  return secret
}
