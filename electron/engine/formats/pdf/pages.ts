import { limits } from '../../../../shared/limits.ts'
import type { Fonts } from './fonts.ts'
import type { Pdfium } from './pdfium.ts'

/** What one page shows, without drawing it. */
export interface PageFacts {
  readonly words: string
  /** Fonts that are neither in the file nor here, by name. */
  readonly missingFonts: ReadonlySet<string>
  /** In points, as it is shown: turned and cropped. */
  readonly width: number
  readonly height: number
  /** The smallest letters that are seen, in points; null where there are none. */
  readonly smallestPrint: number | null
  /** Nothing is drawn but text whose size is known, and what is too plain to be letters. */
  readonly isMeasured: boolean
}

/** `FPDF_PAGEOBJ_…` and text render modes that draw nothing. */
const objectTypes = { path: 2, image: 3, form: 5 } as const
const unseenModes = new Set([3, 7])

/** Calls with the page open; null when it cannot be opened. */
export function withPage<T>(pdfium: Pdfium, document: number, index: number, use: (page: number) => T): T | null {
  const page = pdfium.FPDF_LoadPage(document, index)
  if (page === 0) return null
  try {
    return use(page)
  } finally {
    pdfium.FPDF_ClosePage(page)
  }
}

export function readPage(pdfium: Pdfium, fonts: Fonts, page: number): PageFacts | null {
  const width = pdfium.FPDF_GetPageWidthF(page)
  const height = pdfium.FPDF_GetPageHeightF(page)
  const text = pdfium.FPDFText_LoadPage(page)
  if (text === 0) return null
  try {
    const letters = readLetters(pdfium, fonts, text)
    const isMeasured = isDrawnPlainly(pdfium, page, fitScale(width, height))
    return { words: wordsOf(pdfium, text), width, height, isMeasured, ...letters }
  } finally {
    pdfium.FPDFText_ClosePage(text)
  }
}

/** Pixels a point when all of a page is sent in one call. */
export function fitScale(width: number, height: number): number {
  return Math.min(limits.imageMaxWidth / width, limits.imageMaxHeight / height)
}

function wordsOf(pdfium: Pdfium, text: number): string {
  const count = pdfium.FPDFText_CountChars(text)
  if (count <= 0) return ''
  const words = pdfium.withMemory(2 * (count + 1), address => {
    const written = pdfium.FPDFText_GetText(text, 0, count, address)
    const bytes = pdfium.runtime.HEAPU8.subarray(address, address + 2 * Math.max(0, written - 1))
    return Buffer.from(bytes).toString('utf16le')
  })
  return (
    words
      // A word that goes on in the next line; letters of fonts that do not say which they are.
      .replaceAll(/\p{Cc}(?<![\t\r\n])(?:\r?\n)?|[\ufffe\uffff]/gu, '')
      .replaceAll(/\r\n?/g, '\n')
      .toWellFormed()
      .trim()
  )
}

type Letters = Pick<PageFacts, 'missingFonts' | 'smallestPrint'>

/** What the letters of one run have in common. */
interface Run {
  readonly isSeen: boolean
  /** In points; null where it has none. */
  readonly print: number
  /** Name and length of the font that stands for one that is not in the file. */
  readonly substitute: { readonly name: string; readonly bytes: number } | null
}

function readLetters(pdfium: Pdfium, fonts: Fonts, text: number): Letters {
  const missingFonts = new Set<string>()
  let smallestPrint: number | null = null
  let run: Run | null = null
  let object = -1
  const count = pdfium.FPDFText_CountChars(text)
  for (let index = 0; index < count; index++) {
    if (pdfium.FPDFText_IsGenerated(text, index) === 1) continue
    const point = pdfium.FPDFText_GetUnicode(text, index)
    const own = pdfium.FPDFText_GetTextObject(text, index)
    if (own !== object || run === null) {
      object = own
      run = readRun(pdfium, text, index, own)
    }
    if (!run.isSeen || isBlank(point)) continue
    if (run.print > 0 && (smallestPrint === null || run.print < smallestPrint)) smallestPrint = run.print
    const { substitute } = run
    if (substitute === null || missingFonts.has(substitute.name)) continue
    const isUnknown = point === 0 || pdfium.FPDFText_HasUnicodeMapError(text, index) === 1
    if (isUnknown || !hasShape(fonts, substitute, point)) missingFonts.add(substitute.name)
  }
  return { missingFonts, smallestPrint }
}

function isBlank(point: number): boolean {
  return (
    point === 9 || point === 10 || point === 13 || point === 32 || point === 0xa0 || point === 0xad || point === 0x3000
  )
}

