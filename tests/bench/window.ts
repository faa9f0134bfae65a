/**
 * The window with 100 000 assets in a real browser: how long the batch takes to open, frames while it is scrolled by wheel, by the
 * scroll bar and by a held key, the longest task of the page, its heap, filter and sort, deciding on a tenth at once, and how long
 * the built program takes to become usable. The assets are written as rows; nothing is screened.
 *
 *     node tests/bench/window.ts [--assets 100000]
 */
import { createHash, randomBytes } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import type { Page } from 'playwright'
import { openDatabase } from '../../electron/engine/ledger/database.ts'
import { createPracticeProfiles } from '../../electron/engine/profiles/practice-profiles.ts'
import { startApp } from '../e2e/support/app.ts'
import { poster } from '../e2e/support/pictures.ts'

export interface Frames {
  readonly frames: number
  readonly p50Ms: number
  readonly p95Ms: number
  readonly longestTaskMs: number
}

export interface WindowResult {
  readonly assets: number
  /** From the start of the program to a window that answers; of that, from the page's own beginning. */
  readonly startMs: number
  readonly ownMs: number
  readonly openMs: number
  readonly wheel: Frames
  readonly scrollBar: Frames
  readonly key: Frames
  readonly filterMs: number
  readonly sortMs: number
  /** A tenth of the assets at once, until the grid shows the decisions. */
  readonly decideMs: number
  readonly heapMb: number
}

const pictures = 200

export async function benchWindow({ assets = 100_000 }: { readonly assets?: number } = {}): Promise<WindowResult> {
  const dataDir = mkdtempSync(join(tmpdir(), 'prescreen-window-bench-'))
  try {
    await seed(dataDir, assets)
    const startedAt = performance.now()
    const app = await startApp({ dataDir, language: 'en' })
    try {
      const { page } = app
      await page.locator('.batch-item').first().waitFor()
      const startMs = performance.now() - startedAt
      const ownMs = await page.evaluate(() => performance.now())
      await page.setViewportSize({ width: 1440, height: 900 })
      const openMs = await timed(page, '.batch-item:has-text("large")', 'large')
      // Once with nothing measured: thumbnails are made, code is compiled.
      await scrolling(page, () => wheel(page, 40))
      await page.evaluate(() => document.querySelector('.grid')?.scrollTo(0, 0))
      const byWheel = await scrolling(page, () => wheel(page, 120))
      const byBar = await scrolling(page, () => dragScrollBar(page))
      await page.evaluate(() => document.querySelector('.grid')?.scrollTo(0, 0))
      await page.getByRole('grid').focus()
      const byKey = await scrolling(page, () => holdKey(page, 'PageDown', 90))
      const filterMs = await timed(page, '.outcome-tab[data-outcome="risky"]', 'filter')
      await page.locator('.outcome-tab').first().click()
      await page.locator('.filter-line button', { hasText: 'Risk' }).click()
      const sortMs = await timed(page, '[role=menuitem]:has-text("Path")', 'sort')
      const decideMs = await decideOnMany(page)
      const heapMb = await page.evaluate(() => {
        const memory: unknown = Reflect.get(performance, 'memory')
        return memory === undefined ? 0 : Number(Reflect.get(Object(memory), 'usedJSHeapSize')) / 2 ** 20
      })
      return {
        assets,
        startMs,
        ownMs,
        openMs,
        wheel: byWheel,
        scrollBar: byBar,
        key: byKey,
        filterMs,
        sortMs,
        decideMs,
        heapMb,
      }
    } finally {
      await app.dispose()
    }
  } finally {
    rmSync(dataDir, { recursive: true, force: true, maxRetries: 5 })
  }
}

/** Two batches: a small one that opens with the window, and the large one. */
async function seed(dataDir: string, assets: number): Promise<void> {
  const folder = join(dataDir, 'material')
  mkdirSync(folder, { recursive: true })
  const files = await Promise.all(
    Array.from({ length: pictures }, async (_, at) => {
      const bytes = await poster({ seed: at })
      const path = join(folder, `${at}.png`)
      writeFileSync(path, bytes)
      return { path, bytes: bytes.byteLength, sha256: createHash('sha256').update(bytes).digest('hex') }
    }),
  )
  const { raw } = openDatabase(join(dataDir, 'prescreen.sqlite'))
  const [practice] = createPracticeProfiles()
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
    add('b_00000000000000000000000002', 'small', now, 40)
  })()
  raw.close()
}

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
          [...document.querySelectorAll('.grid-row:not([hidden]) .cell:not([hidden])')]
            .map(cell => cell.getAttribute('aria-label'))
            .join()
        const total = () => document.querySelector('.outcome-tab .figures')?.textContent ?? ''
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

