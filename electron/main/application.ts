import { mkdirSync, mkdtempSync } from 'node:fs'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import {
  app,
  type BrowserWindow,
  dialog,
  Notification,
  nativeTheme,
  powerSaveBlocker,
  protocol,
  safeStorage,
  session,
} from 'electron'
import ElectronStore from 'electron-store'
import { eventNames, type IpcProblem } from '../../shared/ipc.ts'
import { Problem } from '../../shared/problems.ts'
import type { BatchState } from '../../shared/screening.ts'
import type { Settings } from '../../shared/settings.ts'
import type { Engine, EngineOptions } from '../engine/api.ts'
import { createDesktop, osOf } from './desktop.ts'
import { createHandlers } from './handlers.ts'
import { startImagingProcess } from './imaging-process.ts'
import { sendTo, serveCalls } from './ipc.ts'
import { lockDownPages, lockDownSession } from './lockdown.ts'
import { describeError, log } from './log.ts'
import { showMenu } from './menu.ts'
import { createPdfMaker } from './pdf.ts'
import { scheme } from './policies/address.ts'
import { batchNotice } from './policies/batch-notice.ts'
import { readInvocation } from './policies/command-line.ts'
import { createEventMerger, type Message } from './policies/event-merger.ts'
import { chooseLanguage } from './policies/language.ts'
import { createOutbox } from './policies/outbox.ts'
import { rendererGoneText, rendererLostText } from './policies/renderer-crash.ts'
import { createContentServer } from './protocol.ts'
import { openSettingsStore, storageProblem } from './settings-store.ts'
import { openVault } from './vault.ts'
import { openWindow } from './window.ts'

/** Where the built program lies. */
export interface Places {
  readonly preload: string
  readonly rendererDir: string
  readonly samplesDir: string
  readonly imagingWorker: string
}

export type OpenEngine = (options: EngineOptions) => Promise<Engine>

/** An engine that does not come to an end is left behind: everything that was answered is on the disk. */
const closeWithinMs = 5_000

/**
 * Starts the program. All of this runs before the first `await`: schemes, paths and the lock count only before `ready`
 * (docs: electron/standin, its rules).
 */
export function startApplication(places: Places, openEngine: OpenEngine): void {
  protocol.registerSchemesAsPrivileged([
    // The code cache: the window's program is compiled once and not at every start.
    { scheme, privileges: { standard: true, secure: true, supportFetchAPI: true, stream: true, codeCache: true } },
  ])
  app.enableSandbox()
  if (process.platform === 'win32') app.setAppUserModelId('app.prescreen.workstation')
  endLoudlyOnBugs()
  const invocation = readInvocation(process.argv, process.cwd(), app.isPackaged)
  const { dataDir, problem } = prepareDataDir(
    invocation.dataDir ?? process.env.PRESCREEN_DATA_DIR ?? join(app.getPath('appData'), 'Prescreen'),
  )
  app.setPath('userData', dataDir)
  // Apart from our own files: the browser's Cache and our cache would be one folder where case does not count.
  app.setPath('sessionData', join(dataDir, 'browser'))
  if (!app.requestSingleInstanceLock()) {
    app.quit()
    return
  }
  lockDownPages(app)
  const program = createProgram(places, dataDir, problem, openEngine)
  app.on('second-instance', (_event, argv, cwd) => {
    program.focus()
    program.open(readInvocation(argv, cwd, app.isPackaged).files)
  })
  app.on('open-file', (event, path) => {
    event.preventDefault()
    program.open([path])
  })
  program.open(invocation.files)
  app.whenReady().then(program.start).catch(failLoudly)
}

/** A data folder that cannot be used must not keep the window from saying so: it opens on an empty one. */
function prepareDataDir(wanted: string): { dataDir: string; problem: Problem | null } {
  try {
    mkdirSync(wanted, { recursive: true, mode: 0o700 })
    return { dataDir: wanted, problem: null }
  } catch (error) {
    const { code } = storageProblem(error)
    return {
      dataDir: mkdtempSync(join(app.getPath('temp'), 'prescreen-')),
      problem: new Problem(code, wanted, { cause: error }),
    }
  }
}

