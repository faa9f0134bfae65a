/** The DevTools protocol over a pair of pipes: JSON messages with a NUL behind each (`--remote-debugging-pipe`). */

import type { Readable, Writable } from 'node:stream'
import { z } from 'zod'
import type { Fields } from './chromium.ts'

export interface PipeConnection {
  /** `session` is the page's; left out for the browser itself. Rejects when Chromium refuses, and once the pipe is closed. */
  send(method: string, params?: Fields, session?: string): Promise<Fields>
  on(listener: (event: PipeEvent) => void): () => void
  /** Resolves when nothing more will come. */
  readonly closed: Promise<void>
}

export interface PipeEvent {
  readonly method: string
  readonly params: Fields
  readonly session: string | null
}

const fieldsSchema = z.record(z.string(), z.unknown())
const messageSchema = z.object({
  id: z.int().optional(),
  method: z.string().optional(),
  params: fieldsSchema.optional(),
  result: fieldsSchema.optional(),
  error: z.object({ message: z.string() }).optional(),
  sessionId: z.string().optional(),
})

/** A drawn band is some megabytes in base64; nothing that is asked for is nearly as long as this, in characters. */
const longest = 256e6

export function connectPipe(toBrowser: Writable, fromBrowser: Readable): PipeConnection {
  const waiting = new Map<number, PromiseWithResolvers<Fields>>()
  const listeners = new Set<(event: PipeEvent) => void>()
  const closed = Promise.withResolvers<void>()
  let lastId = 0
  let isClosed = false
  const end = () => {
    isClosed = true
    for (const { reject } of waiting.values()) reject(new Error('Chromium has ended'))
    waiting.clear()
    closed.resolve()
  }
  const take = (text: string) => {
    const { id, method, params = {}, result = {}, error, sessionId = null } = messageSchema.parse(JSON.parse(text))
    if (method !== undefined) for (const listener of listeners) listener({ method, params, session: sessionId })
    if (id === undefined) return
    const asked = waiting.get(id)
    waiting.delete(id)
    if (error === undefined) asked?.resolve(result)
    else asked?.reject(new Error(error.message))
  }
  let pending: Buffer[] = []
  let length = 0
  fromBrowser.on('data', (bytes: Buffer) => {
    try {
      let rest = bytes
      for (let at = rest.indexOf(0); at >= 0; at = rest.indexOf(0)) {
        const message = Buffer.concat([...pending, rest.subarray(0, at)])
        pending = []
        length = 0
        rest = rest.subarray(at + 1)
        take(message.toString())
      }
      pending.push(rest)
      length += rest.length
      if (length > longest) throw new Error('a message without an end')
    } catch {
      // What does not keep to the protocol is not listened to any longer.
      fromBrowser.destroy()
      end()
    }
  })
  for (const stream of [toBrowser, fromBrowser]) {
    stream.on('error', end)
    stream.on('close', end)
  }
  return {
    closed: closed.promise,
    on: listener => {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    send: (method, params = {}, session) => {
      const answer = Promise.withResolvers<Fields>()
      if (isClosed) answer.reject(new Error('Chromium has ended'))
      else {
        const id = ++lastId
        waiting.set(id, answer)
        const message = { id, method, params, ...(session === undefined ? {} : { sessionId: session }) }
        toBrowser.write(`${JSON.stringify(message)}\0`)
      }
      return answer.promise
    },
  }
}
