/** Pages and drawings as a browser shows them when they are left alone: without script and network, at a fixed width. */

import { z } from 'zod'
import type { Chromium, DevToolsPage } from './chromium.ts'
import { loadPage, openHiddenPage, ownOrigin, type PageAnswer } from './hidden-page.ts'
import { surveyScript } from './survey-page.ts'

export interface DrawablePage {
  /** Its own text, with the header that says what it is. */
  readonly document: PageAnswer
  /** A picture beside it, by its path from the page's folder; null for what the page does not get. */
  beside(path: string): Promise<PageAnswer | null>
}

export interface DrawnPage {
  readonly kind: 'drawn'
  /** PNG, from the top; each shares some lines with the one before, so that none is cut in both. */
  readonly bands: readonly Uint8Array[]
  readonly survey: PageSurvey
}

/** What of the page its drawing shows. */
export interface PageSurvey {
  /** Drawings (`svg`) that are in sight, whole and by themselves; and all that there are. */
  readonly svgsSeen: number
  readonly svgs: number
  /** Elements that are hidden, covered by their frame or beside the page. */
  readonly unseen: number
  /** Whether it moves by itself, or shows something else to whoever touches it or has another screen. */
  readonly changes: boolean
}

/** Why there is no drawing of a page: it is too large, or Chromium could not draw it. */
export type Undrawn = { readonly kind: 'large' } | { readonly kind: 'failed' }

/**
 * The width of a page, in CSS pixels: what the platforms take at native scale, so that print is judged in the size in which it is read,
 * and more than the 677 of an article's column in WeChat on a computer. A page that is laid out wider is drawn as wide as it is.
 */
const pageWidth = 750
const pageHeight = 1334
const bandHeight = 4000
const bandOverlap = 80
/** Pixels of the largest page that is drawn, downwards and across. */
export const maxPageHeight = 40_000
const maxPageWidth = 4000

/** For loading, for the survey and for each band, in milliseconds. */
const stepMs = 10_000
/** A drawing that is not the same twice in a row is still moving. */
const maxLooks = 4

const sizeSchema = z.object({ cssContentSize: z.object({ width: z.number(), height: z.number() }) })
const shotSchema = z.object({ data: z.string() })
const surveySchema = z.object({
  result: z.object({
    value: z.strictObject({
      svgsSeen: z.int(),
      svgs: z.int(),
      unseen: z.int(),
      changes: z.boolean(),
    }),
  }),
})
const frameSchema = z.object({ frameTree: z.object({ frame: z.object({ id: z.string() }) }) })
const worldSchema = z.object({ executionContextId: z.int() })

/** Draws a page; once more, in a fresh one, where the first is lost. Rejects with the signal's reason only. */
export async function drawPage(
  chromium: Chromium,
  page: DrawablePage,
  signal: AbortSignal,
): Promise<DrawnPage | Undrawn> {
  const base = `${ownOrigin('drawing')}/page/`
  const answer = async (url: string) => {
    if (url === base) return page.document
    return url.startsWith(base) ? await page.beside(decodeURIComponent(new URL(url).pathname.slice(6))) : null
  }
  return await twice(signal, () =>
    onPage(chromium, { width: pageWidth, height: pageHeight }, answer, signal, async opened => {
      await inTime(loadPage(opened, base))
      const { width, height } = sizeSchema.parse(await inTime(opened.send('Page.getLayoutMetrics'))).cssContentSize
      if (width > maxPageWidth || height > maxPageHeight) return { kind: 'large' }
      const survey = await surveyPage(opened)
      const bands: Uint8Array[] = []
      const size = { width: Math.max(1, Math.ceil(width)), height: Math.max(1, Math.ceil(height)) }
      for (let top = 0; ; top += bandHeight - bandOverlap) {
        const band = { x: 0, y: top, width: size.width, height: Math.min(bandHeight, size.height - top) }
        const drawn = await drawStill(opened, band, 1)
        if (drawn === null) return { kind: 'failed' }
        bands.push(drawn)
        if (top + bandHeight >= size.height) return { kind: 'drawn', bands, survey }
      }
    }),
  )
}

/** A window that leaves room for what a drawing without a size shows: it is as large as the window, and few are larger. */
const windowPx = 2000

const boxSchema = z.object({ model: z.object({ width: z.number(), height: z.number() }) })
const nodeSchema = z.object({ root: z.object({ nodeId: z.int() }) })
const foundSchema = z.object({ nodeId: z.int() })

/**
 * An SVG file as a picture (PNG), which gets nothing from outside and stands still; null where it cannot be drawn. `scaleOf` says how much larger than
 * its own size, which is null for one without a size.
 */
