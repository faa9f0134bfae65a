import { type Conclusion, type Failure, failure } from '../../../shared/conclusion.ts'
import type { FailureCode } from '../../../shared/failures.ts'
import { backoff, maxAttempts } from '../base/concurrency/backoff.ts'
import type { AfterNoReply, OutageDetector } from '../base/concurrency/outage-detector.ts'
import type { Gate } from '../base/concurrency/pause-gate.ts'
import { detailOf } from '../base/detail.ts'
import type { Endpoint } from '../checkers/platform.ts'
import type { PacePriority, PacerStop, Permit } from '../pacer/contract.ts'
import { refusedAgain, type Token, type Tokens } from '../tokens/tokens.ts'
import type { UnsentPart } from './content.ts'
import type { AccountLane, Lane, LaneStop } from './lane.ts'
import { inspectPart } from './local-check.ts'
import { type Address, createAddressing, isGood } from './media.ts'
import { isNoReply, OutageError } from './outage.ts'
import { acquirePermit, type PermitServices, permitResult } from './permit.ts'

/** What a check came to, with all of its attempts. */
export type CheckResult = {
  readonly attempts: number
  /** From the first attempt's preparation to the last reply. */
  readonly ms: number
} & (
  | {
      readonly conclusion: Conclusion
      /** Set when the failure concerns every other part of the profile too. */
      readonly stop: LaneStop | null
    }
  /** No attempt could be made: nothing was learnt of this part. */
  | { readonly conclusion: null; readonly stop: LaneStop }
)

export interface CheckServices extends PermitServices {
  readonly tokens: Tokens
  readonly random: () => number
}

/** How checks are paused and ended; the checks of one profile in one batch share theirs. */
export interface CheckControls {
  /** Aborts waiting; a call that was sent may still get its reply. */
  readonly signal: AbortSignal
  /** Aborts also calls that were sent; their replies are lost. */
  readonly abandon: AbortSignal
  readonly gate: Gate
  /** Null where somebody waits for the answer: an outage then counts like any other failure. */
  readonly outageDetector: OutageDetector | null
}

export interface CheckRun extends CheckControls {
  readonly priority: PacePriority
  /** Whose turn it is among the batches; without one it is as if nobody had put any first. */
  readonly rank?: () => number
  /** Makes the check's row durable; called once, before the first attempt is sent. */
  onDeparture(): Promise<void>
  readonly waitForQuota: boolean
  /** The trace id under which the same bytes are awaited, if they are. */
  pendingTrace(): Promise<string | null>
}

/** A check outside of any batch, whose answer somebody waits for. */
export function interactiveRun(signal: AbortSignal): CheckRun {
  return {
    priority: 'interactive',
    signal,
    abandon: signal,
    gate: { whenOpen: async () => signal.throwIfAborted(), signal: () => signal },
    outageDetector: null,
    waitForQuota: false,
    pendingTrace: async () => null,
    onDeparture: async () => undefined,
  }
}

/** Attempts to have one part judged until there is a verdict or a reason to stop. Throws only when a signal aborts. */
export async function runCheck(
  services: CheckServices,
  lane: Lane,
  endpoint: Endpoint,
  part: UnsentPart,
  run: CheckRun,
): Promise<CheckResult> {
  if (lane.needs === 'nothing') {
    await run.onDeparture()
    return inspectPart(services.clock, lane, endpoint, part, run)
  }
  const check: OpenCheck = {
    services,
    lane,
    endpoint,
    part,
    run,
    startedMs: services.clock.now(),
    addressOf: part.kind === 'media' ? createAddressing(services.clock, part, lane.publish) : null,
    attempts: 0,
    hasDeparted: false,
    uploads: 0,
    hasReread: false,
    transientFailures: 0,
    attemptsWithoutReply: 0,
  }
  try {
    return await attemptUntilConcluded(check)
  } catch (error) {
    // Another check of the profile detected the outage, and ended this one's wait.
    if (!(error instanceof OutageError)) throw error
    const { stop } = error
    return check.hasDeparted
      ? concluded(check, failure(stop.class, stop.code, stop.detail), stop)
      : notAttempted(check, stop)
  }
}

