/** Plays films in a hidden page of a Chromium: every frame is decoded and compared, and those that differ come out as pictures. */

import { z } from 'zod'
import type { Failure } from '../../../shared/conclusion.ts'
import { type Remark, remark } from '../../../shared/remarks/index.ts'
import { createWeightedSemaphore } from '../base/concurrency/weighted-semaphore.ts'
import { inputFailure } from '../base/input-failure.ts'
import { changeSince, fileFailure, type OpenFile, openFile, readWhole } from '../base/open-file.ts'
import type { Chromium, DevToolsPage } from '../chromium/chromium.ts'
import { loadPage, openHiddenPage, ownOrigin } from '../chromium/hidden-page.ts'
import { answersFor } from './served.ts'

/** A track of a film on disk, as it was when it was hashed. */
export interface FilmRef {
  readonly path: string
  /** Hexadecimal. */
  readonly sha256: string
  /** Its number in the file, and the file's name for its coding. */
  readonly track: number
  readonly codec: string
}

export interface FilmFrame {
  readonly seconds: number
  readonly jpeg: Uint8Array
}

/** What playing it to its end came to. */
export interface Played {
  readonly kind: 'played'
  readonly frames: number
  /** Frames that differ from the one chosen before them; of more than were asked for, the first ones came out. */
  readonly sights: number
  /** What was not seen. */
  readonly leftOut: readonly Remark[]
}

/** Methods answer with a `Failure` for whatever the file or Chromium does; they reject only with the signal's reason. */
export interface Films {
  /** Gives the first frame and each that differs from the one before, at most `most` of them; waits until each is taken. */
  play(
    film: FilmRef,
    most: number,
    receive: (frame: FilmFrame) => Promise<void>,
    signal: AbortSignal,
  ): Promise<Played | Failure>
  /** One frame, to be seen again. */
  frameAt(film: FilmRef, seconds: number, signal: AbortSignal): Promise<FilmFrame | Failure>
}

/** How long the page may be busy without an answer, in milliseconds. */
const answerMs = 60_000
const viewport = { width: 64, height: 64 }

const damageSchema = z.object({ from: z.number().min(0), to: z.number().min(0) })
const eventSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('frame'), seconds: z.number(), jpeg: z.base64() }),
  z.object({ kind: z.literal('progress'), seconds: z.number(), frames: z.int() }),
  z.object({
    kind: z.literal('end'),
    frames: z.int().min(0),
    sights: z.int().min(0),
    missing: z.int().min(0),
    damage: z.array(damageSchema).max(1000),
  }),
  z.object({ kind: z.literal('refused'), why: z.enum(['codec', 'track']), codec: z.string().max(200) }),
])
type FilmEvent = z.infer<typeof eventSchema>

const evaluatedSchema = z.object({
  result: z.object({ value: z.unknown().optional() }),
  exceptionDetails: z.unknown().optional(),
})

/** A page with the script of `electron/media/` in it. */
interface Player {
  /** Evaluates an expression that gives an event. */
  ask(expression: string): Promise<FilmEvent>
  run(expression: string): Promise<void>
}

export function createFilms(chromium: Chromium): Films {
  /** One film at a time: a decoder uses every core by itself. */
  const turns = createWeightedSemaphore(1)

  const withPlayer = async <Result>(
    film: FilmRef,
    signal: AbortSignal,
    work: (player: Player) => Promise<Result>,
  ): Promise<Result | Failure> => {
    const file = await openFile(film.path)
    if (file.kind === 'failure') return file
    try {
      await turns.acquire(1, signal)
    } catch (error) {
      await file.handle.close()
      throw error
    }
    try {
      return await play(file, film, signal, work)
    } catch (error) {
      signal.throwIfAborted()
      return error instanceof PageTrouble ? error.failure : fileFailure(error)
    } finally {
      turns.release(1)
      await file.handle.close()
    }
  }

  const play = async <Result>(
    file: OpenFile,
    film: FilmRef,
    signal: AbortSignal,
    work: (player: Player) => Promise<Result>,
  ): Promise<Result | Failure> => {
    const whole = await readWhole(file, 'nothing', signal)
    if (whole.kind === 'failure') return whole
    if (whole.sha256 !== film.sha256) return inputFailure('changed_file', [remark('file_changed')])
    const ended = new AbortController()
    const page = await openHiddenPage(
      chromium,
      { ...viewport, runsScript: true, answer: answersFor(file) },
      AbortSignal.any([signal, ended.signal]),
    ).catch(error => {
      signal.throwIfAborted()
      throw troubleOf(error)
    })
    try {
      await within(page, () => loadPage(page, `${ownOrigin('media')}/`))
      const result = await work(playerOf(page))
      return (await changeSince(file)) ?? result
    } finally {
      ended.abort()
      await page.close().catch(() => undefined)
    }
  }

  return {
    play: (film, most, receive, signal) =>
      withPlayer(film, signal, async player => {
        await player.run(`openTrack(${film.track}, ${most})`)
        for (;;) {
          signal.throwIfAborted()
          const event = await player.ask('film.next()')
          if (event.kind === 'frame') await receive(frameOf(event))
          if (event.kind === 'end') return playedOf(event)
          if (event.kind === 'refused') return refusedBy(film, event)
        }
      }),
    frameAt: (film, seconds, signal) =>
      withPlayer(film, signal, async player => {
        const event = await player.ask(`frameAt(${film.track}, ${seconds})`)
        return event.kind === 'frame' ? frameOf(event) : inputFailure('unreadable_image', [remark('film_frame_gone')])
      }),
  }
}

