import { createHash } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { forkChild } from '../../../electron/engine/base/child-process.ts'
import type { Clock } from '../../../electron/engine/base/clock.ts'
import { createImaging, type Imaging, type ImagingOptions } from '../../../electron/engine/imaging/imaging.ts'
import type { ImagePart } from '../../../shared/domain.ts'
import { flat, noise } from './pictures.ts'

const frailWorker = fileURLToPath(new URL('./frail-worker.ts', import.meta.url))
const options = { mode: 'auto', maxTiles: 60 } as const
const { signal } = new AbortController()

let folder = ''
let imaging: Imaging | null = null

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'prescreen-imaging-'))
})
afterEach(async () => {
  await imaging?.close()
  imaging = null
  await rm(folder, { recursive: true })
})

function start(settings: ImagingOptions = {}): Imaging {
  imaging = createImaging({ workers: 1, workerFile: frailWorker, ...settings })
  return imaging
}

async function save(name: string, bytes: Uint8Array): Promise<string> {
  const file = path.join(folder, name)
  await writeFile(file, bytes)
  return file
}

/** Prepares a file and collects its parts. */
async function prepare(with_: Imaging, file: string, own: AbortSignal = signal) {
  const parts: ImagePart[] = []
  const result = await with_.prepare({ path: file }, options, async part => void parts.push(part), own)
  return { result, parts, names: parts.map(part => part.name) }
}

describe('a child that dies', () => {
  test('costs nothing when its file was not to blame: a fresh one does the work', async () => {
    const file = await save('once-fatal.png', await noise(100, 80).png().toBuffer())
    const { result, names } = await prepare(start(), file)
    expect(result).toMatchObject({ kind: 'prepared', parts: 1 })
    expect(names).toEqual(['whole'])
  })

  test('in the middle of a poster costs only the rest: every part arrives once', async () => {
    const poster = await flat(750, 12_000, '#0a7').png().toBuffer()
    const calm = await prepare(start(), await save('calm.png', poster))
    await imaging?.close()
    const { result, parts, names } = await prepare(start(), await save('dies-after-three.png', poster))
    expect(result).toMatchObject({ kind: 'prepared', parts: 11 })
    expect(names).toEqual(calm.names)
    expect(parts).toEqual(calm.parts)
  })

  test('each time with the same file ends that file only, and the batch goes on', async () => {
    const own = start({ workers: 2 })
    const good = await noise(900, 700).jpeg().toBuffer()
    const files = ['1.jpg', 'always-fatal.jpg', '2.jpg', '3.jpg', 'always-fatal-too.jpg', '4.jpg']
    const results = await Promise.all(files.map(async name => (await prepare(own, await save(name, good))).result))
    for (const [index, name] of files.entries()) {
      if (name.includes('fatal')) expect(results[index]).toMatchObject({ kind: 'failure', code: 'preparation_failed' })
      else expect(results[index]).toMatchObject({ kind: 'prepared', parts: 1 })
    }
  })

  test('because it cannot even start is a failure of the file, not of the program', async () => {
    const file = await save('a.png', await noise(10, 10).png().toBuffer())
    const { result } = await prepare(start({ workerFile: path.join(folder, 'missing.ts') }), file)
    expect(result).toMatchObject({ kind: 'failure', code: 'preparation_failed' })
  })

  test('or talks nonsense is ended, and its file is not judged', async () => {
    const file = await save('nonsense.png', await noise(900, 700).png().toBuffer())
    const own = start()
    const { result, parts } = await prepare(own, file)
    expect(result).toMatchObject({ kind: 'failure', code: 'preparation_failed' })
    expect(parts).toEqual([])
    const next = await prepare(own, await save('next.png', await noise(10, 10).png().toBuffer()))
    expect(next.result).toMatchObject({ kind: 'prepared' })
  })
})

