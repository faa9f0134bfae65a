import type { CDPSession, Page } from 'playwright'

/**
 * Frames of a page while it is scrolled, as people see them. `requestAnimationFrame` alone would flatter: it is also called
 * for frames in which nothing new could be shown in time. So frames are taken from the browser's own trace, where they were
 * put on the screen, and so is what the main thread did for them.
 */
export interface Frames {
  /** Frames that reached the screen, and the time from one to the next. */
  readonly shown: number
  readonly p50Ms: number
  readonly p95Ms: number
  /** From one `requestAnimationFrame` to the next, for comparison. */
  readonly callbackP95Ms: number
  readonly longestTaskMs: number
  /** Processor time of the task that took most of it: the rest of the time others had the processor. */
  readonly longestTaskCpuMs: number
  /** Processor time of the page's main thread for each shown frame, and the share of it that is script. */
  readonly mainMs: number
  readonly scriptShare: number
  /** Processor time of the threads that paint, put together and show, for each shown frame. */
  readonly rasterMs: number
}

interface TraceEvent {
  readonly name: string
  readonly ph: string
  readonly pid: number
  readonly tid: number
  readonly ts: number
  readonly dur?: number
  readonly tdur?: number
  readonly args: { readonly name?: string }
}

const categories = ['toplevel', 'devtools.timeline', 'benchmark', 'viz', 'disabled-by-default-display.framedisplayed']

export async function framesOf(page: Page, act: () => Promise<void>): Promise<Frames> {
  const browser = page.context().browser()
  if (browser === null) throw new Error('the page has no browser')
  const session = await browser.newBrowserCDPSession()
  try {
    await watchCallbacks(page)
    const trace = await tracing(session, act)
    const { times, tasks } = await page.evaluate(() => {
      const measured = Reflect.get(globalThis, 'measured')
      measured.on = false
      return { times: measured.times as number[], tasks: measured.tasks as number[] }
    })
    return { ...readTrace(trace), callbackP95Ms: quantile(times.slice(1), 0.95), longestTaskMs: Math.max(0, ...tasks) }
  } finally {
    await session.detach()
  }
}

async function watchCallbacks(page: Page): Promise<void> {
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
}

async function tracing(session: CDPSession, act: () => Promise<void>): Promise<readonly TraceEvent[]> {
  const events: TraceEvent[] = []
  // The protocol leaves the form of an event open.
  const collect = ({ value }: { readonly value: readonly object[] }) => events.push(...(value as TraceEvent[]))
  session.on('Tracing.dataCollected', collect)
  await session.send('Tracing.start', {
    transferMode: 'ReportEvents',
    traceConfig: { includedCategories: categories },
  })
  await act()
  const complete = new Promise<void>(resolve => session.once('Tracing.tracingComplete', () => resolve()))
  await session.send('Tracing.end')
  await complete
  session.off('Tracing.dataCollected', collect)
  return events
}

/** Longer than this nothing was asked for: the motion had not begun, or was over. */
const restMs = 1000

function readTrace(events: readonly TraceEvent[]): Omit<Frames, 'callbackP95Ms' | 'longestTaskMs'> {
  const threads = new Map<string, string>()
  for (const { name, pid, tid, args } of events) {
    if (name === 'thread_name') threads.set(`${pid} ${tid}`, args.name ?? '')
  }
  const shownAt = events.filter(({ name }) => name === 'Display::FrameDisplayed').map(({ ts }) => ts / 1000)
  shownAt.sort((a, b) => a - b)
  const gaps = shownAt.slice(1).map((at, index) => at - (shownAt[index] ?? at))
  const moving = gaps.filter(gap => gap < restMs)
  const main = busiest(events, threads, 'CrRendererMain')
  const script = events.filter(
    event => main.isOf(event) && (event.name === 'FunctionCall' || event.name === 'RunMicrotasks'),
  )
  let raster = 0
  for (const event of events) {
    const thread = threads.get(`${event.pid} ${event.tid}`) ?? ''
    if (isTask(event) && /^(Compositor|VizCompositorThread|ThreadPoolForegroundWorker)/.test(thread))
      raster += cpuMs(event)
  }
  return {
    shown: shownAt.length,
    p50Ms: quantile(moving, 0.5),
    p95Ms: quantile(moving, 0.95),
    longestTaskCpuMs: Math.max(0, ...events.filter(event => isTask(event) && main.isOf(event)).map(cpuMs)),
    mainMs: main.cpuMs / Math.max(1, shownAt.length),
    scriptShare: outermost(script) / Math.max(1, main.cpuMs),
    rasterMs: raster / Math.max(1, shownAt.length),
  }
}

