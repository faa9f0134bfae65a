/** One child that decodes what others made, and the conversation with it. It may die at any moment; that is an answer, never an exception. */

import { fork } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { z } from 'zod'
import { type Remark, remark } from '../../../shared/remarks/index.ts'
import type { Clock } from './clock.ts'
import { onAbort } from './concurrency/shared-abort-listener.ts'
import { faultName } from './fault.ts'

/** A started process, whatever started it: `child_process.fork` here, Electron's `utilityProcess` in the window. */
export interface ChildProcess {
  post(message: object): void
  onMessage(listener: (message: unknown) => void): void
  /** Called once, with how it ended. */
  onExit(listener: (how: string) => void): void
  /** Ends it at once, whatever it is doing. */
  kill(): void
}

export type StartChild = (workerFile: string) => ChildProcess

/** Variables that decoding, fonts and temporary files may need, and the switch of a decoder. Nothing else is handed down: secrets are in the environment too. */
const isHandedDown =
  /^(PATH|HOME|LANG|LC_\w+|TZ|TMPDIR|TEMP|TMP|FONTCONFIG_\w+|XDG_\w+|SYSTEMROOT|WINDIR|USERPROFILE|LOCALAPPDATA|LD_LIBRARY_PATH|PRESCREEN_HEVC|PRESCREEN_FFMPEG)$/i

export function handedDown(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => isHandedDown.test(name)))
}

export function forkChild(workerFile: string): ChildProcess {
  const child = fork(workerFile, [], {
    // Two heaps instead of several for each core: seen to halve what a child holds after some hundred images.
    env: { ...handedDown(process.env), MALLOC_ARENA_MAX: '2' },
    execArgv: [],
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    windowsHide: true,
  })
  return {
    // A child that is gone has told so by its exit.
    post: message => child.send(message, () => undefined),
    onMessage: listener => child.on('message', listener),
    onExit: listener => {
      child.once('exit', (code, killedBy) => listener(killedBy ?? String(code)))
      child.once('error', error => listener(faultName(error)))
    },
    kill: () => child.kill('SIGKILL'),
  }
}

/**
 * The file that a child begins with: `worker.ts` beside the module that asks (`from`, its `import.meta.url`). In the bundle it is a file of
 * its own, by the name `bundled`, in the bundle's folder; the module may be in a chunk one folder below.
 */
export function childEntry(from: string, bundled: string): string {
  if (from.endsWith('.ts')) return fileURLToPath(new URL('./worker.ts', from))
  const places = [`./${bundled}.js`, `../${bundled}.js`].map(place => fileURLToPath(new URL(place, from)))
  return places.find(existsSync) ?? places.join(' or ')
}

/** What a child says of itself while it works. */
export type WhileAtWork<Part> =
  /** Waits for `next`. */
  | { readonly kind: 'part'; readonly part: Part }
  /** It holds more than it may, and asks to be ended: a decoder at work cannot be stopped otherwise. */
  | { readonly kind: 'over-memory'; readonly residentMb: number }
  | JobProgress

/** How far a child is in a long job; counted from 1. */
export interface JobProgress {
  readonly kind: 'progress'
  readonly done: number
  readonly of: number
}

/** How a job ends, whatever the child answers. */
export type Ended = { readonly kind: 'died'; readonly how: string } | { readonly kind: 'stopped'; readonly why: Remark }

export interface Child<Job, Part, Answer> {
  /** False once it has died or was ended. */
  readonly alive: boolean
  /**
   * Does one job. Time runs while the child works, not while `receive` does. Rejects only with the signal's reason or with what
   * `receive` threw; the child is ended then, and on every answer after which it cannot be trusted.
   */
  ask(job: Job, manner: Manner<Part>): Promise<Answer | Ended>
  end(): Promise<void>
}

export interface Manner<Part> {
  readonly timeoutMs: number
  readonly receive: (part: Part) => Promise<void>
  readonly onProgress?: (progress: JobProgress) => void
  readonly signal: AbortSignal
}

/** `schema` is that of all that the child may say: it decodes hostile files, so its words are parsed like anyone's. */
export function startChild<Job extends { readonly memoryMb: number }, Part, Answer extends { readonly kind: string }>(
  start: StartChild,
  workerFile: string,
  clock: Clock,
  schema: z.ZodType<Answer | WhileAtWork<Part>>,
): Child<Job, Part, Answer> {
  const child = start(workerFile)
  const exited = Promise.withResolvers<string>()
  let alive = true
  let ended: string | null = null
  // Of the job at work alone: what a job brought along, such as a picture, is not kept for as long as the child lives.
  let listen: (message: unknown) => void = ignore
  let mourn: (how: string) => void = ignore
  child.onMessage(message => listen(message))
  child.onExit(how => {
    alive = false
    ended = how
    exited.resolve(how)
    mourn(how)
  })
  const kill = () => {
    alive = false
    child.kill()
  }
  return {
    get alive() {
      return alive
    },
    ask: (job, { timeoutMs, receive, onProgress, signal }) => {
      const answer = Promise.withResolvers<Answer | Ended>()
      let taken: Promise<void> = Promise.resolve()
      const stop = (why: Remark) => {
        kill()
        answer.resolve({ kind: 'stopped', why })
      }
      const fail = (error: unknown) => {
        kill()
        answer.reject(error)
      }
      const timer = stopwatch(clock, timeoutMs, () => stop(remark('preparation_slow', { limit: timeoutMs / 1000 })))
      listen = received => {
        const parsed = schema.safeParse(received)
        if (!parsed.success) {
          stop(remark('preparation_nonsense'))
          return
        }
        const message = parsed.data
        if (isWhileAtWork(message)) {
          if (message.kind === 'progress') {
            onProgress?.(message)
            return
          }
          if (message.kind === 'over-memory') {
            stop(remark('preparation_memory', { count: Math.round(message.residentMb), limit: job.memoryMb }))
            return
          }
        } else {
          // The last part may still be on its way to be taken.
          taken.then(() => answer.resolve(message), fail)
          return
        }
        timer.pause()
        taken = receive(message.part).then(() => {
          if (!alive) return
          timer.run()
          child.post({ kind: 'next' })
        })
        taken.catch(fail)
      }
      mourn = how => answer.resolve({ kind: 'died', how })
      if (ended !== null) mourn(ended)
      timer.run()
      const forget = onAbort(signal, () => fail(signal.reason))
      if (!signal.aborted) child.post(job)
      return answer.promise.finally(() => {
        timer.pause()
        listen = ignore
        mourn = ignore
        forget()
      })
    },
    end: async () => {
      kill()
      await exited.promise
    },
  }
}

const ignore = (): void => undefined

function isWhileAtWork<Part, Answer extends { readonly kind: string }>(
  message: Answer | WhileAtWork<Part>,
): message is WhileAtWork<Part> {
  return message.kind === 'part' || message.kind === 'over-memory' || message.kind === 'progress'
}

/** Calls `onEnd` after `totalMs` of running. */
function stopwatch(clock: Clock, totalMs: number, onEnd: () => void): { run(): void; pause(): void } {
  let leftMs = totalMs
  let startedAt = 0
  let running: AbortController | null = null
  return {
    run: () => {
      const controller = new AbortController()
      running = controller
      startedAt = clock.now()
      clock.sleep(leftMs, controller.signal).then(onEnd, () => undefined)
    },
    pause: () => {
      if (running === null) return
      running.abort()
      running = null
      leftMs = Math.max(0, leftMs - (clock.now() - startedAt))
    },
  }
}