describe('time', () => {
  test('that a file takes too long ends its child, and the next file gets a new one', async () => {
    const clock = createHandClock()
    const own = start({ clock, timeoutMs: 30_000 })
    const stuck = prepare(own, await save('hangs.png', await noise(10, 10).png().toBuffer()))
    await clock.waited()
    clock.advance(30_000)
    expect((await stuck).result).toMatchObject({
      kind: 'failure',
      code: 'preparation_failed',
      detail: '[{"code":"preparation_slow","limit":30}]',
    })
    const next = await prepare(own, await save('next.png', await noise(10, 10).png().toBuffer()))
    expect(next.result).toMatchObject({ kind: 'prepared' })
  })

  test('does not run while parts wait to be taken', async () => {
    const clock = createHandClock()
    const poster = await save('poster.png', await flat(750, 8000, '#0a7').png().toBuffer())
    let taken = 0
    const receive = async () => {
      taken += 1
      clock.advance(60_000)
    }
    expect(await start({ clock, timeoutMs: 30_000 }).prepare({ path: poster }, options, receive, signal)).toMatchObject(
      {
        kind: 'prepared',
      },
    )
    expect(taken).toBe(8)
  })
})

describe('a long poster', () => {
  test('waits while its parts are not taken: never more than one is under way', async () => {
    const poster = await save('poster.png', await flat(750, 12_000, '#0a7').png().toBuffer())
    let inside = 0
    let most = 0
    const receive = async () => {
      inside += 1
      most = Math.max(most, inside)
      await setImmediate()
      inside -= 1
    }
    await start().prepare({ path: poster }, options, receive, signal)
    expect(most).toBe(1)
  })

  test('is given up when its parts cannot be taken, with the reason of that', async () => {
    const poster = await save('poster.png', await flat(750, 12_000, '#0a7').png().toBuffer())
    const own = start()
    const full = own.prepare({ path: poster }, options, () => Promise.reject(new Error('disk full')), signal)
    await expect(full).rejects.toThrow('disk full')
    expect((await prepare(own, poster)).result).toMatchObject({ kind: 'prepared' })
  })
})

describe('cancelling', () => {
  test('is immediate, for the file at work and for those that wait', async () => {
    const own = start({ clock: createHandClock() })
    const controller = new AbortController()
    const file = await save('hangs.png', await noise(10, 10).png().toBuffer())
    const three = [1, 2, 3].map(() => prepare(own, file, controller.signal))
    const settled = Promise.allSettled(three)
    controller.abort(new Error('cancelled by hand'))
    for (const one of await settled)
      expect(one).toMatchObject({ status: 'rejected', reason: { message: 'cancelled by hand' } })
    const next = await prepare(own, await save('next.png', await noise(10, 10).png().toBuffer()))
    expect(next.result).toMatchObject({ kind: 'prepared' })
  })

  test('by closing answers that the work was interrupted', async () => {
    const clock = createHandClock()
    const own = start({ clock })
    const stuck = prepare(own, await save('hangs.png', await noise(10, 10).png().toBuffer()))
    await clock.waited()
    await own.close()
    expect((await stuck).result).toMatchObject({ kind: 'failure', code: 'interrupted' })
  })
})

test('a file that changed since it was hashed is not sent', async () => {
  const bytes = await noise(100, 80).png().toBuffer()
  const file = await save('a.png', bytes)
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  const own = start()
  const parts: ImagePart[] = []
  const ask = () => own.prepare({ path: file, sha256 }, options, async part => void parts.push(part), signal)
  expect(await ask()).toMatchObject({ kind: 'prepared' })
  await writeFile(file, await noise(100, 80, 2).png().toBuffer())
  expect(await ask()).toMatchObject({ kind: 'failure', code: 'changed_file' })
  expect(parts).toHaveLength(1)
})

test('a file that is gone, or no file, is a failure of that file', async () => {
  const own = start()
  expect((await prepare(own, path.join(folder, 'gone.png'))).result).toMatchObject({ code: 'unreadable_file' })
  expect((await prepare(own, folder)).result).toMatchObject({ code: 'unreadable_file' })
})

