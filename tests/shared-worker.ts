import { readFileSync } from 'node:fs'
import process from 'node:process'
import { afterAll, beforeAll, expect, vi } from 'vitest'

/** Files that share a process leave it as they found it; what cannot be left so has a process of its own (vitest.config.ts). */

const lasting = /\bvi\.(?:mock|doMock|resetModules|stubGlobal)\(|Reflect\.set\(globalThis|\bglobalThis\.\w+ = /
let before: ReturnType<typeof look>

const look = () => ({
  env: { ...process.env },
  folder: process.cwd(),
  globals: Object.getOwnPropertyNames(globalThis).toSorted(),
  hasFakeTimers: vi.isFakeTimers(),
})

beforeAll(() => {
  before = look()
  const file = expect.getState().testPath
  if (file !== undefined && lasting.test(readFileSync(file, 'utf8'))) {
    throw new Error('This file changes modules or globals for good: list it under `alone` in tests/vitest.config.ts')
  }
})
afterAll(() => {
  vi.restoreAllMocks()
  expect(look(), 'what the file leaves to the next one').toEqual(before)
})
