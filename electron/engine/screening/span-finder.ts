import { createHash } from 'node:crypto'
import type { Companion, TextPart } from '../../../shared/domain.ts'
import { Problem } from '../../../shared/problems.ts'
import { encodeRemarks, remark } from '../../../shared/remarks/index.ts'
import type { CheckView } from '../../../shared/screening.ts'
import type { SpanPrice, SpanSearch } from '../../../shared/spans.ts'
import { detailOf } from '../base/detail.ts'
import type { Endpoint } from '../checkers/platform.ts'
import { type PartResult, partResultOf } from '../store/aggregate.ts'
import type { StoreReader, StoreWriter } from '../store/ports.ts'
import { type CheckServices, interactiveRun, runCheck } from './check.ts'
import { companionsOf } from './content.ts'
import { findSpan, spanCalls } from './find-span.ts'
import { endpointOf, type Lane } from './lane.ts'
import { allowanceOf } from './plan-tally.ts'

export interface SpanServices extends CheckServices {
  readonly reader: Pick<StoreReader, 'asset' | 'checks'>
  readonly writer: Pick<StoreWriter, 'appendOf'>
  /** The decoded text of an asset, the one that was screened; null when its file is gone or changed. */
  textOf(asset: number): Promise<string | null>
  /** The batch's profile of this id, ready to call. */
  laneOf(batch: string, profile: string): Promise<Lane>
}

export interface SpanFinder {
  /** For a flagged check of the asset, or its worst one; null when nothing in it was flagged. */
  spanPrice(asset: number, check?: number): Promise<SpanPrice | null>
  /** Makes the calls; each is paced like any other and recorded in the ledger. */
  findSpan(asset: number, signal: AbortSignal, check?: number, onCall?: (calls: number) => void): Promise<SpanSearch>
}

export function createSpanFinder(services: SpanServices): SpanFinder {
  const { reader, writer } = services

  const flaggedOf = async (asset: number, check: number | undefined) => {
    const checks = await reader.checks(asset)
    const flagged = checks.filter(each => each.range !== null && (check === undefined || each.id === check))
    return flagged.find(each => each.verdict === 'risky') ?? flagged.find(each => each.verdict === 'review') ?? null
  }
  const textOf = async (asset: number): Promise<string> => {
    const text = await services.textOf(asset)
    if (text === null) throw new Problem('not_found', detailOf('text_gone'))
    return text
  }
  const targetOf = async (asset: number, check: number | undefined) => {
    const row = await reader.asset(asset)
    if (row === null) throw new Problem('not_found', `asset ${asset}`)
    const flagged = await flaggedOf(asset, check)
    if (flagged === null || flagged.range === null || flagged.verdict === null) return null
    return { row, flagged, range: flagged.range, verdict: flagged.verdict, text: await textOf(asset) }
  }

  /** The profile and the endpoint that flagged it; `conflict` when the profile would ask another endpoint now. */
  const flaggedBy = async (batch: string, flagged: CheckView) => {
    const lane = await services.laneOf(batch, flagged.profile)
    const endpoint = endpointOf(lane, 'text')
    if (endpoint === null || endpoint.id !== flagged.endpoint || endpoint.version !== flagged.version)
      throw new Problem('conflict', detailOf('asked_otherwise', { name: `${flagged.endpoint} ${flagged.version}` }))
    return { lane, endpoint }
  }

  const recordProbe = (asset: number, flagged: CheckView, body: Readonly<Record<string, unknown>>) =>
    writer.appendOf('probe', asset, {
      check: flagged.id,
      endpoint: flagged.endpoint,
      version: flagged.version,
      ...body,
    })

  const probe = async (
    { asset, flagged, lane, endpoint, without }: ProbeTarget,
    part: TextPart,
    signal: AbortSignal,
  ): Promise<Pick<PartResult, 'verdict' | 'failure'>> => {
    const { conclusion, stop, attempts, ms } = await runCheck(services, lane, endpoint, part, interactiveRun(signal))
    if (conclusion === null) return { verdict: null, failure: { code: stop.code, detail: stop.detail } }
    if (conclusion.kind === 'accepted')
      return { verdict: null, failure: { code: 'malformed_reply', detail: detailOf('accepted_for_later') } }
    const { evidence } = conclusion
    const result = partResultOf(conclusion)
    await recordProbe(asset, flagged, {
      range: part.range,
      partHash: createHash('sha256').update(part.text).digest('hex'),
      without: without.length === 0 ? undefined : without,
      outcome: result.verdict ?? 'unchecked',
      reason: result.failure?.code,
      detail: result.failure?.detail,
      attempts,
      ms,
      errcode: evidence?.errcode,
      label: evidence?.label,
      score: evidence?.score,
      rid: evidence?.rid,
      reply: evidence?.reply,
    })
    return result
  }

  return {
    spanPrice: async (asset, check) => {
      const target = await targetOf(asset, check)
      if (target === null) return null
      const { row, flagged, range, text } = target
      const { lane, endpoint } = await flaggedBy(row.batch, flagged)
      const { quotaLeft } = allowanceOf(lane, endpoint, services.pacer.status())
      return { check: flagged.id, endpoint: flagged.endpoint, calls: spanCalls(text.slice(...range)), quotaLeft }
    },
    findSpan: async (asset, signal, check, onCall) => {
      const target = await targetOf(asset, check)
      if (target === null) throw new Problem('conflict', detailOf('nothing_flagged'))
      const { row, flagged, range, verdict, text } = target
      const { lane, endpoint } = await flaggedBy(row.batch, flagged)
      const { alone, without } = withoutCompanions(lane, endpoint)
      let calls = 0
      const found = await findSpan(text, { check: flagged.id, verdict, range }, part => {
        signal.throwIfAborted()
        calls += 1
        onCall?.(calls)
        return probe({ asset, flagged, lane: alone, endpoint, without }, part, signal)
      })
      if (found.kind === 'found') {
        const { range: span, verdict: stillFlagged, complete } = found
        await writer.appendOf('span', asset, { check: flagged.id, range: span, verdict: stillFlagged, calls, complete })
      }
      return found.kind === 'not_found' && found.reason === 'not_flagged_now' && without.length > 0
        ? { ...found, detail: encodeRemarks(without.map(name => remark(`without_${name}`))) }
        : found
    },
  }
}

interface ProbeTarget {
  readonly asset: number
  readonly flagged: CheckView
  readonly lane: Lane
  readonly endpoint: Endpoint
  readonly without: readonly Companion[]
}

/** Without what is sent with every call of a text: it could be what is flagged, and the text would be blamed for it. */
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
