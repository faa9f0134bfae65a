import { expect, test } from 'vitest'
import type { RelayClient } from '../../../electron/engine/relay/client.ts'
import { followRelay } from '../../../electron/engine/screening/relay-feed.ts'
import type { PushPage } from '../../../electron/engine/store/records.ts'

const push = (seq: number): Awaited<ReturnType<typeof first>> => ({
  seq,
  event: {
    kind: 'push',
    authenticity: 'encrypted',
    receivedAt: 0,
    push: {
      kind: 'media-check',
      platform: 'wechat',
      appid: 'wx',
      traceId: `t${seq}`,
      conclusion: { kind: 'failure', class: 'RETRY', code: 'timeout', detail: '', evidence: nothing },
    },
  },
})
const nothing = {
  httpStatus: null,
  errcode: null,
  errmsg: null,
  rid: null,
  traceId: null,
  label: null,
  score: null,
  reply: null,
}
const first = async (events: ReturnType<RelayClient['events']>) => {
  for await (const each of events) return each
  throw new Error('nothing came')
}

/** A relay that has stored `count` events and sends another when `more` resolves. */
const relayOf = (count: number, more: Promise<unknown>) => {
  const ended = Promise.withResolvers<void>()
  const client: Pick<RelayClient, 'events'> = {
    events: (after, signal) => ({
      async *[Symbol.asyncIterator]() {
        for (let seq = after + 1; seq <= count; seq += 1) yield push(seq)
        const stopped = new Promise(resolve => signal.addEventListener('abort', resolve, { once: true }))
        if (!signal.aborted) await Promise.race([more, stopped])
        if (signal.aborted) return ended.resolve()
        yield push(count + 1)
      },
    }),
  }
  return { client, ended: ended.promise }
}

test('a push whose page could not be stored is read again: nothing after it moves the position past it', async () => {
  let position = 0
  const applied: string[] = []
  let fails = true
  const done = Promise.withResolvers<void>()
  const awaiting = {
    receive: async (page: PushPage) => {
      await new Promise(setImmediate)
      if (fails) {
        fails = false
        throw new Error('database_busy')
      }
      position = Math.max(position, page.position)
      applied.push(...page.pushes.map(({ event }) => event.traceId))
      if (position === 5) done.resolve()
    },
  }
  const stop = new AbortController()
  const { client, ended } = relayOf(5, new Promise(() => undefined))
  await expect(followRelay(client, 'r', position, awaiting, stop.signal)).rejects.toThrow('database_busy')
  // The reader has ended with it, or it would store what comes next.
  await ended
  expect({ position, applied }).toEqual({ position: 0, applied: [] })

  const again = followRelay(client, 'r', position, awaiting, stop.signal)
  await done.promise
  stop.abort()
  await again
  expect(applied).toEqual(['t1', 't2', 't3', 't4', 't5'])
})
