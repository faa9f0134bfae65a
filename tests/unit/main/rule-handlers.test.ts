import { describe, expect, test } from 'vitest'
import type { Engine } from '../../../electron/engine/app/api.ts'
import { createHandlers, type HandlerParts } from '../../../electron/main/handlers.ts'
import type { Message } from '../../../electron/main/policies/outbox.ts'
import type { PastTrial } from '../../../shared/rules.ts'

const trial: PastTrial = { version: 'v', texts: 0, gone: 0, flagged: 0, byRule: [], hits: [] }

function setUp(rules: Partial<Engine['rules']>, chooseList: () => Promise<string | null> = async () => null) {
  const told: Message[] = []
  const parts = {
    engine: Promise.resolve({ rules } as Engine),
    desktop: { chooseList },
    ending: new AbortController().signal,
    tell: (message: Message) => told.push(message),
  } as unknown as HandlerParts
  return { told, handlers: createHandlers(parts) }
}

describe('a trial on earlier batches', () => {
  test('is one at a time, says how far it is, and can be stopped', async () => {
    const began = Promise.withResolvers<void>()
    const { told, handlers } = setUp({
      tryPast: (_yaml, _limit, signal, onProgress) => {
        for (let texts = 0; texts < 1000; texts++) onProgress?.(texts, 1000)
        began.resolve()
        return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)))
      },
    })
    const running = Promise.resolve(handlers['rules.tryPast']({ yaml: 'a', limit: 10 }))
    await began.promise
    await expect(handlers['rules.tryPast']({ yaml: 'b', limit: 10 })).rejects.toMatchObject({ code: 'conflict' })
    handlers['rules.cancelTryPast']({})
    await expect(running).rejects.toMatchObject({ code: 'cancelled' })
    expect(told[0]).toEqual({ name: 'pastTrial', event: { texts: 0, total: 1000 } })
    // Not each of the thousand: nobody reads so many.
    expect(told.length).toBeLessThan(500)
  })

  test('can be made again after one that failed', async () => {
    let isBroken = true
    const { told, handlers } = setUp({
      tryPast: async (_yaml, _limit, _signal, onProgress) => {
        if (isBroken) throw new Error('broken')
        onProgress?.(3, 3)
        return trial
      },
    })
    await expect(handlers['rules.tryPast']({ yaml: 'a', limit: 10 })).rejects.toThrow('broken')
    isBroken = false
    expect(await handlers['rules.tryPast']({ yaml: 'a', limit: 10 })).toEqual(trial)
    expect(told).toEqual([{ name: 'pastTrial', event: { texts: 3, total: 3 } }])
  })
})

describe('a word list', () => {
  test('is not opened where the dialog was dismissed', async () => {
    const { handlers } = setUp({ openList: () => Promise.reject(new Error('opened')) })
    expect(await handlers['rules.openList']({})).toBeNull()
  })

  test('is opened where somebody chose one', async () => {
    const preview = { name: 'list.csv', header: ['A'], rows: [], total: 0, columns: { words: 0 } }
    const { handlers } = setUp({ openList: async path => ({ ...preview, name: path }) }, async () => '/list.csv')
    expect(await handlers['rules.openList']({})).toEqual({ ...preview, name: '/list.csv' })
  })
})
