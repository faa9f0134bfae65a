/** Reads documents in child processes, each of which may die without taking a batch along. */

import { availableParallelism } from 'node:os'
import { basename } from 'node:path'
import type { Failure } from '../../../../shared/conclusion.ts'
import type { ReadingProgress } from '../../../../shared/queue.ts'
import { type Remark, remark } from '../../../../shared/remarks/index.ts'
import {
  type Child,
  childEntry,
  type Ended,
  forkChild,
  type JobProgress,
  type StartChild,
  startChild,
} from '../../base/child-process.ts'
import { type Clock, systemClock } from '../../base/clock.ts'
import { createWeightedSemaphore } from '../../base/concurrency/weighted-semaphore.ts'
import { inputFailure } from '../../base/input-failure.ts'
import type { UnpackTarget } from '../archives/listing.ts'
import { documentFormatNamed } from '../find-format.ts'
import type { DocumentSurvey } from './document.ts'
import {
  type ArchiveJob,
  type DocumentJob,
  type FromChild,
  fromChildSchema,
  type ToChild,
  type WorkbookContent,
} from './messages.ts'

/** A document on disk, as it was when it was hashed. */
export interface DocumentRef {
  /** Name of its `DocumentFormat`. */
  readonly format: string
  readonly path: string
  /** Hexadecimal. */
  readonly sha256: string
}

/** An archive on disk that a child lists and unpacks. */
export interface ArchiveRef {
  /** Name of its `ArchiveFormat`. */
  readonly format: string
  readonly path: string
}

/** Methods answer with a `Failure` for whatever the file or the child does; they reject only with the signal's reason. */
export interface Documents {
  /** What is in it, with its words as they may be read. */
  survey(document: DocumentRef, signal: AbortSignal): Promise<DocumentSurvey | Failure>
  /** The sheets of a workbook in a format that a child reads. */
  workbook(document: DocumentRef, signal: AbortSignal): Promise<WorkbookContent | Failure>
  /** The bytes of a piece, by its handle. */
  load(document: DocumentRef, handle: string, signal: AbortSignal): Promise<Uint8Array | Failure>
  /** What is being read at present, the longest at work first. */
  atWork(): readonly ReadingProgress[]
  listArchive(archive: ArchiveRef, signal: AbortSignal): Promise<Extract<FromChild, { kind: 'listed' }> | Failure>
  /** Writes what entries of an archive hold to new files; the answers are in the order of the targets. */
  unpack(
    archive: ArchiveRef,
    targets: readonly UnpackTarget[],
    signal: AbortSignal,
  ): Promise<readonly (Failure | null)[] | Failure>
  /** Ends the children; what is under way answers `interrupted`. */
  close(): Promise<void>
}

export interface DocumentsOptions {
  /** Children at work at the same time; they start when needed. */
  readonly workers?: number
  /** Entry of the child: `worker.ts` from a checkout, its bundle beside the main one in the built app. */
  readonly workerFile?: string
  readonly startChild?: StartChild
  readonly clock?: Clock
  /** Time that one survey or one piece may take the child. */
  readonly timeoutMs?: number
  /** Called when a child says how far it is; at most four times a second each. */
  readonly onProgress?: () => void
  /** The same for unpacking a gigabyte that is packed in one run. */
  readonly unpackMs?: number
  /** Resident memory of one child. */
  readonly memoryMb?: number
}

/** Between two pages of a document, their pictures are made elsewhere. */
const restMs = 2_000

type Answer = Exclude<FromChild, { kind: 'over-memory' | 'progress' }>
type Question = Omit<DocumentJob, 'memoryMb'> | Omit<ArchiveJob, 'memoryMb'>
type DocumentChild = Child<ToChild, never, Answer>

