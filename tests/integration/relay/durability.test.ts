import { type ChildProcess, fork } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Pool } from 'undici'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { systemClock } from '../../../electron/engine/base/clock.ts'
import { createRelayClient } from '../../../electron/engine/relay/client.ts'
import { jsonOf, plainQuery, qq, sealed, v1, v2 } from '../../unit/checkers/push/pushes.ts'
import { configFor, keys, paths, plainAppid } from './harness.ts'

let folder: string
const children: ChildProcess[] = []
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'prescreen-relay-killed-'))
})
afterAll(() => {
  for (const child of children) child.kill('SIGKILL')
  rmSync(folder, { recursive: true, force: true })
})

async function startProcess(settings: string): Promise<{ readonly child: ChildProcess; readonly port: number }> {
  const child = fork(fileURLToPath(new URL('relay-process.ts', import.meta.url)), [settings], { execArgv: [] })
  children.push(child)
  const port = await new Promise<number>((resolve, reject) => {
    child.once('message', (message: { readonly port: number }) => resolve(message.port))
    child.once('exit', code => reject(new Error(`The relay ended with ${code}.`)))
  })
  return { child, port }
}

function killed(child: ChildProcess): Promise<void> {
  return new Promise(resolve => {
    child.once('exit', () => resolve())
    child.kill('SIGKILL')
  })
}

/** What the platform would send in this mode, now. */
function pushOf(mode: number, traceId: string) {
  const timestamp = String(Math.floor(Date.now() / 1000))
  switch (mode % 3) {
    case 0:
      return { path: paths.secure, ...sealed(jsonOf({ ...v2, trace_id: traceId }), { timestamp }) }
    case 1: {
      const query = plainQuery({ timestamp, nonce: traceId })
      return { path: paths.plain, query, body: jsonOf({ ...v1, appid: plainAppid, trace_id: traceId }) }
    }
    default:
      return { path: paths.qq, query: new URLSearchParams(), body: jsonOf({ ...qq, trace_id: traceId }) }
  }
}

test('every push that was answered success is in the stream after the relay was killed, each time', async () => {
  const settings = join(folder, 'relay.json')
  const limits = { pushesPerMinute: 1_000_000, requestsPerMinute: 1_000_000 }
  writeFileSync(settings, JSON.stringify(configFor(join(folder, 'data'), { limits })))
  const accepted = new Set<string>()
  const sent = new Set<string>()

  for (const [round, killAfter] of [40, 250, 1000].entries()) {
    const { child, port } = await startProcess(settings)
    const pool = new Pool(`http://127.0.0.1:${port}`, { connections: 16 })
    const goal = accepted.size + killAfter
    let isDead = false
    let death: Promise<void> | null = null
    const sendUntilDead = async (lane: number) => {
      for (let count = 0; !isDead; count += 1) {
        const traceId = `${round}x${lane}x${count}`
        const { path, query, body } = pushOf(count, traceId)
        sent.add(traceId)
        const answer = await pool
          .request({ method: 'POST', path: `${path}?${query}`, body })
          .then(response => response.body.text())
          .catch(() => 'dead')
        if (answer === 'dead') return
        expect(answer).toBe('success')
        accepted.add(traceId)
        if (accepted.size >= goal && death === null) {
          death = killed(child).then(() => {
            isDead = true
          })
        }
      }
    }
    await Promise.all(Array.from({ length: 16 }, (_, lane) => sendUntilDead(lane)))
    await death
    await pool.destroy()
  }

  const { child, port } = await startProcess(settings)
  const pool = new Pool(`http://127.0.0.1:${port}`)
  const stop = new AbortController()
  const client = createRelayClient({
    url: `http://127.0.0.1:${port}`,
    key: keys.legal.key,
    dispatcher: pool,
    clock: systemClock,
  })
  const missing = new Set(accepted)
  const seen: string[] = []
  for await (const { event } of client.events(0, stop.signal)) {
    if (event.kind !== 'push') throw new Error(event.kind)
    seen.push(event.push.traceId)
    missing.delete(event.push.traceId)
    if (missing.size === 0) break
  }
  stop.abort()
  await pool.destroy()
  await killed(child)
  expect(accepted.size).toBeGreaterThanOrEqual(1290)
  // Each once, and nothing that was never sent.
  expect(new Set(seen).size).toBe(seen.length)
  expect(seen.filter(traceId => !sent.has(traceId))).toEqual([])
})
