import type { AssetKind } from '../../../shared/domain.ts'
import type { Reading } from './family.ts'
import { families } from './registry.ts'

/** The present versions of all readers. What was screened before readings were numbered is of version 1. */
const versions = new Map(
  families.flatMap(({ formats }) => formats.flatMap(format => (format.reads === 'archive' ? [] : [format.reading]))),
)
const present: ReadonlySet<string> = new Set([...versions].map(([reader, version]) => `${reader} ${version}`))

/** The present reading of a reader: `html` gives `html 2`. */
export function readingBy(reader: string): Reading {
  const version = versions.get(reader)
  if (version === undefined) throw new Error(`no reader ${reader}`)
  return `${reader} ${version}`
}

/** What is stored of an asset that was read before readings were numbered: nothing, which stands for version 1 of its reader. */
const unnumbered: Readonly<Record<AssetKind, Reading | null>> = {
  audio: 'audio 1',
  image: null,
  text: null,
  document: null,
  video: null,
}

/** The same as `olderReadingSql`, for who has read the row. */
export function isOlderReading(kind: AssetKind, reading: string | null): boolean {
  return !present.has(reading ?? unnumbered[kind] ?? '')
}

/** SQL over a row of `assets`, 1 or 0: whether a reader read it that reads its kind in another way today. */
export function olderReadingSql(alias: string): string {
  const stood = Object.entries(unnumbered).flatMap(([kind, reading]) =>
    reading === null ? [] : [`WHEN '${kind}' THEN '${reading}'`],
  )
  return `(${alias}.kind IS NOT NULL AND instr(',${[...present].join(',')},',
    ',' || coalesce(${alias}.reading, CASE ${alias}.kind ${stood.join(' ')} ELSE '?' END) || ',') = 0)`
}
