import { hash } from 'node:crypto'
import { join } from 'node:path'
import type { Evidence } from '../../../../shared/conclusion.ts'
import type { ControlMeans, ControlState, ControlView } from '../../../../shared/controls.ts'
import type { ImagePart, TextPart } from '../../../../shared/domain.ts'
import type { FailureCode } from '../../../../shared/failures.ts'
import { defaultOptions, type ScreenOptions } from '../../../../shared/screening.ts'
import { onAbort } from '../../base/concurrency/shared-abort-listener.ts'
import { awaitLock } from '../../base/file-lock.ts'
import type { Endpoint } from '../../checkers/platform.ts'
import type { Imaging } from '../../imaging/imaging.ts'
import type { Day } from '../../pacer/day.ts'
import { practicePicturePng } from '../../sandbox/practice-picture.ts'
import type { LedgerCommands } from '../../store/commands.ts'
import type { ControlFacts, ControlReader } from '../../store/controls.ts'
import type { LedgerDatabase } from '../../store/database.ts'
import type { LedgerQueries } from '../../store/queries.ts'
import { type CheckRun, type CheckServices, interactiveRun, runCheck } from '../check.ts'
import type { Content } from '../content.ts'
import type { Lane } from '../lane.ts'
import { LineCut } from '../line.ts'
import { controlKey, controlOf, practicePicture } from './control-of.ts'

/** The day's control checks: whether an endpoint that finds nothing in a batch finds anything at all. */
export interface Controls {
  ofBatch(batch: string): BatchControls
  /** Asks now, whatever the day has answered: somebody tests the profile. */
  ask(lane: Lane, endpoint: Endpoint, signal: AbortSignal): Promise<ControlView>
  /** Names what a batch that begins now would have to ask; null where the day has its answer, or there can be none. */
  due(lane: Lane, endpoint: Endpoint, signal: AbortSignal): Promise<string | null>
}

export interface BatchControls {
  /**
   * Sees to it that the batch has this endpoint's answer of the day, by a call if there is none yet. A call that fails says "not known",
   * and is made again for the next batch. Throws only when the run's signal aborts or the disk fails.
   */
  ensure(lane: Lane, endpoint: Endpoint, run: BatchRunShare): Promise<void>
  /** Inside a commit: the batch takes an outcome from an earlier one, and with it what stands behind that. */
  reuse(lane: Lane, from: { readonly asset: number; readonly profile: number }): void
}

export type BatchRunShare = Pick<CheckRun, 'priority' | 'signal' | 'abandon' | 'gate' | 'line' | 'waitForQuota'>

export interface ControlServices extends CheckServices {
  readonly database: LedgerDatabase
  readonly commands: LedgerCommands
  readonly queries: LedgerQueries
  readonly reader: ControlReader
  readonly imaging: Imaging
  /** As for an asset. */
  read(
    source: string,
    options: ScreenOptions,
    signal: AbortSignal,
  ): Promise<Content | ({ readonly kind: 'failure' } & Unknown)>
  /** The platform's day. */
  dayOf(nowMs: number): Day
  /** Programs on one data folder keep there which of them is making a call. */
  readonly lockFolder: string
}

interface Unknown {
  readonly code: FailureCode
  readonly detail: string
}

/** What would be sent. */
interface Question {
  readonly means: ControlMeans
  /** See `controlKey`. */
  readonly key: string
  part(): Promise<TextPart | ImagePart | ({ readonly kind: 'failure' } & Unknown)>
}

/** What a call came to, with what the ledger keeps of it. */
interface Answer {
  readonly state: ControlState
  readonly unknown: Unknown | null
  readonly sent: { readonly hash: string; readonly attempts: number; readonly ms: number; readonly at: number } | null
  readonly evidence: Evidence | null
}

/** No day has more hours, whatever its zone does with its clocks. */
const longestDayMs = 26 * 3_600_000

