import { isEndpointId } from '../../../shared/domain.ts'
import type { Profile } from '../../../shared/profile.ts'
import type { QueueStatus, TokenStatus } from '../../../shared/queue.ts'
import type { BatchSummary } from '../../../shared/screening.ts'
import type { Clock } from '../base/clock.ts'
import type { Documents } from '../formats/documents/documents.ts'
import type { CountingPacer } from '../pacer/count-permits.ts'
import type { ProfileBook } from '../profiles/profile-book.ts'
import type { BatchOrder } from '../screening/batch-order.ts'
import type { Relays } from '../screening/relays.ts'
import type { BatchRun } from '../screening/run.ts'
import { tokenFailures } from '../screening/token-failures.ts'
import type { StoreReader } from '../store/ports.ts'
import type { TokenState } from '../tokens/tokens.ts'

/** The span over which the rate is measured that the finishing time is estimated from. */
const rateSpanMs = 5_000

/** What the window's queue shows: calls against limits, the day, tokens, relays, and when the work will be done. */
export function createQueueStatus(services: {
  readonly clock: Clock
  readonly reader: Pick<StoreReader, 'summary'>
  readonly pacer: CountingPacer
  readonly book: ProfileBook
  readonly relays: Relays
  readonly runs: ReadonlyMap<string, BatchRun>
  readonly order: Pick<BatchOrder, 'list'>
  readonly documents: Pick<Documents, 'atWork'>
  lastProfiles(): readonly string[]
  tokenState(profile: string): TokenState
  /** Since the program began. */
  resultsDone(): number
}): () => Promise<QueueStatus> {
  const { clock, reader, pacer, book, relays, runs, order, documents, lastProfiles, tokenState, resultsDone } = services
  let rate = { at: clock.now(), results: 0, perMinute: 0 }
  const status = async (): Promise<QueueStatus> => {
    const summaries = await Promise.all([...runs.keys()].map(id => reader.summary(id)))
    const now = clock.now()
    if (now - rate.at >= rateSpanMs)
      rate = {
        at: now,
        results: resultsDone(),
        perMinute: ((resultsDone() - rate.results) * 60_000) / (now - rate.at),
      }
    const profiles = [
      ...new Map([...runs.values()].flatMap(run => run.batch.profiles.map(profile => [profile.id, profile] as const))),
    ]
    const active =
      profiles.length > 0
        ? profiles.map(([, profile]) => profile)
        : book.list().filter(profile => lastProfiles().includes(profile.id))
    const paced = pacer.status()
    const endpoints = active.flatMap(profile =>
      paced
        .filter(status => status.key.appid === profile.appid)
        .flatMap(status => (isEndpointId(status.key.endpoint) ? [{ ...status, endpoint: status.key.endpoint }] : []))
        .map(status => ({
          profile: profile.id,
          appid: profile.appid,
          endpoint: status.endpoint,
          lastMinute: status.lastMinute,
          perMinute: status.perMinute,
          today: status.dayUsed,
          perDay: status.perDay,
          held:
            status.held === null
              ? null
              : {
                  class: status.held.class,
                  code: status.held.code,
                  untilMs: status.held.untilMs,
                  detail: status.held.detail,
                },
        })),
    )
    const open = summaries.flatMap(batch => batch?.tallyByProfile ?? []).reduce((sum, tally) => sum + tally.pending, 0)
    const isPaused = runs.size > 0 && [...runs.values()].every(run => run.paused)
    return {
      paused: isPaused,
      inFlight: pacer.inFlight(),
      checksPerMinute: paced
        .filter(status => active.some(profile => profile.appid === status.key.appid))
        .reduce((sum, status) => sum + status.lastMinute, 0),
      finishAt: open === 0 || rate.perMinute === 0 || isPaused ? null : now + (open / rate.perMinute) * 60_000,
      first: order.list(),
      endpoints,
      tokens: active.filter(profile => profile.tokenMode !== 'none').map(profile => tokenStatusOf(profile, summaries)),
      reading: documents.atWork(),
      relays: relays.statuses(),
    }
  }
  const tokenStatusOf = (profile: Profile, batches: readonly (BatchSummary | null)[]): TokenStatus => {
    const notice = batches
      .filter(batch => batch?.profiles.some(each => each.id === profile.id))
      .map(batch => batch?.notice)
      .find(each => each != null && tokenFailures.has(each.code))
    const known = tokenState(profile.id)
    const refused = notice ?? (known.state === 'refused' ? known.failure : null)
    if (refused !== null && tokenFailures.has(refused.code)) {
      return { profile: profile.id, state: 'refused', expiresAt: null, code: refused.code, detail: refused.detail }
    }
    const expiresAt = known.state === 'ok' && Number.isFinite(known.expiresAt) ? known.expiresAt : null
    return { profile: profile.id, state: known.state === 'ok' ? 'ok' : 'none', expiresAt, code: null, detail: null }
  }
  return status
}
