/** Turns images into parts that one call can carry, in child processes that may die without taking a batch along. */

import { availableParallelism } from 'node:os'
import type { Failure } from '../../../shared/conclusion.ts'
import type { ImagePart } from '../../../shared/domain.ts'
import type { FailureCode } from '../../../shared/failures.ts'
import { type Remark, remark } from '../../../shared/remarks/index.ts'
import { type Child, childEntry, type Ended, forkChild, type StartChild, startChild } from '../base/child-process.ts'
import { type Clock, systemClock } from '../base/clock.ts'
import { createKeyedSemaphore } from '../base/concurrency/keyed-semaphore.ts'
import { inputFailure } from '../base/input-failure.ts'
import {
  type FromChild,
  fromChildSchema,
  type ImageFacts,
  type ImageInput,
  type Rendition,
  type Task,
  type ToChild,
} from './messages.ts'
import type { PrepareOptions } from './renditions.ts'
import type { ThumbnailOptions } from './thumbnail.ts'

export type { ImageFacts, ImageInput } from './messages.ts'
export type { PrepareOptions } from './renditions.ts'
export type { ThumbnailOptions } from './thumbnail.ts'

/** Methods answer with a `Failure` for whatever the file or the child does; they reject only with the signal's reason. */
export interface Imaging {
  /** Reads headers only: size, frames, and what preparing it would cost. */
  inspect(file: ImageInput, options: PrepareOptions, signal: AbortSignal): Promise<ImageFacts | Failure>
  /**
   * Makes all parts and hands them to `receive` one by one, in order; the next is sent when that has resolved, so that a poster of
   * hundreds of tiles is never held at once. Only the result tells whether every part was made: until then the picture is not covered.
   * Calls with the same signal are one client's: while parts are not taken, as those of a paused batch, other clients go first.
   */
  prepare(
    file: ImageInput,
    options: PrepareOptions,
    receive: (part: ImagePart) => Promise<void>,
    signal: AbortSignal,
  ): Promise<{ readonly kind: 'prepared'; readonly facts: ImageFacts; readonly parts: number } | Failure>
  /** A WebP for the grid; waits for no inspecting and preparing. */
  thumbnail(
    file: ImageInput,
    options: ThumbnailOptions,
    signal: AbortSignal,
  ): Promise<
    { readonly kind: 'thumbnail'; readonly bytes: Uint8Array; readonly mime: 'image/webp' | 'image/png' } | Failure
  >
  /** What it looks like, in eight bytes; null of a picture that is too plain to be told from others. */
  likeness(
    file: ImageInput,
    signal: AbortSignal,
  ): Promise<{ readonly kind: 'likeness'; readonly bits: Uint8Array | null } | Failure>
  /** Ends the children; what is under way answers `interrupted`. */
  close(): Promise<void>
}

export interface ImagingOptions {
  /** Children at work at the same time, besides one for thumbnails; they start when needed. */
  readonly workers?: number
  /** Entry of the child: `worker.ts` from a checkout, its bundle beside the main one in the built app. */
  readonly workerFile?: string
  readonly startChild?: StartChild
  readonly clock?: Clock
  /** Size of a file. */
  readonly maxBytes?: number
  /** Pixels of one picture, or of one frame. */
  readonly maxPixels?: number
  /** Time that one image may take the child. */
  readonly timeoutMs?: number
  /** Resident memory of one child: the pixels of the largest picture, twice, and its decoder's. */
  readonly memoryMb?: number
}

const noParts = async () => undefined

/** How long a child may wait for its part to be taken while another client waits for a child. */
const patienceMs = 2_000

/** A job whose part is not taken yet. It keeps its child, unless it is preempted to make room. */
interface BackpressuredJob {
  readonly client: AbortSignal
  readonly sinceMs: number
  readonly preemption: AbortController
}
const preempted = new Error('another client goes first')

type Receive = (part: ImagePart) => Promise<void>
type Job = Extract<ToChild, { kind: 'job' }>
type Answer = Exclude<FromChild, { kind: 'part' } | { kind: 'over-memory' }> | Ended
type ImagingChild = Child<Job, Rendition, Exclude<Answer, Ended>>
type PoolAnswer = Answer | { readonly kind: 'preempted' }

/** The children, and who may use them. */
interface Pool {
  /** Runs a job in a child, from its beginning; the signal names the client as well. Rejects as `Child.ask` does. */
  run(file: ImageInput, task: Task, receive: Receive, signal: AbortSignal): Promise<PoolAnswer>
  readonly closed: boolean
  close(): Promise<void>
}

export function createImaging(options: ImagingOptions = {}): Imaging {
  const pool = createPool(options)
  const ask = (file: ImageInput, task: Task, receive: Receive, signal: AbortSignal) =>
    askPool(pool, file, task, receive, signal)
  return {
    inspect: async (file, prepareOptions, signal) => {
      const answer = await ask(file, { kind: 'inspect', options: prepareOptions }, noParts, signal)
      if (answer.kind === 'failure') return answer
      return answer.kind === 'inspected' ? answer.facts : wrongAnswer(answer.kind)
    },
    prepare: async (file, prepareOptions, receive, signal) => {
      const task = { kind: 'prepare', options: prepareOptions, skip: 0 } as const
      const answer = await ask(file, task, receive, signal)
      return answer.kind === 'failure' || answer.kind === 'prepared' ? answer : wrongAnswer(answer.kind)
    },
    thumbnail: async (file, thumbnailOptions, signal) => {
      const answer = await ask(file, { kind: 'thumbnail', options: thumbnailOptions }, noParts, signal)
      if (answer.kind === 'failure') return answer
      if (answer.kind !== 'thumbnail') return wrongAnswer(answer.kind)
      return { ...answer, mime: thumbnailOptions.as === 'png' ? 'image/png' : 'image/webp' }
    },
    likeness: async (file, signal) => {
      const answer = await ask(file, { kind: 'likeness' }, noParts, signal)
      return answer.kind === 'failure' || answer.kind === 'likeness' ? answer : wrongAnswer(answer.kind)
    },
    close: pool.close,
  }
}