/** Frames and tasks of the page while something goes on. */
async function scrolling(page: Page, act: () => Promise<void>): Promise<Frames> {
  await page.evaluate(() => {
    const measured = { on: true, times: [] as number[], tasks: [] as number[] }
    Reflect.set(globalThis, 'measured', measured)
    new PerformanceObserver(list => {
      for (const entry of list.getEntries()) if (measured.on) measured.tasks.push(entry.duration)
    }).observe({ type: 'longtask' })
    let last = performance.now()
    const frame = (now: number) => {
      measured.times.push(now - last)
      last = now
      if (measured.on) requestAnimationFrame(frame)
    }
    requestAnimationFrame(frame)
  })
  await act()
  const { times, tasks } = await page.evaluate(() => {
    const measured = Reflect.get(globalThis, 'measured')
    measured.on = false
    return { times: measured.times as number[], tasks: measured.tasks as number[] }
  })
  const sorted = times.slice(1).sort((a, b) => a - b)
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0
  return { frames: sorted.length, p50Ms: at(0.5), p95Ms: at(0.95), longestTaskMs: Math.max(0, ...tasks) }
}

async function wheel(page: Page, turns: number): Promise<void> {
  const box = await page.locator('.grid').boundingBox()
  await page.mouse.move((box?.x ?? 0) + 300, (box?.y ?? 0) + 300)
  for (let turn = 0; turn < turns; turn += 1) await page.mouse.wheel(0, 240)
}

async function dragScrollBar(page: Page): Promise<void> {
  const box = await page.locator('.grid').boundingBox()
  if (box === null) return
  const x = box.x + box.width - 4
  await page.mouse.move(x, box.y + 6)
  await page.mouse.down()
  for (let step = 0; step < 120; step += 1) await page.mouse.move(x, box.y + 6 + (step * (box.height - 20)) / 120)
  await page.mouse.up()
}

async function holdKey(page: Page, key: string, repeats: number): Promise<void> {
  for (let repeat = 0; repeat < repeats; repeat += 1) await page.keyboard.down(key)
  await page.keyboard.up(key)
}

/** All that wants a second look, a tenth of the batch: selected, approved and confirmed. */
async function decideOnMany(page: Page): Promise<number> {
  await page.locator('.outcome-tab[data-outcome="review"]').click()
  await page.getByRole('grid').focus()
  await page.keyboard.press('Control+a')
  await page.locator('.selection').waitFor()
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
          const cells = [...document.querySelectorAll('.grid-row:not([hidden]) .cell:not([hidden])')]
          const isDone =
            document.querySelector('.grid-row:not([hidden]) [data-deciding]') === null &&
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
  const ms = (value: number) => `${Math.round(value)} ms`
  const frames = (name: string, of: Frames) =>
    `${name}: frames p50 ${of.p50Ms.toFixed(1)} ms, p95 ${of.p95Ms.toFixed(1)} ms, longest task ${ms(of.longestTaskMs)} (${of.frames} frames)`
  process.stdout.write(
    [
      '',
      `The window with ${result.assets.toLocaleString('en')} assets`,
      `start to interactive: ${ms(result.startMs)}, of which from the page's beginning ${ms(result.ownMs)}`,
      `opening the batch: ${ms(result.openMs)}`,
      frames('wheel', result.wheel),
      frames('scroll bar', result.scrollBar),
      frames('held key', result.key),
      `filter: ${ms(result.filterMs)}, sort: ${ms(result.sortMs)}`,
      `deciding on ${Math.round(result.assets / 10).toLocaleString('en')}: ${ms(result.decideMs)}`,
      `heap of the page: ${Math.round(result.heapMb)} MB`,
      '',
    ].join('\n'),
  )
}
