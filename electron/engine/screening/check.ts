import type { Conclusion, Failure } from '../../../shared/conclusion.ts'
import type { FailureClass, FailureCode } from '../../../shared/failures.ts'
import type { Clock } from '../base/clock.ts'
import { backoff, maxAttempts } from '../base/concurrency/backoff.ts'
import type { Places } from '../base/concurrency/keyed-semaphore.ts'
import { detailOf } from '../base/detail.ts'
import type { Endpoint } from '../checkers/platform.ts'
import type { PacePriority, Pacer, PacerStop, Permit, PermitResult } from '../pacer/contract.ts'
import type { CheckEnd, WaitingCheck } from '../store/commands.ts'
import { refusedAgain, type Tokens } from '../tokens/tokens.ts'
import type { UnsentPart } from './content.ts'
import { type AccountLane, type Lane, paceLimitOf } from './lane.ts'
import { isSilence, type Line, LineCut } from './line.ts'
import { inspectPart } from './local-check.ts'
import { createAddressing, isGood } from './media.ts'

/** Why a profile can make no more calls for now. What it has not checked stays resumable. */
export interface LaneStop {
  readonly class: FailureClass
  readonly code: FailureCode
  readonly detail: string
  readonly untilMs: number | null
}

export type CheckOutcome =
  /** A verdict or a failure of this part; `stop` when the failure concerns every other part too. */
  | { readonly kind: 'ended'; readonly end: CheckEnd; readonly stop: LaneStop | null }
  /** Taken by the platform, which will answer by a push. Without evidence: another check of the same bytes waits for it already. */
  | { readonly kind: 'awaiting'; readonly waiting: Pick<WaitingCheck, 'traceId' | 'attempts' | 'ms' | 'evidence'> }
  /** No attempt left: nothing was learnt of this part. */
  | { readonly kind: 'stopped'; readonly stop: LaneStop }

export interface CheckServices {
  readonly clock: Clock
  readonly pacer: Pacer
  readonly places: Places
  readonly tokens: Tokens
  readonly random: () => number
}

export interface CheckRun {
  readonly priority: PacePriority
  /** Aborts waiting; a call that has left is allowed to come back. */
  readonly signal: AbortSignal
  /** Aborts also calls that have left; what they would have said is lost. */
  readonly abandon: AbortSignal
  /** Makes the check's row durable; called once, before the first attempt leaves. */
  onDeparture(): Promise<void>
  readonly gate: Gate
  /** Null where somebody waits for the answer: an outage then counts like any other trouble. */
  readonly line: Line | null
  readonly waitForQuota: boolean
  /** The trace id under which the same bytes are awaited, if they are. */
  pendingTrace(): string | null
}

/** A check of no batch, whose answer somebody waits for. */
export function interactiveRun(signal: AbortSignal): CheckRun {
  return {
    priority: 'interactive',
    signal,
    abandon: signal,
    gate: { open: async () => signal.throwIfAborted(), signal: () => signal },
    line: null,
    waitForQuota: false,
    pendingTrace: () => null,
    onDeparture: async () => undefined,
  }
}

/** Whether the batch may send at present. */
export interface Gate {
  /** Resolves when the batch is not paused (any more); rejects when the run ends. */
  open(): Promise<void>
  /** Aborts at the next pause and at the end of the run: whoever waits for a permit leaves the queue. */
  signal(): AbortSignal
}

/** Tries one part until the platform has judged it or there is a reason to stop. Throws only when a signal aborts. */
export async function runCheck(
  services: CheckServices,
  lane: Lane,
  endpoint: Endpoint,
  part: UnsentPart,
  run: CheckRun,
): Promise<CheckOutcome> {
  if (lane.needs === 'nothing') return inspectPart(services.clock, lane, endpoint, part, run)
  const progress: Progress = { started: services.clock.now(), attempts: 0, departed: false }
  try {
    return await attemptUntilJudged(services, lane, endpoint, part, run, progress)
  } catch (error) {
    // Another check found that nothing answers any more, and did not let this one wait for the same.
    if (!(error instanceof LineCut)) throw error
    const { stop } = error
    return progress.departed
      ? unjudged(services, progress, { kind: 'failure', ...stop, evidence: null }, stop)
      : { kind: 'stopped', stop }
  }
}

/** How far a check has come. */
interface Progress {
  readonly started: number
  attempts: number
  departed: boolean
}

function unjudged(
  { clock }: CheckServices,
  { attempts, started }: Progress,
  { code, detail, evidence }: Failure,
  stop: LaneStop | null,
): CheckOutcome {
  const ms = clock.now() - started
  return { kind: 'ended', end: { verdict: null, failure: { code, detail }, attempts, ms, evidence }, stop }
}

