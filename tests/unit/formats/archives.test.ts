import { crc32, deflateRawSync } from 'node:zlib'
import { CFB } from '@e965/xlsx'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { compoundKind, readCompoundNames } from '../../../electron/engine/formats/archives/compound-file.ts'
import { identifyEntries } from '../../../electron/engine/formats/archives/identify-archive.ts'
import { readZipDirectory, unpackEntry } from '../../../electron/engine/formats/archives/zip-archive.ts'
import { peekIn, relationships, wordBody, zipOf } from './zip-file.ts'

const kindOf = async (archive: Buffer) => {
  const directory = readZipDirectory(archive)
  if (directory.kind === 'failure') return directory.code
  const what = await identifyEntries(directory.entries, peekIn(archive))
  return 'reads' in what ? what.name : what.code
}

describe('what an archive is', () => {
  test.each<[string, Record<string, string>, string]>([
    [
      'docx',
      { '_rels/.rels': relationships(['officeDocument', 'word/other.xml']), 'word/other.xml': wordBody('') },
      'docx',
    ],
    ['docx', { '_rels/.rels': relationships(['officeDocument', '/a/b.xml']), 'a/b.xml': wordBody('') }, 'docx'],
    [
      'workbook',
      { '_rels/.rels': relationships(['officeDocument', 'x.xml']), 'x.xml': '<x:workbook xmlns:x="u"/>' },
      'workbook',
    ],
    ['workbook', { 'xl/workbook.xml': '<workbook' }, 'workbook'],
    [
      'xlsb',
      { '_rels/.rels': relationships(['officeDocument', 'xl/workbook.bin']), 'xl/workbook.bin': '\u0001' },
      'binary_workbook',
    ],
    [
      'pptx',
      {
        '_rels/.rels': relationships(['officeDocument', 'ppt/presentation.xml']),
        'ppt/presentation.xml': '<p:presentation/>',
      },
      'pptx',
    ],
    ['odt', { mimetype: 'application/vnd.oasis.opendocument.text', 'content.xml': '<a/>' }, 'odt'],
    ['odf formula', { mimetype: 'application/vnd.oasis.opendocument.formula' }, 'open_document'],
    ['epub', { mimetype: 'application/epub+zip' }, 'epub'],
    ['ofd', { 'OFD.xml': '<a/>' }, 'ofd_document'],
    ['plain archive', { '海报/a.png': 'x' }, 'zip'],
  ])('is told by its parts: %s', async (_, files, kind) => {
    expect(await kindOf(zipOf(files))).toBe(kind)
  })

  test('is encrypted rather than damaged where that is so', async () => {
    const encrypted = (files: Record<string, string>) => {
      const archive = zipOf(files)
      for (let at = 0; at + 4 < archive.length; at++) {
        if (archive.readUInt32LE(at) === 0x02014b50) archive.writeUInt16LE(archive.readUInt16LE(at + 8) | 1, at + 8)
      }
      return archive
    }
    expect(await kindOf(encrypted({ 'a.txt': 'a' }))).toBe('zip')
    const main = { 'word/document.xml': wordBody('') }
    expect(await kindOf(encrypted(main))).toBe('encrypted_document')
    expect(await kindOf(zipOf(main).subarray(0, 100))).toBe('damaged_document')
  })
})

describe('reading an archive', () => {
  const text = '限时优惠'
  async function firstOf(archive: Buffer): Promise<string> {
    const directory = readZipDirectory(archive)
    if (directory.kind === 'failure') throw new Error(directory.detail)
    const [entry] = directory.entries
    if (entry === undefined) throw new Error('empty')
    const unpacked = await unpackEntry(archive, entry, 1000)
    return unpacked.kind === 'unpacked' ? Buffer.from(unpacked.bytes).toString() : unpacked.kind
  }

  test('finds its files behind whatever was put in front', async () => {
    expect(await firstOf(Buffer.concat([Buffer.from('#!/bin/sh\n'.repeat(9)), zipOf({ 'a.txt': text })]))).toBe(text)
  })

  test('takes long fields from where ZIP64 puts them', async () => {
    expect(await firstOf(zip64Of('a.txt', text))).toBe(text)
  })

  test('gives a reason for whatever bytes are changed or missing', async () => {
    const archive = zip64Of('a.txt', text)
    await fc.assert(
      fc.asyncProperty(fc.nat(archive.length - 1), fc.nat(255), fc.boolean(), async (at, value, isCut) => {
        const changed = Buffer.from(isCut ? archive.subarray(0, at) : archive)
        if (!isCut) changed[at] = value
        const directory = readZipDirectory(changed)
        if (directory.kind === 'failure') return
        for (const entry of directory.entries) {
          const unpacked = await unpackEntry(changed, entry, 1000)
          if (unpacked.kind === 'unpacked') expect(Buffer.from(unpacked.bytes).toString()).toBe(text)
        }
      }),
      { numRuns: 500 },
    )
  })
})