interface OpenCheck {
  readonly services: CheckServices
  readonly lane: AccountLane
  readonly endpoint: Endpoint
  readonly part: UnsentPart
  readonly run: CheckRun
  readonly startedMs: number
  /** Null for a part whose bytes go with the call. */
  readonly addressOf: ReturnType<typeof createAddressing> | null
  attempts: number
  hasDeparted: boolean
  /** Failed uploads of the part to the relay. */
  uploads: number
  /** Whether the token was read again after the platform had rejected it. */
  hasReread: boolean
  /** Attempts that failed for a reason that passes. Waiting for a token, for the network or for the day's quota does not count. */
  transientFailures: number
  attemptsWithoutReply: number
}

/** Everything that one attempt is sent with. */
interface Attempt {
  readonly token: Token
  readonly openid: string | null
  readonly address: Address | null
  readonly permit: Permit
}

async function attemptUntilConcluded(check: OpenCheck): Promise<CheckResult> {
  for (;;) {
    const prepared = await prepareAttempt(check)
    if (prepared === 'retry') continue
    if ('conclusion' in prepared) return prepared
    if (!(await depart(check, prepared))) continue
    const sentMs = check.services.clock.now()
    const conclusion = await send(check, prepared)
    const result =
      conclusion.kind === 'failure'
        ? await afterFailure(check, prepared, conclusion, sentMs)
        : afterSuccess(check, conclusion)
    if (result !== 'retry') return result
  }
}

async function prepareAttempt(check: OpenCheck): Promise<Attempt | CheckResult | 'retry'> {
  const { services, lane, endpoint, run } = check
  const askedMs = services.clock.now()
  const token = await services.tokens.get(lane.tokenRequest, run.signal)
  if (token.kind === 'failure') {
    if (afterNoReply(check, token, askedMs) === 'wait') {
      await waitForNetwork(check)
      return 'retry'
    }
    // Without a token the profile can check nothing, whatever the reason.
    return stopped(check, token, stopOf(token))
  }

  const openid = endpoint.needsUser ? lane.openids.next() : null
  if (endpoint.needsUser && openid === null) return concluded(check, noOpenid(lane))

  const address = check.addressOf === null ? null : await check.addressOf(run.signal)
  if (address?.kind === 'failure') {
    check.uploads += 1
    const waitMs = address.class === 'RETRY' ? backoff(check.uploads, services.random) : null
    if (waitMs === null) return concluded(check, address)
    await services.clock.sleep(waitMs, run.signal)
    return 'retry'
  }

  const permit = await acquirePermit(services, lane, endpoint, run)
  if (permit.kind === 'stop') return stopped(check, failure(permit.class, permit.code, permit.detail), stopOf(permit))
  return { token: token.token, openid, address, permit }
}

/** False when the attempt has to be prepared again: waiting for the permit may have taken all night. */
async function depart(check: OpenCheck, { token, address, permit }: Attempt): Promise<boolean> {
  const { services, lane, run } = check
  try {
    const present = await services.tokens.get(lane.tokenRequest, run.signal)
    const isRenewed = present.kind === 'failure' || present.token.value !== token.value
    if (isRenewed || (address !== null && !isGood(address, services.clock))) {
      permit.settle({ said: 'not_sent' })
      return false
    }
    if (!check.hasDeparted) await run.onDeparture()
    check.hasDeparted = true
    run.abandon.throwIfAborted()
    return true
  } catch (error) {
    permit.settle({ said: 'not_sent' })
    throw error
  }
}