function createProgram(places: Places, dataDir: string, dataDirProblem: Problem | null, openEngine: OpenEngine) {
  const os = osOf(process.platform)
  const problems: IpcProblem[] = []
  const states = new Map<string, BatchState>()
  let window: BrowserWindow | null = null
  let settings: Settings | null = null
  let awake: number | null = null
  const tellLater = (code: IpcProblem['code'], detail: string) => problems.push({ code, detail })
  const language = () => chooseLanguage(settings?.language ?? 'system', app.getLocale())

  const outbox = createOutbox(message => {
    if (window !== null && !window.isDestroyed()) sendTo(window.webContents, message)
  })
  const merger = createEventMerger(outbox.send, {
    set: (run, ms) => {
      const timer = setTimeout(run, ms)
      return { stop: () => clearTimeout(timer) }
    },
  })
  const tell = (message: Message) => merger.accept(message)

  const focus = () => {
    if (window === null || window.isDestroyed()) return
    if (window.isMinimized()) window.restore()
    window.show()
    window.focus()
  }

  const keys = () => settings?.keys ?? {}
  const showOwnMenu = () => showMenu(os, language(), keys(), command => tell({ name: 'command', event: { command } }))

  const applySettings = (changed: Settings) => {
    const before = { language: language(), keys: keys() }
    settings = changed
    nativeTheme.themeSource = changed.theme
    if (!isDeepStrictEqual(before, { language: language(), keys: keys() })) showOwnMenu()
  }

  const stayAwake = (engine: Engine) => {
    if (engine.busy() && awake === null) awake = powerSaveBlocker.start('prevent-app-suspension')
    if (!engine.busy() && awake !== null) {
      powerSaveBlocker.stop(awake)
      awake = null
    }
  }

  const noticeOutOfSight = (message: Message) => {
    if (message.name !== 'batch') return
    const batch = message.event
    const notice = batchNotice(states.get(batch.id), batch, language())
    states.set(batch.id, batch.state)
    const isWatched = window?.isFocused() === true
    if (notice === null || isWatched || settings?.notifications === false || !Notification.isSupported()) return
    const notification = new Notification(notice)
    notification.on('click', focus)
    notification.show()
  }

  const listenTo = (engine: Engine) => {
    applySettings(engine.settings.get())
    for (const name of eventNames) {
      engine.on(name, event => {
        // One of the pairs that the contract lists; the loop variable hides which.
        const message = { name, event } as Message
        tell(message)
        noticeOutOfSight(message)
        stayAwake(engine)
      })
    }
    stayAwake(engine)
  }

  const start = () => {
    const now = new Date()
    const { store, problem } = openSettingsStore(
      dataDir,
      (cwd, name) => new ElectronStore({ cwd, name, configFileMode: 0o600 }),
      now,
    )
    if (problem !== null) tellLater(problem.code, problem.detail)
    lockDownSession(session.defaultSession)
    const vault = openVault(safeStorage, keychainName())
    const opening =
      dataDirProblem === null
        ? vault.then(opened =>
            openEngine({
              dataDir,
              store,
              vault: opened,
              env: process.env,
              language,
              samplesDir: places.samplesDir,
              imagingWorker: places.imagingWorker,
              // With the RunAsNode fuse off the engine may not fork by itself.
              startImagingChild: startImagingProcess,
              takeUpUnfinished: true,
            }),
          )
        : Promise.reject(dataDirProblem)
    const engine = opening.catch((error: unknown) => {
      log('engine not opened', { error: describeError(error) })
      throw error instanceof Problem ? error : new Problem('internal', 'the engine did not start', { cause: error })
    })
    engine.then(listenTo, () => undefined)

    const pdf = createPdfMaker()
    protocol.handle(
      scheme,
      createContentServer({
        rendererDir: places.rendererDir,
        engine,
        reportFile: pdf.reportFile,
        onBug: error => log('content not served', { error: describeError(error) }),
      }),
    )
    serveCalls(
      createHandlers({
        dataDir,
        vault: vault.then(opened => opened.strength),
        engine,
        desktop: createDesktop(() => window, pdf),
        takeProblems: () => problems.splice(0),
        onWindowListening: outbox.open,
        onSettings: applySettings,
        tell,
        now: () => new Date(),
      }),
    )
    showOwnMenu()
    window = openWindow(places.preload, store, {
      onReload: () => {
        outbox.hold()
        tellLater('internal', rendererGoneText[language()])
      },
      onGivenUp: () => {
        dialog.showErrorBox('预审台 Prescreen', rendererLostText[language()])
        app.quit()
      },
      onClosed: () => {
        window = null
        outbox.hold()
      },
    })
    // One window is the whole program, on macOS too: what was running goes on at the next start.
    app.on('window-all-closed', () => app.quit())
    closeBeforeQuitting(engine, merger.close)
  }

  return {
    start,
    focus,
    open: (paths: readonly string[]) => {
      if (paths.length > 0) tell({ name: 'opened', event: { paths } })
    },
  }
}

/** Asks nothing and loses nothing: the engine writes what has been answered, for a bounded time. */
function closeBeforeQuitting(engine: Promise<Engine>, onQuit: () => void): void {
  let isClosing = false
  app.on('will-quit', event => {
    event.preventDefault()
    if (isClosing) return
    isClosing = true
    onQuit()
    const timeout = setTimeout(() => {
      log('engine not closed in time')
      app.exit(0)
    }, closeWithinMs)
    engine
      .then(opened => opened.close())
      .catch((error: unknown) => log('engine closed with an error', { error: describeError(error) }))
      .finally(() => {
        clearTimeout(timeout)
        app.exit(0)
      })
  })
}

/** Only Linux has a choice of keychains to ask for. */
function keychainName(): string {
  const ask: unknown = Reflect.get(safeStorage, 'getSelectedStorageBackend')
  if (typeof ask === 'function') return safeStorage.getSelectedStorageBackend()
  return process.platform === 'win32' ? 'dpapi' : 'keychain'
}

/** A bug ends the program with a sentence: everything answered is on the disk, and a half-working one would lie. */
function endLoudlyOnBugs(): void {
  process.on('uncaughtException', failLoudly)
  process.on('unhandledRejection', failLoudly)
}

function failLoudly(error: unknown): void {
  log('bug', { error: describeError(error) })
  dialog.showErrorBox(
    '预审台 Prescreen',
    '程序内部错误，需要重新启动。已有结论和决定都在。\nAn internal error; please start Prescreen again. All verdicts and decisions are kept.',
  )
  app.exit(1)
}
