import { PassThrough } from 'node:stream'
import { expect, test } from 'vitest'
import { connectPipe } from '../../../electron/engine/chromium/pipe.ts'

function connected() {
  const toBrowser = new PassThrough()
  const fromBrowser = new PassThrough()
  return { toBrowser, fromBrowser, connection: connectPipe(toBrowser, fromBrowser) }
}

const say = (message: object) => `${JSON.stringify(message)}\0`

test('an answer belongs to its question, however the bytes arrive', async () => {
  const { toBrowser, fromBrowser, connection } = connected()
  const first = connection.send('A.one', { x: 1 }, 'page')
  const second = connection.send('A.two')
  expect(String(toBrowser.read())).toBe(
    say({ id: 1, method: 'A.one', params: { x: 1 }, sessionId: 'page' }) + say({ id: 2, method: 'A.two', params: {} }),
  )
  const answers = Buffer.from(
    say({ id: 2, result: { said: '价格' } }) + say({ id: 1, error: { message: 'no such page' } }),
  )
  for (const byte of answers) fromBrowser.write(Buffer.of(byte))
  await expect(second).resolves.toEqual({ said: '价格' })
  await expect(first).rejects.toThrow('no such page')
})

test('events come with the page that they are of', async () => {
  const { fromBrowser, connection } = connected()
  const events: unknown[] = []
  const stop = connection.on(event => events.push(event))
  fromBrowser.write(say({ method: 'Page.loadEventFired', params: { timestamp: 1 }, sessionId: 'page' }))
  fromBrowser.write(say({ method: 'Target.targetCreated' }))
  await expect.poll(() => events).toHaveLength(2)
  expect(events).toEqual([
    { method: 'Page.loadEventFired', params: { timestamp: 1 }, session: 'page' },
    { method: 'Target.targetCreated', params: {}, session: null },
  ])
  stop()
})

test('a browser that ends, and one that says what is no message, answers nothing any more', async () => {
  for (const last of [null, 'nonsense\0', say({ id: 'text' })]) {
    const { fromBrowser, connection } = connected()
    const asked = connection.send('A.one')
    asked.catch(() => undefined)
    if (last === null) fromBrowser.destroy()
    else fromBrowser.write(last)
    await connection.closed
    await expect(asked).rejects.toThrow('ended')
    await expect(connection.send('A.two')).rejects.toThrow('ended')
  }
})
