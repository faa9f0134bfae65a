import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { makeFolder } from '../../../electron/engine/base/make-folder.ts'

let root: string
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'make-folder-'))
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

describe('a folder', () => {
  test('is made with those above it, for its owner alone', () => {
    const folder = join(root, 'a', 'b', 'c')
    makeFolder(folder)
    makeFolder(folder)
    expect(statSync(folder).isDirectory()).toBe(true)
    if (process.platform !== 'win32') {
      for (const made of [folder, join(root, 'a')]) expect(statSync(made).mode & 0o777).toBe(0o700)
    }
  })

  test('is not made in place of a file or below one', () => {
    const file = join(root, 'file')
    writeFileSync(file, '')
    expect(() => makeFolder(file)).toThrow('EEXIST')
    expect(() => makeFolder(join(file, 'a', 'b'))).toThrow()
  })

  // In a process of its own, which can be ended: Node's own way of making folders never comes back here.
  test.runIf(process.platform === 'linux')('that can never be made is an error at once', () => {
    const file = pathToFileURL(join(import.meta.dirname, '../../../electron/engine/base/make-folder.ts'))
    const script = `import { makeFolder } from '${file}'; try { makeFolder('/proc/none/a') } catch ({ code }) { console.log(code) }`
    const { stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
      encoding: 'utf8',
      timeout: 60_000,
    })
    expect(stdout.trim()).toMatch(/^E[A-Z]+$/)
  })
})