function createPool(options: ImagingOptions): Pool {
  const workers = options.workers ?? availableParallelism()
  const workerFile = options.workerFile ?? childEntry(import.meta.url, 'imaging-worker')
  const clock = options.clock ?? systemClock
  const { maxBytes = 256e6, maxPixels = 100e6, timeoutMs = 30_000, memoryMb = 1500 } = options
  const children = new Set<ImagingChild>()
  const idle: ImagingChild[] = []
  // In the order in which their parts were handed out.
  const backpressured = new Set<BackpressuredJob>()
  // Thumbnails have a slot of their own: somebody looks at the grid while a batch is being prepared.
  const slots = {
    files: createKeyedSemaphore(workers, client =>
      [...backpressured].some(job => job.client === client && job.preemption.signal.aborted),
    ),
    thumbnails: createKeyedSemaphore(1),
  }
  let isClosed = false

  const takeChild = (): ImagingChild => {
    const known = idle.pop()
    if (known?.alive) return known
    if (known !== undefined) {
      children.delete(known)
      return takeChild()
    }
    const child = startChild<Job, Rendition, Exclude<Answer, Ended>>(
      options.startChild ?? forkChild,
      workerFile,
      clock,
      fromChildSchema,
    )
    children.add(child)
    return child
  }

  const returnChild = (child: ImagingChild) => {
    if (child.alive && !isClosed) idle.push(child)
    else children.delete(child)
  }

  /** Until the client has a slot: preempts those, the longest first, who keep a child without taking what it made. */
  const preemptIdle = async (waiting: AbortSignal, acquired: AbortSignal) => {
    for (;;) {
      await clock.sleep(patienceMs, acquired)
      const keepsOthersWaiting = ({ client, sinceMs, preemption }: BackpressuredJob) =>
        client !== waiting && clock.now() - sinceMs >= patienceMs && !preemption.signal.aborted
      backpressured.values().find(keepsOthersWaiting)?.preemption.abort(preempted)
    }
  }

  const run: Pool['run'] = async (file, task, receive, signal) => {
    const slot = task.kind === 'thumbnail' ? slots.thumbnails : slots.files
    const acquired = new AbortController()
    if (slot === slots.files && slot.isFull('child')) preemptIdle(signal, acquired.signal).catch(() => undefined)
    await slot.acquire('child', signal).finally(() => acquired.abort())
    const preemption = new AbortController()
    const holding = async (part: ImagePart) => {
      const job = { client: signal, sinceMs: clock.now(), preemption }
      backpressured.add(job)
      await receive(part).finally(() => backpressured.delete(job))
    }
    try {
      if (isClosed) return { kind: 'died', how: 'closed' }
      const child = takeChild()
      const job = { kind: 'job', file, task, maxBytes, maxPixels, memoryMb } as const
      const manner = { timeoutMs, receive: holding, signal: AbortSignal.any([signal, preemption.signal]) }
      return await child.ask(job, manner).finally(() => returnChild(child))
    } catch (error) {
      if (error === preempted) return { kind: 'preempted' }
      throw error
    } finally {
      slot.release('child')
    }
  }

  return {
    run,
    get closed() {
      return isClosed
    },
    close: async () => {
      isClosed = true
      await Promise.all([...children].map(child => child.end()))
    },
  }
}

/**
 * Has a job done, however often it is preempted: it goes on behind the parts that were received. A child that dies may have been ill
 * before this file came: the file gets one more, fresh.
 */
async function askPool(
  pool: Pool,
  file: ImageInput,
  task: Task,
  receive: Receive,
  signal: AbortSignal,
): Promise<Exclude<Answer, { kind: 'died' | 'stopped' | 'refused' }> | Failure> {
  let received = 0
  let taken: Promise<void> = Promise.resolve()
  const counting = (part: ImagePart) => {
    taken = receive(part).then(() => {
      received += 1
    })
    return taken
  }
  const askOn = async (): Promise<Answer> => {
    for (;;) {
      const rest = task.kind === 'prepare' ? { ...task, skip: received } : task
      const answer = await pool.run(file, rest, counting, signal)
      if (answer.kind !== 'preempted') return answer
      await taken
    }
  }
  let answer = await askOn()
  if (answer.kind === 'died' && !pool.closed) {
    // Not before it is taken: it would come twice.
    await taken
    answer = await askOn()
  }
  switch (answer.kind) {
    case 'refused':
      return failure(answer.code, answer.detail)
    case 'stopped':
      return failure('preparation_failed', answer.why)
    case 'died':
      return pool.closed
        ? failure('interrupted', remark('preparation_closed'))
        : failure('preparation_failed', remark('preparation_died', { name: answer.how }))
    default:
      return answer
  }
}

/** The child's details are encoded already. */
function failure(code: FailureCode, detail: string | Remark): Failure {
  return inputFailure(code, typeof detail === 'string' ? detail : [detail])
}

function wrongAnswer(kind: string): Failure {
  return failure('internal_error', remark('preparation_nonsense', { name: kind }))
}
