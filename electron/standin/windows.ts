import type { BrowserContext, Page } from 'playwright'
import { type BrowserOptions, openBrowser } from './browser.ts'
import type { SessionState } from './session.ts'

/** The browser behind all windows: started with the first, closed with the program. */

export interface WindowHandle {
  readonly close: () => void
  readonly page: () => Page | null
}

const windows = new Set<WindowHandle>()
let context: Promise<BrowserContext> | null = null

/** The first window is the one that the browser starts with; one with a partition is in a context of that. */
export async function openPage(
  options: BrowserOptions,
  partition: SessionState | null,
): Promise<{ context: BrowserContext; page: Page }> {
  if (partition !== null) {
    partition.context ??= openPartition(partition)
    const own = await partition.context
    return { context: own, page: await own.newPage() }
  }
  if (context === null) {
    context = openBrowser(options)
    const first = await context
    // As in Electron, nothing that a window loads has to come within a time.
    first.setDefaultTimeout(0)
    return { context: first, page: first.pages()[0] ?? (await first.waitForEvent('page')) }
  }
  const open = await context
  return { context: open, page: await open.newPage() }
}

async function openPartition({ proxy }: SessionState): Promise<BrowserContext> {
  const browser = (await context)?.browser() ?? null
  if (browser === null) throw new Error('The first window of the stand-in is one of the default session')
  const own = await browser.newContext({ ...(proxy === null ? {} : { proxy }), viewport: null, acceptDownloads: false })
  own.setDefaultTimeout(0)
  return own
}

export function addWindow(window: WindowHandle): void {
  windows.add(window)
}

/** How many are left. */
export function removeWindow(window: WindowHandle): number {
  windows.delete(window)
  return windows.size
}

export const windowCount = (): number => windows.size

export function closeAllWindows(): void {
  for (const window of windows) window.close()
}

/** Does `action` with every page that there is. */
export function forEachPage(action: (page: Page) => Promise<unknown>): void {
  for (const window of windows) {
    const page = window.page()
    if (page !== null) action(page).catch(() => undefined)
  }
}

const closeWithinMs = 3_000

/** The browser ends with the program in any case: it hangs on a pipe. */
export async function closeBrowser(): Promise<void> {
  if (context === null) return
  const open = await Promise.race([context.catch(() => null), after(closeWithinMs)])
  if (open !== null) await Promise.race([open.close().catch(() => undefined), after(closeWithinMs)])
}

const after = (ms: number): Promise<null> =>
  new Promise(resolve => {
    setTimeout(() => resolve(null), ms)
  })
