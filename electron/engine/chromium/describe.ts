import { z } from 'zod'
import type { Chromium } from './chromium.ts'
import { answerOf, drawPage } from './draw.ts'

/** What a person wants to know of the Chromium that draws. */
export interface ChromiumFacts {
  /** As it names itself: `Chrome/156.0.8078.114`. */
  readonly product: string
  /** Whether it has a font with Chinese characters: boxes in their place would be judged for them. */
  readonly hasChineseFont: boolean
}

const productSchema = z.object({ product: z.string() })

/** Rejects when it cannot be had. */
export async function describeChromium(chromium: Chromium, signal: AbortSignal): Promise<ChromiumFacts> {
  const page = await chromium.open({ width: 100, height: 100 }, signal)
  const { product } = productSchema.parse(await page.send('Browser.getVersion'))
  await page.close()
  // Permanently unassigned: no font has it.
  const [known, unknown] = [await drawnAs('中', chromium, signal), await drawnAs('\u{1FFFE}', chromium, signal)]
  return { product, hasChineseFont: known !== null && known !== unknown }
}

async function drawnAs(character: string, chromium: Chromium, signal: AbortSignal): Promise<string | null> {
  const document = answerOf('text/html; charset=utf-8', Buffer.from(`<!doctype html><p>${character}`))
  const drawn = await drawPage(chromium, { document, beside: async () => null }, signal)
  const [band] = drawn.kind === 'drawn' ? drawn.bands : []
  return band === undefined ? null : Buffer.from(band).toString('base64')
}
