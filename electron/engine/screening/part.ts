import type { Endpoint } from '../checkers/platform.ts'
import { appOf } from '../ledger/rows.ts'
import type { PartEnd } from '../store/aggregate.ts'
import type { NewCheck, SentCheck } from '../store/commands.ts'
import type { AwaitingPart, DonePart } from '../store/queries.ts'
import type { AssetRun, AssetServices } from './asset.ts'
import { type LaneStop, runCheck } from './check.ts'
import { partHash, type UnsentPart } from './content.ts'
import type { Lane } from './lane.ts'
import { transformOf } from './media.ts'

/** One part of an asset, before one profile. */
export interface PartWork {
  readonly asset: number
  readonly lane: Lane
  readonly endpoint: Endpoint
  readonly part: UnsentPart
  /** What earlier runs learnt of the asset. */
  readonly done: { readonly judged: readonly DonePart[]; readonly awaited: readonly AwaitingPart[] }
  /** Records what the asset is, unless that was done; inside a commit. */
  writeFacts(): void
}

export type PartOutcome =
  /** `write` makes the end durable, inside a commit; null when it is already. `stop` when the failure concerns every other part too. */
  | {
      readonly kind: 'judged'
      readonly end: PartEnd
      readonly write: (() => void) | null
      readonly stop: LaneStop | null
    }
  /** The platform answers by a push. */
  | { readonly kind: 'awaited' }
  /** Nothing was learnt of it, for the profile can make no more calls; `stop` says why, unless that was told before. */
  | { readonly kind: 'stopped'; readonly stop: LaneStop | null }

/** Brings one part to its end for one profile: from what is known, or by a check. Throws only when a signal aborts or the disk fails. */
export async function judgePart(services: AssetServices, work: PartWork, run: AssetRun): Promise<PartOutcome> {
  const { database, commands, queries, awaiting } = services
  const { lane, endpoint, part, done } = work
  const hash = partHash(part)
  const isThis = (other: AwaitingPart) =>
    other.profile === lane.index &&
    other.part === part.name &&
    other.partHash === hash &&
    other.endpoint === endpoint.id &&
    other.version === endpoint.version
  const known = done.judged.find(isThis)
  if (known !== undefined) {
    const { verdict, label, score } = known
    return { kind: 'judged', end: { verdict, label, score, failure: null }, write: null, stop: null }
  }
  if (done.awaited.some(isThis)) return { kind: 'awaited' }

  const scene = endpoint.needsUser ? lane.text.scene : null
  const transform = part.kind === 'image' ? part.transform : part.kind === 'media' ? transformOf(part, scene) : null
  const beginCheck = (): SentCheck => {
    // An asset of many parts is long at work: what it is, is shown from its first call on.
    if (part.name !== 'whole') work.writeFacts()
    const check: NewCheck = {
      asset: work.asset,
      profile: lane.index,
      place: part,
      endpoint: endpoint.id,
      version: endpoint.version,
      partHash: hash,
      transform,
      at: services.clock.now(),
    }
    return { ...check, id: commands.beginCheck(check) }
  }
  const pendingTrace = () =>
    queries.pendingTrace({
      app: appOf(lane.profile),
      endpoint: endpoint.id,
      version: endpoint.version,
      part_hash: hash,
      transform,
    })
  // The same bytes are being judged for another asset: that push is for this one too.
  const shared = part.kind === 'media' && run.options.reuseDays > 0 ? pendingTrace() : null
  if (shared !== null) {
    await database.commit(() =>
      awaiting.begin(beginCheck().id, { traceId: shared, attempts: 0, ms: 0, evidence: null }, lane.profile),
    )
    return { kind: 'awaited' }
  }
  if (run.isStopped(lane)) return { kind: 'stopped', stop: null }

  let check: SentCheck | null = null
  const outcome = await runCheck(services, lane, endpoint, part, {
    priority: run.priority,
    waitForQuota: run.waitForQuota,
    ...run.along(lane),
    pendingTrace,
    onDeparture: async () => {
      check = await database.commit(beginCheck)
    },
  })
  const sent = check as SentCheck | null
  if (outcome.kind === 'awaiting') {
    if (sent === null) throw new Error('a check was taken that never left')
    // Before anything else: without its trace id the push would be nobody's.
    await database.commit(() => awaiting.begin(sent.id, outcome.waiting, lane.profile))
    return { kind: 'awaited' }
  }
  if (outcome.kind === 'stopped') return outcome
  const { end, stop } = outcome
  const { id: profile, platform, appid } = lane.profile
  return {
    kind: 'judged',
    end:
      end.verdict === null
        ? { verdict: null, failure: end.failure }
        : {
            verdict: end.verdict,
            label: end.evidence?.label ?? null,
            score: end.evidence?.score ?? null,
            failure: null,
          },
    write:
      sent === null ? null : () => commands.endCheck(sent, end, { profile, platform, appid, practice: run.practice }),
    stop,
  }
}
