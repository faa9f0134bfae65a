import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { keepInputs } from '../../../electron/engine/intake/inputs.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'prescreen-inputs-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

describe('what was pasted', () => {
  test.each([
    ['poster.png', 'poster.png'],
    ['海报 — スプリング 🍵.png', '海报 — スプリング 🍵.png'],
    ['../../etc/passwd', 'passwd'],
    ['what?size=1:2|*.jpg', 'what_size=1_2__.jpg'],
    ['line\nbreak\u0000.gif', 'line_break_.gif'],
    ['..', 'image'],
    ['', 'image'],
    ['a.png. .', 'a.png'],
  ])('%j becomes a file that every system takes', async (name, kept) => {
    const [file = ''] = await keepInputs([{ kind: 'image', name, bytes: new Uint8Array([1, 2, 3]) }], folder)
    expect(basename(file).replace(/^[0-9a-f]{16}-/, '')).toBe(kept)
    expect([...(await readFile(file))]).toEqual([1, 2, 3])
  })

  test('keeps the end of a name that is too long, in whole characters', async () => {
    const name = `${'长🍵'.repeat(60)}.png`
    const [file = ''] = await keepInputs([{ kind: 'image', name, bytes: new Uint8Array([1]) }], folder)
    expect(Buffer.byteLength(basename(file))).toBeLessThanOrEqual(255)
    expect(basename(file)).toMatch(/🍵\.png$/u)
    expect(basename(file).isWellFormed()).toBe(true)
  })
})
