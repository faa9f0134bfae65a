import { z } from 'zod'
import type { Chromium, DevToolsPage, PageSize } from './chromium.ts'

/** What a page asks for. */
export interface PageRequest {
  readonly url: string
  readonly method: string
  readonly headers: Readonly<Record<string, string>>
}

export interface PageAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array
}

export interface HiddenPageOptions extends PageSize {
  readonly runsScript: boolean
  /** Answers what the page asks for, its own text first; null refuses. Nothing else answers anything. */
  answer(request: PageRequest): Promise<PageAnswer | null>
}

/** Pages have addresses of their own below this name, which nobody can register (RFC 6761, 6.4). */
const ownHost = 'prescreen.invalid'

export function ownOrigin(name: 'drawing' | 'media'): string {
  return `https://${name}.${ownHost}`
}

/** Whether an address is one that we answer: everything else may be refused before it gets to `answer`. */
export function isOwnAddress(url: string): boolean {
  const host = URL.parse(url)?.host ?? ''
  return /^https:/.test(url) && host.endsWith(`.${ownHost}`)
}

const pausedSchema = z.object({
  requestId: z.string(),
  request: z.object({ url: z.string(), method: z.string(), headers: z.record(z.string(), z.string()) }),
})

/**
 * A page that is shown nowhere and gets nothing but what `answer` gives it. Rejects when no page can be had; the signal closes it, and
 * so does whoever opened it.
 */
export async function openHiddenPage(
  chromium: Chromium,
  options: HiddenPageOptions,
  signal: AbortSignal,
): Promise<DevToolsPage> {
  const { width, height, runsScript } = options
  const page = await chromium.open({ width, height }, signal)
  page.on((method, params) => {
    if (method === 'Fetch.requestPaused') answerPaused(page, options, params).catch(() => undefined)
    // A page that asks whether it may be left is not heard.
    else if (method === 'Page.javascriptDialogOpening') {
      page.send('Page.handleJavaScriptDialog', { accept: false }).catch(() => undefined)
    }
  })
  try {
    await page.send('Fetch.enable', { patterns: [{ urlPattern: '*' }] })
    await page.send('Page.enable')
    await page.send('Page.setDownloadBehavior', { behavior: 'deny' })
    // Workers, and frames and windows in processes of their own, wait for a debugger that never comes.
    await page.send('Target.setAutoAttach', { autoAttach: true, waitForDebuggerOnStart: true, flatten: true })
    if (!runsScript) await page.send('Emulation.setScriptExecutionDisabled', { value: true })
    await page.send('Emulation.setDeviceMetricsOverride', { width, height, deviceScaleFactor: 1, mobile: false })
    return page
  } catch (error) {
    await page.close()
    throw error
  }
}

async function answerPaused(page: DevToolsPage, { answer }: HiddenPageOptions, params: unknown): Promise<void> {
  const { requestId, request } = pausedSchema.parse(params)
  const answered = isOwnAddress(request.url) ? await answer(request).catch(() => null) : null
  if (answered === null) {
    await page.send('Fetch.failRequest', { requestId, errorReason: 'BlockedByClient' })
    return
  }
  await page.send('Fetch.fulfillRequest', {
    requestId,
    responseCode: answered.status,
    responseHeaders: Object.entries(answered.headers).map(([name, value]) => ({ name, value })),
    body: Buffer.from(answered.body).toString('base64'),
  })
}

/** Loads an address of ours and resolves when all that the page asked for is there or refused. */
export async function loadPage(page: DevToolsPage, url: string): Promise<void> {
  const loaded = Promise.withResolvers<void>()
  const stop = page.on(method => {
    if (method === 'Page.loadEventFired') loaded.resolve()
  })
  const lost = page.gone.then(() => {
    throw new Error('the page is gone')
  })
  try {
    await Promise.race([page.navigate(url).then(() => loaded.promise), lost])
  } finally {
    stop()
  }
}