export function createControls(services: ControlServices): Controls {
  const { clock, database, commands, queries, reader } = services
  /** Calls that are out, by what they ask; `gate` aborts when the batch that makes one is paused. */
  const underWay = new Map<string, { readonly done: Promise<unknown>; readonly gate: AbortSignal }>()
  const today = () => services.dayOf(clock.now())
  const answerOfToday = (key: string) => {
    const { name, endsMs } = today()
    return reader.answer(key, name, endsMs - longestDayMs)
  }

  const questionOf = async (lane: Lane, endpoint: Endpoint, signal: AbortSignal): Promise<Question | null> => {
    const { means, given } = controlOf(lane.profile, endpoint)
    if (given === null) return null
    const { what, part } = means === 'picture' ? await pictureOf(services, given, signal) : textOf(given)
    return { means, key: controlKey(lane, endpoint, means, what), part }
  }
  const factsOf = (lane: Lane, endpoint: Endpoint) => {
    const { means } = controlOf(lane.profile, endpoint)
    const { id, platform, appid, practice } = lane.profile
    const { id: endpointId, version } = endpoint
    const askedAt = clock.now()
    const day = today().name
    return { profile: id, platform, appid, practice, endpoint: endpointId, version, means, day, askedAt }
  }
  const record = (batch: string | null, body: ControlFacts & Readonly<Record<string, unknown>>) =>
    database.commit(() => commands.append('control', batch, body))

  const askAndRecord = async (
    batch: string | null,
    lane: Lane,
    endpoint: Endpoint,
    question: Question,
    run: BatchRunShare,
  ): Promise<ControlView> => {
    const answer = await askPlatform(services, lane, endpoint, question, run)
    const { state, unknown, sent, evidence } = answer
    const facts = factsOf(lane, endpoint)
    const { key } = question
    const reason = unknown?.code
    const detail = unknown?.detail
    await record(batch, {
      ...facts,
      key,
      state,
      reason,
      detail,
      partHash: sent?.hash,
      sentAt: sent?.at,
      attempts: sent?.attempts,
      ms: sent?.ms,
      ...evidenceBody(evidence),
    })
    const { profile, means, askedAt: at } = facts
    const { id, version } = endpoint
    return { profile, endpoint: id, version, means, state, reason: reason ?? null, detail: detail ?? null, at }
  }

  /** While no other program asks the same; one whose batch is paused holds up nobody. */
  const alone = async <T>(key: string, run: BatchRunShare, action: () => Promise<T>): Promise<T> => {
    const lock = await awaitLock(join(services.lockFolder, `${key}.lock`), clock, run.signal)
    const forget = onAbort(run.gate.signal(), () => lock?.release())
    try {
      return await action()
    } finally {
      forget()
      lock?.release()
    }
  }

  const settle = async (batch: string, lane: Lane, endpoint: Endpoint, run: BatchRunShare): Promise<void> => {
    const question = await questionOf(lane, endpoint, run.signal)
    if (question === null) {
      await record(batch, { ...factsOf(lane, endpoint), state: 'impossible' })
      return
    }
    const { key } = question
    const other = underWay.get(key)
    // A paused batch holds up no other.
    if (other !== undefined) await settledOr(other.done, AbortSignal.any([other.gate, run.signal]))
    run.signal.throwIfAborted()
    const done = alone(key, run, async () => {
      const known = answerOfToday(key)
      if (known === null) return askAndRecord(batch, lane, endpoint, question, run)
      const { state, askedAt, seq } = known
      return record(batch, { ...factsOf(lane, endpoint), key, state, askedAt, answeredBy: seq })
    })
    const mine = { done, gate: run.gate.signal() }
    underWay.set(key, mine)
    await done.finally(() => {
      if (underWay.get(key) === mine) underWay.delete(key)
    })
  }

  return {
    ofBatch: batch => {
      const settled = new Map<string, Promise<void>>()
      const reused = new Set<string>()
      return {
        ensure: (lane, endpoint, run) => {
          const name = `${lane.index} ${endpoint.id}`
          const known = settled.get(name)
          if (known !== undefined) return known
          const mine = settle(batch, lane, endpoint, run).catch(async error => {
            // The profile's other calls found that nothing answers, and ended this one with themselves.
            if (!(error instanceof LineCut)) throw error
            const { code: reason, detail } = error.stop
            await record(batch, { ...factsOf(lane, endpoint), state: 'unknown', reason, detail })
          })
          settled.set(name, mine)
          return mine
        },
        reuse: (lane, { asset, profile }) => {
          const from = queries.asset(asset)?.batch
          const known = `${lane.index} ${from} ${profile}`
          if (from === undefined || from === batch || reused.has(known)) return
          reused.add(known)
          recordReused(services, batch, lane, { batch: from, profile })
        },
      }
    },
    ask: async (lane, endpoint, signal) => {
      const question = await questionOf(lane, endpoint, signal)
      if (question !== null) return askAndRecord(null, lane, endpoint, question, interactiveRun(signal))
      const { profile, version, means, askedAt: at } = factsOf(lane, endpoint)
      return { profile, endpoint: endpoint.id, version, means, state: 'impossible', reason: null, detail: null, at }
    },
    due: async (lane, endpoint, signal) => {
      const question = await questionOf(lane, endpoint, signal)
      return question === null || answerOfToday(question.key) !== null ? null : question.key
    },
  }
}

