import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import {
  createFileAtomically,
  writeFileAtomically,
  writeFileAtomicallySync,
} from '../../../electron/engine/base/atomic-file.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'prescreen-atomic-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

describe('a file that is written atomically', () => {
  test('takes the place of the one before, and nothing is left beside it', async () => {
    const file = join(folder, 'report.csv')
    writeFileSync(file, 'yesterday')
    await writeFileAtomically(file, ['to', Buffer.from('day')])
    expect(readFileSync(file, 'utf8')).toBe('today')
    writeFileAtomicallySync(file, 'now', { flush: false })
    expect(readFileSync(file, 'utf8')).toBe('now')
    expect(readdirSync(folder)).toEqual(['report.csv'])
  })

  test('stays as it was when the content breaks off or the signal aborts', async () => {
    const file = join(folder, 'report.csv')
    writeFileSync(file, 'yesterday')
    async function* breaking() {
      yield 'half'
      throw new Error('no more')
    }
    await expect(writeFileAtomically(file, breaking())).rejects.toThrow('no more')
    const stop = new AbortController()
    async function* endless() {
      for (;;) {
        yield 'more'
        stop.abort()
      }
    }
    await expect(writeFileAtomically(file, endless(), { signal: stop.signal })).rejects.toMatchObject({
      name: 'AbortError',
    })
    expect(readFileSync(file, 'utf8')).toBe('yesterday')
    expect(readdirSync(folder)).toEqual(['report.csv'])
  })

  test('never replaces a file that has to be new, whichever writer was first', async () => {
    const file = join(folder, 'signing-key.pem')
    const made = await Promise.all(['a', 'b', 'c'].map(text => createFileAtomically(file, text, { mode: 0o600 })))
    expect(made.filter(Boolean)).toHaveLength(1)
    expect(readFileSync(file, 'utf8')).toBe('abc'[made.indexOf(true)])
    expect(readdirSync(folder)).toEqual(['signing-key.pem'])
  })

  test.skipIf(process.platform === 'win32')('has the permissions that were asked for', async () => {
    const file = join(folder, 'secret')
    await writeFileAtomically(file, 'x', { mode: 0o600 })
    expect(statSync(file).mode & 0o777).toBe(0o600)
  })

  test('may have the longest name that there can be', async () => {
    for (const name of [`${'n'.repeat(251)}.csv`, `${'名'.repeat(83)}ab.csv`]) {
      expect(Buffer.byteLength(name)).toBe(255)
      await writeFileAtomically(join(folder, name), 'whole')
      writeFileAtomicallySync(join(folder, name), 'again')
      expect(readFileSync(join(folder, name), 'utf8')).toBe('again')
      rmSync(join(folder, name))
      expect(readdirSync(folder)).toEqual([])
    }
  })
})