/** Why the page could not go on, for which the film may not be to blame. */
class PageTrouble extends Error {
  readonly failure: Failure
  constructor(failure: Failure) {
    super('the page could not go on')
    this.failure = failure
  }
}

function troubleOf(error: unknown): Error {
  return error instanceof PageTrouble
    ? error
    : new PageTrouble(inputFailure('preparation_failed', [remark('film_page_died')]))
}

/** Rejects with a `PageTrouble` when it takes too long or the page is gone. */
async function within<Result>(page: DevToolsPage, work: () => Promise<Result>): Promise<Result> {
  const late = Promise.withResolvers<never>()
  late.promise.catch(() => undefined)
  const slow = new PageTrouble(
    inputFailure('preparation_failed', [remark('preparation_slow', { limit: answerMs / 1000 })]),
  )
  const timer = setTimeout(() => late.reject(slow), answerMs)
  void page.gone.then(() => late.reject(troubleOf(null)))
  try {
    return await Promise.race([work(), late.promise])
  } catch (error) {
    throw troubleOf(error)
  } finally {
    clearTimeout(timer)
  }
}

function playerOf(page: DevToolsPage): Player {
  const evaluate = async (expression: string) => {
    const answer = await within(page, () =>
      page.send('Runtime.evaluate', { expression, awaitPromise: true, returnByValue: true }),
    )
    const { result, exceptionDetails } = evaluatedSchema.parse(answer)
    // What the library or a decoder throws is about bytes that it could not take.
    if (exceptionDetails !== undefined)
      throw new PageTrouble(inputFailure('damaged_document', [remark('film_undecoded')]))
    return result.value
  }
  return {
    ask: async expression => {
      const event = eventSchema.safeParse(await evaluate(expression))
      if (!event.success) throw new PageTrouble(inputFailure('preparation_failed', [remark('preparation_nonsense')]))
      return event.data
    },
    run: async expression => void (await evaluate(`void (${expression})`)),
  }
}

function frameOf({ seconds, jpeg }: Extract<FilmEvent, { kind: 'frame' }>): FilmFrame {
  return { seconds: Math.max(0, seconds), jpeg: new Uint8Array(Buffer.from(jpeg, 'base64')) }
}

function playedOf({ frames, sights, missing, damage }: Extract<FilmEvent, { kind: 'end' }>): Played {
  const leftOut = damage.map(({ from, to }) => remark('film_damage', { name: `${clock(from)}–${clock(to)}` }))
  if (missing > 0) leftOut.push(remark('film_missing', { count: missing }))
  if (frames === 0 && leftOut.length === 0) leftOut.push(remark('film_undecoded'))
  return { kind: 'played', frames, sights, leftOut }
}

function refusedBy({ codec }: FilmRef, event: Extract<FilmEvent, { kind: 'refused' }>): Played {
  const reason = event.why === 'codec' ? remark('film_codec', { name: event.codec || codec }) : remark('film_undecoded')
  return { kind: 'played', frames: 0, sights: 0, leftOut: [reason] }
}

/** `1:02.5`. */
function clock(seconds: number): string {
  const minutes = Math.floor(seconds / 60)
  return `${minutes}:${(seconds - minutes * 60).toFixed(1).padStart(4, '0')}`
}
