import { join } from 'node:path'
import type { Evidence } from '../../../../shared/conclusion.ts'
import type { ControlView } from '../../../../shared/controls.ts'
import { settledOrAborted } from '../../base/concurrency/settled-or-aborted.ts'
import { onAbort } from '../../base/concurrency/shared-abort-listener.ts'
import { awaitLock } from '../../base/file-lock.ts'
import type { Endpoint } from '../../checkers/platform.ts'
import type { Day } from '../../pacer/day.ts'
import type { StoreReader, StoreWriter } from '../../store/ports.ts'
import type { ControlFacts, DayAnswer } from '../../store/records.ts'
import { type CheckRun, type CheckServices, interactiveRun } from '../check.ts'
import type { Lane } from '../lane.ts'
import { OutageError } from '../outage.ts'
import { controlOf } from './control-of.ts'
import { askPlatform, type Question, type QuestionServices, questionOf } from './question.ts'

/** The day's control checks: whether an endpoint that finds nothing in a batch finds anything at all. */
export interface Controls {
  ofBatch(batch: string): BatchControls
  /** Asks now, whatever the day's answer is: somebody tests the profile. */
  ask(lane: Lane, endpoint: Endpoint, signal: AbortSignal): Promise<ControlView>
  /** The key of the control check that a batch beginning now would have to make; null where the day has its answer, or there can be none. */
  due(lane: Lane, endpoint: Endpoint, signal: AbortSignal): Promise<string | null>
}

export interface BatchControls {
  /**
   * Sees to it that the batch has this endpoint's answer of the day, by a call if there is none yet. A call that fails is recorded as
   * "not known", and is made again for the next batch. Throws only when the run's signal aborts or the disk fails.
   */
  ensure(lane: Lane, endpoint: Endpoint, run: ControlRun): Promise<void>
}

export type ControlRun = Omit<CheckRun, 'onDeparture' | 'pendingTrace'>

export interface ControlServices extends CheckServices, QuestionServices {
  readonly reader: Pick<StoreReader, 'dayAnswer'>
  readonly writer: Pick<StoreWriter, 'append'>
  /** The platform's day. */
  dayOf(nowMs: number): Day
  /** Where the programs that share a data folder keep which of them is making a call. */
  readonly lockFolder: string
}

/** No day has more hours, whatever its zone does with its clocks. */
const longestDayMs = 26 * 3_600_000

export function createControls(services: ControlServices): Controls {
  const { clock, reader } = services
  const answerOfToday = (key: string) => {
    const { name, endsMs } = services.dayOf(clock.now())
    return reader.dayAnswer(key, name, endsMs - longestDayMs)
  }
  const answerForBatch = createBatchAnswers(services, answerOfToday)

  return {
    ofBatch: batch => {
      const answers = new Map<string, Promise<void>>()
      return {
        ensure: (lane, endpoint, run) => {
          const name = `${lane.index} ${endpoint.id}`
          const known = answers.get(name)
          if (known !== undefined) return known
          const own = answerForBatch(batch, lane, endpoint, run).catch(async error => {
            // The profile's other calls detected an outage, which ended this call with theirs.
            if (!(error instanceof OutageError)) throw error
            const { code: reason, detail } = error.stop
            await record(services, batch, { ...factsOf(services, lane, endpoint), state: 'unknown', reason, detail })
          })
          answers.set(name, own)
          return own
        },
      }
    },
    ask: async (lane, endpoint, signal) => {
      const question = await questionOf(services, lane, endpoint, signal)
      if (question !== null) return askAndRecord(services, null, lane, endpoint, question, interactiveRun(signal))
      const { profileId: profile, version, means, askedAt: at } = factsOf(services, lane, endpoint)
      return { profile, endpoint: endpoint.id, version, means, state: 'impossible', reason: null, detail: null, at }
    },
    due: async (lane, endpoint, signal) => {
      const question = await questionOf(services, lane, endpoint, signal)
      return question === null || (await answerOfToday(question.key)) !== null ? null : question.key
    },
  }
}

