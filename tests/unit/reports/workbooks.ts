import { Buffer } from 'node:buffer'
import { readZipDirectory, unpackEntry } from '../../../electron/engine/formats/archives/zip-archive.ts'
import { type PeopleAsset, peopleColumns } from '../../../electron/engine/reports/people-sheet.ts'
import { type PeopleSheet, type WorkbookParts, workbook } from '../../../electron/engine/reports/xlsx.ts'
import type { Language } from '../../../shared/language.ts'

/** The sheet in front, of these assets. */
export function peopleOf(
  language: Language,
  assets: readonly PeopleAsset[] = [],
  changes: Partial<PeopleSheet> = {},
): PeopleSheet {
  return {
    name: language === 'zh' ? '结果' : 'Results',
    title: '预审报告 · 十一海报',
    counts: '',
    unchecked: '',
    hasUnchecked: false,
    remark: '',
    language,
    columns: peopleColumns,
    async *rows() {
      yield* assets
    },
    ...changes,
  }
}

export async function bookOf(parts: WorkbookParts): Promise<Buffer> {
  const chunks: Uint8Array[] = []
  for await (const chunk of workbook(parts)) chunks.push(chunk)
  return Buffer.concat(chunks)
}

export async function entryOf(book: Buffer, name: string): Promise<string> {
  const archive = readZipDirectory(book)
  if (archive.kind === 'failure') throw new Error(archive.detail)
  const entry = archive.entries.find(each => each.name === name)
  if (entry === undefined) throw new Error(`there is no ${name}`)
  const unpacked = await unpackEntry(book, entry, 1e9)
  if (unpacked.kind !== 'unpacked') throw new Error(`${name} is ${unpacked.kind}`)
  return Buffer.from(unpacked.bytes).toString()
}
