import { type Evidence, type FinalConclusion, failure } from '../../../../shared/conclusion.ts'
import type { Profile } from '../../../../shared/profile.ts'
import type { PushConclusion } from '../../checkers/wechat/push/push-event.ts'
import type { CheckRecord } from '../../ledger/rows.ts'
import { concludeAsset, type PartResult, partResultOfRow } from '../aggregate.ts'
import type { CallContext, ResultContext, Settled } from '../records.ts'
import { parseLater } from '../stored-pushes.ts'
import { sentCheckOf } from './check-reads.ts'
import type { LedgerCommands } from './commands.ts'
import type { LedgerQueries } from './queries.ts'

/** Ends awaited checks and concludes the results that waited for them. All methods run inside a commit. */
export interface Settlement {
  endCheck(row: CheckRecord, conclusion: FinalConclusion, context?: CallContext): void
  /** The answer to another check that has the same trace id. */
  conclusionOf(answered: CheckRecord, traceId: string | null): PushConclusion
  /** The result, once none of its checks is awaited any more; null while one is, or when the result does not depend on them. */
  settle(asset: number, profile: number, context: ResultContext): Settled | null
}

export function createSettlement({
  commands,
  queries,
}: {
  readonly commands: LedgerCommands
  readonly queries: LedgerQueries
}): Settlement {
  const batches = new Map<string, { readonly practice: boolean; readonly profiles: readonly Profile[] }>()
  const batchOf = (asset: number) => {
    const record = queries.asset(asset)
    if (record === null) return null
    const known = batches.get(record.batch) ?? queries.batch(record.batch)
    if (known === null) return null
    const { practice, profiles } = known
    batches.set(record.batch, { practice, profiles })
    return { id: record.batch, path: record.path, practice, profiles }
  }
  const contextOf = (row: CheckRecord): CallContext => {
    const batch = batchOf(row.asset)
    const profile = batch?.profiles[row.profile]
    return {
      profile: profile?.id,
      platform: profile?.platform,
      appid: profile?.appid,
      practice: batch?.practice,
    }
  }

  return {
    endCheck: (row, conclusion, context) => {
      const evidence = { ...(conclusion.evidence ?? nothingReceived), traceId: row.trace_id }
      const end = { conclusion: { ...conclusion, evidence }, attempts: row.attempts, ms: row.ms ?? 0 }
      commands.endCheck(sentCheckOf(row), end, { ...contextOf(row), ...context }, 'push')
    },
    conclusionOf: (answered, traceId) => {
      const evidence = { ...nothingReceived, traceId, label: answered.label, score: answered.score }
      const result = partResultOfRow(answered)
      return result.verdict === null
        ? { ...failure('INPUT', result.failure.code, result.failure.detail), evidence }
        : { kind: 'verdict', verdict: result.verdict, evidence }
    },
    settle: (asset, profile, context) => {
      const result = queries.results(asset).find(each => each.profile === profile)
      if (result === undefined || result.later === null) return null
      // A verdict stands; what is unchecked (overdue, cancelled) is corrected by a push that came after all.
      if (result.state === 'queued' || (result.state === 'done' && result.outcome !== 'unchecked')) return null
      const later = parseLater(result.later)
      const rows = new Map(queries.checksOfResult(asset, profile).map(row => [row.part, row]))
      const parts: PartResult[] = [...later.ends]
      for (const part of later.awaiting) {
        const row = rows.get(part)
        if (row !== undefined && row.state !== 'done') return null
        parts.push(partResultOfRow(row))
      }
      const concluded = concludeAsset(parts, later.missing, later)
      const isSame = concluded.outcome === result.outcome && concluded.reason === result.reason
      if (result.state === 'done' && isSame) return null
      const batch = batchOf(asset)
      commands.endResult(asset, profile, concluded, { path: batch?.path, sha256: later.sha256, ...context })
      return { batch: batch?.id ?? '', asset, profile, end: concluded }
    },
  }
}

const nothingReceived: Evidence = {
  httpStatus: null,
  errcode: null,
  errmsg: null,
  rid: null,
  traceId: null,
  label: null,
  score: null,
  reply: null,
}
