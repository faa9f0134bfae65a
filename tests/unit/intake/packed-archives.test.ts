import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { Found } from '../../../electron/engine/formats/source.ts'
import { createUnpacked } from '../../../electron/engine/intake/unpacked.ts'
import { createMaterial } from '../../../electron/engine/screening/material.ts'
import { decodeRemarks } from '../../../shared/remarks/index.ts'
import { defaultOptions } from '../../../shared/screening.ts'
import { documentsInProcess } from '../../fixtures/formats/in-process.ts'
import { rarOf, sevenZip, sevenZipLocked, sevenZipLzma, sevenZipSecret } from '../../fixtures/formats/packed.ts'
import { mutationsOf } from '../formats/mutations.ts'
import { findAll, never, png, temporaryFolder } from './harness.ts'

async function findIn(name: string, archive: Uint8Array) {
  const file = join(await temporaryFolder(), name)
  await writeFile(file, archive)
  return { file, found: await findAll([file]) }
}

function reasons(found: readonly Found[]): Record<string, string> {
  const reason = ({ failure, skipped, kind }: Found) =>
    failure === null ? (skipped ?? kind ?? 'nothing') : (decodeRemarks(failure.detail)?.[0]?.code ?? failure.code)
  return Object.fromEntries(found.map(each => [each.path, reason(each)]))
}

const reasonsIn = async (name: string, archive: Uint8Array) => reasons((await findIn(name, archive)).found)

async function wordsOf(archive: string, ...entries: string[]) {
  const unpacked = createUnpacked(join(await temporaryFolder(), 'unpacked'), documentsInProcess)
  return await readFile(String(await unpacked.file({ archive, entries, nameEncoding: null }, never)), 'utf8')
}

const copy = { name: '海报/文案.txt', content: '限时优惠' }

describe('a 7Z archive', () => {
  test('is walked as a folder of its name, and its files are what was packed', async () => {
    const { file, found } = await findIn('活动.7z', sevenZip)
    expect(reasons(found)).toEqual({
      '活动.7z/link.txt': 'entry_link',
      '活动.7z/海报/2.txt': 'text',
      '活动.7z/海报/文案.txt': 'text',
      '活动.7z/空.txt': 'empty_file',
    })
    expect(await wordsOf(file, '海报/文案.txt')).toBe('限时优惠')
    expect(await wordsOf(file, '海报/2.txt')).toBe('全场五折 '.repeat(40))
    const older = await findIn('a.7z', sevenZipLzma)
    expect(await wordsOf(older.file, '海报/文案.txt')).toBe('限时优惠')
  })

  test('says why it is unchecked: a password, an end that is missing, damage', async () => {
    expect(await reasonsIn('a.7z', sevenZipSecret)).toMatchObject({ 'a.7z/海报/文案.txt': 'encrypted_archive' })
    expect(await reasonsIn('a.7z', sevenZipLocked)).toEqual({ 'a.7z': 'encrypted_archive' })
    expect(await reasonsIn('a.7z', sevenZip.subarray(0, -20))).toEqual({ 'a.7z': 'cut_archive' })
    const changed = Buffer.from(sevenZip)
    changed[40] = 255 - (changed[40] ?? 0)
    expect(await reasonsIn('a.7z', changed)).toMatchObject({ 'a.7z/海报/2.txt': 'damaged_entry' })
  })
})

describe('a RAR archive', () => {
  test('is walked as a folder of its name, and its files are what was packed', async () => {
    const archive = rarOf([copy, { name: '海报/.DS_Store', content: 'x' }, { name: '__MACOSX/a', content: 'x' }])
    const { file, found } = await findIn('活动.rar', archive)
    expect(reasons(found)).toEqual({
      '活动.rar/__MACOSX': 'system',
      '活动.rar/海报/.DS_Store': 'system',
      '活动.rar/海报/文案.txt': 'text',
    })
    expect(await wordsOf(file, '海报/文案.txt')).toBe('限时优惠')
  })

  test('goes on after a damaged file, and after one with a password', async () => {
    const damaged = { name: 'a.txt', content: 'a', crc: 1 }
    expect(await reasonsIn('a.rar', rarOf([damaged, copy]))).toEqual({
      'a.rar/a.txt': 'damaged_entry',
      'a.rar/海报/文案.txt': 'text',
    })
    const secret = { name: 'a.txt', content: new Uint8Array(16), isEncrypted: true }
    expect(await reasonsIn('a.rar', rarOf([secret, copy]))).toEqual({
      'a.rar/a.txt': 'encrypted_archive',
      'a.rar/海报/文案.txt': 'text',
    })
  })

  test('does not follow a path that leads out of it, nor one that two files have', async () => {
    expect(Object.values(await reasonsIn('a.rar', rarOf([{ name: '../a.txt', content: 'a' }])))).toEqual([
      'entry_outside',
    ])
    const twice = (await findIn('a.rar', rarOf([copy, { ...copy, content: 'b' }]))).found
    expect(twice.map(each => each.failure?.code)).toEqual(['unreadable_file', 'unreadable_file'])
  })

  test('says why it is unchecked: one volume of several, an end that is missing, damage', async () => {
    expect(await reasonsIn('a.rar', rarOf([copy], { isVolume: true }))).toEqual({ 'a.rar': 'archive_volume' })
    expect(await reasonsIn('a.rar', rarOf([copy], { hasEnd: false }))).toEqual({ 'a.rar': 'cut_archive' })
    expect(await reasonsIn('a.rar', rarOf([copy]).subarray(0, 30))).toEqual({ 'a.rar': 'cut_archive' })
  })
})