async function send(check: OpenCheck, { token, openid, address, permit }: Attempt): Promise<Conclusion> {
  const { lane, endpoint, part, run } = check
  check.attempts += 1
  const conclusion = await lane.platform
    .check(
      lane.transport,
      {
        endpoint: endpoint.id,
        part: part.kind === 'media' ? { ...part, kind: 'media-url', url: address?.url ?? '' } : part,
        appid: lane.profile.appid,
        accessToken: token.value,
        tokenParameter: token.parameter,
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
  if (conclusion.kind !== 'failure' || !isNoReply(conclusion)) run.outageDetector?.replied()
  return conclusion
}

function afterSuccess(check: OpenCheck, conclusion: Exclude<Conclusion, Failure>): CheckResult {
  // The synchronous endpoints never accept for later; taking it for a verdict would be a guess.
  const isExpected = conclusion.kind === 'verdict' || check.part.kind === 'media'
  return concluded(check, isExpected ? conclusion : unexpectedAcceptance)
}

async function afterFailure(
  check: OpenCheck,
  { token, openid }: Attempt,
  failed: Failure,
  sentMs: number,
): Promise<CheckResult | 'retry'> {
  const { services, lane, endpoint, run } = check
  switch (failed.class) {
    case 'TOKEN': {
      if (check.hasReread) {
        const refused = refusedAgain(lane.tokenRequest, failed)
        return concluded(check, refused, stopOf(refused))
      }
      check.hasReread = true
      const next = await services.tokens.rejected(lane.tokenRequest, token, run.signal)
      return next.kind === 'failure' ? concluded(check, next, stopOf(next)) : 'retry'
    }
    case 'MINUTE':
      // The pacer backs off by itself; a platform that never relents is not asked forever.
      check.transientFailures += 1
      return check.transientFailures >= maxAttempts ? concluded(check, failed) : 'retry'
    case 'DAY':
      // The pacer now holds the endpoint: the next request for a permit learns until when, or waits for the reset.
      return 'retry'
    case 'CONFIG':
      services.pacer.hold(
        { appid: lane.profile.appid, endpoint: endpoint.id },
        { class: 'CONFIG', code: failed.code, detail: failed.detail },
      )
      return concluded(check, failed, stopOf(failed))
    case 'WAIT_H':
      return concluded(check, failed, stopOf(failed))
    case 'RETRY':
      return afterTransientFailure(check, failed, sentMs)
    case 'INPUT':
      if (openid !== null && openidFailures.has(failed.code)) {
        lane.openids.refuse(openid)
        if (lane.openids.next() !== null) return 'retry'
      }
      return concluded(check, failed)
    case 'BUG':
      return concluded(check, failed)
  }
}

async function afterTransientFailure(
  check: OpenCheck,
  failed: Failure,
  sentMs: number,
): Promise<CheckResult | 'retry'> {
  const { services, run } = check
  const { code, evidence } = failed
  // 87020: the same media was submitted a moment ago, and that push answers this check too (docs/protocol.md §3.2).
  const traceId = code === 'duplicate_submission' && evidence !== null ? await run.pendingTrace() : null
  if (traceId !== null && evidence !== null) return concluded(check, { kind: 'accepted', traceId, evidence })
  switch (afterNoReply(check, failed, sentMs)) {
    case 'outage':
      return concluded(check, failed, stopOf(failed))
    case 'give_up':
      return concluded(check, failed)
    case 'wait':
      await waitForNetwork(check)
      return 'retry'
    case 'count': {
      check.transientFailures += 1
      const waitMs = backoff(check.transientFailures, services.random)
      if (waitMs === null) return concluded(check, failed)
      await services.clock.sleep(waitMs, run.signal)
      return 'retry'
    }
  }
}

function afterNoReply(check: OpenCheck, failed: Failure, sentMs: number): AfterNoReply {
  const { outageDetector } = check.run
  return outageDetector !== null && isNoReply(failed) ? outageDetector.noReply(check, sentMs) : 'count'
}

/** Between two attempts while nothing gets a reply. */
const leastOutageWaitMs = 1_000

async function waitForNetwork(check: OpenCheck): Promise<void> {
  const { clock, random } = check.services
  check.attemptsWithoutReply += 1
  const jitterMs = backoff(Math.min(check.attemptsWithoutReply, maxAttempts - 1), random) ?? 0
  await clock.sleep(leastOutageWaitMs + jitterMs, check.run.signal)
}

function concluded(check: OpenCheck, conclusion: Conclusion, stop: LaneStop | null = null): CheckResult {
  return { conclusion, attempts: check.attempts, ms: check.services.clock.now() - check.startedMs, stop }
}

function notAttempted({ services, startedMs }: OpenCheck, stop: LaneStop): CheckResult {
  return { conclusion: null, attempts: 0, ms: services.clock.now() - startedMs, stop }
}

/** The profile can make no more calls; attempts that were made are recorded all the same. */
function stopped(check: OpenCheck, failed: Failure, stop: LaneStop): CheckResult {
  return check.attempts === 0 ? notAttempted(check, stop) : concluded(check, failed, stop)
}

function stopOf(reason: Failure | PacerStop): LaneStop {
  const { class: failureClass, code, detail } = reason
  return { class: failureClass, code, detail, untilMs: reason.kind === 'stop' ? reason.untilMs : null }
}

const openidFailures: ReadonlySet<FailureCode> = new Set(['openid_inactive', 'openid_foreign', 'openid_invalid'])

const unexpectedAcceptance = failure('BUG', 'malformed_reply', detailOf('accepted_for_later'))

function noOpenid({ openids }: Lane): Failure {
  return openids.size === 0
    ? failure('CONFIG', 'openid_missing', '')
    : failure('INPUT', 'openid_inactive', detailOf('openids_refused', { count: openids.size }))
}
