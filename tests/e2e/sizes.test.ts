import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { type Browser, type BrowserContext, type CDPSession, chromium, type Page } from 'playwright'
import { build, type PreviewServer, preview } from 'vite'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { sectionIds } from '../../renderer/state/settings-section.ts'
import type { CommandId } from '../../shared/commands.ts'
import { gridKinds, gridOutcomes } from '../../shared/grid.ts'
import { violations } from './support/axe.ts'
import type { Harness } from './support/fake.ts'
import type { FakeOptions } from './support/fake-state.ts'
import type { Harmless } from './support/layout-faults.ts'

/**
 * Every view in windows of every size, with a hundred batches, twenty profiles, names as long as people make them and counts of five
 * digits: nothing that says something is cut, nothing lies over something else, and everything can be reached and hit.
 */

interface Size {
  readonly width: number
  readonly height: number
}

const usual: Size = { width: 1280, height: 720 }
/** Beside another program on a screen of 1280. */
const narrowest: Size = { width: 640, height: 720 }
/** 1440 × 900 at 200 %. */
const lowest: Size = { width: 720, height: 450 }
/** In English, whose words are longer, down to the narrowest; in Chinese where there is least room. */
const sizesOf: Readonly<Record<Language, readonly Size[]>> = {
  en: [usual, { width: 960, height: 600 }, narrowest],
  zh: [lowest],
}

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
    // Lines at the edge of what is scrolled, and what is remarked at the ends of long ones; the list below has it all.
    '[data-testid=code]',
    // Where the charts measure their labels.
    '#recharts_measurement_span',
  ],
  // A cell at the edge of the grid lies partly under what is around it.
  // The marks lie under what is typed.
  covered: ['[role=gridcell]', '[data-testid=code]'],
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
type State = FakeOptions['state']

async function open(state: State, language: Language): Promise<void> {
  const query = new URLSearchParams({ state, language, amount: 'much', assets: '12345', seed: '3' })
  await page.goto(`${server.resolvedUrls?.local[0]}fake.html?${query}`)
  await page.waitForFunction(() => Reflect.get(globalThis, 'harness')?.useApp.getState().ready === true)
}

const resize = (size: Size) =>
  session.send('Emulation.setDeviceMetricsOverride', { ...size, deviceScaleFactor: 1, mobile: false })

/** What is wrong in windows of all sizes, each with the view, the size and the language that it is in. */
async function faultsOf(view: string, language: Language): Promise<string[]> {
  const told: string[] = []
  for (const size of sizesOf[language]) {
    await resize(size)
    const where = `${view} ${size.width}×${size.height} ${language}`
    const faults = await page.evaluate(async given => {
      // What looks at its own size draws once more, and the room of the notices follows their height.
      for (let frames = 0; frames < 3; frames += 1) await new Promise(requestAnimationFrame)
      return Reflect.get(globalThis, 'harness').layoutFaults(given)
    }, harmless)
    for (const { kind, at, text, detail } of faults as ReturnType<Harness['layoutFaults']>)
      told.push(`${where}: ${kind}: ${at} “${text}” ${detail}`)
    // By axe once, where the side bar and the inspector are drawers; what is too small to hit is found above in windows of every size.
    if (language !== 'en' || size !== narrowest) continue
    for (const violation of await withFewRows(() => violations(page, 'all'))) told.push(`${where}: ${violation}`)
  }
  return told
}

/** Rows are alike, and going through hundreds of cells is what takes the time. */
async function withFewRows<Result>(look: () => Promise<Result>): Promise<Result> {
  await page.evaluate(() => {
    const rows = [...document.querySelectorAll('[role=grid] [role=row]')]
    const active = document.querySelector('[role=grid]')?.getAttribute('aria-activedescendant')
    const needed = (row: Element, at: number) =>
      at < 2 || row.id === active || row.querySelector(`[id="${active}"]`) !== null
    const places = rows.flatMap((row, at) => {
      if (needed(row, at)) return []
      const place = document.createComment('')
      row.replaceWith(place)
      return [() => place.replaceWith(row)]
    })
    Reflect.set(globalThis, 'putBack', () => {
      for (const putBack of places) putBack()
    })
  })
  try {
    return await look()
  } finally {
    await page.evaluate(() => Reflect.get(globalThis, 'putBack')())
  }
}

const run = (command: CommandId) => page.evaluate(id => Reflect.get(globalThis, 'harness').runCommand(id), command)

