import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { afterEach, expect, test } from 'vitest'
import { systemClock } from '../../../electron/engine/base/clock.ts'
import { createWorld, type World, wav } from './harness.ts'

let world: World
let child: ChildProcess | null = null
afterEach(async () => {
  child?.kill('SIGKILL')
  await world.close()
})

const files = 12

/** Starts the workstation and kills it as soon as `enough` says so; resolves with its batch. */
async function killWhen(
  enough: (told: { batch: string; awaiting: number; judged: number }) => boolean,
): Promise<string> {
  const given = { dataDir: world.dataDir, folder: `${world.dir}/in`, profile: world.wechat, env: world.env }
  const script = new URL('./workstation.ts', import.meta.url).pathname
  child = spawn(process.execPath, [script, JSON.stringify(given)], { stdio: ['ignore', 'pipe', 'inherit'] })
  if (child.stdout === null) throw new Error('no output')
  for await (const line of createInterface({ input: child.stdout })) {
    const told = JSON.parse(line)
    if (!enough(told)) continue
    child.kill('SIGKILL')
    if (child.signalCode === null && child.exitCode === null) await once(child, 'exit')
    return told.batch
  }
  throw new Error('the workstation ended by itself')
}

/** Starts the workstation, which something else kills; resolves with its batch once it is gone. */
async function killed(isUnderWay: Promise<void>): Promise<string> {
  const batch = Promise.withResolvers<string>()
  const gone = killWhen(told => {
    batch.resolve(told.batch)
    return false
  })
  gone.catch(() => undefined)
  await isUnderWay
  const id = await batch.promise
  await gone.catch(() => undefined)
  return id
}

async function setUp(): Promise<{ release(): void }> {
  const gate = Promise.withResolvers<void>()
  const clock = {
    now: systemClock.now,
    // The platform's pushes leave when the test says so; nothing else sleeps that long.
    sleep: (ms: number, signal?: AbortSignal) => (ms === 5_000_000 ? gate.promise : systemClock.sleep(ms, signal)),
  }
  world = await createWorld({ pushes: { delayMs: 5_000_000, clock } })
  for (let index = 0; index < files; index += 1) {
    world.file(`${index}.wav`, wav(index % 2 === 0 ? `zibblefrond ${index}` : `calm ${index}`))
  }
  return { release: gate.resolve }
}

async function everythingIsJudged(batch: string): Promise<void> {
  const run = await world.engine.resume(batch)
  const summary = await run.done
  expect(summary).toMatchObject({
    state: 'done',
    tally: { risky: files / 2, pass: files / 2, awaiting: 0, unchecked: 0 },
  })
  expect((await world.engine.ledger.verify()).intact).toBe(true)
}

test('killed between submission and push, a workstation submits nothing twice and gets every verdict', async () => {
  const { release } = await setUp()
  let submissions = 0
  world.sandbox.onSubmission(() => {
    submissions += 1
  })
  const batch = await killWhen(({ awaiting }) => awaiting === files)
  release()
  await world.pushes.idle()
  await everythingIsJudged(batch)
  expect(submissions).toBe(files)
})

test('killed while submissions are under way, it loses none', async () => {
  const { release } = await setUp()
  let submissions = 0
  const isUnderWay = Promise.withResolvers<void>()
  world.sandbox.onSubmission(() => {
    submissions += 1
    // In the middle: some were answered, some replies are on their way, some never left.
    if (submissions === files / 2) {
      child?.kill('SIGKILL')
      isUnderWay.resolve()
    }
  })
  const id = await killed(isUnderWay.promise)
  release()
  await world.pushes.idle()
  await everythingIsJudged(id)
})

test('killed while pushes arrive, it applies the rest on return', async () => {
  const { release } = await setUp()
  const batch = killWhen(({ awaiting, judged }) => {
    if (awaiting === files) release()
    return judged > 0
  })
  const id = await batch
  await world.pushes.idle()
  await everythingIsJudged(id)
})
