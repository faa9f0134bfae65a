/**
 * The window with 100 000 assets in a real browser: how long the batch takes to open, frames while it is scrolled by wheel, by the
 * scroll bar and by a held key beside those of a bare page, the longest task, the heap, filter and sort, deciding on a tenth at once,
 * how long the built program takes to become usable, a drop of 10 000 files, and how long input waits while they are screened. Then
 * opening and scrolling ten times as many, as cells, lines and stacks, and going through a hundred flagged pictures by keyboard. Of the large batches the assets are written as rows; only what is dropped is screened.
 *
 *     node tests/bench/window.ts [--assets 100000]
 */
import { createHash, randomBytes } from 'node:crypto'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import type { Page } from 'playwright'
import sharp from 'sharp'
import { registry } from '../../electron/engine/checkers/registry.ts'
import { createBuiltInProfiles } from '../../electron/engine/profiles/built-in-profiles.ts'
import { openDatabase } from '../../electron/engine/store/database.ts'
import { type App, startApp } from '../e2e/support/app.ts'
import { poster } from '../e2e/support/pictures.ts'
import { startPlan } from '../e2e/support/user.ts'
import { brochure, deck, layeredPoster, tiledPhoto } from './documents.ts'
import { dragScrollBar, type Frames, framesOf, holdKey, openReference, paced, quantile, turnWheel } from './frames.ts'

interface Motions {
  readonly wheel: Frames
  readonly scrollBar: Frames
  readonly key: Frames
}

interface Delays {
  readonly inputs: number
  /** Assets screened in a second meanwhile. */
  readonly perSecond: number
  readonly p95Ms: number
  readonly maxMs: number
  /** From the input to the next frame. */
  readonly answeredP95Ms: number
}

export interface WindowResult {
  readonly assets: number
  /** From the start of the program to a window that can be driven; of that, from the page's beginning to its contents. */
  readonly startMs: number
  readonly ownMs: number
  /** How much of that passes until its files are there: on its own way, which is not Electron's. */
  readonly servedMs: number
  readonly openMs: number
  readonly ours: Motions
  /** The same on a page without any script. */
  readonly bare: Motions
  readonly filterMs: number
  readonly sortMs: number
  /** A tenth of the assets at once, until the grid shows the decisions. */
  readonly decideMs: number
  readonly heapMb: number
  readonly firstCountsMs: number
  readonly pathsMs: number
  readonly delays: Delays
}

const pictures = 200
const dropped = 10_000
/** The small batch, which is open first. */
const small = 40

export async function benchWindow({ assets = 100_000 }: { readonly assets?: number } = {}): Promise<WindowResult> {
  return inNewFolder(async dataDir => {
    await seed(dataDir, mixed(assets))
    const paths = textFiles(join(dataDir, 'drop'), dropped)
    const startedAt = performance.now()
    const app = await startApp({ dataDir, language: 'en' })
    try {
      const { page } = app
      await page.locator('[data-testid=batch]').first().waitFor()
      const startMs = performance.now() - startedAt
      await page.waitForFunction(() => performance.getEntriesByName('interactive').length > 0)
      const ownMs = await page.evaluate(() => performance.getEntriesByName('interactive')[0]?.startTime ?? 0)
      const servedMs = await page.evaluate(() =>
        performance
          .getEntriesByType('resource')
          .slice(0, 2)
          .reduce((latest, entry) => Math.max(latest, entry.startTime + entry.duration), 0),
      )
      await page.setViewportSize({ width: 1440, height: 900 })
      const openMs = await timed(page, '[data-testid=batch]:has-text("large")', 'large')
      const ours = await motions(page)
      const filterMs = await timed(page, '[data-testid=outcome-tab][data-outcome="risky"]', 'filter')
      await page.locator('[data-testid=outcome-tab]').first().click()
      await page.locator('[data-testid=filter-line] button', { hasText: 'Risk' }).click()
      const sortMs = await timed(page, '[role=menuitem]:has-text("Path")', 'sort')
      const decideMs = await decideOnMany(page)
      const heapMb = await page.evaluate(() => {
        const memory: unknown = Reflect.get(performance, 'memory')
        return memory === undefined ? 0 : Number(Reflect.get(Object(memory), 'usedJSHeapSize')) / 2 ** 20
      })
      const thumbnails = Array.from({ length: pictures }, (_, at) => thumbnail(at))
      const reference = await openReference(page, await Promise.all(thumbnails))
      await reference.setViewportSize({ width: 1440, height: 900 })
      const bare = await motions(reference)
      await reference.close()
      await page.bringToFront()
      const drop = await dropMany(app, paths)
      const delays = await inputWhileScreening(page)
      return {
        assets,
        startMs,
        ownMs,
        servedMs,
        openMs,
        ours,
        bare,
        filterMs,
        sortMs,
        decideMs,
        heapMb,
        ...drop,
        delays,
      }
    } finally {
      await app.dispose()
    }
  })
}

