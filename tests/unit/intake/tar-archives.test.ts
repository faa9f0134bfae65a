import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { createUnpacked } from '../../../electron/engine/intake/unpacked.ts'
import { decodeRemarks } from '../../../shared/remarks/index.ts'
import { documentsInProcess } from '../../fixtures/formats/in-process.ts'
import { paxPath, type TarFile, tarOf } from '../../fixtures/formats/tars.ts'
import { archiveOf } from '../../fixtures/formats/zips.ts'
import { mutationsOf } from '../formats/mutations.ts'
import { findAll, never, temporaryFolder } from './harness.ts'

const long = `${'长'.repeat(60)}/文案.txt`
const files: readonly TarFile[] = [
  { name: '海报/', kind: '5' },
  { name: '海报/文案.txt', content: '限时优惠' },
  paxPath(long),
  { name: 'cut', content: '全场五折 '.repeat(200) },
  { name: '././@LongLink', kind: 'L', content: `gnu/${'名'.repeat(60)}.txt\0` },
  { name: 'cut', content: '最低价' },
  { name: 'link.txt', kind: '2' },
  { name: '旧.txt', kind: 'S' },
]
const told = {
  '海报/文案.txt': 'text',
  [long]: 'text',
  [`gnu/${'名'.repeat(60)}.txt`]: 'text',
  'link.txt': 'entry_link',
  '旧.txt': 'entry_method',
}

async function reasonsIn(name: string, bytes: Uint8Array) {
  const file = join(await temporaryFolder(), name)
  await writeFile(file, bytes)
  const found = await findAll([file])
  return Object.fromEntries(
    found.map(({ path, failure, kind, skipped }) => [
      path.replace(`${name}/`, ''),
      failure === null ? (skipped ?? kind) : (decodeRemarks(failure.detail)?.[0]?.code ?? failure.code),
    ]),
  )
}

async function wordsOf(archive: Uint8Array, name: string, ...entries: readonly string[]) {
  const folder = await temporaryFolder()
  await writeFile(join(folder, name), archive)
  const unpacked = createUnpacked(join(folder, 'unpacked'), documentsInProcess)
  return await readFile(
    String(await unpacked.file({ archive: join(folder, name), entries, nameEncoding: null }, never)),
    'utf8',
  )
}

describe('a TAR archive', () => {
  test('is walked as a folder, packed or not', async () => {
    expect(await reasonsIn('a.tar', tarOf(files))).toEqual(told)
    expect(await reasonsIn('a.tgz', gzipSync(tarOf(files)))).toEqual(told)
    for (const [name, archive] of [
      ['a.tar', tarOf(files)],
      ['a.tar.gz', gzipSync(tarOf(files))],
    ] as const) {
      expect(await wordsOf(archive, name, '海报/文案.txt')).toBe('限时优惠')
      expect(await wordsOf(archive, name, long)).toBe('全场五折 '.repeat(200))
    }
  })

  test('is walked within another archive, and names may be in GBK', async () => {
    const gbk = Buffer.from('cec4b0b82e747874', 'hex')
    const inner = gzipSync(tarOf([{ name: gbk, content: '限时优惠' }]))
    expect(await reasonsIn('a.zip', archiveOf([{ name: 'b.tar.gz', content: inner }]))).toEqual({
      'b.tar.gz/文案.txt': 'text',
    })
  })

  test('goes on behind its end, where some programs read on', async () => {
    const two = Buffer.concat([tarOf([{ name: 'a.txt', content: '一' }]), tarOf([{ name: 'b.txt', content: '二' }])])
    expect(await reasonsIn('a.tar', two)).toEqual({ 'a.txt': 'text', 'b.txt': 'text' })
    expect(await reasonsIn('a.tgz', gzipSync(two))).toEqual({ 'a.txt': 'text', 'b.txt': 'text' })
    expect(await wordsOf(two, 'a.tar', 'b.txt')).toBe('二')
    const padded = Buffer.concat([tarOf([{ name: 'a.txt', content: '一' }]), Buffer.alloc(9000)])
    expect(await reasonsIn('a.tar', padded)).toEqual({ 'a.txt': 'text' })
  })

  test.each<[string, Uint8Array, Readonly<Record<string, string>>]>([
    ['words behind its end', Buffer.concat([tarOf(files), Buffer.from('更多')]), { 'a.tar': 'damaged_archive' }],
    ['an end that is missing', tarOf(files, { hasEnd: false }), { 'a.tar': 'cut_archive' }],
    ['an entry that is cut', tarOf(files).subarray(0, 1300), { 'a.tar': 'cut_archive' }],
    ['one volume of several', tarOf([{ name: 'a.txt', content: 'x', kind: 'M' }]), { 'a.tar': 'archive_volume' }],
    [
      'a link with bytes of its own',
      tarOf([{ name: 'a.txt', content: 'x', kind: '1' }]),
      { 'a.tar': 'damaged_archive' },
    ],
    ['a kind that nobody knows', tarOf([{ name: 'a.txt', content: 'x', kind: 'Q' }]), { 'a.txt': 'entry_method' }],
    ['a path that leads out of it', tarOf([{ name: '../a.txt', content: 'x' }]), { 'a.txt': 'entry_outside' }],
  ])('says why it is unchecked: %s', async (_, archive, expected) => {
    expect(await reasonsIn('a.tar', archive)).toEqual(expected)
  })
})

describe('a file packed by gzip', () => {
  test('is the file that it was', async () => {
    expect(await reasonsIn('文案.txt.gz', gzipSync('限时优惠'))).toEqual({ '文案.txt': 'text' })
    expect(await wordsOf(gzipSync('限时优惠'), '文案.txt.gz', '文案.txt')).toBe('限时优惠')
    const named = gzipSync('限时优惠')
    named[3] = 8
    const withName = Buffer.concat([named.subarray(0, 10), Buffer.from('原名.txt\0'), named.subarray(10)])
    expect(await reasonsIn('a.gz', withName)).toEqual({ '原名.txt': 'text' })
  })

  test('says why it is unchecked: cut, damaged, more behind its end, far larger than it claims', async () => {
    const packed = gzipSync('限时优惠'.repeat(100))
    expect(await reasonsIn('a.gz', packed.subarray(0, -9))).toEqual({ 'a.gz': 'cut_archive' })
    expect(await reasonsIn('a.gz', Buffer.concat([packed, Buffer.from('更多')]))).toEqual({ 'a.gz': 'damaged_archive' })
    const changed = Buffer.from(packed)
    changed[packed.length - 6] = 255 - (changed[packed.length - 6] ?? 0)
    expect(await reasonsIn('a.gz', changed)).toEqual({ 'a.gz': 'damaged_archive' })
    expect(await reasonsIn('a.gz', gzipSync(Buffer.alloc(110e6)))).toEqual({ 'a.gz': 'archive_solid' })
  })
})

test.each([
  ['a.tar', tarOf(files)],
  ['a.tgz', gzipSync(tarOf(files))],
])(
  '%s with bytes changed, cut or moved ends with a reason for each file',
  { timeout: 120_000 },
  async (name, archive) => {
    for (const { mutated } of mutationsOf(archive)) {
      const file = join(await temporaryFolder(), name)
      await writeFile(file, mutated)
      const found = await findAll([file])
      expect(found.length).toBeGreaterThan(0)
      expect(found.every(each => each.failure !== null || each.kind !== null || each.skipped !== null)).toBe(true)
    }
  },
)
