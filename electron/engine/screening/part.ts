import type { EndpointId } from '../../../shared/domain.ts'
import type { Endpoint } from '../checkers/platform.ts'
import { appOf } from '../ledger/rows.ts'
import type { PartResult } from '../store/aggregate.ts'
import type { KnownParts } from '../store/ports.ts'
import type { AwaitingPart, NewCheck, SameQuestion } from '../store/records.ts'
import { partHash, type UnsentPart } from './content.ts'
import type { Lane } from './lane.ts'
import { transformOf } from './media.ts'

/** The check of one part of an asset for one profile, before it is sent. */
export interface UnsentCheck extends Omit<NewCheck, 'at'> {
  readonly endpoint: EndpointId
}

export function unsentCheckOf(asset: number, lane: Lane, endpoint: Endpoint, part: UnsentPart): UnsentCheck {
  const scene = endpoint.needsUser ? lane.text.scene : null
  return {
    asset,
    profile: lane.index,
    place: part,
    endpoint: endpoint.id,
    version: endpoint.version,
    partHash: partHash(part),
    transform: part.kind === 'image' ? part.transform : part.kind === 'media' ? transformOf(part, scene) : null,
  }
}

/** What an earlier run learnt by the same check; null where it has to be made. */
export function earlierResultOf(earlier: KnownParts, check: UnsentCheck): PartResult | null {
  const known = earlier.judged.find(other => isSame(other, check))
  if (known === undefined) return null
  const { verdict, label, score } = known
  return { verdict, label, score, failure: null }
}

/** Whether an earlier run left the same check to a push. */
export function isAwaited(earlier: KnownParts, check: UnsentCheck): boolean {
  return earlier.awaited.some(other => isSame(other, check))
}

/** By what a check of the same bytes that waits for its push is found. */
export function pendingTraceOf(
  { profile }: Lane,
  { endpoint, version, partHash: hash, transform }: UnsentCheck,
): SameQuestion {
  return { app: appOf(profile), endpoint, version, partHash: hash, transform }
}

function isSame(other: AwaitingPart, { profile, place, partHash: hash, endpoint, version }: UnsentCheck) {
  return (
    other.profile === profile &&
    other.part === place.name &&
    other.partHash === hash &&
    other.endpoint === endpoint &&
    other.version === version
  )
}