/** As many as nobody has: they must still open, and move, as cells, as lines and as stacks. */
export interface ManyResult {
  readonly openMs: number
  readonly wheel: Frames
  readonly list: Frames
  /** From the switch to the stacks, whose contents are read then. */
  readonly stacksMs: number
  readonly stacked: Frames
}

export async function benchMany(assets: number): Promise<ManyResult> {
  return inNewFolder(async dataDir => {
    await seed(dataDir, mixed(assets))
    const app = await startApp({ dataDir, language: 'en' })
    try {
      const { page } = app
      await page.locator('[data-testid=batch]').first().waitFor()
      await page.setViewportSize({ width: 1440, height: 900 })
      const openMs = await timed(page, '[data-testid=batch]:has-text("large")', 'large')
      const turned = async () => {
        await turnWheel(page)
        return framesOf(page, () => turnWheel(page))
      }
      const wheel = await turned()
      const switchTo = async (command: 'list' | 'stacks') => {
        await page.getByRole('button', { name: command === 'list' ? /^List/ : /^Stacks/ }).click()
      }
      await switchTo('list')
      await page.locator('[role=columnheader]').first().waitFor()
      const list = await turned()
      await switchTo('list')
      await page.locator('[role=columnheader]').first().waitFor({ state: 'detached' })
      const start = performance.now()
      await switchTo('stacks')
      await page.locator('[data-stack]:visible').first().waitFor()
      const stacksMs = performance.now() - start
      return { openMs, wheel, list, stacksMs, stacked: await turned() }
    } finally {
      await app.dispose()
    }
  })
}

/** What a person waits for with each of a hundred flagged pictures, revealed, one key each. */
export interface ReviewResult {
  /** From the decision's key to the next asset's name, drawn. */
  readonly nextP50Ms: number
  readonly nextP95Ms: number
  /** To its original, decoded and drawn. */
  readonly sharpP50Ms: number
  readonly sharpP95Ms: number
  /** How many were decided, with the twenty keys that follow without waiting for anything that is shown. */
  readonly decided: number
}

const flagged = 100
const atOnce = 20