/** PDFium brings the two fonts of symbols. */
function hasShape(fonts: Fonts, { name, bytes }: { name: string; bytes: number }, point: number): boolean {
  return /^(?:Symbol|ZapfDingbats|Wingdings)/i.test(name) || fonts.hasShape(bytes, point)
}

function readRun(pdfium: Pdfium, text: number, index: number, object: number): Run {
  const isSeen = object === 0 || !unseenModes.has(pdfium.FPDFTextObj_GetTextRenderMode(object))
  const print = pdfium.withMemory(24, matrix => {
    const size = pdfium.FPDFText_GetFontSize(text, index)
    if (pdfium.FPDFText_GetMatrix(text, index, matrix) === 0) return size
    const view = pdfium.view(matrix, 24)
    return size * Math.hypot(view.getFloat32(8, true), view.getFloat32(12, true))
  })
  const font = object === 0 ? 0 : pdfium.FPDFTextObj_GetFont(object)
  if (font === 0 || pdfium.FPDFFont_GetIsEmbedded(font) !== 0) return { isSeen, print, substitute: null }
  const bytes = pdfium.withMemory(4, length => {
    pdfium.FPDFFont_GetFontData(font, 0, 0, length)
    return pdfium.view(length, 4).getUint32(0, true)
  })
  return { isSeen, print, substitute: { name: fontName(pdfium, font), bytes } }
}

function fontName(pdfium: Pdfium, font: number): string {
  const length = pdfium.FPDFFont_GetBaseFontName(font, 0, 0)
  if (length <= 1) return ''
  return pdfium.withMemory(length, address => {
    pdfium.FPDFFont_GetBaseFontName(font, address, length)
    const bytes = pdfium.runtime.HEAPU8.slice(address, address + length - 1)
    try {
      return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    } catch {
      return new TextDecoder('gbk').decode(bytes)
    }
  })
}

/** How many objects of a page are looked at; a page of more is not measured. */
const mostObjects = 50_000
/** In pixels of the page when all of it is sent: a picture as large may hold print, a curve as small may be a letter. */
const pictureSide = 60
const letterSide = 24
/** More small curves than a logo has. */
const fewCurves = 12
const letterSegments = 5

/** Whether there are no pictures in which, and no outlines as which, print may be drawn. */
function isDrawnPlainly(pdfium: Pdfium, page: number, scale: number): boolean {
  const count = pdfium.FPDFPage_CountObjects(page)
  if (count > mostObjects) return false
  let curves = 0
  for (let index = 0; index < count; index++) {
    const object = pdfium.FPDFPage_GetObject(page, index)
    const type = pdfium.FPDFPageObj_GetType(object)
    if (type === objectTypes.form && !isFormPlain(pdfium, object, 0)) return false
    if (type !== objectTypes.image && type !== objectTypes.path) continue
    const [width, height] = sizeOf(pdfium, object).map(side => side * scale) as [number, number]
    if (type === objectTypes.image && width > pictureSide && height > pictureSide / 4) return false
    if (type === objectTypes.path && Math.max(width, height) < letterSide * 4 && Math.min(width, height) < letterSide) {
      if (pdfium.FPDFPath_CountSegments(object) >= letterSegments && ++curves > fewCurves) return false
    }
  }
  return true
}

const deepestForm = 8

/** Within a form nothing is measured: it holds text alone, or may hold anything. */
function isFormPlain(pdfium: Pdfium, form: number, depth: number): boolean {
  const count = pdfium.FPDFFormObj_CountObjects(form)
  if (count > mostObjects || depth > deepestForm) return false
  let curves = 0
  for (let index = 0; index < count; index++) {
    const object = pdfium.FPDFFormObj_GetObject(form, index)
    const type = pdfium.FPDFPageObj_GetType(object)
    if (type === objectTypes.image) return false
    if (type === objectTypes.form && !isFormPlain(pdfium, object, depth + 1)) return false
    if (type === objectTypes.path && pdfium.FPDFPath_CountSegments(object) >= letterSegments && ++curves > fewCurves) {
      return false
    }
  }
  return true
}

function sizeOf(pdfium: Pdfium, object: number): readonly [number, number] {
  return pdfium.withMemory(16, at => {
    if (pdfium.FPDFPageObj_GetBounds(object, at, at + 4, at + 8, at + 12) === 0) return [0, 0]
    const [left, bottom, right, top] = [0, 4, 8, 12].map(ahead => pdfium.view(at, 16).getFloat32(ahead, true)) as [
      number,
      number,
      number,
      number,
    ]
    return [right - left, top - bottom]
  })
}
