import { randomBytes } from 'node:crypto'
import { Agent, request } from 'undici'
import { limits } from '../../../shared/limits.ts'
import type { Clock } from '../base/clock.ts'
import { systemClock } from '../base/clock.ts'
import { createImageJudge } from './image-judge.ts'
import type { MediaFinding, PracticePushes, PushConsole, PushFields, PushRequest, Submission } from './practice.ts'
import { type PushFault, type PushScript, pushFaultOf } from './pushes-script.ts'
import type { Sandbox } from './start-sandbox.ts'

/** Sends the results of asynchronous checks as the platforms do (docs/async.md). */
export interface SandboxPushes {
  /** Resolves when nothing is on its way or waiting to leave. */
  idle(): Promise<void>
  /** What was answered to each push, in order; null where nobody answered. */
  readonly answers: readonly { readonly traceId: string; readonly status: number | null; readonly text: string }[]
  /** What waits is not sent any more. */
  close(): Promise<void>
}

export interface SandboxPushOptions {
  readonly consoles: readonly PushConsole[]
  readonly clock?: Clock
  /** Between taking a submission and its push. */
  readonly delayMs?: number
  readonly script?: PushScript
}

/** Spec §5.6: no answer within 5 s, and again, three tries in all. */
const tries = 3

export function startPushes(sandbox: Sandbox, options: SandboxPushOptions): SandboxPushes {
  for (const { url } of options.consoles) if (!isLoopback(url)) throw new Error(`${url} is not on this machine`)
  const clock = options.clock ?? systemClock
  const script = options.script ?? { rules: [] }
  const judgeImage = createImageJudge('none', 'by_mark')
  const agent = new Agent()
  const closing = new AbortController()
  const answers: { traceId: string; status: number | null; text: string }[] = []
  const underWay = new Set<Promise<void>>()
  let held: (() => Promise<void>)[] = []
  let taken = 0

  const push = async (submission: Submission, nth: number, app: PushConsole, pushes: PracticePushes) => {
    const fault = pushFaultOf(script, nth)
    if (fault === 'never') return
    const lateMs = typeof fault === 'object' && fault !== null && 'lateMs' in fault ? fault.lateMs : 0
    const waitMs = (options.delayMs ?? 0) + lateMs
    if (waitMs > 0) await clock.sleep(waitMs, closing.signal)
    const finding = await judge(submission, fault, pushes)
    const shape = typeof fault === 'object' && fault !== null && 'shape' in fault ? fault.shape : 'documented'
    const send = async () => {
      const fields = pushes.eventOf(submission, finding, shape, clock.now())
      for (let copy = 0; copy < (fault === 'twice' ? 2 : 1); copy += 1) {
        await deliver(submission, fields, app, pushes, fault === 'wrong_signature')
      }
    }
    if (fault === 'out_of_order') {
      held.push(send)
      return
    }
    await send()
    const before = held
    held = []
    for (const sendHeld of before) await sendHeld()
  }

  const judge = async (
    submission: Submission,
    fault: PushFault | null,
    pushes: PracticePushes,
  ): Promise<MediaFinding> => {
    if (typeof fault === 'object' && fault !== null && 'errcode' in fault)
      return { kind: 'failed', errcode: fault.errcode }
    const bytes = await download(submission.mediaUrl)
    if (bytes === null) return { kind: 'failed', errcode: pushes.downloadFailed }
    return judgeMedia(bytes, submission, judgeImage, pushes)
  }

  const download = async (url: string): Promise<Buffer | null> => {
    if (!isLoopback(url)) return null
    try {
      const response = await request(url, { dispatcher: agent, signal: closing.signal })
      const bytes = Buffer.from(await response.body.arrayBuffer())
      return response.statusCode === 200 && bytes.byteLength <= limits.mediaMaxBytes ? bytes : null
    } catch {
      return null
    }
  }

  const deliver = async (
    submission: Submission,
    fields: PushFields,
    app: PushConsole,
    pushes: PracticePushes,
    isForged: boolean,
  ) => {
    const nonce = String(randomBytes(4).readUInt32BE())
    const { query, contentType, body } = pushes.requestOf(fields, app, {
      nowMs: clock.now(),
      nonce,
      isForged,
    })
    const url = new URL(app.url)
    for (const [name, value] of query) url.searchParams.set(name, value)
    for (let attempt = 1; attempt <= tries; attempt += 1) {
      const answer = await post(agent, closing.signal, url, { contentType, body })
      answers.push({ traceId: submission.traceId, ...answer })
      // A refusal is an answer; only silence and trouble are tried again.
      if (answer.status !== null && answer.status < 500) return
      if (closing.signal.aborted) return
    }
  }

  const stop = sandbox.onSubmission(submission => {
    const app = options.consoles.find(({ appid }) => appid === submission.appid)
    const pushes = sandbox.practices.find(({ platform }) => platform === submission.platform)?.pushes ?? null
    if (app === undefined || pushes === null) return
    taken += 1
    const task = push(submission, taken, app, pushes)
      .catch(error => {
        if (!closing.signal.aborted) throw error
      })
      .finally(() => underWay.delete(task))
    underWay.add(task)
  })

  return {
    answers,
    idle: async () => {
      while (underWay.size > 0) await Promise.race(underWay)
      const last = held
      held = []
      for (const send of last) await send()
    },
    close: async () => {
      stop()
      held = []
      closing.abort(new Error('The sandbox is closed.'))
      await Promise.allSettled(underWay)
      await agent.destroy()
    },
  }
}

/** Null status: nobody answered in time. */
async function post(
  dispatcher: Agent,
  closing: AbortSignal,
  url: URL,
  { contentType, body }: Pick<PushRequest, 'contentType' | 'body'>,
): Promise<{ readonly status: number | null; readonly text: string }> {
  try {
    const signal = AbortSignal.any([closing, AbortSignal.timeout(limits.pushReplyMs)])
    const response = await request(url, {
      method: 'POST',
      dispatcher,
      headers: { 'content-type': contentType },
      body,
      signal,
    })
    return { status: response.statusCode, text: await response.body.text() }
  } catch {
    return { status: null, text: '' }
  }
}

/**
 * Images by the practice mark, at whatever size; audio, and pictures without a decoder here, by the practice words anywhere in
 * their bytes, in a title tag for instance. Media sent as the wrong type come back as pass (spec §3.2): the caller must tell the truth.
 */
async function judgeMedia(
  bytes: Buffer,
  submission: Submission,
  judgeImage: ReturnType<typeof createImageJudge>,
  pushes: PracticePushes,
): Promise<MediaFinding> {
  const finding = await judgeImage(bytes)
  const isImage = finding.kind === 'judged' || bytes.toString('latin1', 0, 2) === 'BM'
  if (isImage !== (submission.mediaType === 'image')) return { kind: 'judged', suggest: 'pass', label: 100 }
  if (finding.kind === 'judged') {
    return finding.isRisky
      ? { kind: 'judged', suggest: 'risky', label: 20002 }
      : { kind: 'judged', suggest: 'pass', label: 100 }
  }
  return pushes.judgeText(bytes.toString('utf8'), submission)
}

function isLoopback(url: string): boolean {
  const host = URL.parse(url)?.hostname ?? ''
  return host === 'localhost' || host === '[::1]' || /^127(?:\.\d{1,3}){3}$/.test(host)
}