/** Inside a commit: what stood behind an earlier batch's verdicts stands behind those of the batch that uses them again. */
function recordReused(
  { queries, reader, commands, dayOf }: ControlServices,
  batch: string,
  lane: Lane,
  from: { readonly batch: string; readonly profile: number },
): void {
  const lender = queries.batch(from.batch)?.profiles[from.profile]?.id
  for (const { at, reason, detail, ...view } of reader.ofBatch(from.batch).own) {
    if (view.profile !== lender) continue
    const { id, platform, appid, practice } = lane.profile
    const body = { ...view, profile: id, platform, appid, practice, askedAt: at, day: dayOf(at).name }
    const why = { reason: reason ?? undefined, detail: detail ?? undefined }
    commands.append('control', batch, { ...body, ...why, reusedFrom: from.batch })
  }
}

/** Makes the call, with the tokens, the pacer and the attempts of any other check. */
async function askPlatform(
  services: ControlServices,
  lane: Lane,
  endpoint: Endpoint,
  question: Question,
  run: BatchRunShare,
): Promise<Answer> {
  const notKnown = (unknown: Unknown): Answer => ({ state: 'unknown', unknown, sent: null, evidence: null })
  const part = await question.part()
  if (part.kind === 'failure') return notKnown(part)
  const { openids, scene } = lane.text
  // Without the batch's title and nickname: they would answer for the control.
  const bare = { ...lane, text: { openids, scene } }
  const at = services.clock.now()
  const outcome = await runCheck(services, bare, endpoint, part, {
    ...run,
    line: impatient(run.line),
    // Tomorrow's quota is tomorrow's answer.
    waitForQuota: false,
    pendingTrace: () => null,
    onDeparture: async () => undefined,
  })
  switch (outcome.kind) {
    case 'stopped':
      return notKnown(outcome.stop)
    case 'awaiting':
      return notKnown({ code: 'malformed_reply', detail: '' })
    case 'ended': {
      const { verdict, failure, attempts, ms, evidence } = outcome.end
      const sent = { hash: hash('sha256', part.kind === 'text' ? part.text : part.bytes), attempts, ms, at }
      if (verdict === null) return { state: 'unknown', unknown: failure, sent, evidence }
      return { state: verdict === 'pass' ? 'clean' : 'flagged', unknown: null, sent, evidence }
    }
  }
}

/**
 * Counts towards an outage like any other call, but waits for its end no longer than one: the batch, which is held up meanwhile, finds
 * it out by itself.
 */
function impatient(line: CheckRun['line']): CheckRun['line'] {
  if (line === null) return null
  return {
    heard: line.heard,
    silent: (check, departedMs) => {
      const next = line.silent(check, departedMs)
      return next === 'wait' ? 'give_up' : next
    },
  }
}

/** Of an animation the first frame is sent. */
async function pictureOf(
  { read, imaging }: Pick<ControlServices, 'read' | 'imaging'>,
  given: string,
  signal: AbortSignal,
): Promise<{ readonly what: string; readonly part: Question['part'] }> {
  const content =
    given === practicePicture
      ? ({ kind: 'image', sha256: practicePicture, input: { bytes: practicePicturePng() } } as const)
      : await read(JSON.stringify({ kind: 'file', path: given }), defaultOptions, signal)
  if (content.kind === 'failure') return { what: given, part: async () => content }
  if (content.kind !== 'image') {
    return { what: given, part: async () => ({ kind: 'failure', code: 'unsupported_type', detail: given }) }
  }
  const part = async () => {
    const parts: ImagePart[] = []
    const receive = async (made: ImagePart) => {
      parts.push(made)
    }
    const prepared = await imaging.prepare(content.input, { mode: 'fit', maxTiles: 60 }, receive, signal)
    const [first] = parts
    if (first !== undefined) return first
    return prepared.kind === 'failure'
      ? prepared
      : ({ kind: 'failure', code: 'preparation_failed', detail: '' } as const)
  }
  return { what: content.sha256, part }
}

function textOf(text: string): { readonly what: string; readonly part: Question['part'] } {
  const range = [0, text.length] as const
  return {
    what: text,
    part: async () => ({ kind: 'text', name: 'whole', rect: null, frame: null, range, line: 1, column: 1, text }),
  }
}

function evidenceBody(evidence: Evidence | null): Readonly<Record<string, unknown>> {
  const { errcode, errmsg, httpStatus, label, reply, rid, score, traceId } = evidence ?? {}
  return { errcode, errmsg, httpStatus, label, reply, rid, score, traceId }
}

function settledOr(done: Promise<unknown>, signal: AbortSignal): Promise<void> {
  return new Promise(resolve => {
    const forget = onAbort(signal, resolve)
    done
      .catch(() => undefined)
      .finally(() => {
        forget()
        resolve()
      })
  })
}