/** With every size and offset in the fields that ZIP64 adds. */
function zip64Of(name: string, content: string): Buffer {
  const bytes = Buffer.from(content)
  const packed = deflateRawSync(bytes)
  const header = Buffer.alloc(30)
  header.writeUInt32LE(0x04034b50, 0)
  header.writeUInt16LE(8, 8)
  header.writeUInt16LE(name.length, 26)
  const entry = Buffer.alloc(46)
  entry.writeUInt32LE(0x02014b50, 0)
  entry.writeUInt16LE(8, 10)
  entry.writeUInt32LE(crc32(bytes), 16)
  for (const at of [20, 24, 42]) entry.writeUInt32LE(0xffffffff, at)
  entry.writeUInt16LE(name.length, 28)
  entry.writeUInt16LE(28, 30)
  const extra = Buffer.alloc(28)
  extra.writeUInt16LE(1, 0)
  extra.writeUInt16LE(24, 2)
  extra.writeBigUInt64LE(BigInt(bytes.length), 4)
  extra.writeBigUInt64LE(BigInt(packed.length), 12)
  const body = Buffer.concat([header, Buffer.from(name), packed])
  const directory = Buffer.concat([entry, Buffer.from(name), extra])
  const end64 = Buffer.alloc(56)
  end64.writeUInt32LE(0x06064b50, 0)
  end64.writeBigUInt64LE(1n, 32)
  end64.writeBigUInt64LE(BigInt(directory.length), 40)
  end64.writeBigUInt64LE(BigInt(body.length), 48)
  const locator = Buffer.alloc(20)
  locator.writeUInt32LE(0x07064b50, 0)
  locator.writeBigUInt64LE(BigInt(body.length + directory.length), 8)
  const end = Buffer.alloc(22)
  end.writeUInt32LE(0x06054b50, 0)
  end.writeUInt16LE(0xffff, 10)
  end.writeUInt32LE(0xffffffff, 12)
  end.writeUInt32LE(0xffffffff, 16)
  return Buffer.concat([body, directory, end64, locator, end])
}

/** A compound file with these names in a directory of two sectors. */
function compoundOf(...names: readonly string[]): Buffer {
  const file = Buffer.alloc(512 * 4, 0xff)
  file.fill(0, 0, 512)
  Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]).copy(file)
  file.writeUInt16LE(9, 30)
  file.writeUInt32LE(1, 48)
  file.writeUInt32LE(0, 76)
  // The table: sector 0 is itself, 1 goes on in 2.
  file.writeUInt32LE(2, 512 + 4)
  file.writeUInt32LE(0xfffffffe, 512 + 8)
  for (const [index, name] of ['Root Entry', '', '', '', ...names].entries()) {
    const at = 1024 + index * 128
    file.fill(0, at, at + 128)
    if (name === '') continue
    file.write(name, at, 'utf16le')
    file.writeUInt16LE(name.length * 2 + 2, at + 64)
  }
  return file
}

describe('what a compound file is', () => {
  const read = (file: Buffer) => (offset: number, length: number) =>
    Promise.resolve(file.subarray(Math.min(offset, file.length), offset + length))

  test.each([
    ['EncryptedPackage', 'encrypted_document'],
    ['PowerPoint Document', 'old_presentation'],
    ['Something else', 'old_office_file'],
  ])('is told by the names in its directory: %s', async (name, kind) => {
    const file = compoundOf(name)
    expect(compoundKind(await readCompoundNames(read(file), file.length))).toEqual({ code: kind })
  })

  test.each(['Workbook', 'Book'])('may be a list: %s', async name => {
    const file = compoundOf(name)
    const kind = compoundKind(await readCompoundNames(read(file), file.length))
    expect(kind).toMatchObject({ reads: 'rows', name: 'old workbook' })
  })

  test('is not what lies in one of its objects', async () => {
    const container = CFB.utils.cfb_new()
    for (const name of ['/WordDocument', '/ObjectPool/_1/Workbook'])
      CFB.utils.cfb_add(container, name, Buffer.alloc(5000))
    const file = CFB.write(container, { type: 'buffer' }) as Buffer
    const names = await readCompoundNames(read(file), file.length)
    expect(names).not.toContain('Workbook')
    expect(compoundKind(names)).toMatchObject({ reads: 'document', name: 'doc' })
  })

  test('is never a reason to fail or to go on for ever', async () => {
    const file = compoundOf('PowerPoint Document')
    await fc.assert(
      fc.asyncProperty(fc.nat(file.length - 4), fc.nat(0xffffffff), fc.nat(file.length), async (at, value, length) => {
        const changed = Buffer.from(file)
        changed.writeUInt32LE(value, at)
        const cut = changed.subarray(0, length)
        expect(compoundKind(await readCompoundNames(read(cut), cut.length))).toHaveProperty('code')
      }),
      { numRuns: 300 },
    )
  })
})