async function attemptUntilJudged(
  services: CheckServices,
  lane: AccountLane,
  endpoint: Endpoint,
  part: UnsentPart,
  run: CheckRun,
  progress: Progress,
): Promise<CheckOutcome> {
  let uploads = 0
  let reread = false
  /** Attempts that failed for a passing reason. Waiting for a token, for the network or for the day's quota is none. */
  let troubles = 0
  /** Times that nothing at all was heard. */
  let silences = 0
  const { started } = progress
  const addressOf = part.kind === 'media' ? createAddressing(services.clock, part, lane.publish) : null
  const ended = (failure: Failure, stop: LaneStop | null = null) => unjudged(services, progress, failure, stop)
  const afterSilence = (failed: Failure, sinceMs: number) =>
    run.line !== null && isSilence(failed) ? run.line.silent(progress, sinceMs) : 'count'
  const waitForNetwork = async () => {
    silences += 1
    const jitterMs = backoff(Math.min(silences, maxAttempts - 1), services.random) ?? 0
    await services.clock.sleep(leastSilentWaitMs + jitterMs, run.signal)
  }

  for (;;) {
    const askedMs = services.clock.now()
    const token = await services.tokens.get(lane.tokenRequest, run.signal)
    if (token.kind === 'failure') {
      if (afterSilence(token, askedMs) === 'wait') {
        await waitForNetwork()
        continue
      }
      // Without a token nothing can be checked by this profile, whatever the reason.
      return progress.attempts === 0 ? { kind: 'stopped', stop: stopOf(token) } : ended(token, stopOf(token))
    }

    const openid = endpoint.needsUser ? lane.openids.next() : null
    if (endpoint.needsUser && openid === null) return ended(noOpenid(lane))

    const address = addressOf === null ? null : await addressOf(run.signal)
    if (address?.kind === 'failure') {
      uploads += 1
      const waitMs = address.class === 'RETRY' ? backoff(uploads, services.random) : null
      if (waitMs === null) return ended(address)
      await services.clock.sleep(waitMs, run.signal)
      continue
    }

    const permit = await acquire(services, lane, endpoint, run)
    if (permit.kind === 'stop') {
      const stop = { class: permit.class, code: permit.code, detail: permit.detail, untilMs: permit.untilMs }
      return progress.attempts === 0 ? { kind: 'stopped', stop } : ended(failureOfStop(permit), stop)
    }
    try {
      // Waiting for the permit can take the night.
      const present = await services.tokens.get(lane.tokenRequest, run.signal)
      const isRenewed = present.kind === 'failure' || present.token.value !== token.token.value
      if (isRenewed || (address !== null && !isGood(address, services.clock))) {
        permit.settle({ said: 'not_sent' })
        continue
      }
      if (!progress.departed) await run.onDeparture()
      progress.departed = true
      run.abandon.throwIfAborted()
    } catch (error) {
      permit.settle({ said: 'not_sent' })
      throw error
    }
    progress.attempts += 1
    const departedMs = services.clock.now()
    const conclusion = await lane.platform
      .check(
        lane.transport,
        {
          endpoint: endpoint.id,
          part: part.kind === 'media' ? { ...part, kind: 'media-url', url: address?.url ?? '' } : part,
          appid: lane.profile.appid,
          accessToken: token.token.value,
          tokenParameter: token.token.parameter,
          openid,
          text: lane.text,
        },
        run.abandon,
      )
      .catch(error => {
        permit.settle({ said: 'nothing' })
        throw error
      })
    permit.settle(permitResult(conclusion))
    const { attempts } = progress
    if (conclusion.kind !== 'failure' || !isSilence(conclusion)) run.line?.heard()

    if (conclusion.kind === 'verdict') {
      const { verdict, evidence } = conclusion
      return {
        kind: 'ended',
        end: { verdict, failure: null, attempts, ms: services.clock.now() - started, evidence },
        stop: null,
      }
    }
    if (conclusion.kind === 'accepted') {
      // The synchronous endpoints never accept for later; taking it for a verdict would be a guess.
      if (part.kind !== 'media') return ended(unexpectedAcceptance)
      const { traceId, evidence } = conclusion
      return { kind: 'awaiting', waiting: { traceId, attempts, ms: services.clock.now() - started, evidence } }
    }

    switch (conclusion.class) {
      case 'TOKEN': {
        if (reread) {
          const refused = refusedAgain(lane.tokenRequest, conclusion)
          return ended(refused, stopOf(refused))
        }
        reread = true
        const next = await services.tokens.rejected(lane.tokenRequest, token.token, run.signal)
        if (next.kind === 'failure') return ended(next, stopOf(next))
        continue
      }
      case 'MINUTE':
        // The pacer backs off by itself; the platform that never relents is not asked forever.
        troubles += 1
        if (troubles >= maxAttempts) return ended(conclusion)
        continue
      case 'DAY':
        // The pacer now holds the endpoint; asking it again says until when, or waits for the reset.
        continue
      case 'CONFIG':
        services.pacer.hold(
          { appid: lane.profile.appid, endpoint: endpoint.id },
          { class: 'CONFIG', code: conclusion.code, detail: conclusion.detail },
        )
        return ended(conclusion, stopOf(conclusion))
      case 'WAIT_H':
        return ended(conclusion, stopOf(conclusion))
      case 'RETRY': {
        // 87020: the same thing was submitted a moment ago, and its push is this one's too (spec §6.2).
        const pending = conclusion.code === 'duplicate_submission' ? run.pendingTrace() : null
        if (pending !== null) {
          const ms = services.clock.now() - started
          return { kind: 'awaiting', waiting: { traceId: pending, attempts, ms, evidence: conclusion.evidence } }
        }
        const next = afterSilence(conclusion, departedMs)
        if (next === 'cut') return ended(conclusion, stopOf(conclusion))
        if (next === 'give_up') return ended(conclusion)
        if (next === 'wait') {
          await waitForNetwork()
          continue
        }
        troubles += 1
        const waitMs = backoff(troubles, services.random)
        if (waitMs === null) return ended(conclusion)
        await services.clock.sleep(waitMs, run.signal)
        continue
      }
      case 'INPUT':
        if (openid !== null && openidFailures.has(conclusion.code)) {
          lane.openids.refuse(openid)
          if (lane.openids.next() !== null) continue
        }
        return ended(conclusion)
      case 'BUG':
        return ended(conclusion)
    }
  }
}

