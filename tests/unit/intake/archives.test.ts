import { existsSync, readdirSync } from 'node:fs'
import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { crc32 } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Found } from '../../../electron/engine/formats/source.ts'
import { createUnpacked } from '../../../electron/engine/intake/unpacked.ts'
import { decodeRemarks } from '../../../shared/remarks/index.ts'
import { documentsInProcess } from '../../fixtures/formats/in-process.ts'
import { archiveOf, type MadeEntry } from '../../fixtures/formats/zips.ts'
import { docxOf, xlsxOf } from '../formats/zip-file.ts'
import { findAll, never, png, summary, temporaryFolder } from './harness.ts'

async function findIn(archive: Uint8Array, options: Parameters<typeof findAll>[1] = {}) {
  const file = join(await temporaryFolder(), '活动.zip')
  await writeFile(file, archive)
  return await findAll([file], options)
}

/** Why each is unchecked, by code of the remark; else its kind. */
function reasons(found: readonly Found[]): Record<string, string> {
  const reason = ({ failure, skipped, kind }: Found) =>
    failure === null ? (skipped ?? kind ?? 'nothing') : (decodeRemarks(failure.detail)?.[0]?.code ?? failure.code)
  return Object.fromEntries(found.map(each => [each.path, reason(each)]))
}

