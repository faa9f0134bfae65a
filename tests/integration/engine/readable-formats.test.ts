import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { writePsd } from 'ag-psd'
import { expect, test } from 'vitest'
import { defaultOptions } from '../../../shared/screening.ts'
import { engineFor, temporaryFolder } from '../../fixtures/engine/harness.ts'
import { savedPage } from '../../fixtures/formats/mails.ts'
import { rarOf, sevenZipLzma } from '../../fixtures/formats/packed.ts'
import { tarOf } from '../../fixtures/formats/tars.ts'
import { archiveOf } from '../../fixtures/formats/zips.ts'
import { oldDocumentWith } from '../../unit/formats/old-documents.ts'
import { oldWorkbookWith } from '../../unit/formats/old-workbooks.ts'
import { plainBook, plainOpenDocument, plainPresentation } from '../../unit/formats/packages.ts'
import { words as letters, pageOf } from '../../unit/formats/pdf-file.ts'
import { rowOf, workbookWith } from '../../unit/formats/workbooks.ts'
import { docxOf } from '../../unit/formats/zip-file.ts'
import { coded, heic } from '../imaging/heic-files.ts'
import { bmp, slopes } from '../imaging/pictures.ts'

const picture = slopes(96, 64)
const words = '秋季新品'
/** A file of each format, by the name under which the first screen promises to take it. */
const samples: Readonly<Record<string, () => string | Uint8Array | Promise<Uint8Array>>> = {
  JPG: () => picture.clone().jpeg().toBuffer(),
  PNG: () => picture.clone().png().toBuffer(),
  GIF: () => picture.clone().gif().toBuffer(),
  WebP: () => picture.clone().webp().toBuffer(),
  TIFF: () => picture.clone().tiff().toBuffer(),
  BMP: () => bmp({ width: 96, height: 64, bits: 24 }, (x, y) => [x, y, 9]),
  HEIC: async () => heic([{ type: 'hvc1', data: coded.red }]),
  AVIF: () => picture.clone().avif().toBuffer(),
  SVG: () => '<svg xmlns="http://www.w3.org/2000/svg" width="96" height="64"><rect width="9" height="9"/></svg>',
  PSD: () =>
    new Uint8Array(
      writePsd({
        width: 8,
        height: 4,
        imageData: { width: 8, height: 4, data: Uint8ClampedArray.from({ length: 128 }, (_, at) => at * 2) },
      }),
    ),
  DOCX: () => docxOf([words]),
  PPTX: () => plainPresentation(words),
  ODT: () => plainOpenDocument('text', words),
  ODP: () => plainOpenDocument('presentation', words),
  ODS: () => plainOpenDocument('spreadsheet', words),
  PDF: () => pageOf(letters('Autumn sale')),
  AI: () => pageOf(letters('Autumn sale')),
  EML: () => `From: a@example.com\nMIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n\n${words}\n`,
  MHT: async () => savedPage(words, await picture.clone().png().toBuffer()),
  EPUB: () => plainBook(words),
  HTML: () => `<!doctype html><html><body><p>${words}</p></body></html>`,
  SRT: () => `1\n00:00:01,000 --> 00:00:02,000\n${words}\n`,
  VTT: () => `WEBVTT\n\n00:01.000 --> 00:02.000\n${words}\n`,
  JSON: () => JSON.stringify({ title: words }),
  TXT: () => words,
  MD: () => `# ${words}\n`,
  DOC: () => oldDocumentWith([`${words}\r`]),
  XLS: () => oldWorkbookWith([['文案'], [words]]),
  ET: () => oldWorkbookWith([['文案'], [words]]),
  XLSX: () => workbookWith({ rows: rowOf(1, '文案') + rowOf(2, words) }),
  CSV: () => `文案\n${words}\n`,
  ZIP: () => archiveOf([{ name: 'a.txt', content: words }]),
  RAR: () => rarOf([{ name: 'a.txt', content: words }]),
  '7Z': () => sevenZipLzma,
  TAR: () => tarOf([{ name: 'a.txt', content: words }]),
  GZ: () => gzipSync(words),
  TSV: () => `文案\t价格\n${words}\t9\n`,
}

test('every format that the first screen names is read', async () => {
  const engine = await engineFor(await temporaryFolder())
  const { image, text, table, archive } = engine.formats
  const promised = [...image, ...text, ...table, ...archive]
  const folder = await temporaryFolder()
  await Promise.all(
    promised.map(async name => writeFile(join(folder, `a.${name.toLowerCase()}`), (await samples[name]?.()) ?? '')),
  )
  const profiles = engine.profiles.list().slice(0, 1)
  const options = { ...defaultOptions, textColumn: '文案' }
  const { problems, assets } = await engine.plan(
    { inputs: [folder], profiles, options, name: null },
    () => undefined,
    new AbortController().signal,
  )
  expect(problems).toEqual([])
  // Each is one asset, whatever it counts as.
  expect(Object.values(assets).reduce((sum, count) => sum + count, 0)).toBe(promised.length)
})