export async function benchReview(): Promise<ReviewResult> {
  return inNewFolder(async dataDir => {
    const sharpPictures = 12
    await seed(dataDir, {
      assets: flagged + atOnce,
      pictures: sharpPictures,
      outcomeAt: position => (position % 2 === 0 ? 'risky' : 'review'),
      bytesOf: async at =>
        sharp(await poster({ seed: at }))
          .resize(1500, 2000)
          .jpeg()
          .toBuffer(),
    })
    writeFileSync(join(dataDir, 'settings.json'), JSON.stringify({ settings: { reveal: 'stay' } }))
    const app = await startApp({ dataDir, language: 'en' })
    try {
      const { page } = app
      await page.locator('[data-testid=batch]').first().waitFor()
      await page.setViewportSize({ width: 1440, height: 900 })
      await timed(page, '[data-testid=batch]:has-text("large")', 'large')
      await page.keyboard.press('r')
      await page.locator('[data-testid=stage] img').waitFor()
      const next: number[] = []
      const sharpened: number[] = []
      for (let item = 0; item < flagged; item += 1) {
        const seen = await watchNext(page)
        await page.keyboard.press(item % 2 === 0 ? 'a' : 'x')
        const { nextMs, sharpMs } = await seen()
        next.push(nextMs)
        sharpened.push(sharpMs)
      }
      // Each goes down and up again before the next, or it would repeat; nothing that is shown is waited for.
      for (let key = 0; key < atOnce; key += 1) await page.keyboard.press('x')
      // Where one were lost, this would not come.
      await page.locator('footer', { hasText: `${flagged + atOnce} decided` }).waitFor()
      return {
        nextP50Ms: quantile(next, 0.5),
        nextP95Ms: quantile(next, 0.95),
        sharpP50Ms: quantile(sharpened, 0.5),
        sharpP95Ms: quantile(sharpened, 0.95),
        decided: flagged + atOnce,
      }
    } finally {
      await app.dispose()
    }
  })
}

/** From the key that comes next: until the name of the next asset is drawn, and until its original is. */
async function watchNext(page: Page): Promise<() => Promise<{ readonly nextMs: number; readonly sharpMs: number }>> {
  await page.evaluate(() => {
    const name = () => document.querySelector('[data-testid=loupe-name]')?.textContent
    const picture = () => document.querySelector<HTMLImageElement>('[data-testid=stage] img')
    const before = name()
    const measured = new Promise<{ nextMs: number; sharpMs: number }>(resolve => {
      const pressed = ({ timeStamp }: KeyboardEvent) => {
        let nextMs = 0
        const since = () => performance.now() - timeStamp
        const look = () => {
          if (nextMs === 0 && name() !== before) nextMs = since()
          const image = picture()
          if (nextMs === 0 || image === null || !image.complete || image.naturalWidth === 0) requestAnimationFrame(look)
          // Decoded; the next frame has it.
          else void image.decode().then(() => requestAnimationFrame(() => resolve({ nextMs, sharpMs: since() })))
        }
        requestAnimationFrame(look)
      }
      window.addEventListener('keydown', pressed, { capture: true, once: true })
    })
    Reflect.set(globalThis, 'measured', measured)
  })
  return () => page.evaluate(() => Reflect.get(globalThis, 'measured') as Promise<{ nextMs: number; sharpMs: number }>)
}

async function inNewFolder<Result>(use: (dataDir: string) => Promise<Result>): Promise<Result> {
  const dataDir = mkdtempSync(join(tmpdir(), 'prescreen-window-bench-'))
  try {
    return await use(dataDir)
  } finally {
    rmSync(dataDir, { recursive: true, force: true, maxRetries: 5 })
  }
}

async function motions(page: Page): Promise<Motions> {
  const toTop = () => page.evaluate(() => document.querySelector('[role=grid]')?.scrollTo(0, 0))
  const wheel = () => turnWheel(page)
  const scrollBar = () => dragScrollBar(page)
  const key = () => holdKey(page, 'PageDown')
  // The same ways once with nothing measured: thumbnails are made and cached, code is compiled.
  for (const motion of [wheel, scrollBar, key]) {
    await motion()
    await toTop()
  }
  const measured = async (motion: () => Promise<void>) => {
    const frames = await framesOf(page, motion)
    await toTop()
    return frames
  }
  return { wheel: await measured(wheel), scrollBar: await measured(scrollBar), key: await measured(key) }
}

const thumbnail = async (at: number): Promise<Uint8Array> =>
  sharp(await poster({ seed: at }))
    .resize(160, 160, { fit: 'inside' })
    .webp()
    .toBuffer()