const isTask = ({ name, ph }: TraceEvent): boolean =>
  ph === 'X' && (name === 'ThreadControllerImpl::RunTask' || name === 'ThreadPool_RunTask')
const cpuMs = ({ tdur, dur }: TraceEvent): number => (tdur ?? dur ?? 0) / 1000

/** The main thread of the page that was scrolled: of all pages' the one that worked most. */
function busiest(events: readonly TraceEvent[], threads: ReadonlyMap<string, string>, name: string) {
  const spent = new Map<string, number>()
  for (const event of events) {
    const key = `${event.pid} ${event.tid}`
    if (isTask(event) && threads.get(key) === name) spent.set(key, (spent.get(key) ?? 0) + cpuMs(event))
  }
  const [key, total] = [...spent].reduce((most, next) => (next[1] > most[1] ? next : most), ['', 0])
  return { cpuMs: total, isOf: (event: TraceEvent) => event.ph === 'X' && `${event.pid} ${event.tid}` === key }
}

/** Calls within calls are counted once. */
function outermost(calls: readonly TraceEvent[]): number {
  let end = 0
  let total = 0
  for (const call of [...calls].sort((a, b) => a.ts - b.ts)) {
    if (call.ts < end) continue
    end = call.ts + (call.dur ?? 0)
    total += cpuMs(call)
  }
  return total
}

export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0
}

/**
 * What the browser itself needs on this machine: the same motions over a bare page, without any script, with as many cells in
 * view and pictures of the same size. Ours can be judged only beside it.
 */
export async function openReference(page: Page, pictures: readonly Uint8Array[]): Promise<Page> {
  const reference = await page.context().newPage()
  const cells = Array.from({ length: 2000 }, (_, at) => {
    const picture = Buffer.from(pictures[at % pictures.length] ?? []).toString('base64')
    return `<div class="c"><img src="data:image/webp;base64,${picture}"><p>No hit 90<p>poster ${at}.png</div>`
  })
  await reference.setContent(`<!doctype html><style>
    body { margin: 0; font: 12px sans-serif }
    .grid { position: absolute; inset: 155px 348px 68px 216px; overflow-y: scroll; display: flex; flex-wrap: wrap; gap: 8px }
    .c { width: 164px; height: 167px; border: 1px solid #ddd } p { margin: 0 8px; height: 19px }
    img { display: block; width: 158px; height: 118px; margin: 3px; object-fit: contain }
    /* Like ours without arrows at its ends, or the drag would begin on one and move nothing. */
    ::-webkit-scrollbar { width: 12px } ::-webkit-scrollbar-thumb { background: #999 }
  </style><div class="grid" tabindex="0" role="grid">${cells.join('')}</div>`)
  return reference
}

/** Turns of a wheel as fast as a hand can make them, at the browser's own pace and not at that of its answers. */
export async function turnWheel(page: Page): Promise<void> {
  const box = await gridBox(page)
  const session = await page.context().newCDPSession(page)
  await session.send('Input.synthesizeScrollGesture', {
    x: Math.round(box.x + 300),
    y: Math.round(box.y + 300),
    yDistance: -15_000,
    speed: 5000,
    gestureSourceType: 'mouse',
  })
  await session.detach()
}

/** From the top to the bottom within two seconds. */
export async function dragScrollBar(page: Page): Promise<void> {
  const box = await gridBox(page)
  const x = box.x + box.width - 4
  await page.mouse.move(x, box.y + 6)
  await page.mouse.down()
  await paced(120, 1000 / 60, step => page.mouse.move(x, box.y + 6 + (step * (box.height - 20)) / 120))
  await page.mouse.up()
}

/** Three seconds, at the rate at which systems repeat keys. */
export async function holdKey(page: Page, key: string): Promise<void> {
  await page.getByRole('grid').focus()
  await paced(90, 1000 / 30, () => page.keyboard.down(key))
  await page.keyboard.up(key)
}

/** Input comes when it comes: the next does not wait until the last has been answered. */
export async function paced(count: number, everyMs: number, send: (step: number) => Promise<unknown>): Promise<void> {
  const sent: Promise<unknown>[] = []
  const start = performance.now()
  for (let step = 0; step < count; step += 1) {
    const wait = start + step * everyMs - performance.now()
    if (wait > 0) await new Promise(resolve => setTimeout(resolve, wait))
    sent.push(send(step))
  }
  await Promise.all(sent)
}

async function gridBox(page: Page) {
  const box = await page.locator('[role=grid]').boundingBox()
  if (box === null) throw new Error('the page has no grid')
  return box
}
