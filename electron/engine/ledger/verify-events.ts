import type { Database } from 'better-sqlite3'
import { parsedBody } from './body.ts'
import { digestLength } from './digests.ts'
import type { AssetLedgerRow, AssetMaterial, BatchContext, SharedEvent } from './verify-asset.ts'

/** Rows of the ledger that concern a batch, or many of its assets at once. */
export interface BatchEvents {
  context(batch: string): BatchContext
  /** By number. */
  rowsOf(batch: string): readonly AssetLedgerRow[]
  batches(): IterableIterator<string>
  /** The first asset after this one that a walk found; empty when there is none. */
  nextFound(after: number): readonly number[]
  /** What befell the results of these assets, which must not come before those of the call before. */
  between(first: number, last: number): ReadonlyMap<number, SharedEvent[]>
  /** How a walk found these assets; in the same order. */
  found(first: number, last: number): ReadonlyMap<number, Found>
}

export type Found = NonNullable<AssetMaterial['found']> & { readonly seq: number; readonly batch: string }

interface Run extends Omit<SharedEvent, 'kind'> {
  readonly kind: SharedEvent['kind'] | 'found'
  readonly batch: string
  readonly first: number
  readonly last: number
}

interface ReadRow extends Omit<AssetLedgerRow, 'body'> {
  readonly batch: string
  readonly body: string
}

const none: BatchContext = { profiles: [], isOld: false, oldRequeues: [], oldEnds: new Map() }

export function readBatchEvents(raw: Database): BatchEvents {
  const rows = new Map<string, AssetLedgerRow[]>()
  const runs: Run[] = []
  const read = raw.prepare<[], ReadRow>(
    `SELECT seq, at, kind, batch, iif(kind = 'found' AND json_valid(body), json_remove(body, '$.keys', '$.found'), body) AS body
     FROM ledger WHERE batch IS NOT NULL AND asset IS NULL ORDER BY seq`,
  )
  for (const { batch, body: json, ...rest } of read.iterate()) {
    const { added, ...row } = withoutLists({ ...rest, body: parsedBody(json) })
    const known = rows.get(batch) ?? []
    rows.set(batch, known)
    known.push(row)
    runs.push(...runsIn(row, batch), ...added.map(run => ({ ...run, batch })))
  }
  runs.sort((a, b) => a.first - b.first)
  const contexts = new Map([...rows].map(([batch, known]) => [batch, contextOf(known)] as const))
  const bodyAt = raw.prepare<[number], string>('SELECT body FROM ledger WHERE seq = ?').pluck()
  const overlapping = sweep(runs)
  const foundRuns = runs.filter(run => run.kind === 'found')
  let nextRun = 0

  return {
    context: batch => contexts.get(batch) ?? none,
    rowsOf: batch => rows.get(batch) ?? [],
    batches: () => rows.keys(),
    nextFound: after => {
      // Not by `find` alone: pages ask in ascending order.
      while (nextRun < foundRuns.length && (foundRuns[nextRun]?.last ?? 0) <= after) nextRun += 1
      const run = foundRuns[nextRun]
      return run === undefined ? [] : [Math.max(run.first, after + 1)]
    },
    between: (first, last) => {
      const events = new Map<number, SharedEvent[]>()
      for (const run of overlapping(first, last)) {
        const { kind, profile, seq, at, body } = run
        if (kind === 'found') continue
        for (let asset = Math.max(first, run.first); asset <= Math.min(last, run.last); asset += 1) {
          const known = events.get(asset) ?? []
          events.set(asset, known)
          known.push({ kind, profile, seq, at, body })
        }
      }
      for (const known of events.values()) known.sort((a, b) => a.seq - b.seq)
      return events
    },
    found: (first, last) => {
      const found = new Map<number, Found>()
      for (const run of overlapping(first, last)) {
        if (run.kind !== 'found') continue
        const { position, profiles, keys, found: digests, local } = parsedBody(bodyAt.get(run.seq) ?? '')
        if (typeof position !== 'number' || typeof keys !== 'string' || typeof digests !== 'string') continue
        for (let asset = Math.max(first, run.first); asset <= Math.min(last, run.last); asset += 1) {
          const at = asset - run.first
          found.set(asset, {
            seq: run.seq,
            batch: run.batch,
            position: position + at,
            profiles: Number(profiles),
            local: Array.isArray(local) ? local.map(Number) : [],
            key: keys.slice(at * keyDigits, (at + 1) * keyDigits),
            digest: digests.slice(at * digestLength, (at + 1) * digestLength),
          })
        }
      }
      return found
    },
  }
}

/** Hexadecimal digits of a source key, which is half a SHA-256. */
const keyDigits = 32

/** The runs that overlap with a range; ranges must come in ascending order, or be the one before. */
function sweep(runs: readonly Run[]): (first: number, last: number) => readonly Run[] {
  let next = 0
  let open: Run[] = []
  return (first, last) => {
    for (let run = runs[next]; run !== undefined && run.first <= last; run = runs[next]) {
      open.push(run)
      next += 1
    }
    open = open.filter(run => run.last >= first)
    return open
  }
}

/** Lists of what was found are as long as a page of assets: they are read again when it is their turn. */
function withoutLists(row: AssetLedgerRow): AssetLedgerRow & { readonly added: readonly Omit<Run, 'batch'>[] } {
  const { first, count, form } = row.body
  if (row.kind !== 'found' || typeof first !== 'number' || typeof count !== 'number') return { ...row, added: [] }
  const { seq, at } = row
  const body = { first, count, form }
  return { ...row, body, added: [{ kind: 'found', seq, at, profile: -1, body, first, last: first + count - 1 }] }
}

/** The results that a row took up again or ended, by profile: see `runsOf`. */
function runsIn({ seq, at, kind, body }: AssetLedgerRow, batch: string): readonly Run[] {
  const isRequeue = kind === 'batch' && body.event === 'requeue'
  if ((!isRequeue && kind !== 'result') || !Array.isArray(body.results)) return []
  // Its lists are in the runs.
  const { results, ...rest } = body
  return body.results.flatMap((list: unknown) => {
    const [profile, ...bounds] = Array.isArray(list) ? list.map(Number) : []
    const found: Run[] = []
    for (let index = 0; index + 1 < bounds.length; index += 2) {
      const common = { seq, at, body: rest, batch, profile: profile ?? -1 }
      found.push({
        ...common,
        kind: isRequeue ? 'requeue' : 'ended',
        first: bounds[index] ?? 0,
        last: bounds[index + 1] ?? 0,
      })
    }
    return found
  })
}

function contextOf(rows: readonly AssetLedgerRow[]): BatchContext {
  const start = rows.find(({ kind, body }) => kind === 'batch' && body.event === 'start')?.body
  const profiles = Array.isArray(start?.profiles) ? start.profiles : []
  return {
    profiles: profiles.map((profile: unknown) =>
      typeof profile === 'object' && profile !== null && 'id' in profile ? String(profile.id) : '',
    ),
    isOld: start?.form === undefined,
    oldRequeues: rows.filter(({ body }) => body.event === 'requeue' && body.form === undefined).map(({ seq }) => seq),
    oldEnds: new Map(
      rows.filter(({ kind, body }) => kind === 'result' && body.form === undefined).map(row => [row.seq, row]),
    ),
  }
}