function textFiles(folder: string, count: number): string[] {
  mkdirSync(folder, { recursive: true })
  return Array.from({ length: count }, (_, at) => {
    const path = join(folder, `text ${at}.txt`)
    writeFileSync(path, `A quiet cup of spring tea, number ${at}.`)
    return path
  })
}

interface Seeded {
  readonly assets: number
  readonly pictures: number
  outcomeAt(position: number): 'risky' | 'review' | 'unchecked' | 'pass'
  bytesOf(at: number): Promise<Uint8Array>
}

/** Two batches: a small one that opens with the window, and the large one. */
async function seed(dataDir: string, { assets, pictures, outcomeAt, bytesOf }: Seeded): Promise<void> {
  const folder = join(dataDir, 'material')
  mkdirSync(folder, { recursive: true })
  const files = await Promise.all(
    Array.from({ length: pictures }, async (_, at) => {
      const bytes = await bytesOf(at)
      const path = join(folder, `${at}.png`)
      writeFileSync(path, bytes)
      return { path, bytes: bytes.byteLength, sha256: createHash('sha256').update(bytes).digest('hex') }
    }),
  )
  const { raw } = openDatabase(join(dataDir, 'prescreen.sqlite'))
  const [practice] = createBuiltInProfiles(registry)
  const addBatch = raw.prepare(
    `INSERT INTO batches (id, name, state, created_at, ended_at, walked, practice, profiles, inputs, options)
     VALUES (?, ?, 'done', ?, ?, 1, 1, ?, '[]', '{}')`,
  )
  const addAsset = raw.prepare(
    `INSERT INTO assets (batch, position, path, source, source_key, kind, bytes, sha256, width, height, outcome, label, score, reason, screened_at)
     VALUES (?, ?, ?, ?, ?, 'image', ?, ?, 300, 400, ?, ?, ?, ?, ?)`,
  )
  const addResult = raw.prepare(
    `INSERT INTO results (asset, profile, batch, state, outcome, reason, parts, checked, screened_at) VALUES (?, 0, ?, 'done', ?, ?, 1, ?, ?)`,
  )
  const now = Date.now()
  const add = (id: string, name: string, at: number, count: number) => {
    addBatch.run(id, name, at, at, JSON.stringify([practice?.profile]))
    for (let position = 0; position < count; position += 1) {
      const file = files[position % files.length]
      if (file === undefined) continue
      const outcome = outcomeAt(position)
      const reason = outcome === 'unchecked' ? 'platform_busy' : null
      const { lastInsertRowid } = addAsset.run(
        id,
        position,
        `folder ${Math.floor(position / 500)}/poster ${position}.png`,
        JSON.stringify({ kind: 'file', path: file.path }),
        randomBytes(16),
        file.bytes,
        file.sha256,
        outcome,
        outcome === 'risky' ? 20002 : null,
        outcome === 'unchecked' ? null : 60 + (position % 40),
        reason,
        at,
      )
      addResult.run(lastInsertRowid, id, outcome, reason, reason === null ? 1 : 0, at)
    }
  }
  raw.transaction(() => {
    add('b_00000000000000000000000001', 'large', now - 3_600_000, assets)
    add('b_00000000000000000000000002', 'small', now, small)
  })()
  raw.close()
}

const mixed = (assets: number): Seeded => ({ assets, pictures, outcomeAt, bytesOf: at => poster({ seed: at }) })

function outcomeAt(position: number): 'risky' | 'review' | 'unchecked' | 'pass' {
  if (position % 97 === 5) return 'risky'
  // A tenth: what is decided at once.
  if (position % 10 === 0) return 'review'
  return position % 101 === 0 ? 'unchecked' : 'pass'
}

