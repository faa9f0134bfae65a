/**
 * A child that does with a library alone what the product does with a file: what a careful script would have. Each message is a file; the
 * answer is how many pictures were made of it.
 */

import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { extname } from 'node:path'
import process from 'node:process'
import { init } from '@embedpdf/pdfium'
import { initializeCanvas, readPsd } from 'ag-psd'
import sharp, { type Sharp } from 'sharp'
import { layOut, tileLimits, tiles } from '../../electron/engine/imaging/layout.ts'
import { limits } from '../../shared/limits.ts'

sharp.cache(false)
sharp.concurrency(1)
const require = createRequire(import.meta.url)

interface Raw {
  readonly data: Uint8Array | Uint8ClampedArray
  readonly width: number
  readonly height: number
}

async function encode(picture: Sharp): Promise<number> {
  const bytes = await picture.flatten({ background: '#ffffff' }).jpeg({ quality: 90 }).toBuffer()
  return bytes.byteLength > 0 ? 1 : 0
}

function fitted(picture: Sharp): Promise<number> {
  const { imageMaxWidth: width, imageMaxHeight: height } = limits
  return encode(picture.resize(width, height, { fit: 'inside', withoutEnlargement: true }))
}

/** Whole, and in tiles where its print would be too small. */
async function parts({ data, width, height }: Raw): Promise<number> {
  const decoded = () => sharp(data, { raw: { width, height, channels: 4 } })
  let made = await fitted(decoded())
  if (layOut({ width, height }, 'auto').tileCount === 0) return made
  for (const [left, top, across, down] of tiles({ width, height }, tileLimits)) {
    made += await encode(decoded().extract({ left, top, width: across, height: down }))
  }
  return made
}

const pdfium = Promise.withResolvers<Awaited<ReturnType<typeof init>>>()
let isStarted = false

async function startPdfium() {
  if (!isStarted) {
    isStarted = true
    const wasmBinary = new Uint8Array(await readFile(require.resolve('@embedpdf/pdfium/pdfium.wasm'))).buffer
    const started = await init({ wasmBinary })
    started.PDFiumExt_Init()
    pdfium.resolve(started)
  }
  return await pdfium.promise
}

/** Words and a picture of every page, 2,000 pixels long. */
async function pdf(path: string): Promise<number> {
  const calls = await startPdfium()
  const memory = calls.pdfium as unknown as {
    readonly HEAPU8: Uint8Array
    readonly wasmExports: { malloc(bytes: number): number; free(address: number): void }
  }
  const bytes = await readFile(path)
  const file = memory.wasmExports.malloc(bytes.byteLength)
  memory.HEAPU8.set(bytes, file)
  const document = calls.FPDF_LoadMemDocument(file, bytes.byteLength, '')
  if (document === 0) throw new Error(`${path} cannot be opened`)
  let made = 0
  for (let index = 0; index < calls.FPDF_GetPageCount(document); index++) {
    const page = calls.FPDF_LoadPage(document, index)
    const text = calls.FPDFText_LoadPage(page)
    const count = calls.FPDFText_CountChars(text)
    const words = memory.wasmExports.malloc(2 * (count + 1))
    calls.FPDFText_GetText(text, 0, count, words)
    if (Buffer.from(memory.HEAPU8.subarray(words, words + 2 * count)).toString('utf16le') === '')
      throw new Error('no words')
    memory.wasmExports.free(words)
    calls.FPDFText_ClosePage(text)
    const [across, down] = [calls.FPDF_GetPageWidthF(page), calls.FPDF_GetPageHeightF(page)]
    const scale = 2000 / Math.max(across, down)
    const [width, height] = [Math.round(across * scale), Math.round(down * scale)]
    const bitmap = calls.FPDFBitmap_CreateEx(width, height, 4, 0, 0)
    calls.FPDFBitmap_FillRect(bitmap, 0, 0, width, height, 0xffffffff)
    calls.FPDF_RenderPageBitmap(bitmap, page, 0, 0, width, height, 0, 0x01 | 0x10)
    const start = calls.FPDFBitmap_GetBuffer(bitmap)
    const data = memory.HEAPU8.slice(start, start + 4 * width * height)
    calls.FPDFBitmap_Destroy(bitmap)
    calls.FPDF_ClosePage(page)
    made += await parts({ data, width, height })
  }
  calls.FPDF_CloseDocument(document)
  memory.wasmExports.free(file)
  return made
}

const noCanvas = () => {
  throw new Error('nothing is drawn here')
}
const blank = (width: number, height: number) => ({ width, height, data: new Uint8ClampedArray(width * height * 4) })
// The types are a browser's.
initializeCanvas(noCanvas, blank as unknown as Parameters<typeof initializeCanvas>[1])

/** Its composite, and its layers for their words. */
async function psd(path: string): Promise<number> {
  const drawing = readPsd(await readFile(path), { useImageData: true, skipLayerImageData: true, skipThumbnail: true })
  if (drawing.imageData === undefined) throw new Error(`${path} has no composite`)
  return await parts(drawing.imageData as Raw)
}

interface HeifPicture {
  get_width(): number
  get_height(): number
  display(into: Raw, done: (drawn: Raw | null) => void): void
}

async function heic(path: string): Promise<number> {
  const { HeifDecoder } = require('libheif-js/wasm-bundle') as {
    HeifDecoder: new () => { decode(bytes: Uint8Array): HeifPicture[] }
  }
  const [picture] = new HeifDecoder().decode(await readFile(path))
  if (picture === undefined) throw new Error(`${path} cannot be decoded`)
  const [width, height] = [picture.get_width(), picture.get_height()]
  const drawn = await new Promise<Raw | null>(resolve => {
    picture.display({ data: new Uint8ClampedArray(width * height * 4), width, height }, resolve)
  })
  if (drawn === null) throw new Error(`${path} cannot be decoded`)
  return await parts(drawn)
}

async function photograph(path: string): Promise<number> {
  return await fitted(sharp(path).autoOrient())
}

const ways: Readonly<Record<string, (path: string) => Promise<number>>> = { '.pdf': pdf, '.psd': psd, '.heic': heic }

process.on('message', (path: string) => {
  const way = ways[extname(path)] ?? photograph
  way(path).then(
    made => process.send?.({ made }),
    (error: unknown) => process.send?.({ error: String(error) }),
  )
})
