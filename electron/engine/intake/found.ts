import { resolve } from 'node:path'
import type { Found, Source } from '../formats/source.ts'

/** A source that is a file, wherever it lies. */
export type FileSource = Extract<Source, { kind: 'file' | 'entry' }>

export function fileSource(path: string): FileSource {
  return { kind: 'file', path: resolve(path) }
}

/** The sheet of a workbook that something is wrong with. */
export function sheetOf(source: FileSource, sheet: string | null): FileSource {
  return sheet === null ? source : { ...source, sheet }
}

/** What a file is called in options and in what is stored of its rows: its absolute path, through the archives that it lies in. */
export function shownPathOf(source: FileSource): string {
  return source.kind === 'file' ? source.path : [source.archive, ...source.entries].join('/')
}

/** One thing that intake came across; what is not named of it is null. */
export function found(
  root: string,
  path: string,
  source: Source,
  what: Partial<Pick<Found, 'kind' | 'bytes' | 'failure' | 'skipped' | 'note'>>,
): Found {
  const { kind = null, bytes = null, failure = null, skipped = null, note = null } = what
  return { source, root, path, kind, bytes, failure, skipped, note }
}