/** Between two attempts while nothing answers. */
const leastSilentWaitMs = 1_000

const openidFailures: ReadonlySet<FailureCode> = new Set(['openid_inactive', 'openid_foreign', 'openid_invalid'])

const unexpectedAcceptance: Failure = {
  kind: 'failure',
  class: 'BUG',
  code: 'malformed_reply',
  detail: detailOf('accepted_for_later'),
  evidence: null,
}

function noOpenid(lane: Lane): Failure {
  return lane.openids.size === 0
    ? { kind: 'failure', class: 'CONFIG', code: 'openid_missing', detail: '', evidence: null }
    : {
        kind: 'failure',
        class: 'INPUT',
        code: 'openid_inactive',
        detail: detailOf('openids_refused', { count: lane.openids.size }),
        evidence: null,
      }
}

/** Waits for leave to send, through pauses and, if the batch wants it, through the night. */
async function acquire(
  services: CheckServices,
  lane: Lane,
  endpoint: Endpoint,
  run: CheckRun,
): Promise<Permit | PacerStop> {
  for (;;) {
    await run.gate.open()
    try {
      const permit = await acquireWithPlace(services, lane, endpoint, run)
      if (permit.kind === 'permit' || permit.class !== 'DAY' || !run.waitForQuota) return permit
      const waitMs = Math.max(1_000, (permit.retryAtMs ?? permit.untilMs ?? 0) - services.clock.now())
      await services.clock.sleep(Math.min(waitMs, longestQuotaNapMs), run.signal)
    } catch (error) {
      // A pause took us out of the queue; anything else ends the wait.
      if (run.signal.aborted || !(error instanceof Paused)) throw error
    }
  }
}

/**
 * A permit is for a call that departs at once, and so many can be out at a time: a batch's calls wait for a place before they ask,
 * for a pause to reach them there. Who waits for one answer does not stand behind a batch.
 */
async function acquireWithPlace(
  { pacer, places }: CheckServices,
  lane: Lane,
  endpoint: Endpoint,
  { priority, gate }: CheckRun,
): Promise<Permit | PacerStop> {
  const key = { appid: lane.profile.appid, endpoint: endpoint.id }
  const limit = paceLimitOf(lane.profile, endpoint)
  const signal = gate.signal()
  if (priority === 'interactive') return pacer.acquire(key, limit, { priority, signal })
  const place = `${key.appid} ${key.endpoint}`
  await places.enter(place, signal)
  try {
    const permit = await pacer.acquire(key, limit, { priority, signal })
    if (permit.kind === 'stop') {
      places.leave(place)
      return permit
    }
    return {
      ...permit,
      settle: result => {
        places.leave(place)
        permit.settle(result)
      },
    }
  } catch (error) {
    places.leave(place)
    throw error
  }
}

/** The reason with which a gate's signal aborts at a pause. */
export class Paused extends Error {}

/** Woken this often while waiting for the day's quota: another process may have learnt more. */
const longestQuotaNapMs = 60_000

function permitResult(conclusion: Conclusion): PermitResult {
  if (conclusion.kind !== 'failure') return { said: 'served' }
  switch (conclusion.class) {
    case 'MINUTE':
      return { said: 'minute' }
    case 'DAY':
      return { said: 'day', detail: conclusion.detail }
    case 'INPUT':
    case 'BUG':
      return { said: conclusion.evidence === null ? 'not_sent' : 'served' }
    case 'RETRY':
      return { said: conclusion.code === 'no_network' ? 'not_sent' : 'nothing' }
    case 'TOKEN':
    case 'CONFIG':
    case 'WAIT_H':
      return { said: 'nothing' }
  }
}

function stopOf(failure: Failure): LaneStop {
  return { class: failure.class, code: failure.code, detail: failure.detail, untilMs: null }
}

function failureOfStop(stop: PacerStop): Failure {
  return { kind: 'failure', class: stop.class, code: stop.code, detail: stop.detail, evidence: null }
}
