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
import type { Engine, EngineOptions } from '../engine/app/api.ts'
import { faultName } from '../engine/base/fault.ts'
import { prepareDataDir } from './data-dir.ts'
import { createDesktop, osOf } from './desktop.ts'
import { createHandlers } from './handlers.ts'
import { startImagingProcess } from './imaging-process.ts'
import { sendTo, serveCalls } from './ipc.ts'
import { keepNotification } from './keep-notification.ts'
import { lockDownPages, lockDownSession } from './lockdown.ts'
import { describeError, log } from './log.ts'
import { showMenu } from './menu.ts'
import { createPdfMaker } from './pdf.ts'
import { scheme } from './policies/address.ts'
import { batchNotice } from './policies/batch-notice.ts'
import { argumentsAgain, filesHandedOver, readInvocation, type Start } from './policies/command-line.ts'
import { createEventMerger, type Message } from './policies/event-merger.ts'
import { chooseLanguage } from './policies/language.ts'
import { createOutbox } from './policies/outbox.ts'
import { rendererGoneText, rendererLostText } from './policies/renderer-crash.ts'
import { createContentServer } from './protocol.ts'
import { openSettingsStore } from './settings-store.ts'
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
  outliveLogReaders()
  const { argv, platform } = process
  const started: Start = { argv, cwd: process.cwd(), isPackaged: app.isPackaged, platform }
  const invocation = readInvocation(started)
  const { dataDir, problem } = prepareDataDir(
    invocation.dataDir ?? process.env.PRESCREEN_DATA_DIR ?? join(app.getPath('appData'), 'Prescreen'),
    app.getPath('temp'),
    platform,
  )
  app.setPath('userData', dataDir)
  // Apart from our own files: the browser's Cache and our cache would be one folder where case does not count.
  app.setPath('sessionData', join(dataDir, 'browser'))
  // Chromium hands over the command line in another order, in which an option's value cannot be told from a file.
  if (!app.requestSingleInstanceLock({ files: invocation.files })) {
    app.quit()
    return
  }
  const program = createProgram(places, dataDir, problem, openEngine, files => startAgain(started, files))
  lockDownPages(app, program.sayNotOpened)
  app.on('second-instance', (_event, _argv, _cwd, data) => program.startedAgain(filesHandedOver(data)))
  app.on('open-file', (event, path) => {
    event.preventDefault()
    program.startedAgain([path])
  })
  program.open(invocation.files)
  app.whenReady().then(program.start).catch(failLoudly)
}

/** After this process has ended; it holds the lock until then. */
function startAgain(started: Start, files: readonly string[]): void {
  const args = argumentsAgain(started, files)
  // The program inside of an AppImage lies in a file system that goes with this process.
  const image = started.isPackaged ? process.env.APPIMAGE : undefined
  app.relaunch(image === undefined ? { args } : { args: ['--appimage-extract-and-run', ...args], execPath: image })
}

function createProgram(
  places: Places,
  dataDir: string,
  dataDirProblem: Problem | null,
  openEngine: OpenEngine,
  startAgain: (files: readonly string[]) => void,
) {
  const os = osOf(process.platform)
  const problems: IpcProblem[] = []
  const states = new Map<string, BatchState>()
  let window: BrowserWindow | null = null
  let settings: Settings | null = null
  let awake: number | null = null
  let isEnding = false
  /** The files of a start that came while this program was ending. */
  let next: readonly string[] | null = null
  const ending = new AbortController()
  /** What the end waits for, within its time. */
  let unfinished: Promise<unknown> = Promise.resolve()
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

  const open = (paths: readonly string[]) => {
    if (paths.length === 0) return
    if (isEnding) next = [...(next ?? []), ...paths]
    else tell({ name: 'opened', event: { paths } })
  }

  const startedAgain = (paths: readonly string[]) => {
    // There is no window any more to be shown.
    if (isEnding) next ??= []
    focus()
    open(paths)
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
    keepNotification(notification, focus)
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

  /** Past the outbox, which holds everything until there is an engine. */
  const tellOpening = (share: number) => {
    if (window !== null && !window.isDestroyed())
      sendTo(window.webContents, { name: 'storeProgress', event: { share } })
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
              onStoreProgress: ({ share }) => tellOpening(share),
            }),
          )
        : Promise.reject(dataDirProblem)
    const engine = opening.catch((error: unknown) => {
      log('engine not opened', { error: describeError(error) })
      throw error instanceof Problem ? error : new Problem('internal', faultName(error), { cause: error })
    })
    engine.then(listenTo, () => undefined)

    const pdf = createPdfMaker(dataDir)
    pdf.removeUnfinished()
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
        ending: ending.signal,
        onExport: writing => {
          unfinished = writing.catch(() => undefined)
        },
        onWindowListening: outbox.open,
        reloadWindow: () => {
          outbox.hold()
          window?.webContents.reload()
        },
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
        isEnding = true
        outbox.hold()
        // One window is the whole program, on macOS too: what was running goes on at the next start. The hidden window of
        // a report that is being printed keeps it no longer.
        app.quit()
      },
    })
    closeBeforeQuitting(engine, {
      onQuit: async () => {
        isEnding = true
        merger.close()
        ending.abort()
        await unfinished
      },
      onEnd: () => {
        pdf.removeUnfinished()
        if (next !== null) startAgain(next)
      },
    })
  }

  return {
    start,
    startedAgain,
    open,
    sayNotOpened: (link: string) => tell({ name: 'problem', event: { code: 'link_not_opened', detail: link } }),
  }
}

/** Asks nothing and loses nothing: the engine writes what has been answered, for a bounded time. */
function closeBeforeQuitting(engine: Promise<Engine>, events: { onQuit(): Promise<void>; onEnd(): void }): void {
  let isClosing = false
  let hasEnded = false
  const end = () => {
    if (hasEnded) return
    hasEnded = true
    events.onEnd()
    app.exit(0)
  }
  app.on('will-quit', event => {
    event.preventDefault()
    if (isClosing) return
    isClosing = true
    const timeout = setTimeout(() => {
      log('engine not closed in time')
      end()
    }, closeWithinMs)
    events
      .onQuit()
      .then(() => engine)
      .then(opened => opened.close())
      .catch((error: unknown) => log('engine closed with an error', { error: describeError(error) }))
      .finally(() => {
        clearTimeout(timeout)
        end()
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

/** A terminal that was closed, or a pipe whose reader has gone, is no bug of ours: nobody reads the log, that is all. */
function outliveLogReaders(): void {
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined)
}

function failLoudly(error: unknown): void {
  log('bug', { error: describeError(error) })
  dialog.showErrorBox(
    '预审台 Prescreen',
    '程序内部错误，需要重新启动。已有结论和决定都在。\nAn internal error; please start Prescreen again. All verdicts and decisions are kept.',
  )
  app.exit(1)
}
