import { hash } from 'node:crypto'
import type { Conclusion, Failure } from '../../../../shared/conclusion.ts'
import type { ControlMeans, ControlState } from '../../../../shared/controls.ts'
import type { ImagePart, TextPart } from '../../../../shared/domain.ts'
import { defaultOptions, type ScreenOptions } from '../../../../shared/screening.ts'
import type { OutageDetector } from '../../base/concurrency/outage-detector.ts'
import type { Endpoint } from '../../checkers/platform.ts'
import type { Imaging } from '../../imaging/imaging.ts'
import { practicePicturePng } from '../../sandbox/practice-picture.ts'
import { type CheckRun, type CheckServices, runCheck } from '../check.ts'
import type { Content } from '../content.ts'
import type { Lane } from '../lane.ts'
import { controlKey, controlOf, practicePicture } from './control-of.ts'

/** A control check: what is sent, and what came back. */

type ControlFailure = Pick<Failure, 'kind' | 'code' | 'detail'>

/** What would be sent. */
export interface Question {
  readonly means: ControlMeans
  /** See `controlKey`. */
  readonly key: string
  part(): Promise<TextPart | ImagePart | ControlFailure>
}

/** What is known after a call, or after the failure to make one. */
export interface Answer {
  readonly state: ControlState
  readonly failure: Pick<Failure, 'code' | 'detail'> | null
  readonly sent: { readonly hash: string; readonly attempts: number; readonly ms: number; readonly at: number } | null
  readonly evidence: Conclusion['evidence']
}

export interface QuestionServices {
  readonly imaging: Imaging
  /** As for an asset. */
  read(source: string, options: ScreenOptions, signal: AbortSignal): Promise<Content | ControlFailure>
}

/** Null where the endpoint has no control for the profile. */
export async function questionOf(
  services: QuestionServices,
  lane: Lane,
  endpoint: Endpoint,
  signal: AbortSignal,
): Promise<Question | null> {
  const { means, given } = controlOf(lane.profile, endpoint)
  if (given === null) return null
  const { what, part } = means === 'picture' ? await pictureOf(services, given, signal) : textOf(given)
  return { means, key: controlKey(lane, endpoint, means, what), part }
}

/** Makes the call, with the tokens, the pacer and the attempts of any other check. */
export async function askPlatform(
  services: CheckServices,
  lane: Lane,
  endpoint: Endpoint,
  question: Question,
  run: Omit<CheckRun, 'onDeparture' | 'pendingTrace'>,
): Promise<Answer> {
  const unknown = ({ code, detail }: Pick<Failure, 'code' | 'detail'>): Answer => ({
    state: 'unknown',
    failure: { code, detail },
    sent: null,
    evidence: null,
  })
  const part = await question.part()
  if (part.kind === 'failure') return unknown(part)
  const { openids, scene } = lane.text
  // Without the batch's title and nickname: the verdict would be about them as well.
  const bare = { ...lane, text: { openids, scene } }
  const at = services.clock.now()
  const { conclusion, stop, attempts, ms } = await runCheck(services, bare, endpoint, part, {
    ...run,
    outageDetector: run.outageDetector === null ? null : impatient(run.outageDetector),
    // Tomorrow's quota is tomorrow's answer.
    waitForQuota: false,
    pendingTrace: async () => null,
    onDeparture: async () => undefined,
  })
  if (conclusion === null) return unknown(stop)
  if (conclusion.kind === 'accepted') return unknown({ code: 'malformed_reply', detail: '' })
  const { evidence } = conclusion
  const sent = { hash: hash('sha256', part.kind === 'text' ? part.text : part.bytes), attempts, ms, at }
  if (conclusion.kind === 'failure') {
    const { code, detail } = conclusion
    return { state: 'unknown', failure: { code, detail }, sent, evidence }
  }
  return { state: conclusion.verdict === 'pass' ? 'clean' : 'flagged', failure: null, sent, evidence }
}

/**
 * Counts towards an outage like any other call, but does not wait for its end: the batch, which is held up meanwhile, detects it by
 * itself.
 */
function impatient({ replied, noReply }: OutageDetector): OutageDetector {
  return {
    replied,
    noReply: (request, departedMs) => {
      const next = noReply(request, departedMs)
      return next === 'wait' ? 'give_up' : next
    },
  }
}

/** The control picture as it is sent; of an animation, its first frame. */
async function pictureOf(
  { read, imaging }: QuestionServices,
  given: string,
  signal: AbortSignal,
): Promise<{ readonly what: string; readonly part: Question['part'] }> {
  const content =
    given === practicePicture
      ? ({
          kind: 'image',
          sha256: practicePicture,
          pictures: [{ load: async () => ({ bytes: practicePicturePng() }) }],
        } as const)
      : await read(JSON.stringify({ kind: 'file', path: given }), defaultOptions, signal)
  if (content.kind === 'failure') return { what: given, part: async () => content }
  const [picture] = content.pictures
  if (content.kind !== 'image' || picture === undefined) {
    return { what: given, part: async () => ({ kind: 'failure', code: 'unsupported_type', detail: given }) }
  }
  const part = async () => {
    const parts: ImagePart[] = []
    const receive = async (made: ImagePart) => {
      parts.push(made)
    }
    const input = await picture.load(signal)
    if ('kind' in input) return input
    const prepared = await imaging.prepare(input, { mode: 'fit', maxTiles: 60 }, receive, signal)
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