interface Scene {
  readonly name: string
  /** Shows it, from the grid with nothing over it. */
  readonly show: (language: Language) => Promise<void>
  /** What is there once it is shown. */
  readonly ready: string
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

/** A sentence as long as any that a notice says. */
const explain: Record<Language, string> = {
  zh: '“2026双十一_华东大区_朋友圈长图_第三次修改_客户已确认.jpg”等 12 个内容不是本机上的文件，没有添加。请先保存到文件夹，再从那里拖入。',
  en: '12 items, “2026_Autumn_East_China_long_picture_third_revision_confirmed.jpg” first, are not files on this computer and were not added.',
}
const notice = (language: Language): Promise<void> =>
  page.evaluate(text => Reflect.get(globalThis, 'harness').explain(text), explain[language])
const clearNotices = (): Promise<void> => page.evaluate(() => Reflect.get(globalThis, 'harness').clearNotices())

const risky = gridOutcomes.indexOf('risky')
const awaiting = gridOutcomes.indexOf('awaiting')
const image = gridKinds.indexOf('image')
const text = gridKinds.indexOf('text')

const queue = command('queue', 'showQueue', 'main h1')
const textInGrid: Scene = { name: 'grid, a text', show: () => focus(risky, text), ready: '[data-testid=text-stage]' }
const textInLoupe: Scene = {
  name: 'loupe, a text',
  show: async () => {
    await focus(risky, text)
    await run('open')
  },
  ready: '[data-loupe] [data-testid=text-stage]',
}
const compareFour = async (): Promise<void> => {
  await page.locator('[role=grid]').focus()
  for (let chosen = 0; chosen < 4; chosen += 1) {
    await run('select')
    await page.keyboard.press('ArrowRight')
  }
  await run('compare')
}

const scenes: readonly Scene[] = [
  { name: 'grid, a picture', show: () => focus(risky, image), ready: '[data-testid=stage] img' },
  textInGrid,
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
  textInLoupe,
  {
    name: 'four side by side under a notice',
    show: async language => {
      await focus(risky, image)
      await compareFour()
      await page.locator('[data-testid=compared]').nth(3).waitFor()
      await notice(language)
    },
    ready: '.mantine-Notification-root',
    leave: async () => {
      await page.keyboard.press('Escape')
      await run('close')
    },
  },
  {
    name: 'under each profile',
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
  },
  { ...command('list', 'listView', '[role=columnheader]'), leave: () => run('listView') },
  { ...command('stacks', 'stacks', '[data-testid=shown-count]'), leave: () => run('stacks') },
  {
    name: 'looks like',
    show: async () => {
      await focus(risky, image)
      await run('looksLike')
      await page.locator('[role=dialog]').waitFor()
      await press('[role=dialog] button', 1)
      await page.waitForFunction(() => {
        const { useGrid } = Reflect.get(globalThis, 'harness') as Harness
        return useGrid.getState().filter.like !== null
      })
    },
    ready: '[data-testid=like-chip]',
    leave: () => press('[data-testid=like-chip] button'),
  },
  {
    name: 'looks like, asked',
    show: async () => {
      await focus(risky, image)
      await run('looksLike')
    },
    ready: '[role=dialog]',
  },
  {
    name: 'grid under a notice',
    show: async language => {
      await focus(risky, image)
      await notice(language)
    },
    ready: '.mantine-Notification-root',
  },
  {
    name: 'loupe under a notice',
    show: async language => {
      await textInLoupe.show(language)
      await page.locator(textInLoupe.ready).waitFor()
      await notice(language)
    },
    ready: '.mantine-Notification-root',
  },
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
  ...['text', 'past'].map((name, at) => tab(`rules, ${name}`, 'showRules', at + 1)),
  ...sectionIds.map((name, at) => tab(`settings, ${name}`, 'showSettings', at)),
]

/** Back to the grid, with nothing over it. */
async function startOver(): Promise<void> {
  for (let open = 0; open < 3; open += 1) await page.keyboard.press('Escape')
  await page.locator('[role=dialog], [data-loupe]').first().waitFor({ state: 'hidden' })
  await clearNotices()
  await run('showGrid')
  await page.locator('main').waitFor()
}

/** Shows one after the other, and tells what is wrong with any of them. */
async function faultsIn(all: readonly Scene[], language: Language): Promise<string[]> {
  const faults: string[] = []
  for (const scene of all) {
    // Wide enough for the inspector.
    await resize({ width: 960, height: 600 })
    await scene.show(language)
    await page.locator(scene.ready).first().waitFor()
    faults.push(...(await faultsOf(scene.name, language)))
    await scene.leave?.()
    await startOver()
  }
  return faults
}

const asItOpens: Scene = { name: 'at the start', show: async () => {}, ready: 'main' }

/** What another state of the batch shows otherwise. */
const scenesOf: Readonly<Record<Exclude<State, 'done'>, readonly Scene[]>> = {
  empty: [
    asItOpens,
    command('history', 'showHistory', 'main h1'),
    command('profiles', 'showProfiles', 'main h2'),
    queue,
  ],
  failing: [
    asItOpens,
    {
      name: 'finish card',
      show: () =>
        page.evaluate(() => {
          const { useApp, useFinished } = Reflect.get(globalThis, 'harness') as Harness
          useFinished.setState({ batches: new Set([useApp.getState().batch ?? '']) })
        }),
      ready: '[data-testid=finish-card]',
    },
    {
      name: 'all banners',
      show: () => press('[data-testid=banner] ~ button[aria-expanded]'),
      ready: '[aria-expanded=true]',
    },
    queue,
  ],
  running: [asItOpens, queue],
  paused: [asItOpens, queue],
  awaiting: [{ name: 'grid, awaited', show: () => focus(awaiting, image), ready: '[data-testid=stage] img' }, queue],
  rules: [textInGrid, textInLoupe],
  broken: [
    { name: 'notice of the start', show: async () => {}, ready: '.mantine-Notification-root' },
    command('settings under a notice', 'showSettings', 'main [role=tab]'),
    command('dialog over a notice', 'keys', '[role=dialog]'),
  ],
}

describe('in windows of every size nothing is cut, covered or out of reach', () => {
  test.each(['zh', 'en'] as const)('where everything is there, and much of it, in %s', async language => {
    await open('done', language)
    expect(await faultsIn(scenes, language)).toEqual([])
  })

  // What a state shows otherwise are banners and empty places, whose words are longer in English.
  test.each(Object.entries(scenesOf))('in the state %s', async (state, shown) => {
    await open(state as State, 'en')
    expect(await faultsIn(shown, 'en')).toEqual([])
  })
})
