import type { AssetKind } from '../../../shared/domain.ts'

/**
 * How each reader reads, as a number that goes up whenever the same bytes are read in another way. It is in the key under which an
 * outcome may be used again, beside the asset and in its evidence: an outcome speaks for the reading that it was made from. What was
 * screened before readings were numbered is of version 1.
 */
const versions = {
  plain: 2,
  markup: 2,
  html: 2,
  xhtml: 2,
  json: 2,
  'json lines': 2,
  xml: 2,
  subtitles: 2,
  ass: 2,
  mail: 2,
  docx: 2,
  /** A cell of a table, delimited or a workbook's. */
  table: 2,
  jpeg: 2,
  png: 2,
  gif: 2,
  webp: 2,
  avif: 2,
  heic: 2,
  tiff: 2,
  bmp: 2,
  svg: 2,
  audio: 1,
} as const

export type Reader = keyof typeof versions

/** A reader and its present version, as they are stored: `html 2`. */
export type Reading = `${Reader} ${number}`

export function readingBy(reader: Reader): Reading {
  return `${reader} ${versions[reader]}`
}

/** What is stored of an asset that was read before readings were numbered: nothing, which stands for version 1 of its reader. */
const unnumbered: Readonly<Record<AssetKind, Reading | null>> = { audio: 'audio 1', image: null, text: null }

/** SQL over a row of `assets`, 1 or 0: whether a reader read it that reads its kind in another way today. */
export function olderReadingSql(alias: string): string {
  const present = (Object.keys(versions) as Reader[]).map(readingBy)
  const stood = Object.entries(unnumbered).flatMap(([kind, reading]) =>
    reading === null ? [] : [`WHEN '${kind}' THEN '${reading}'`],
  )
  return `(${alias}.kind IS NOT NULL AND instr(',${present.join(',')},',
    ',' || coalesce(${alias}.reading, CASE ${alias}.kind ${stood.join(' ')} ELSE '?' END) || ',') = 0)`
}

/** The reader of an image's or a recording's bytes, by the type that they were recognised as. */
export function readerOfMedia(kind: Exclude<AssetKind, 'text'>, mime: string): Reader {
  if (kind === 'audio') return 'audio'
  const format = mime.replace(/^image\/(?:x-|vnd\.)?/, '').replace(/\+xml$/, '')
  const reader =
    { apng: 'png', 'ms-bmp': 'bmp', heif: 'heic', 'heic-sequence': 'heic', 'heif-sequence': 'heic' }[format] ?? format
  if (!Object.hasOwn(versions, reader)) throw new Error(`no reader of ${mime}`)
  return reader as Reader
}