/** From a click to the second frame after the cells have changed: what a person waits for. */
async function timed(page: Page, selector: string, what: 'large' | 'filter' | 'sort'): Promise<number> {
  const target = page.locator(selector).first()
  await target.waitFor()
  return target.evaluate(
    (element, wanted) =>
      new Promise<number>(resolve => {
        const label = () =>
          [...document.querySelectorAll('[role=row]:not([hidden]) [role=gridcell]:not([hidden])')]
            .map(cell => cell.getAttribute('aria-label'))
            .join()
        const total = () => document.querySelector('[data-testid=outcome-tab] .figures')?.textContent ?? ''
        const before = label()
        const totalBefore = Number(total().replace(/\D/g, ''))
        const start = performance.now()
        if (element instanceof HTMLElement) element.click()
        const look = () => {
          const isThere = label() !== before && (wanted !== 'large' || Number(total().replace(/\D/g, '')) > totalBefore)
          if (isThere) requestAnimationFrame(() => resolve(performance.now() - start))
          else requestAnimationFrame(look)
        }
        look()
      }),
    what,
  )
}

/** Ten thousand files from the disk onto the window: until the first counts are there, and until all their paths are known. */
async function dropMany(app: App, paths: readonly string[]): Promise<{ firstCountsMs: number; pathsMs: number }> {
  const { page } = app
  const measured = page.evaluate(
    () =>
      new Promise<{ firstCountsMs: number; pathsMs: number }>(resolve => {
        let start = 0
        let firstCountsMs = 0
        window.addEventListener(
          'drop',
          () => {
            start = performance.now()
          },
          { capture: true, once: true },
        )
        const look = () => {
          if (start > 0 && firstCountsMs === 0 && document.querySelector('[data-testid=plan-figures]') !== null)
            firstCountsMs = performance.now() - start
          if (firstCountsMs > 0 && document.querySelector('[data-testid=plan][data-arriving="0"]') !== null)
            resolve({ firstCountsMs, pathsMs: performance.now() - start })
          else requestAnimationFrame(look)
        }
        look()
      }),
  )
  await app.drop(paths)
  return measured
}

/** Keys and clicks while everything is being screened: how long each waits before the window turns to it. */
async function inputWhileScreening(page: Page, inputs = 160): Promise<Delays> {
  await startPlan(page)
  await page.locator('[role=gridcell]:visible').first().waitFor()
  await page.getByRole('grid').focus()
  const read = await watchInput(page)
  const before = await screened(page)
  const start = performance.now()
  const box = await page.locator('[role=grid]').boundingBox()
  await paced(inputs, 75, async step => {
    const x = (box?.x ?? 0) + 80 + (step % 4) * 170
    const y = (box?.y ?? 0) + 60 + (step % 3) * 170
    // What has the focus is shown beside the grid; P goes on in it, page by page.
    if (step % 3 === 0) await page.keyboard.press(keys[(step / 3) % keys.length] ?? 'p')
    else if (step % 3 === 1) await page.mouse.move(x, y)
    else await page.mouse.click(x, y)
  })
  const perSecond = ((await screened(page)) - before) / ((performance.now() - start) / 1000)
  return { ...(await read()), perSecond }
}

const keys = ['ArrowRight', 'p', 'p', 'ArrowDown', 'p', 'Shift+P']

/** From now on, until it is read: how long input waits. */
async function watchInput(page: Page): Promise<() => Promise<Omit<Delays, 'perSecond'>>> {
  await page.evaluate(() => {
    const delays: number[] = []
    const answered: number[] = []
    Reflect.set(globalThis, 'delays', { delays, answered })
    for (const type of ['keydown', 'pointerdown', 'pointermove'] as const) {
      window.addEventListener(
        type,
        event => {
          delays.push(performance.now() - event.timeStamp)
          requestAnimationFrame(() => answered.push(performance.now() - event.timeStamp))
        },
        { capture: true },
      )
    }
  })
  return async () => {
    const { delays, answered } = await page.evaluate(() => {
      const all = Reflect.get(globalThis, 'delays')
      return { delays: all.delays as number[], answered: all.answered as number[] }
    })
    return {
      inputs: delays.length,
      p95Ms: quantile(delays, 0.95),
      maxMs: Math.max(0, ...delays),
      answeredP95Ms: quantile(answered, 0.95),
    }
  }
}