/** Gives a batch the day's answer, by a call where there is none; of all batches and programs one makes the call. */
function createBatchAnswers(services: ControlServices, answerOfToday: (key: string) => Promise<DayAnswer | null>) {
  /** Calls that are out, by the question's key; `gate` aborts when the batch that makes the call is paused. */
  const inFlight = new Map<string, { readonly done: Promise<unknown>; readonly gate: AbortSignal }>()

  /** Runs while no other program asks the same; the lock is released when the batch is paused, so that nobody waits for it. */
  const withLock = async <T>(key: string, run: ControlRun, action: () => Promise<T>): Promise<T> => {
    const lock = await awaitLock(join(services.lockFolder, `${key}.lock`), services.clock, run.signal)
    const forget = onAbort(run.gate.signal(), () => lock?.release())
    try {
      return await action()
    } finally {
      forget()
      lock?.release()
    }
  }

  return async (batch: string, lane: Lane, endpoint: Endpoint, run: ControlRun): Promise<void> => {
    const question = await questionOf(services, lane, endpoint, run.signal)
    if (question === null) {
      await record(services, batch, { ...factsOf(services, lane, endpoint), state: 'impossible' })
      return
    }
    const { key } = question
    const other = inFlight.get(key)
    // Not for longer than the other batch goes on: a paused batch holds up no other.
    if (other !== undefined) await settledOrAborted(other.done, AbortSignal.any([other.gate, run.signal]))
    run.signal.throwIfAborted()
    const done = withLock(key, run, async () => {
      const known = await answerOfToday(key)
      if (known === null) return askAndRecord(services, batch, lane, endpoint, question, run)
      const { state, askedAt, seq } = known
      return record(services, batch, { ...factsOf(services, lane, endpoint), key, state, askedAt, answeredBy: seq })
    })
    const own = { done, gate: run.gate.signal() }
    inFlight.set(key, own)
    await done.finally(() => {
      if (inFlight.get(key) === own) inFlight.delete(key)
    })
  }
}

async function askAndRecord(
  services: ControlServices,
  batch: string | null,
  lane: Lane,
  endpoint: Endpoint,
  question: Question,
  run: ControlRun,
): Promise<ControlView> {
  const { state, failure, sent, evidence } = await askPlatform(services, lane, endpoint, question, run)
  const facts = factsOf(services, lane, endpoint)
  await record(services, batch, {
    ...facts,
    key: question.key,
    state,
    reason: failure?.code,
    detail: failure?.detail,
    partHash: sent?.hash,
    sentAt: sent?.at,
    attempts: sent?.attempts,
    ms: sent?.ms,
    ...evidenceBody(evidence),
  })
  const { profileId: profile, means, askedAt: at } = facts
  const { id, version } = endpoint
  const reason = failure?.code ?? null
  return { profile, endpoint: id, version, means, state, reason, detail: failure?.detail ?? null, at }
}

function factsOf({ clock, dayOf }: ControlServices, lane: Lane, endpoint: Endpoint) {
  const { means } = controlOf(lane.profile, endpoint)
  const { id: profileId, platform, appid, practice } = lane.profile
  const { id, version } = endpoint
  const askedAt = clock.now()
  return { profileId, platform, appid, practice, endpoint: id, version, means, day: dayOf(askedAt).name, askedAt }
}

function record(
  { writer }: ControlServices,
  batch: string | null,
  body: ControlFacts & Readonly<Record<string, unknown>>,
): Promise<void> {
  return writer.append('control', batch, body)
}

function evidenceBody(evidence: Evidence | null): Readonly<Record<string, unknown>> {
  const { errcode, errmsg, httpStatus, label, reply, rid, score, traceId } = evidence ?? {}
  return { errcode, errmsg, httpStatus, label, reply, rid, score, traceId }
}
