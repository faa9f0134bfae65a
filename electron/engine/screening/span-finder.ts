import { createHash } from 'node:crypto'
import type { Companion } from '../../../shared/domain.ts'
import { Problem } from '../../../shared/problems.ts'
import { encodeRemarks, remark } from '../../../shared/remarks/index.ts'
import type { CheckView } from '../../../shared/screening.ts'
import type { SpanPrice, SpanSearch } from '../../../shared/spans.ts'
import { detailOf } from '../base/detail.ts'
import type { Endpoint } from '../checkers/platform.ts'
import type { LedgerCommands } from '../store/commands.ts'
import type { LedgerDatabase } from '../store/database.ts'
import type { LedgerQueries } from '../store/queries.ts'
import { type CheckServices, interactiveRun, runCheck } from './check.ts'
import { companionsOf } from './content.ts'
import { findSpan, spanCalls } from './find-span.ts'
import { endpointOf, type Lane } from './lane.ts'
import { allowanceOf } from './planner.ts'

export interface SpanServices extends CheckServices {
  readonly database: LedgerDatabase
  readonly queries: LedgerQueries
  readonly commands: LedgerCommands
  /** The decoded text of an asset, the one that was screened; null when its file is gone or changed. */
  textOf(asset: number): Promise<string | null>
  /** The batch's profile of this id, ready to call. */
  laneOf(batch: string, profile: string): Promise<Lane>
}

export interface SpanFinder {
  /** For a flagged check of the asset, or its worst one; null when nothing in it was flagged. */
  spanPrice(asset: number, check?: number): Promise<SpanPrice | null>
  /** Makes the calls, each paced like any other and recorded in the ledger. */
  findSpan(asset: number, signal: AbortSignal, check?: number, onCall?: (calls: number) => void): Promise<SpanSearch>
}

export function createSpanFinder(services: SpanServices): SpanFinder {
  const { database, queries, commands } = services

  const flaggedOf = (asset: number, check: number | undefined) => {
    const flagged = queries
      .checks(asset)
      .filter(each => each.range !== null && (check === undefined || each.id === check))
    return flagged.find(each => each.verdict === 'risky') ?? flagged.find(each => each.verdict === 'review') ?? null
  }
  const textOf = async (asset: number): Promise<string> => {
    const text = await services.textOf(asset)
    if (text === null) throw new Problem('not_found', detailOf('text_gone'))
    return text
  }
  const targetOf = async (asset: number, check: number | undefined) => {
    const row = queries.asset(asset)
    if (row === null) throw new Problem('not_found', `asset ${asset}`)
    const flagged = flaggedOf(asset, check)
    if (flagged === null || flagged.range === null || flagged.verdict === null) return null
    return { row, flagged, range: flagged.range, verdict: flagged.verdict, text: await textOf(asset) }
  }

  /** The profile and the endpoint that flagged it, if they are what the profile would ask now. */
  const wayOf = async (batch: string, flagged: CheckView) => {
    const lane = await services.laneOf(batch, flagged.profile)
    const endpoint = endpointOf(lane, 'text')
    if (endpoint === null || endpoint.id !== flagged.endpoint || endpoint.version !== flagged.version)
      throw new Problem('conflict', detailOf('asked_otherwise', { name: `${flagged.endpoint} ${flagged.version}` }))
    return { lane, endpoint }
  }

  const recordProbe = (asset: number, flagged: CheckView, body: Readonly<Record<string, unknown>>) =>
    database.commit(() =>
      commands.appendOf('probe', asset, {
        check: flagged.id,
        endpoint: flagged.endpoint,
        version: flagged.version,
        ...body,
      }),
    )

  return {
    spanPrice: async (asset, check) => {
      const target = await targetOf(asset, check)
      if (target === null) return null
      const { row, flagged, range, text } = target
      const { lane, endpoint } = await wayOf(row.batch, flagged)
      const { quotaLeft } = allowanceOf(lane, endpoint, services.pacer.status())
      return { check: flagged.id, endpoint: flagged.endpoint, calls: spanCalls(text.slice(...range)), quotaLeft }
    },
    findSpan: async (asset, signal, check, onCall) => {
      const target = await targetOf(asset, check)
      if (target === null) throw new Problem('conflict', detailOf('nothing_flagged'))
      const { row, flagged, range, verdict, text } = target
      const { lane, endpoint } = await wayOf(row.batch, flagged)
      const { alone, without } = withoutCompanions(lane, endpoint)
      let calls = 0
      const found = await findSpan(text, { check: flagged.id, verdict, range }, async part => {
        signal.throwIfAborted()
        calls += 1
        onCall?.(calls)
        const outcome = await runCheck(services, alone, endpoint, part, interactiveRun(signal))
        const partHash = createHash('sha256').update(part.text).digest('hex')
        if (outcome.kind !== 'ended') {
          const failure =
            outcome.kind === 'stopped'
              ? { code: outcome.stop.code, detail: outcome.stop.detail }
              : { code: 'malformed_reply' as const, detail: detailOf('accepted_for_later') }
          return { verdict: null, failure }
        }
        const { end } = outcome
        await recordProbe(asset, flagged, {
          range: part.range,
          partHash,
          without: without.length === 0 ? undefined : without,
          outcome: end.verdict ?? 'unchecked',
          reason: end.failure?.code,
          detail: end.failure?.detail,
          attempts: end.attempts,
          ms: end.ms,
          errcode: end.evidence?.errcode,
          label: end.evidence?.label,
          score: end.evidence?.score,
          rid: end.evidence?.rid,
          reply: end.evidence?.reply,
        })
        return end
      })
      if (found.kind === 'found') {
        const { range: span, complete } = found
        await database.commit(() =>
          commands.appendOf('span', asset, { check: flagged.id, range: span, verdict: found.verdict, calls, complete }),
        )
      }
      return found.kind === 'not_found' && found.reason === 'not_flagged_now' && without.length > 0
        ? { ...found, detail: encodeRemarks(without.map(name => remark(`without_${name}`))) }
        : found
    },
  }
}

/** What goes along with every call of a text would be flagged with every part of it, and the text blamed for it. */
function withoutCompanions(
  lane: Lane,
  endpoint: Endpoint,
): { readonly alone: Lane; readonly without: readonly Companion[] } {
  const { title, nickname, signature, ...text } = lane.text
  const apart = companionsOf(endpoint, text.scene)
  const sent = { title, nickname, signature }
  const names = ['title', 'nickname', 'signature'] as const
  return {
    alone: { ...lane, text },
    without: names.filter(name => sent[name] !== undefined && sent[name] !== '' && !apart.includes(name)),
  }
}