export async function drawSvg(
  chromium: Chromium,
  svg: Uint8Array,
  isSized: boolean,
  scaleOf: (size: { readonly width: number; readonly height: number }) => number | null,
  signal: AbortSignal,
): Promise<Uint8Array | null> {
  const base = `${ownOrigin('drawing')}/page/`
  // One with a shape and no size is as wide as the window.
  const window = isSized ? { width: pageWidth, height: pageHeight } : { width: windowPx, height: windowPx }
  const style = isSized ? '' : `width:${windowPx}px;height:${windowPx}px`
  const html = `<!doctype html><style>html,body{margin:0;background:transparent}img{display:block;${style}}</style><img src="drawing.svg">`
  const answer = async (url: string) => {
    if (url === base) return answerOf('text/html; charset=utf-8', Buffer.from(html))
    return url === `${base}drawing.svg` ? answerOf('image/svg+xml', svg) : null
  }
  const drawn = await twice(signal, () =>
    onPage(chromium, window, answer, signal, async opened => {
      await inTime(loadPage(opened, base))
      const { nodeId } = nodeSchema.parse(await inTime(opened.send('DOM.getDocument'))).root
      const img = foundSchema.parse(await inTime(opened.send('DOM.querySelector', { nodeId, selector: 'img' })))
      const { width, height } = boxSchema.parse(await inTime(opened.send('DOM.getBoxModel', { ...img }))).model
      const scale = width < 1 || height < 1 ? null : scaleOf({ width, height })
      if (scale === null) return { kind: 'failed' as const }
      const colour = { color: { r: 0, g: 0, b: 0, a: 0 } }
      await inTime(opened.send('Emulation.setDefaultBackgroundColorOverride', colour))
      const still = await drawStill(opened, { x: 0, y: 0, width, height }, scale)
      return still === null ? { kind: 'failed' as const } : { kind: 'still' as const, still }
    }),
  )
  return drawn.kind === 'still' ? drawn.still : null
}

export function answerOf(mime: string, body: Uint8Array): PageAnswer {
  return {
    status: 200,
    // Once more what the switches and the script's absence say already.
    headers: {
      ...(mime === '' ? {} : { 'content-type': mime }),
      'content-security-policy': policy,
      'x-dns-prefetch-control': 'off',
    },
    body,
  }
}

const policy = `default-src 'none'; img-src ${ownOrigin('drawing')} data:; style-src 'unsafe-inline' data:; font-src data:; form-action 'none'; base-uri 'none'`

async function onPage<Drawn>(
  chromium: Chromium,
  size: { readonly width: number; readonly height: number },
  answer: (url: string) => Promise<PageAnswer | null>,
  signal: AbortSignal,
  work: (page: DevToolsPage) => Promise<Drawn>,
): Promise<Drawn> {
  const closing = new AbortController()
  const either = AbortSignal.any([signal, closing.signal])
  try {
    const options = { ...size, runsScript: false, answer: ({ url }: { readonly url: string }) => answer(url) }
    // The first one starts the browser.
    const page = await inTime(openHiddenPage(chromium, options, either), 3 * stepMs)
    return await work(page)
  } finally {
    // Nobody waits for a page that hangs.
    closing.abort()
  }
}

/** A page may be lost through no fault of what it shows. */
async function twice<Drawn>(signal: AbortSignal, draw: () => Promise<Drawn>): Promise<Drawn | { kind: 'failed' }> {
  for (const _attempt of [1, 2]) {
    try {
      return await draw()
    } catch {
      signal.throwIfAborted()
    }
  }
  return { kind: 'failed' }
}

async function inTime<Answer>(answer: Promise<Answer>, ms = stepMs): Promise<Answer> {
  const late = Promise.withResolvers<never>()
  const timer = setTimeout(() => late.reject(new Error('Chromium took too long')), ms)
  try {
    return await Promise.race([answer, late.promise])
  } finally {
    clearTimeout(timer)
  }
}

interface Clip {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

/** Null where it is another picture at every look. */
async function drawStill(page: DevToolsPage, clip: Clip, scale: number): Promise<Uint8Array | null> {
  let before = ''
  for (let look = 0; look < maxLooks; look++) {
    const shot = { format: 'png', clip: { ...clip, scale }, captureBeyondViewport: true, fromSurface: true }
    const { data } = shotSchema.parse(await inTime(page.send('Page.captureScreenshot', shot)))
    if (data === before) return Buffer.from(data, 'base64')
    before = data
  }
  return null
}

async function surveyPage(page: DevToolsPage): Promise<PageSurvey> {
  const { frame } = frameSchema.parse(await inTime(page.send('Page.getFrameTree'))).frameTree
  // A world of its own: nothing of the page's is called.
  const world = await inTime(page.send('Page.createIsolatedWorld', { frameId: frame.id, worldName: 'survey' }))
  const contextId = worldSchema.parse(world).executionContextId
  const evaluated = page.send('Runtime.evaluate', { expression: surveyScript, contextId, returnByValue: true })
  return surveySchema.parse(await inTime(evaluated)).result.value
}
