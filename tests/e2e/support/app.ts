import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { type Browser, chromium, type Locator, type Page } from 'playwright'
import type { Command, Report } from '../../../electron/standin/control.ts'
import { targetOf } from '../../../electron/standin/target.ts'
import { stepHangMs } from '../../hang.ts'

const repository = resolve(import.meta.dirname, '../../..')

export interface AppOptions {
  /** Made and removed with the app when not given. */
  readonly dataDir?: string
  readonly language?: 'zh' | 'en'
  /** Files and folders on the command line. */
  readonly files?: readonly string[]
  readonly env?: Readonly<Record<string, string>>
  /** `closed`: the reader of the log has gone, as when a terminal is closed. */
  readonly stderr?: 'closed'
  /** The built main process; the product's own by default. */
  readonly main?: string
}

/** The program in the stand-in, and the desktop around it. */
export interface App {
  readonly page: Page
  readonly dataDir: string
  /** Everything the program did to the desktop so far. */
  readonly reports: readonly Report[]
  readonly stderr: () => string
  report<Kind extends Report['kind']>(
    kind: Kind,
    fits?: (report: Extract<Report, { kind: Kind }>) => boolean,
  ): Promise<Extract<Report, { kind: Kind }>>
  command(command: Command): void
  /** The answer to the next dialog; null dismisses it. */
  answerDialog(dialog: 'open' | 'save', paths: string[] | null): void
  /** Drags real files and folders of the disk onto the page (its middle, or that of `target`). */
  drop(paths: readonly string[], target?: Locator): Promise<void>
  /** The page of the window, which may have been loaded again, or of another one by its number. */
  currentPage(window?: number): Promise<Page>
  /** The main process stands still, as if it took its time, while `during` lasts. */
  paused<Result>(during: () => Promise<Result>): Promise<Result>
  /** Quits as the menu does; the exit code. */
  quit(): Promise<number>
  /** `kill -9`. */
  kill(): Promise<void>
  /** Ends whatever still runs and removes a data directory of its own. */
  dispose(): Promise<void>
}

/** How many drops the page has heard of since it was asked first. */
function countDrops(page: Page): Promise<number> {
  return page.evaluate(() => {
    const known = Reflect.get(globalThis, 'dropsHeard')
    if (typeof known === 'number') return known
    Reflect.set(globalThis, 'dropsHeard', 0)
    const hear = () => Reflect.set(globalThis, 'dropsHeard', Number(Reflect.get(globalThis, 'dropsHeard')) + 1)
    window.addEventListener('drop', hear, { capture: true })
    return 0
  })
}

/** Chromium loses what comes by its protocol while it still ends another drag; what it has not lost comes before this question. */
function isHeard(page: Page, before: number): Promise<boolean> {
  return page.evaluate(count => Number(Reflect.get(globalThis, 'dropsHeard')) > count, before)
}

/** The built program in the stand-in, with its own data directory. */
function spawnProgram(options: AppOptions, dataDir: string): ChildProcess {
  const main = options.main ?? join(repository, 'out/main/index.js')
  return spawn(process.execPath, [join(repository, 'electron/standin/run.ts'), main, ...(options.files ?? [])], {
    cwd: repository,
    env: {
      ...process.env,
      PRESCREEN_DATA_DIR: dataDir,
      PRESCREEN_HEADLESS: '1',
      PRESCREEN_STANDIN_CONTROL: '1',
      LANG: options.language === 'en' ? 'en_US.UTF-8' : 'zh_CN.UTF-8',
      // Either would override the language.
      LC_ALL: undefined,
      LC_MESSAGES: undefined,
      ...options.env,
    },
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  })
}

/** What a running program does to the desktop and writes to its log. */
interface Observed extends Pick<App, 'reports' | 'stderr' | 'report'> {
  readonly exited: Promise<unknown>
}

function observe(child: ChildProcess, options: AppOptions): Observed {
  const exited = once(child, 'exit')
  let stderr = ''
  child.stderr?.setEncoding('utf8').on('data', chunk => {
    stderr += chunk
  })
  if (options.stderr === 'closed') child.stderr?.destroy()
  const reports: Report[] = []
  const listeners = new Set<() => void>()
  child.on('message', message => {
    reports.push(message as Report)
    for (const listener of listeners) listener()
  })

  const report: App['report'] = (kind, fits = () => true) => {
    const find = () =>
      reports.find((item): item is Extract<Report, { kind: typeof kind }> => item.kind === kind && fits(item as never))
    return new Promise((resolvePromise, reject) => {
      const limit = setTimeout(() => reject(new Error(`No report of '${kind}' came:\n${stderr}`)), stepHangMs)
      const settle = () => {
        const found = find()
        if (found === undefined) return
        clearTimeout(limit)
        listeners.delete(settle)
        resolvePromise(found)
      }
      listeners.add(settle)
      settle()
      void exited.then(() => reject(new Error(`The program ended without a report of '${kind}':\n${stderr}`)))
    })
  }

  return { exited, reports, stderr: () => stderr, report }
}

