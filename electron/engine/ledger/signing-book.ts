import type { Database } from 'better-sqlite3'
import { z } from 'zod'
import { keyOrigins } from '../../../shared/domain.ts'
import type { GroupCommitDatabase } from '../base/sqlite/group-commit.ts'
import type { Appender } from './append.ts'
import { type Head, headText, type SigningKey } from './signing.ts'

/** A head with the signature of the key that the ledger introduces under this fingerprint. */
export const signedHeadSchema = z.object({
  seq: z.int(),
  hash: z.string(),
  signature: z.string(),
  key: z.string(),
})
export type SignedHead = z.infer<typeof signedHeadSchema>

export const keyBodySchema = z.object({
  fingerprint: z.string(),
  publicKey: z.string(),
  origin: z.enum(keyOrigins),
})
export type KnownKey = z.infer<typeof keyBodySchema>

/** Signs heads, and introduces each key to the ledger before its first use. */
export interface Sealer {
  /** The key, introduced by a row of the ledger that is durable. */
  key(): Promise<SigningKey>
  /** Appends a row with the signed head, so that a later rewrite of what lies before is found. */
  seal(batch: string | null): Promise<void>
}

export function createSealer(
  database: GroupCommitDatabase,
  appender: Appender,
  open: () => Promise<SigningKey>,
): Sealer {
  let opened: Promise<SigningKey> | null = null
  const openOnce = () => {
    opened ??= open().catch(error => {
      // A full disk may have room again next time.
      opened = null
      throw error
    })
    return opened
  }
  return {
    key: async () => {
      const key = await openOnce()
      await database.commit(() => introduce(database.raw, appender, key))
      return key
    },
    seal: async batch => {
      const key = await openOnce()
      await database.commit(() => {
        introduce(database.raw, appender, key)
        const head = headOf(database.raw)
        if (head !== null) appender.append({ kind: 'seal', batch, asset: null, body: { head: signHead(key, head) } })
      })
    },
  }
}

export function signHead(key: SigningKey, head: Head): SignedHead {
  return { ...head, signature: key.sign(headText(head)), key: key.fingerprint }
}

export function headOf(raw: Database): Head | null {
  const row = raw
    .prepare<[], { seq: number; hash: Buffer }>('SELECT seq, hash FROM ledger ORDER BY seq DESC LIMIT 1')
    .get()
  return row === undefined ? null : { seq: row.seq, hash: row.hash.toString('hex') }
}

/** Keys that the ledger has introduced, those of pruned rows included. */
export function knownKeys(raw: Database): readonly KnownKey[] {
  const rows = raw
    .prepare<[], { kind: string; body: string }>(
      "SELECT kind, body FROM ledger WHERE kind IN ('key', 'checkpoint') ORDER BY seq",
    )
    .all()
  const keys = rows.flatMap(({ kind, body }) => {
    const value: unknown = parsed(body)
    if (kind === 'key') {
      const key = keyBodySchema.safeParse(value)
      return key.success ? [key.data] : []
    }
    const checkpoint = z.object({ keys: z.array(keyBodySchema) }).safeParse(value)
    return checkpoint.success ? checkpoint.data.keys : []
  })
  return [...new Map(keys.map(key => [key.fingerprint, key])).values()]
}

function introduce(raw: Database, appender: Appender, { fingerprint, publicKey, origin }: SigningKey): void {
  const known = knownKeys(raw)
  if (known.some(key => key.fingerprint === fingerprint)) return
  // A second key of the same origin means that the first was lost.
  const replaces = known.findLast(key => key.origin === origin)?.fingerprint
  appender.append({
    kind: 'key',
    batch: null,
    asset: null,
    body: { event: replaces === undefined ? 'made' : 'replaced', fingerprint, publicKey, origin, replaces },
  })
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json)
  } catch {
    return null
  }
}
