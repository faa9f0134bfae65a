import { createHash } from 'node:crypto'
import { mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ownFileOf } from '../../../electron/engine/app/own-file.ts'

let folder: string
beforeAll(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'prescreen-own-file-')))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const png = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
)
const hashOf = (bytes: string | Uint8Array) => createHash('sha256').update(bytes).digest('hex')
const put = (name: string, bytes: string | Uint8Array) => {
  writeFileSync(join(folder, name), bytes)
  return join(folder, name)
}
const ownFile = (path: string, sha256: string | null) =>
  ownFileOf({ source: JSON.stringify({ kind: 'file', path }), sha256 })

describe('the file of an asset', () => {
  test('is what was screened while its bytes are the same, and what it is by content', async () => {
    const path = put('poster.png', png)
    const known = { kind: 'file', path, real: path, state: 'same', content: 'image/png', isScript: false }
    expect(await ownFile(path, hashOf(png))).toEqual(known)
    expect(await ownFile(path, hashOf('other'))).toMatchObject({ state: 'changed' })
    expect(await ownFile(path, null)).toMatchObject({ state: 'unknown' })
  })

  test('is followed where a link leads', async () => {
    const path = put('real.png', png)
    symlinkSync(path, join(folder, 'link.png'))
    expect(await ownFile(join(folder, 'link.png'), hashOf(png))).toMatchObject({
      path: join(folder, 'link.png'),
      real: path,
      state: 'same',
    })
  })

  test.each([
    ['words.txt', 'spring tea', 'plain', false],
    ['page.txt', '<!doctype html><p>spring tea', 'html', false],
    ['run.txt', '#!/bin/sh\necho tea', 'plain', true],
    ['marked.txt', '\ufeff#!/bin/sh\necho tea', 'plain', true],
    ['program.txt', Buffer.from('4d5a900003000000ffff', 'hex'), null, false],
  ])('says by its content what it is: %s', async (name, bytes, content, isScript) => {
    expect(await ownFile(put(name, bytes), hashOf(bytes))).toMatchObject({ state: 'same', content, isScript })
  })

  test('is none of a row or of what was pasted, and gone when it is not there', async () => {
    const row = { kind: 'row', path: '/a/b.csv', sheet: null, row: 2, column: 'A', encoding: null, text: 'x' }
    expect(await ownFileOf({ source: JSON.stringify(row), sha256: null })).toEqual({ kind: 'none', path: '/a/b.csv' })
    const inline = { kind: 'inline', encoding: 'utf-8', text: 'x' }
    expect(await ownFileOf({ source: JSON.stringify(inline), sha256: null })).toEqual({ kind: 'none', path: null })
    const path = join(folder, 'nowhere.png')
    expect(await ownFile(path, hashOf(png))).toEqual({ kind: 'gone', path })
  })
})
