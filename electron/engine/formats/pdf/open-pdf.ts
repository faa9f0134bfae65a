import type { Failure } from '../../../../shared/conclusion.ts'
import type { Section } from '../../../../shared/pieces.ts'
import { type Remark, remark } from '../../../../shared/remarks/index.ts'
import { inputFailure } from '../../base/input-failure.ts'
import type { DocumentFile, DocumentSurvey, OpenDocument, Piece } from '../documents/document.ts'
import { accountForStructure } from './account.ts'
import { type Drawing, drawingOf, drawPage } from './draw.ts'
import { type Fonts, lendFonts } from './fonts.ts'
import { fitScale, type PageFacts, readPage, withPage } from './pages.ts'
import { type Pdfium, startPdfium } from './pdfium.ts'
import { readStructure } from './structure.ts'

/** More pages are a book, and take longer to read than a reader is given. */
export const mostPages = 2000
/** UTF-16 units of all words together. */
const mostWords = 20_000_000

/** What `FPDF_GetLastError` says of a file that asks for a password, or for a program to unlock it. */
const passwordErrors = new Set([4, 5])

interface Opened {
  readonly pdfium: Pdfium
  readonly fonts: Fonts
  readonly document: number
  /** What fills in the fields of forms; 0 where there is none. */
  readonly form: number
  /** How large pages are drawn, by number, where a survey has measured their print. */
  readonly drawings: Map<number, Drawing>
}

/** Opens a PDF, which is read piece by piece from the file. */
export async function openPdf(file: DocumentFile): Promise<OpenDocument | Failure> {
  const pdfium = await startPdfium()
  const fonts = lendFonts(pdfium)
  const document = load(pdfium, file)
  if (document === 0) {
    if (passwordErrors.has(pdfium.FPDF_GetLastError()))
      return inputFailure('unsupported_type', [remark('encrypted_pdf')])
    return inputFailure('damaged_document', '')
  }
  const form = pdfium.PDFiumExt_InitFormFillEnvironment(document, pdfium.PDFiumExt_OpenFormFillInfo())
  // The colour behind fields that can be filled in is a viewer's own.
  if (form !== 0) pdfium.FPDF_RemoveFormFieldHighlight(form)
  const opened = { pdfium, fonts, document, form, drawings: new Map() }
  const pages = pdfium.FPDF_GetPageCount(document)
  const tell = (page: number) => file.tell?.(page, pages)
  const state = { isBroken: false }
  /** After it once failed within, nothing that PDFium says can be trusted. */
  const guarded = async <T>(use: () => Promise<T>): Promise<T | Failure> => {
    if (state.isBroken) return inputFailure('damaged_document', '')
    try {
      return await use()
    } catch (error) {
      state.isBroken = true
      throw error
    }
  }
  return {
    kind: 'document',
    survey: () => guarded(async () => survey(opened, tell)),
    load: handle => {
      tell(Number(handle))
      return guarded(() => draw(opened, Number(handle)))
    },
    // Its memory goes with it.
    close: () => undefined,
  }
}

function load(pdfium: Pdfium, file: DocumentFile): number {
  const { runtime } = pdfium
  const readBlock = (_: number, position = 0, buffer = 0, length = 0) => {
    const bytes = file.read(position >>> 0, length >>> 0)
    if (bytes.length !== length >>> 0) return 0
    runtime.HEAPU8.set(bytes, buffer >>> 0)
    return 1
  }
  // PDFium reads by it as long as the document is open.
  const access = runtime.wasmExports.malloc(12)
  const struct = pdfium.view(access, 12)
  struct.setUint32(0, file.sizeBytes, true)
  struct.setUint32(4, runtime.addFunction(readBlock, 'iiiii'), true)
  struct.setUint32(8, 0, true)
  return pdfium.FPDF_LoadCustomDocument(access, 0)
}

/** What Illustrator writes on the only page of a file that it saved without a PDF. */
const withoutPdf = /This is an Adobe\S* Illustrator\S* File that was\s+saved without PDF Content/i

