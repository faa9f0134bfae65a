import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { type Browser, type BrowserContext, type CDPSession, chromium, type Page } from 'playwright'
import { build, type PreviewServer, preview } from 'vite'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { sectionIds } from '../../renderer/state/settings-section.ts'
import type { CommandId } from '../../shared/commands.ts'
import { gridKinds, gridOutcomes } from '../../shared/grid.ts'
import type { Harness } from './support/fake.ts'
import type { Harmless } from './support/layout-faults.ts'

/**
 * Every view in windows of every size, with a hundred batches, twenty profiles, names as long as people make them and counts of five
 * digits: nothing that says something is cut, nothing lies over something else, and everything can be reached and hit.
 */

interface Size {
  readonly width: number
  readonly height: number
}

const wide: readonly Size[] = [
  { width: 2560, height: 1440 },
  { width: 1440, height: 900 },
  { width: 1280, height: 720 },
]
const narrow: readonly Size[] = [
  { width: 960, height: 600 },
  // 1440 × 900 at 200 %.
  { width: 720, height: 450 },
  // Beside another program on a screen of 1280.
  { width: 640, height: 720 },
]
/** Drawing a wide window is what costs time, so those are only for what lays itself out by the width. */
const all = [...wide, ...narrow]

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
type State = 'done' | 'empty' | 'failing'

async function open(state: State, language: Language): Promise<void> {
  const query = new URLSearchParams({ state, language, amount: 'much', assets: '12345', seed: '3' })
  await page.goto(`${server.resolvedUrls?.local[0]}fake.html?${query}`)
  await page.waitForFunction(() => Reflect.get(globalThis, 'harness')?.useApp.getState().ready === true)
}

const resize = (size: Size) =>
  session.send('Emulation.setDeviceMetricsOverride', { ...size, deviceScaleFactor: 1, mobile: false })

/** What is wrong in windows of these sizes, each with the view, the size and the language that it is in. */
async function faultsOf(view: string, language: Language, sizes: readonly Size[]): Promise<string[]> {
  const told: string[] = []
  for (const size of sizes) {
    await resize(size)
    const { width, height } = size
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

const run = (command: CommandId) => page.evaluate(id => Reflect.get(globalThis, 'harness').runCommand(id), command)

interface Scene {
  readonly name: string
  /** Shows it, from the grid with nothing over it. */
  readonly show: () => Promise<void>
  /** What is there once it is shown. */
  readonly ready: string
  /** Where not only in the narrowest two. */
  readonly sizes?: readonly Size[]
  /** Where more has to be undone than going back to the grid. */
  readonly leave?: () => Promise<void>
}

const command = (name: string, id: CommandId, ready: string): Scene => ({ name, show: () => run(id), ready })

/** The n-th of what is found, by a click that asks for no room. */
const press = (selector: string, at = 0): Promise<void> =>
  page
    .locator(selector)
    .nth(at)
    .evaluate(element => {
      if (element instanceof HTMLElement) element.click()
    })

const tab = (name: string, id: CommandId, at: number): Scene => ({
  name,
  show: async () => {
    await run(id)
    await page.locator('main [role=tab]').first().waitFor()
    await press('main [role=tab]', at)
  },
  ready: 'main [role=tabpanel]:visible',
})

/** The first asset of an outcome and kind has the focus. */
const focus = (outcome: number, kind: number): Promise<void> =>
  page.evaluate(
    given => {
      const { useGrid } = Reflect.get(globalThis, 'harness') as Harness
      const { table, order } = useGrid.getState()
      const found = order.find(at => table?.outcome[at] === given.outcome && table.kind[at] === given.kind)
      if (found === undefined) throw new Error('no such asset')
      useGrid.setState({ focus: found, isPlaced: true })
    },
    { outcome, kind },
  )

const risky = gridOutcomes.indexOf('risky')
const image = gridKinds.indexOf('image')
const text = gridKinds.indexOf('text')

const scenes: readonly Scene[] = [
  { name: 'grid, a picture', show: () => focus(risky, image), ready: '[data-testid=stage] img', sizes: all },
  { name: 'grid, a text', show: () => focus(risky, text), ready: '[data-testid=text-stage]' },
  { name: 'selection', show: () => run('selectAll'), ready: '[data-testid=selection]' },
  {
    name: 'filter',
    show: () => press('[data-testid=filter-line] button[aria-haspopup=dialog]'),
    ready: '[role=dialog]',
  },
  {
    name: 'loupe, a picture',
    show: async () => {
      await focus(risky, image)
      await run('open')
    },
    ready: '[data-loupe] img',
  },
  {
    name: 'loupe, a text',
    show: async () => {
      await focus(risky, text)
      await run('open')
    },
    ready: '[data-loupe] [data-testid=text-stage]',
  },
  {
    name: 'side by side',
    show: async () => {
      await focus(risky, image)
      await run('compare')
    },
    ready: '[data-testid=compare]',
  },
  {
    name: 'review mode',
    show: async () => {
      await focus(risky, image)
      await run('reviewMode')
    },
    ready: '[data-testid=film-strip]',
    sizes: all,
  },
  { ...command('list', 'listView', '[role=columnheader]'), leave: () => run('listView') },
  command('note', 'note', '[role=dialog] textarea'),
  command('plan', 'openFolder', '[data-testid=plan-costs]'),
  command('export', 'export', '[role=dialog]'),
  command('palette', 'palette', '[role=dialog] input'),
  command('key sheet', 'keys', '[role=dialog]'),
  command('about', 'about', '[role=dialog]'),
  ...['batches', 'trends', 'compare'].map((name, at) => tab(`history, ${name}`, 'showHistory', at)),
  command('queue', 'showQueue', 'main h1'),
  command('profiles', 'showProfiles', 'main h2'),
  {
    name: 'new profile',
    show: async () => {
      await run('showProfiles')
      await page.locator('main nav > button:enabled').waitFor()
      await press('main nav > button')
    },
    ready: 'main form',
  },
  command('rules', 'showRules', '[data-testid=rule]'),
  ...sectionIds.map((name, at) => tab(`settings, ${name}`, 'showSettings', at)),
]

/** Back to the grid, with nothing over it. */
async function startOver(): Promise<void> {
  for (let open = 0; open < 3; open += 1) await page.keyboard.press('Escape')
  await page.locator('[role=dialog], [data-loupe]').first().waitFor({ state: 'hidden' })
  await run('showGrid')
  await page.locator('[role=grid]').waitFor()
}

describe.each(['zh', 'en'] as const)(
  'in windows of every size, in %s, nothing is cut, covered or out of reach',
  language => {
    test('where everything is there, and much of it', async () => {
      await open('done', language)
      const faults: string[] = []
      for (const scene of scenes) {
        // Wide enough for the inspector.
        await resize({ width: 960, height: 600 })
        await scene.show()
        await page.locator(scene.ready).first().waitFor()
        faults.push(...(await faultsOf(scene.name, language, scene.sizes ?? narrow.slice(1))))
        await startOver()
        await scene.leave?.()
      }
      expect(faults).toEqual([])
    })

    test.each(['empty', 'failing'] as const)('in the state %s', async state => {
      await open(state, language)
      const faults = await faultsOf(state, language, all)
      if (state === 'failing') {
        await page.evaluate(() => {
          const { useApp, useFinished } = Reflect.get(globalThis, 'harness') as Harness
          useFinished.setState({ batches: new Set([useApp.getState().batch ?? '']) })
        })
        await page.locator('[data-testid=finish-card]').waitFor()
        faults.push(...(await faultsOf('finish card', language, all)))
      }
      expect(faults).toEqual([])
    })
  },
)
