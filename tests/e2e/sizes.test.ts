import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { type Browser, type BrowserContext, type CDPSession, chromium, type Page } from 'playwright'
import { build, type PreviewServer, preview } from 'vite'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Harness } from './support/fake.ts'
import type { Harmless } from './support/layout-faults.ts'

/**
 * The first screen, and the grid with all its banners and the finish card, in windows of every size, with a hundred batches, twenty profiles, names as long as people make them and counts of five
 * digits: nothing that says something is cut, nothing lies over something else, and everything can be reached and hit.
 */

const sizes = [
  { width: 2560, height: 1440 },
  { width: 1440, height: 900 },
  { width: 1280, height: 720 },
  { width: 960, height: 600 },
  // 1440 × 900 at 200 %.
  { width: 720, height: 450 },
  // Beside another program on a screen of 1280.
  { width: 640, height: 720 },
] as const

/** Known to be harmless, each with why. */
const harmless: Harmless = {
  cut: [
    // The beginning of a text and the ends of a name; the inspector has the whole of both.
    '[role=gridcell]',
    // The list has the whole of it, behind the button at its end.
    '[data-folded=true] [data-testid=banner]',
    // Two values of a column to know it by; the table has the others.
    '[data-testid=plan] .mantine-InputWrapper-description',
    // The beginning of what comes next.
    '[data-testid=film-strip]',
    // Where the charts measure their labels.
    '#recharts_measurement_span',
  ],
  // A cell at the edge of the grid lies partly under what is around it.
  covered: ['[role=gridcell]'],
  'over text': ['[role=gridcell]'],
  // Hairlines of a slider, whose whole height takes the pointer.
  squeezed: ['.mantine-Slider-root'],
  // And what is typed into, whose whole frame takes the click.
  small: ['.mantine-Slider-root', '.mantine-MultiSelect-inputField'],
}

const configFile = resolve(import.meta.dirname, 'support/vite.config.ts')

let outDir: string
let server: PreviewServer
let browser: Browser
let context: BrowserContext
let page: Page
let session: CDPSession

beforeAll(async () => {
  outDir = mkdtempSync(join(tmpdir(), 'prescreen-sizes-'))
  await build({ configFile, logLevel: 'warn', build: { outDir, emptyOutDir: true } })
  server = await preview({ configFile, logLevel: 'warn', build: { outDir }, preview: { port: 0 } })
  browser = await chromium.connectOverCDP(process.env.PRESCREEN_STANDIN_BROWSER ?? '', { timeout: 0 })
  context = await browser.newContext({ viewport: null, reducedMotion: 'reduce' })
  page = await context.newPage()
  session = await context.newCDPSession(page)
})
afterAll(async () => {
  await context?.close()
  await browser?.close()
  await server?.close()
  rmSync(outDir, { recursive: true, force: true, maxRetries: 5 })
})

type Language = 'zh' | 'en'
type State = 'empty' | 'failing'

async function open(state: State, language: Language): Promise<void> {
  const query = new URLSearchParams({ state, language, amount: 'much', assets: '12345', seed: '3' })
  await page.goto(`${server.resolvedUrls?.local[0]}fake.html?${query}`)
  await page.waitForFunction(() => Reflect.get(globalThis, 'harness')?.useApp.getState().ready === true)
}

/** What is wrong in the windows of all sizes, each with the view, the size and the language that it is in. */
async function faultsOf(view: string, language: Language): Promise<string[]> {
  const told: string[] = []
  for (const { width, height } of sizes) {
    await session.send('Emulation.setDeviceMetricsOverride', { width, height, deviceScaleFactor: 1, mobile: false })
    const faults = await page.evaluate(async given => {
      // Two frames: what looks at its own size draws once more.
      for (let frames = 0; frames < 2; frames += 1) await new Promise(requestAnimationFrame)
      return Reflect.get(globalThis, 'harness').layoutFaults(given)
    }, harmless)
    for (const { kind, at, text, detail } of faults as ReturnType<Harness['layoutFaults']>)
      told.push(`${view} ${width}×${height} ${language}: ${kind}: ${at} “${text}” ${detail}`)
  }
  return told
}

describe.each(['zh', 'en'] as const)(
  'in windows of every size, in %s, nothing is cut, covered or out of reach',
  language => {
    test.each(['empty', 'failing'] as const)('in the state %s', async state => {
      await open(state, language)
      const faults = await faultsOf(state, language)
      if (state === 'failing') {
        await page.evaluate(() => {
          const { useApp, useFinished } = Reflect.get(globalThis, 'harness') as Harness
          useFinished.setState({ batches: new Set([useApp.getState().batch ?? '']) })
        })
        await page.locator('[data-testid=finish-card]').waitFor()
        faults.push(...(await faultsOf('finish card', language)))
      }
      expect(faults).toEqual([])
    })
  },
)
