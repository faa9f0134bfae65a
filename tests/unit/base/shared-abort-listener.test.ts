import { getEventListeners } from 'node:events'
import { expect, test } from 'vitest'
import { onAbort } from '../../../electron/engine/base/concurrency/shared-abort-listener.ts'

test('every listener is called once, in order, and not after leaving', () => {
  const { signal, abort } = controller()
  const told: number[] = []
  const forgets = [1, 2, 3].map(n => onAbort(signal, () => told.push(n)))
  forgets[1]?.()
  abort()
  abort()
  expect(told).toEqual([1, 3])
})

test('one who leaves because another was told is not told', () => {
  const { signal, abort } = controller()
  const told: string[] = []
  onAbort(signal, () => forget())
  const forget = onAbort(signal, () => told.push('late'))
  abort()
  expect(told).toEqual([])
})

test('a signal that has aborted tells at once', () => {
  const told: string[] = []
  onAbort(AbortSignal.abort(), () => told.push('at once'))()
  expect(told).toEqual(['at once'])
})

test('a thousand share one listener, and the last to leave takes it away', () => {
  const { signal } = controller()
  const act = () => undefined
  const forgets = Array.from({ length: 1_000 }, () => onAbort(signal, act))
  expect(getEventListeners(signal, 'abort')).toHaveLength(1)
  for (const forget of forgets) forget()
  expect(getEventListeners(signal, 'abort')).toHaveLength(0)
  onAbort(signal, act)
  expect(getEventListeners(signal, 'abort')).toHaveLength(1)
})

function controller() {
  const it = new AbortController()
  return { signal: it.signal, abort: () => it.abort() }
}