describe('an archive', () => {
  test('is walked as a folder of its name, whatever is in it', async () => {
    const inner = archiveOf([{ name: 'b.txt', content: '限时优惠' }])
    const found = await findIn(
      archiveOf([
        { name: '海报/', content: '' },
        { name: '海报/1.png', content: png },
        { name: '海报.txt', content: '全场五折', isStreamed: true },
        { name: '文案.docx', content: docxOf(['限时优惠']), method: 0 },
        { name: '里面.zip', content: inner },
        { name: '__MACOSX/._1.png', content: 'x' },
        { name: '__MACOSX/._2.png', content: 'x' },
        { name: '海报/Thumbs.db', content: 'x' },
        { name: '.DS_Store', content: 'x' },
      ]),
    )
    expect(summary(found)).toEqual({
      '活动.zip/.DS_Store': 'system',
      '活动.zip/__MACOSX': 'system',
      '活动.zip/文案.docx': 'document',
      '活动.zip/海报.txt': 'text',
      '活动.zip/海报/1.png': 'image',
      '活动.zip/海报/Thumbs.db': 'system',
      '活动.zip/里面.zip/b.txt': 'text',
    })
    expect(found.find(each => each.path.endsWith('b.txt'))?.source).toMatchObject({
      kind: 'entry',
      entries: ['里面.zip', 'b.txt'],
    })
  })

  test('names its files by what it says of their encoding, else as systems in China and macOS wrote them', async () => {
    const gbk = Buffer.from([0xba, 0xa3, 0xb1, 0xa8, 0x2e, 0x74, 0x78, 0x74])
    const unicode = Buffer.alloc(9)
    unicode.writeUInt16LE(0x7075, 0)
    unicode.writeUInt16LE(5 + Buffer.byteLength('海报.txt'), 2)
    unicode.writeUInt8(1, 4)
    unicode.writeUInt32LE(crc32(Buffer.from('____.txt')), 5)
    const extra = Buffer.concat([unicode, Buffer.from('海报.txt')])
    const content = 'x'
    expect(Object.keys(summary(await findIn(archiveOf([{ name: gbk, content, flags: 0 }]))))).toEqual([
      '活动.zip/海报.txt',
    ])
    expect(Object.keys(summary(await findIn(archiveOf([{ name: '海报.txt', content, flags: 0 }]))))).toEqual([
      '活动.zip/海报.txt',
    ])
    expect(Object.keys(summary(await findIn(archiveOf([{ name: '____.txt', content, flags: 0, extra }]))))).toEqual([
      '活动.zip/海报.txt',
    ])
    expect(Object.keys(summary(await findIn(archiveOf([{ name: 'a\\b.txt', content }]))))).toEqual(['活动.zip/a/b.txt'])
  })

  test('names and reads its files in the encoding that was stated for it', async () => {
    // As GBK, the two bytes of each are other characters.
    const name = Buffer.concat([Buffer.from([0xae, 0xfc, 0xb3, 0xf8]), Buffer.from('.txt')])
    const archive = archiveOf([{ name, content: Buffer.from([0xae, 0xfc, 0xb3, 0xf8]), flags: 0 }])
    const [found] = await findIn(archive, { encodings: [{ path: null, encoding: 'big5' }] })
    expect(found).toMatchObject({ path: `活动.zip/${new TextDecoder('big5').decode(name)}`, kind: 'text' })
    expect(found?.source).toMatchObject({ nameEncoding: 'big5' })
  })

  test.each<[string, MadeEntry, string]>([
    ['an encrypted file', { name: 'a.txt', content: 'a', flags: 1 }, 'encrypted_archive'],
    ['a link', { name: 'a.txt', content: '/etc/passwd', attributes: 0xa1ff_0000 }, 'entry_link'],
    ['a pipe', { name: 'a.txt', content: 'a', attributes: 0x11ff_0000 }, 'special_file'],
    ['an unknown method', { name: 'a.txt', content: 'a', method: 14 }, 'entry_method'],
    ['a damaged file', { name: 'a.txt', content: 'a', crc: 1 }, 'damaged_entry'],
    ['more than was claimed', { name: 'a.txt', content: 'a'.repeat(2000), sizeBytes: 1000 }, 'damaged_entry'],
    ['less than was claimed', { name: 'a.txt', content: 'a', sizeBytes: 1000 }, 'damaged_entry'],
    ['a bomb', { name: 'a.txt', content: 'a', sizeBytes: 200e6 }, 'entry_ratio'],
    ['a file too large', { name: 'a.txt', content: Buffer.alloc(1), sizeBytes: 4.1e9 }, 'entry_size'],
  ])('goes on after %s, which is unchecked', async (_, entry, code) => {
    const found = await findIn(archiveOf([entry, { name: 'b.txt', content: '限时优惠' }]))
    expect(reasons(found)).toEqual({ '活动.zip/a.txt': code, '活动.zip/b.txt': 'text' })
  })

  test.each(['../a.txt', '/etc/a.txt', 'C:\\a.txt', '海报/../../a.txt'])(
    'does not follow a path that leads out of it: %s',
    async name => {
      const found = await findIn(archiveOf([{ name, content: 'a' }]))
      expect(Object.values(reasons(found))).toEqual(['entry_outside'])
      expect(found[0]?.path).not.toContain('..')
    },
  )

  test('says of files with one path that it is not certain which one is left', async () => {
    const twice = [
      { name: 'a.txt', content: 'a' },
      { name: './a.txt', content: 'b' },
    ]
    const found = await findIn(archiveOf(twice))
    expect(found.map(each => each.failure?.code)).toEqual(['unreadable_file', 'unreadable_file'])
    expect(new Set(found.map(each => JSON.stringify(each.source))).size).toBe(2)
  })

  test('does not unpack files that share their bytes', async () => {
    const found = await findIn(
      archiveOf([
        { name: 'a.txt', content: 'aaaa' },
        { name: 'b.txt', content: 'aaaa', at: 0 },
      ]),
    )
    expect(reasons(found)).toEqual({ '活动.zip/a.txt': 'damaged_entry', '活动.zip/b.txt': 'damaged_entry' })
  })

  test('is left out by its name where it lies too deep', async () => {
    let archive = archiveOf([{ name: 'a.txt', content: 'a' }])
    for (let depth = 1; depth < 5; depth++) archive = archiveOf([{ name: 'z.zip', content: archive }])
    expect(reasons(await findIn(archive))).toEqual({ '活动.zip/z.zip/z.zip/z.zip/z.zip': 'archive_depth' })
  })

  test('says that it is empty, or damaged', async () => {
    expect(reasons(await findIn(archiveOf([])))).toEqual({ '活动.zip': 'empty_archive' })
    const cut = archiveOf([{ name: 'a.txt', content: 'a' }]).subarray(0, -30)
    expect(reasons(await findIn(cut))).toEqual({ '活动.zip': 'damaged_archive' })
  })

  test('has its comments screened, which archive programs show', async () => {
    const found = await findIn(archiveOf([{ name: 'a.txt', content: 'a', comment: '点这里' }], '加微信领红包'))
    expect(found[0]).toMatchObject({
      path: '活动.zip#comment',
      kind: 'text',
      source: { kind: 'inline', text: '加微信领红包\n点这里' },
    })
  })

  test('has the rows of its tables, by the columns that were chosen for the table in it', async () => {
    const file = join(await temporaryFolder(), '表.zip')
    await writeFile(
      file,
      archiveOf([
        {
          name: 'in/a.xlsx',
          content: xlsxOf({
            S: [
              ['标题', '文案'],
              ['x', '限时优惠'],
            ],
          }),
        },
      ]),
    )
    const met: string[] = []
    const path = `${file}/in/a.xlsx`
    const found = await findAll([file], {
      tables: [{ path, sheet: null, textColumn: '文案', urlColumn: null, moreTextColumns: [] }],
      onTable: met_ => met.push(met_),
    })
    expect(found[0]?.failure).toBeNull()
    expect(met[0]).toBe(path)
    expect(found[0]).toMatchObject({
      path: '表.zip/in/a.xlsx#2',
      source: { kind: 'row', path, archive: file, text: '限时优惠' },
    })
  })

  test('ends with a reason for every file, however it was changed', async () => {
    const archive = archiveOf([
      { name: 'a.txt', content: '限时优惠' },
      { name: 'b/b.png', content: png, method: 0 },
      { name: 'c.zip', content: archiveOf([{ name: 'd.txt', content: 'd' }]) },
    ])
    const runs = Number(process.env.FUZZ_RUNS ?? 100)
    const seed = Number(process.env.FUZZ_SEED ?? 7)
    await fc.assert(
      fc.asyncProperty(fc.nat(archive.length - 1), fc.nat(255), fc.boolean(), async (at, value, isCut) => {
        const changed = Buffer.from(isCut ? archive.subarray(0, at) : archive)
        if (!isCut) changed[at] = value
        const found = await findIn(changed)
        expect(found.length).toBeGreaterThan(0)
        expect(found.every(each => each.failure !== null || each.kind !== null || each.skipped !== null)).toBe(true)
      }),
      { numRuns: runs, seed },
    )
  })
})

