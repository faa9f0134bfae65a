import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Agent } from 'undici'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { systemClock } from '../../../electron/engine/base/clock.ts'
import type { Awaiting } from '../../../electron/engine/screening/awaiting.ts'
import { createRelays } from '../../../electron/engine/screening/relays.ts'
import { type Profile, profileDefaults, profileSchema } from '../../../shared/profile.ts'

let accepted = 'Bearer right'
const asked: string[] = []
const server = createServer((request, reply) => {
  const key = request.headers.authorization ?? ''
  asked.push(key)
  const isAccepted = key === accepted
  reply.writeHead(isAccepted ? 200 : 401, { 'content-type': 'application/json' })
  reply.end(isAccepted ? '{"events":[]}' : '{"error":"key_refused","detail":""}')
})
let url: string
let dispatcher: Agent

beforeEach(async () => {
  asked.length = 0
  accepted = 'Bearer right'
  dispatcher = new Agent()
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterEach(async () => {
  await dispatcher.destroy()
  server.closeAllConnections()
  await new Promise(resolve => server.close(resolve))
})

const profileOf = (id: string): Profile =>
  profileSchema.parse({
    ...profileDefaults,
    id,
    name: id,
    platform: 'wechat',
    appid: 'wx_practice0000001',
    secret: { from: 'none' },
    tokenMode: 'stable',
    scene: 2,
    practice: false,
    relay: { url, key: { from: 'none' } },
  })

function follow(keys: Record<string, string>) {
  const stop = new AbortController()
  const told = new Set<() => void>()
  const relays = createRelays({
    clock: systemClock,
    dispatcher,
    reader: { relayPosition: async () => 0 },
    keyOf: async profile => keys[profile.id] ?? null,
    awaiting: () => ({ receive: async () => undefined }) as unknown as Awaiting,
    onStatus: () => {
      for (const look of told) look()
    },
    onProblem: error => {
      throw error
    },
    signal: stop.signal,
  })
  const state = (wanted: string) =>
    new Promise<void>(resolve => {
      const look = () => {
        if (relays.statuses().some(status => status.state === wanted)) resolve()
      }
      told.add(look)
      look()
    })
  return { relays, state, stop: () => stop.abort() }
}

test.each(['follow', 'renew'] as const)('a corrected key is used from then on, without a restart: %s', async how => {
  const keys = { p_1: 'wrong' }
  const { relays, state, stop } = follow(keys)
  relays.follow(profileOf('p_1'))
  await state('key_refused')
  keys.p_1 = 'right'
  relays[how](profileOf('p_1'))
  await state('connected')
  stop()
  expect(relays.statuses()).toEqual([{ relay: url, state: 'connected', detail: '' }])
})

test('a key that two profiles use is given up only when neither has it any more', async () => {
  const keys = { p_1: 'right', p_2: 'right' }
  const { relays, state, stop } = follow(keys)
  relays.follow(profileOf('p_1'))
  relays.follow(profileOf('p_2'))
  await state('connected')
  keys.p_2 = 'wrong'
  relays.renew(profileOf('p_2'))
  await state('key_refused')
  expect(relays.statuses()).toMatchObject([{ relay: url, state: 'key_refused' }])
  keys.p_2 = 'right'
  relays.renew(profileOf('p_2'))
  await state('connected')
  stop()
  // The one that was connected all the while has not been asked for again.
  expect(asked.filter(key => key === accepted)).toHaveLength(2)
})