/** The same over documents, layered pictures and films, which are opened and paged while they are read, drawn and screened; and while they are planned. */
export async function benchInputOverDocuments(): Promise<{
  readonly planned: Omit<Delays, 'perSecond'>
  readonly screened: Delays
  readonly frames: Frames
}> {
  return inNewFolder(async dataDir => {
    const material = join(dataDir, 'drop')
    const paths = await documentsAndFilms(material)
    const app = await startApp({ dataDir, language: 'en' })
    try {
      const { page } = app
      await page.setViewportSize({ width: 1440, height: 900 })
      const read = await watchInput(page)
      const isPlanned = { yet: false }
      const dropping = app.drop(paths).then(async () => {
        await page.locator('[data-testid=plan-figures]').waitFor({ timeout: 120_000 })
        await page.locator('[data-testid=plan][data-arriving="0"]').waitFor({ timeout: 120_000 })
        isPlanned.yet = true
      })
      for (let step = 0; !isPlanned.yet; step += 1) {
        await page.mouse.move(300 + (step % 50) * 10, 700 - (step % 20) * 10)
        await new Promise(resolve => setTimeout(resolve, 50))
      }
      await dropping
      const whilePlanned = await read()
      let whileScreened: Delays | null = null
      const frames = await framesOf(page, async () => {
        whileScreened = await inputWhileScreening(page, 320)
      })
      if (whileScreened === null) throw new Error('nothing was measured')
      return { planned: whilePlanned, screened: whileScreened, frames }
    } finally {
      await app.dispose()
    }
  })
}

async function documentsAndFilms(folder: string): Promise<string[]> {
  mkdirSync(folder, { recursive: true })
  const films = join(import.meta.dirname, '../fixtures/films')
  const texts = textFiles(folder, 100)
  const made: (readonly [string, Uint8Array])[] = []
  for (let seed = 0; seed < 6; seed += 1) {
    made.push([`brochure ${seed}.pdf`, await brochure(12, seed)])
    made.push([`deck ${seed}.pptx`, await deck(12, seed)])
    made.push([`poster ${seed}.psd`, await layeredPoster(1080, 1920, seed)])
    made.push([`table ${seed}.heic`, tiledPhoto(31, 23, seed)])
    made.push([`clip ${seed}.webm`, readFileSync(join(films, 'clip.webm'))])
    made.push([`poster ${seed}.png`, await poster({ seed })])
  }
  const paths = made.map(([name, bytes]) => {
    writeFileSync(join(folder, name), bytes)
    return join(folder, name)
  })
  return [...paths, ...texts]
}

const screened = async (page: Page): Promise<number> =>
  Number(await page.locator('footer [role=progressbar]').getAttribute('aria-valuenow'))

/** All that wants a second look, a tenth of the batch: selected, approved and confirmed. */
async function decideOnMany(page: Page): Promise<number> {
  await page.locator('[data-testid=outcome-tab][data-outcome="review"]').click()
  await page.getByRole('grid').focus()
  await page.keyboard.press('Control+a')
  await page.locator('[data-testid=selection]').waitFor()
  await page.keyboard.press('a')
  await page
    .getByRole('dialog')
    .getByRole('button', { name: /Approve/ })
    .waitFor()
  return page.evaluate(
    () =>
      new Promise<number>(resolve => {
        const start = performance.now()
        const buttons = [...document.querySelectorAll<HTMLButtonElement>('[role=dialog] button')]
        buttons.find(button => button.textContent?.startsWith('Approve'))?.click()
        const look = () => {
          const cells = [...document.querySelectorAll('[role=row]:not([hidden]) [role=gridcell]:not([hidden])')]
          const isDone =
            document.querySelector('[role=row]:not([hidden]) [data-deciding]') === null &&
            cells.every(cell => cell.getAttribute('data-decision') === 'approve')
          if (isDone) resolve(performance.now() - start)
          else requestAnimationFrame(look)
        }
        requestAnimationFrame(look)
      }),
  )
}