describe('what was unpacked', () => {
  const place = (archive: string, ...entries: string[]) => ({ archive, entries, nameEncoding: null })

  test('is unpacked again when it is gone, and otherwise as the archive is now', async () => {
    const folder = await temporaryFolder()
    const archive = join(folder, 'a.zip')
    await writeFile(archive, archiveOf([{ name: 'a.txt', content: 'one' }]))
    const unpacked = createUnpacked(join(folder, 'unpacked'), documentsInProcess)
    const first = await unpacked.file(place(archive, 'a.txt'), never)
    expect(await readFile(String(first), 'utf8')).toBe('one')
    await rm(String(first))
    expect(await readFile(String(await unpacked.file(place(archive, 'a.txt'), never)), 'utf8')).toBe('one')
    await writeFile(archive, archiveOf([{ name: 'a.txt', content: 'three' }]))
    expect(await readFile(String(await unpacked.file(place(archive, 'a.txt'), never)), 'utf8')).toBe('three')
    await writeFile(archive, archiveOf([{ name: 'other.txt', content: 'three!' }]))
    expect(await unpacked.file(place(archive, 'a.txt'), never)).toMatchObject({ code: 'changed_file' })
    await unpacked.close()
    expect(existsSync(join(folder, 'unpacked'))).toBe(false)
  })

  test('stays within its size, and what was asked for last is there', async () => {
    const folder = await temporaryFolder()
    const archive = join(folder, 'a.zip')
    const names = Array.from({ length: 20 }, (_, index) => `${index}.txt`)
    await writeFile(archive, archiveOf(names.map(name => ({ name, content: name.padEnd(1000) }))))
    const unpacked = createUnpacked(join(folder, 'unpacked'), documentsInProcess, { maxBytes: 5000, minFiles: 2 })
    for (const name of names) await unpacked.file(place(archive, name), never)
    expect(readdirSync(join(folder, 'unpacked')).length).toBe(5)
    const again = await unpacked.file(place(archive, '0.txt'), never)
    expect((await readFile(String(again), 'utf8')).trim()).toBe('0.txt')
  })

  test.each([0, 8])('is what was packed, piece by piece: method %i', async method => {
    const folder = await temporaryFolder()
    const archive = join(folder, 'a.zip')
    const content = Buffer.from(Uint32Array.from({ length: 100_000 }, (_, index) => (index * 2654435761) >>> 0).buffer)
    await writeFile(archive, archiveOf([{ name: 'a.bin', content, method }]))
    const unpacked = createUnpacked(join(folder, 'unpacked'), documentsInProcess)
    const file = await unpacked.file(place(archive, 'a.bin'), never)
    expect((await readFile(String(file))).equals(content)).toBe(true)
  })

  test('is made once for all who ask at the same time', async () => {
    const folder = await temporaryFolder()
    const archive = join(folder, 'a.zip')
    await writeFile(archive, archiveOf([{ name: 'a.txt', content: 'one' }]))
    const unpacked = createUnpacked(join(folder, 'unpacked'), documentsInProcess)
    const paths = await Promise.all([1, 2, 3].map(() => unpacked.file(place(archive, 'a.txt'), never)))
    expect(new Set(paths).size).toBe(1)
    expect(readdirSync(join(folder, 'unpacked')).length).toBe(1)
  })
})