export function createDocuments(options: DocumentsOptions = {}): Documents {
  const { clock = systemClock, timeoutMs = 60_000, unpackMs = 600_000, memoryMb = 1500 } = options
  const workers = options.workers ?? availableParallelism()
  const slots = createWeightedSemaphore(workers)
  /** The last one served is the last in line; each with the document that it has open. */
  const idle: { readonly child: DocumentChild; readonly has: string }[] = []
  const children = new Set<DocumentChild>()
  /** By the file: a document is asked for one piece after the other. */
  const atWork = new Map<string, { jobs: number; leftAt: number; page: ReadingProgress['page'] }>()
  let isClosed = false

  const take = (key: string): DocumentChild => {
    const index = idle.findLastIndex(({ has }) => has === key)
    const taken = index >= 0 ? idle.splice(index, 1)[0]?.child : children.size >= workers ? idle.shift()?.child : null
    if (taken?.alive) return taken
    if (taken != null) children.delete(taken)
    const child: DocumentChild = startChild<ToChild, never, Answer>(
      options.startChild ?? forkChild,
      options.workerFile ?? childEntry(import.meta.url, 'document-worker'),
      clock,
      fromChildSchema,
    )
    children.add(child)
    return child
  }

  const askOnce = async (about: object, job: Question, signal: AbortSignal): Promise<Answer | Ended> => {
    const key = JSON.stringify(about)
    await slots.acquire(1, signal)
    try {
      if (isClosed) return { kind: 'died', how: 'closed' }
      const child = take(key)
      const known = atWork.get(job.path) ?? { jobs: 0, leftAt: 0, page: null }
      atWork.set(job.path, known)
      known.jobs += 1
      const onProgress = ({ done, of }: JobProgress) => {
        known.page = { done, of }
        options.onProgress?.()
      }
      const isUnpacking = job.kind === 'archive' && job.targets !== null
      const ownMs = job.kind === 'job' ? documentFormatNamed(job.format).timeoutMs : undefined
      const manner = {
        timeoutMs: isUnpacking ? unpackMs : (ownMs ?? timeoutMs),
        receive: async () => undefined,
        onProgress,
        signal,
      }
      try {
        return await child.ask({ ...job, memoryMb }, manner)
      } finally {
        known.jobs -= 1
        known.leftAt = clock.now()
        if (child.alive && !isClosed) idle.push({ child, has: key })
        else children.delete(child)
      }
    } finally {
      slots.release(1)
    }
  }

  const ask = async (about: object, job: Question, signal: AbortSignal): Promise<Answer | Failure> => {
    let answer = await askOnce(about, job, signal)
    // It may have been ill before this file came: the file gets one more, fresh.
    if (answer.kind === 'died' && !isClosed) answer = await askOnce(about, job, signal)
    switch (answer.kind) {
      case 'refused':
        return inputFailure(answer.code, answer.detail)
      case 'stopped':
        return failed(answer.why)
      case 'died':
        return isClosed
          ? inputFailure('interrupted', [remark('preparation_closed')])
          : failed(remark('preparation_died', { name: answer.how }))
      default:
        return answer
    }
  }

  return {
    survey: async (document, signal) => {
      const answer = await ask(document, { kind: 'job', ...document, task: { kind: 'survey' } }, signal)
      if (answer.kind === 'failure') return answer
      return answer.kind === 'surveyed' ? answer.survey : failed(remark('preparation_nonsense', { name: answer.kind }))
    },
    workbook: async (document, signal) => {
      const answer = await ask(document, { kind: 'job', ...document, task: { kind: 'workbook' } }, signal)
      if (answer.kind === 'failure' || answer.kind === 'workbook') return answer
      return failed(remark('preparation_nonsense', { name: answer.kind }))
    },
    load: async (document, handle, signal) => {
      const answer = await ask(document, { kind: 'job', ...document, task: { kind: 'load', handle } }, signal)
      if (answer.kind === 'failure') return answer
      return answer.kind === 'loaded' ? answer.bytes : failed(remark('preparation_nonsense', { name: answer.kind }))
    },
    atWork: () => {
      const now = clock.now()
      for (const [path, { jobs, leftAt }] of atWork) if (jobs === 0 && now - leftAt > restMs) atWork.delete(path)
      return [...atWork].map(([path, { page }]) => ({ name: basename(path), page }))
    },
    listArchive: async (archive, signal) => {
      const answer = await ask(archive, { kind: 'archive', ...archive, targets: null }, signal)
      if (answer.kind === 'failure') return answer
      return answer.kind === 'listed' ? answer : failed(remark('preparation_nonsense', { name: answer.kind }))
    },
    unpack: async (archive, targets, signal) => {
      const answer = await ask(archive, { kind: 'archive', ...archive, targets }, signal)
      if (answer.kind === 'failure') return answer
      if (answer.kind === 'unpacked' && answer.results.length === targets.length) return answer.results
      return failed(remark('preparation_nonsense', { name: answer.kind }))
    },
    close: async () => {
      isClosed = true
      await Promise.all([...children].map(child => child.end()))
    },
  }
}

function failed(why: Remark): Failure {
  return inputFailure('preparation_failed', [why])
}