test('a thumbnail is made although every other child is held by a batch that is paused', async () => {
  const own = start()
  const file = await save('a.jpg', await noise(900, 700).jpeg().toBuffer())
  const resumed = Promise.withResolvers<void>()
  const taken = Promise.withResolvers<void>()
  const receive = () => {
    taken.resolve()
    return resumed.promise
  }
  const prepared = own.prepare({ path: file }, options, receive, signal)
  await taken.promise
  const look = { sizePx: 64, blur: 'off', grey: false } as const
  expect(await own.thumbnail({ path: file }, look, signal)).toMatchObject({ kind: 'thumbnail' })
  resumed.resolve()
  expect(await prepared).toMatchObject({ kind: 'prepared' })
})

describe('a batch that does not take its parts', () => {
  test('gives way to another, and gets what was left: every part arrives once', async () => {
    const clock = createHandClock()
    const own = start({ clock })
    const poster = await flat(750, 12_000, '#0a7').png().toBuffer()
    const calm = await prepare(own, await save('calm.png', poster))

    const paused = new AbortController().signal
    const resumed = Promise.withResolvers<void>()
    const untaken = Promise.withResolvers<void>()
    const parts: ImagePart[] = []
    const receive = async (part: ImagePart) => {
      parts.push(part)
      if (parts.length !== 3) return
      untaken.resolve()
      await resumed.promise
    }
    const poster2 = await save('poster.png', poster)
    const held = own.prepare({ path: poster2 }, options, receive, paused)
    await untaken.promise
    // Its own next picture waits behind it, and goes after the other batch's although it came first.
    const order: string[] = []
    const ownNext = own.inspect({ path: poster2 }, options, paused).finally(() => order.push('own'))
    const small = await save('other.png', await noise(100, 80).png().toBuffer())
    const other = prepare(own, small, new AbortController().signal).finally(() => order.push('other'))
    clock.advance(2_000)
    expect((await other).result).toMatchObject({ kind: 'prepared' })
    expect(await ownNext).toMatchObject({ kind: 'facts' })
    expect(order).toEqual(['other', 'own'])
    expect(parts).toHaveLength(3)

    resumed.resolve()
    expect(await held).toEqual(calm.result)
    expect(parts).toEqual(calm.parts)
  })

  test('keeps its child as long as nobody else wants one', async () => {
    const clock = createHandClock()
    let started = 0
    const own = start({
      clock,
      startChild: file => {
        started += 1
        return forkChild(file)
      },
    })
    const poster = await save('poster.png', await flat(750, 8000, '#0a7').png().toBuffer())
    const receive = async () => {
      clock.advance(60_000)
      await setImmediate()
    }
    const same = new AbortController().signal
    const both = [1, 2].map(() => own.prepare({ path: poster }, options, receive, same))
    for (const one of await Promise.all(both)) expect(one).toMatchObject({ kind: 'prepared', parts: 8 })
    expect(started).toBe(1)
  })
})

test('the child is handed no secret from the environment', async () => {
  process.env.PRESCREEN_TEST_SECRET = 'not for the decoder'
  const worker = await save(
    'tell.mjs',
    Buffer.from('process.send(Object.keys(process.env)); process.on("message", () => {})'),
  )
  const child = forkChild(worker)
  const names = await new Promise<unknown>(resolve => child.onMessage(resolve))
  child.kill()
  delete process.env.PRESCREEN_TEST_SECRET
  expect(names).toContain('PATH')
  expect(names).not.toContain('PRESCREEN_TEST_SECRET')
})

/** A clock that stands still until it is moved. */
function createHandClock(): Clock & { advance(ms: number): void; waited(): Promise<void> } {
  let now = 0
  const sleepers = new Set<{ readonly until: number; readonly wake: () => void }>()
  const waited = Promise.withResolvers<void>()
  return {
    now: () => now,
    sleep: (ms, aborted) =>
      new Promise((resolve, reject) => {
        const sleeper = { until: now + ms, wake: resolve }
        sleepers.add(sleeper)
        waited.resolve()
        aborted?.addEventListener('abort', () => {
          sleepers.delete(sleeper)
          reject(aborted.reason)
        })
      }),
    advance: ms => {
      now += ms
      for (const sleeper of sleepers) if (sleeper.until <= now) sleeper.wake()
    },
    waited: () => waited.promise,
  }
}