function survey({ pdfium, fonts, document, drawings }: Opened, tell: (page: number) => void): DocumentSurvey | Failure {
  const pages = pdfium.FPDF_GetPageCount(document)
  if (pages === 0) return inputFailure('damaged_document', [remark('no_pages')])
  if (pages > mostPages)
    return inputFailure('too_large', [remark('pages_too_many', { count: pages, limit: mostPages })])
  const structure = readStructure(pdfium, document)
  if (typeof structure === 'string') return inputFailure('damaged_document', [remark(structure)])
  const account = accountForStructure(structure)
  const omitted: Remark[] = [...account.omitted]
  const notes: Remark[] = [...account.notes]
  // Other viewers count by the tree.
  if (account.pages !== pages) omitted.push(remark('unclear_structure'))
  if (pdfium.FPDF_DocumentHasValidCrossReferenceTable(document) === 0) notes.push(remark('repaired_document'))

  const words = createWords()
  words.add([...(account.words.get(0) ?? [])], null)
  const pieces: Piece[] = []
  for (let page = 1; page <= pages; page++) {
    tell(page)
    const place = `page ${page}`
    const facts = withPage(pdfium, document, page - 1, handle => readPage(pdfium, fonts, handle))
    const drawing = facts === null ? null : drawingOf(facts.width, facts.height, facts.smallestPrint)
    if (facts === null || drawing === null) {
      omitted.push(remark('unread_page', { place }))
      continue
    }
    drawings.set(page, drawing)
    if (page === 1 && withoutPdf.test(facts.words)) {
      return inputFailure('unsupported_type', [remark('illustrator_without_pdf')])
    }
    for (const name of facts.missingFonts) omitted.push(remark('missing_font', { place, name }))
    words.add([facts.words, ...(account.words.get(page) ?? [])], page)
    if (words.length() > mostWords) return inputFailure('too_large', [remark('words_too_many', { limit: mostWords })])
    pieces.push({
      kind: 'picture',
      name: place,
      places: [{ page }],
      from: { kind: 'handle', handle: String(page) },
      isReadableWhole: !account.unmeasured.has(page) && isReadableWhole(facts),
    })
  }
  const { text, sections } = words.all()
  return { kind: 'extracted', text, format: 'pdf', anchors: null, omitted, notes, sections, pieces }
}

/** Pixels that people and programs need to make out a letter. */
const readablePrint = 12

function isReadableWhole({ isMeasured, smallestPrint, width, height }: PageFacts): boolean {
  return isMeasured && (smallestPrint === null || smallestPrint * fitScale(width, height) >= readablePrint)
}

/** Collects words, with where in the document they are. */
function createWords() {
  const texts: string[] = []
  const sections: Section[] = []
  let length = 0
  return {
    add: (some: readonly string[], page: number | null) => {
      const text = some.filter(each => each !== '').join('\n')
      if (text === '') return
      if (page !== null) sections.push({ start: length, place: { page } })
      texts.push(text, '\n\n')
      length += text.length + 2
    },
    length: () => length,
    all: () => ({ text: texts.slice(0, -1).join(''), sections }),
  }
}

function measure(pdfium: Pdfium, fonts: Fonts, page: number): Drawing | null {
  const facts = readPage(pdfium, fonts, page)
  return facts === null ? null : drawingOf(facts.width, facts.height, facts.smallestPrint)
}

async function draw(
  { pdfium, fonts, document, form, drawings }: Opened,
  number: number,
): Promise<Uint8Array | Failure> {
  const page = pdfium.FPDF_LoadPage(document, number - 1)
  if (page === 0) return inputFailure('damaged_document', [remark('unread_page')])
  if (form !== 0) pdfium.FORM_OnAfterLoadPage(page, form)
  try {
    const drawing = drawings.get(number) ?? measure(pdfium, fonts, page)
    if (drawing === null) return inputFailure('damaged_document', [remark('unread_page')])
    return await drawPage(pdfium, page, form, drawing)
  } finally {
    if (form !== 0) pdfium.FORM_OnBeforeClosePage(page, form)
    pdfium.FPDF_ClosePage(page)
  }
}