describe('files that are packed in one run', () => {
  test('are unpacked once for all who ask', async () => {
    const { file } = await findIn('a.7z', sevenZip)
    let asked = 0
    const unpacked = createUnpacked(join(await temporaryFolder(), 'unpacked'), {
      ...documentsInProcess,
      unpack: (archive, targets, signal) => {
        asked++
        return documentsInProcess.unpack(archive, targets, signal)
      },
    })
    const ask = (name: string) => unpacked.file({ archive: file, entries: [name], nameEncoding: null }, never)
    const paths = await Promise.all([ask('海报/2.txt'), ask('海报/文案.txt'), ask('海报/2.txt')])
    expect(asked).toBe(1)
    expect(paths.map(path => typeof path)).toEqual(['string', 'string', 'string'])
    await unpacked.close()
  })

  test('are left where the disk has no room for them', async () => {
    const { file } = await findIn('a.7z', sevenZip)
    const options = { freeBytes: async () => 1e9 }
    const unpacked = createUnpacked(join(await temporaryFolder(), 'unpacked'), documentsInProcess, options)
    const answer = await unpacked.file({ archive: file, entries: ['海报/2.txt'], nameEncoding: null }, never)
    expect(typeof answer === 'string' ? answer : decodeRemarks(answer.detail)?.[0]?.code).toBe('no_room_to_unpack')
  })
})

test('a page in an archive has the pictures that lie beside it there, and no others', async () => {
  const folder = await temporaryFolder()
  const page = (...addresses: string[]) =>
    `<!doctype html><p>新品</p>${addresses.map(each => `<img src="${each}">`).join('')}`
  const archive = rarOf([
    { name: '活动/页.html', content: page('页_files/1.png') },
    { name: '活动/页_files/1.png', content: png },
    { name: '活动/外.html', content: page('../2.png', 'gone.png') },
    { name: '2.png', content: png },
  ])
  await writeFile(join(folder, 'a.rar'), archive)
  const unpacked = createUnpacked(join(folder, 'unpacked'), documentsInProcess)
  const material = createMaterial({ stdin: null, documents: documentsInProcess, films: null, drawing: null, unpacked })
  const read = async (name: string) => {
    const source = { kind: 'entry', archive: join(folder, 'a.rar'), entries: [name] }
    const content = await material.read(JSON.stringify(source), defaultOptions, never)
    if (content.kind === 'failure') throw new Error(content.detail)
    const [picture] = content.pictures
    return { loaded: await picture?.load(never), omitted: content.omitted.map(({ code }) => code) }
  }
  expect(await read('活动/页.html')).toEqual({ loaded: { bytes: Buffer.from(png) }, omitted: [] })
  expect(await read('活动/外.html')).toEqual({ loaded: undefined, omitted: ['picture_elsewhere', 'picture_gone'] })
  await material.close()
})

test.each([
  ['a.7z', sevenZip],
  ['a.7z', sevenZipLzma],
  ['a.rar', rarOf([copy, { name: 'b.txt', content: 'b' }])],
])(
  '%s with bytes changed, cut or moved ends with a reason for each file',
  { timeout: 120_000 },
  async (name, archive) => {
    for (const { mutated } of mutationsOf(archive)) {
      const { found } = await findIn(name, mutated)
      expect(found.length).toBeGreaterThan(0)
      expect(found.every(each => each.failure !== null || each.kind !== null || each.skipped !== null)).toBe(true)
    }
  },
)