if (import.meta.main) {
  const { values } = parseArgs({ options: { assets: { type: 'string', default: '100000' } } })
  const result = await benchWindow({ assets: Number(values.assets) })
  const many = await benchMany(result.assets * 10)
  const review = await benchReview()
  const count = (value: number) => Math.round(value).toLocaleString('en')
  const ms = (value: number) => `${Math.round(value)} ms`
  const frames = (name: string, of: Frames) =>
    `  ${name}: from frame to frame p50 ${of.p50Ms.toFixed(1)} ms, p95 ${of.p95Ms.toFixed(1)} ms (by callbacks ${of.callbackP95Ms.toFixed(1)} ms), ` +
    `${of.shown} shown, longest task ${ms(of.longestTaskMs)} (at most ${ms(of.longestTaskCpuMs)} of the processor); a frame costs the main thread ${of.mainMs.toFixed(1)} ms, ` +
    `${Math.round(of.scriptShare * 100)} % of it script, and the painting threads ${of.rasterMs.toFixed(1)} ms`
  const beside = (name: string, ours: Frames, bare: Frames) => [
    `${name}: p95 ${(ours.p95Ms / Math.max(1, bare.p95Ms)).toFixed(1)} times that of a bare page`,
    frames('ours', ours),
    frames('bare', bare),
  ]
  process.stdout.write(
    [
      '',
      `The window with ${count(result.assets)} assets`,
      `start to a window that can be driven: ${ms(result.startMs)}; from the page's beginning to its contents ${ms(result.ownMs)}, ${ms(result.servedMs)} of it until its files were there`,
      `opening the batch: ${ms(result.openMs)}`,
      ...beside('wheel', result.ours.wheel, result.bare.wheel),
      ...beside('scroll bar', result.ours.scrollBar, result.bare.scrollBar),
      ...beside('held key', result.ours.key, result.bare.key),
      `filter: ${ms(result.filterMs)}, sort: ${ms(result.sortMs)}`,
      `deciding on ${count(result.assets / 10)}: ${ms(result.decideMs)}`,
      `heap of the page: ${Math.round(result.heapMb)} MB`,
      `first counts of ${count(dropped)} dropped files: ${ms(result.firstCountsMs)}, all their paths known after ${ms(result.pathsMs)}`,
      `input while ${count(result.delays.perSecond)} assets a second are screened: waits p95 ${ms(result.delays.p95Ms)}, at most ${ms(result.delays.maxMs)}; ` +
        `next frame after p95 ${ms(result.delays.answeredP95Ms)} (${result.delays.inputs} inputs)`,
      `${count(result.assets * 10)} assets: opening ${ms(many.openMs)}`,
      ...beside('wheel', many.wheel, result.bare.wheel).slice(0, 2),
      ...beside('wheel over the list', many.list, result.bare.wheel).slice(0, 2),
      `stacks are there after ${ms(many.stacksMs)}`,
      ...beside('wheel over stacks', many.stacked, result.bare.wheel).slice(0, 2),
      `${flagged} flagged pictures, revealed, one key each: the next has the focus after p50 ${ms(review.nextP50Ms)}, p95 ${ms(review.nextP95Ms)}; ` +
        `its original is drawn after p50 ${ms(review.sharpP50Ms)}, p95 ${ms(review.sharpP95Ms)}; then ${atOnce} keys without a pause: ` +
        `all ${review.decided} are decided`,
      '',
    ].join('\n'),
  )
}
