import type { Failure } from '../../../../shared/conclusion.ts'
import { type RemarkCode, remark } from '../../../../shared/remarks/index.ts'
import { inputFailure } from '../../base/input-failure.ts'
import type { Pdfium } from './pdfium.ts'

/** How a page becomes a picture. */
export interface Drawing {
  readonly width: number
  readonly height: number
}

/** Pixels of the longer side of an ordinary page. */
const usualSide = 2000
/** Of the shorter one of a long page, as it is made for phones. */
const leastSide = 750
/** Pixels that the smallest print should have, as far as the page stays below `mostPixels`. */
const readablePrint = 12
const mostPixels = 30_000_000
const mostSide = 30_000

/** How large a page of so many points is drawn. Null for one without extent. */
export function drawingOf(width: number, height: number, smallestPrint: number | null): Drawing | null {
  if (!(width > 0 && height > 0 && Number.isFinite(width * height))) return null
  const [long, short] = [Math.max(width, height), Math.min(width, height)]
  const wanted = Math.max(
    usualSide / long,
    leastSide / short,
    smallestPrint === null ? 0 : readablePrint / smallestPrint,
  )
  const scale = Math.min(wanted, mostSide / long, Math.sqrt(mostPixels / (width * height)))
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) }
}

/** `FPDFBitmap_BGRA`; annotations as viewers show them; red first. */
const bitmapFormat = 4
const drawFlags = 0x01 | 0x10

/** Draws a page with its annotations and the fields of its form, on white, as PNG. */
export async function drawPage(
  pdfium: Pdfium,
  page: number,
  form: number,
  { width, height }: Drawing,
): Promise<Uint8Array | Failure> {
  const unreadable = unreadPictures(pdfium, page)
  if (unreadable > 0) return refused('unread_picture', unreadable)
  const bitmap = pdfium.FPDFBitmap_CreateEx(width, height, bitmapFormat, 0, 0)
  if (bitmap === 0) return refused('unread_page', 1)
  let pixels: Uint8Array
  try {
    pdfium.FPDFBitmap_FillRect(bitmap, 0, 0, width, height, 0xffffffff)
    pdfium.FPDF_RenderPageBitmap(bitmap, page, 0, 0, width, height, 0, drawFlags)
    if (form !== 0) pdfium.FPDF_FFLDraw(form, bitmap, page, 0, 0, width, height, 0, drawFlags)
    const start = pdfium.FPDFBitmap_GetBuffer(bitmap)
    pixels = pdfium.runtime.HEAPU8.slice(start, start + 4 * width * height)
  } finally {
    pdfium.FPDFBitmap_Destroy(bitmap)
  }
  const { sharp } = await import('../../imaging/sharp.ts')
  return sharp(pixels, { raw: { width, height, channels: 4 } })
    .removeAlpha()
    .png({ compressionLevel: 1, adaptiveFiltering: false })
    .toBuffer()
}

function refused(code: RemarkCode, count: number): Failure {
  return inputFailure('damaged_document', [remark(code, { count })])
}

const objectTypes = { image: 3, form: 5 } as const
const deepestForm = 20

/** Pictures whose data PDFium cannot make out are not drawn, without a word. Drawing decodes them once more. */
function unreadPictures(pdfium: Pdfium, page: number): number {
  let unread = 0
  const look = (object: number, depth: number): void => {
    const type = pdfium.FPDFPageObj_GetType(object)
    if (type === objectTypes.form && depth < deepestForm) {
      const count = pdfium.FPDFFormObj_CountObjects(object)
      for (let index = 0; index < count; index++) look(pdfium.FPDFFormObj_GetObject(object, index), depth + 1)
    }
    if (type !== objectTypes.image) return
    if (isPhotograph(pdfium, object)) {
      if (bitsOf(pdfium, object, page) === 0) unread++
      return
    }
    const bitmap = pdfium.FPDFImageObj_GetBitmap(object)
    if (bitmap === 0) unread++
    else pdfium.FPDFBitmap_Destroy(bitmap)
  }
  const count = pdfium.FPDFPage_CountObjects(page)
  for (let index = 0; index < count; index++) look(pdfium.FPDFPage_GetObject(page, index), 0)
  return unread
}

/** Whether a picture is a JPEG: PDFium can draw any whose header it can read, and decoding it twice takes as long as drawing the page. */
function isPhotograph(pdfium: Pdfium, image: number): boolean {
  const last = pdfium.FPDFImageObj_GetImageFilterCount(image) - 1
  if (last < 0) return false
  return pdfium.withMemory(16, name => {
    const length = pdfium.FPDFImageObj_GetImageFilter(image, last, name, 16)
    const bytes = pdfium.runtime.HEAPU8.subarray(name, name + Math.max(0, Math.min(length, 16) - 1))
    return /^DCT(?:Decode)?$/.test(Buffer.from(bytes).toString('latin1'))
  })
}

/** Bits a pixel, by `FPDF_IMAGEOBJ_METADATA`; 0 where its header cannot be made out. */
function bitsOf(pdfium: Pdfium, image: number, page: number): number {
  return pdfium.withMemory(28, facts => {
    pdfium.FPDFImageObj_GetImageMetadata(image, page, facts)
    return pdfium.view(facts, 28).getUint32(16, true)
  })
}
