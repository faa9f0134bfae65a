import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { systemClock } from '../../../electron/engine/base/clock.ts'
import { monotonicOf } from '../../../electron/engine/pacer/monotonic.ts'
import { createPacer } from '../../../electron/engine/pacer/pacer.ts'
import { createFakeTime } from '../../unit/pacer/fake-time.ts'
import { ask, image, limitOf, nameOf } from '../../unit/pacer/machine.ts'

let folder = ''
const children: ChildProcess[] = []

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'prescreen-pacer-'))
})

afterEach(async () => {
  await killAll()
  rmSync(folder, { recursive: true, force: true })
})

async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const exit = once(child, 'exit')
  child.kill('SIGKILL')
  await exit
}

/** Starts processes that ask for a number of permits each; resolves as soon as `permits` were given between them. */
async function startUntil(permits: number, processes: number, perMinute: number | 'none', asksEach: number) {
  const worker = fileURLToPath(new URL('worker.ts', import.meta.url))
  const answers: string[] = []
  await new Promise<void>((resolve, reject) => {
    for (let started = 0; started < processes; started += 1) {
      const child = fork(worker, [join(folder, 'pacer.sqlite'), String(perMinute), String(asksEach)])
      children.push(child)
      child.on('message', message => {
        answers.push(String(message))
        if (answers.length >= permits) resolve()
      })
      child.on('exit', () => reject(new Error('A worker ended by itself.')))
    }
  })
  return answers
}

async function killAll(): Promise<void> {
  await Promise.all(children.splice(0).map(kill))
}

/** A pacer in this process, whose time goes on from the machine's when it is told to. */
function createPacerHere() {
  const time = createFakeTime(Date.now(), monotonicOf(systemClock)())
  const pacer = createPacer({
    file: join(folder, 'pacer.sqlite'),
    clock: time.clock,
    monotonic: time.monotonic,
    maxCallMs: 30_000,
  })
  return { time, pacer }
}

test('four processes that start together are given exactly the limit between them', async () => {
  const answers = await startUntil(300, 4, 300, 200)
  await killAll()
  const { pacer } = createPacerHere()
  expect(pacer.status()).toMatchObject([{ lastMinute: 300, dayUsed: 300 }])
  expect(answers).toEqual(Array.from({ length: 300 }, () => 'permit'))
  pacer.close()
})

test('after kill -9 the calls of the dead process still occupy the window and the day', async () => {
  await startUntil(8, 1, 10, 8)
  await killAll()

  const { time, pacer } = createPacerHere()
  expect(pacer.rebuilt).toBe(false)
  expect(pacer.status()).toMatchObject([{ lastMinute: 8, dayUsed: 8 }])
  const asks = Array.from({ length: 4 }, () => ask(pacer, image, limitOf(10, 10_000)))
  // They may have left just before the kill, and be answered just before a call's longest time is over.
  await time.run(30_000 + 55_000)
  expect(asks.map(nameOf)).toEqual(['permit', 'permit', 'waiting', 'waiting'])
  await time.run(6_000)
  expect(asks.map(nameOf)).toEqual(['permit', 'permit', 'permit', 'permit'])
  pacer.close()
})

test('after kill -9 without a minute limit the day counts no call too few', async () => {
  await startUntil(600, 1, 'none', 600)
  await killAll()
  const { pacer } = createPacerHere()
  expect(pacer.status()[0]?.dayUsed).toBeGreaterThanOrEqual(600)
  pacer.close()
})

test('kill -9 at any instant leaves a file that the next process can use, and no given permit uncounted', async () => {
  for (const permits of [1, 40, 300, 1500]) {
    const answers = await startUntil(permits, 2, 4000, 1000)
    await killAll()
    const { pacer } = createPacerHere()
    expect(pacer.rebuilt).toBe(false)
    expect(pacer.status()[0]?.lastMinute).toBeGreaterThanOrEqual(answers.length)
    pacer.close()
    for (const suffix of ['', '-wal', '-shm']) rmSync(join(folder, `pacer.sqlite${suffix}`), { force: true })
  }
})