/** Drags files and folders of the disk onto the middle of `target`, or of the page. */
async function dropFiles(page: Page, paths: readonly string[], target: Locator | undefined): Promise<void> {
  const session = await page.context().newCDPSession(page)
  const box = await (target ?? page.locator('body')).boundingBox()
  const { width = 800, height = 600 } = box ?? {}
  const x = Math.round((box?.x ?? 0) + width / 2)
  const y = Math.round((box?.y ?? 0) + height / 2)
  const data = { items: [], files: paths.map(path => resolve(path)), dragOperationsMask: 1 }
  const heard = await countDrops(page)
  for (let attempt = 0; attempt < 20; attempt += 1) {
    for (const type of ['dragEnter', 'dragOver', 'drop'] as const) {
      await session.send('Input.dispatchDragEvent', { type, x, y, data })
    }
    if (await isHeard(page, heard)) break
  }
  await session.detach()
}

/** Starts the built program with its own data directory and drives its window. */
export async function startApp(options: AppOptions = {}): Promise<App> {
  const dataDir = options.dataDir ?? mkdtempSync(join(tmpdir(), 'prescreen-e2e-'))
  const child = spawnProgram(options, dataDir)
  const { exited, reports, stderr, report } = observe(child, options)

  let browser: Browser
  let browserPid: number | null = null
  try {
    const { endpoint } = await report('window')
    browser = await chromium.connectOverCDP(endpoint, { timeout: stepHangMs })
    for (const context of browser.contexts()) context.setDefaultTimeout(stepHangMs)
    // The shared one outlives the program.
    if (process.env.PRESCREEN_STANDIN_BROWSER === undefined) browserPid = await findBrowserPid(browser)
  } catch (error) {
    child.kill('SIGKILL')
    if (options.dataDir === undefined) rmSync(dataDir, { recursive: true, force: true })
    throw error
  }
  const first = reports.find(item => item.kind === 'window')?.window
  const currentPage = async (window = first) => {
    const target = reports
      .flatMap(item => (item.kind === 'window' && item.window === window ? [item.target] : []))
      .at(-1)
    const pages = browser.contexts().flatMap(context => context.pages())
    // All are asked at once: another program's page that has crashed or stands still keeps nobody waiting.
    const asked = pages.map(async page => {
      if ((await targetOf(page)) !== target) throw new Error('another window')
      return page
    })
    return Promise.any(asked).catch(() => {
      throw new Error(`The window shows no page:\n${stderr()}`)
    })
  }

  const end = async () => {
    await exited
    await browser.close().catch(() => undefined)
    if (browserPid !== null) await gone(browserPid)
  }

  return {
    page: await currentPage(),
    dataDir,
    reports,
    stderr,
    report,
    command: command => void child.send(command),
    answerDialog: (dialog, paths) => void child.send({ kind: 'answer', dialog, paths } satisfies Command),
    async drop(paths, target) {
      await dropFiles(await currentPage(), paths, target)
    },
    currentPage,
    async paused(during) {
      child.kill('SIGSTOP')
      try {
        return await during()
      } finally {
        child.kill('SIGCONT')
      }
    },
    async quit() {
      child.send({ kind: 'quit' } satisfies Command)
      await end()
      return exitCode(child)
    },
    async kill() {
      child.kill('SIGKILL')
      await end()
    },
    async dispose() {
      if (child.exitCode === null && child.signalCode === null) {
        child.kill('SIGKILL')
        // Alone it would take its time.
        if (browserPid !== null) kill(browserPid)
        await end()
      }
      if (options.dataDir === undefined) rmSync(dataDir, { recursive: true, force: true, maxRetries: 5 })
    },
  }
}

const exitCode = (child: ChildProcess): number => child.exitCode ?? -1

/** The browser ends by itself when its driver dies; starting another on the same profile has to wait for that. */
async function findBrowserPid(browser: Browser): Promise<number | null> {
  const session = await browser.newBrowserCDPSession()
  const { processInfo } = await session.send('SystemInfo.getProcessInfo')
  await session.detach()
  return processInfo.find(process => process.type === 'browser')?.id ?? null
}

async function gone(pid: number): Promise<void> {
  while (isRunning(pid)) {
    await new Promise(next => {
      setTimeout(next, 20)
    })
  }
}

/** One that has ended meanwhile is as good as killed. */
function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch (error) {
    if (isRunning(pid)) throw error
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
  } catch {
    return false
  }
  try {
    // One that has ended but that nobody has buried yet runs no more.
    return !/^\d+ \(.*\) Z/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'))
  } catch {
    return process.platform !== 'linux'
  }
}
