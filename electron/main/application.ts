import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import {
  app,
  type BrowserWindow,
  dialog,
  nativeTheme,
  powerSaveBlocker,
  protocol,
  safeStorage,
  session,
} from 'electron'
import ElectronStore from 'electron-store'
import type { CommandId } from '../../shared/commands.ts'
import { defaultSettings } from '../../shared/defaults.ts'
import { eventNames, type IpcProblem } from '../../shared/ipc.ts'
import type { Language } from '../../shared/language.ts'
import type { LoupeView } from '../../shared/loupe.ts'
import { Problem } from '../../shared/problems.ts'
import type { Settings } from '../../shared/settings.ts'
import type { Engine, EngineOptions } from '../engine/app/api.ts'
import { faultName } from '../engine/base/fault.ts'
import type { SettingsStore } from '../engine/base/settings-store.ts'
import type { Vault } from '../engine/base/vault.ts'
import type { BringUpProgress } from '../engine/store/bring-up.ts'
import { prepareDataDir } from './data-dir.ts'
import { startDecodingProcess } from './decoding-process.ts'
import { createDesktop, osOf } from './desktop.ts'
import { createHandlers } from './handlers.ts'
import { createHiddenPages } from './hidden-pages.ts'
import { sendTo, serveCalls } from './ipc.ts'
import { lockDownPages, lockDownSession } from './lockdown.ts'
import { describeError, log } from './log.ts'
import { createLoupeWindow, type LoupeWindow } from './loupe-window.ts'
import { showMenu } from './menu.ts'
import { createNotifier } from './notifier.ts'
import { createPdfMaker, type PdfMaker } from './pdf.ts'
import { scheme } from './policies/address.ts'
import { argumentsAgain, filesHandedOver, readInvocation, type Start } from './policies/command-line.ts'
import { chooseLanguage } from './policies/language.ts'
import { createOutbox, type Message } from './policies/outbox.ts'
import { rendererGoneText, rendererLostText } from './policies/renderer-crash.ts'
import { createContentServer } from './protocol.ts'
import { openSettingsStore } from './settings-store.ts'
import { openVault } from './vault.ts'
import { openWindow } from './window.ts'

/** Where the built program lies. */
export interface ProgramPaths {
  readonly preload: string
  readonly rendererDir: string
  readonly samplesDir: string
  readonly rulesDir: string
  readonly imagingWorker: string
  readonly documentWorker: string
  /** The licences of others, as a text file beside the archive. */
  readonly licences: string
  /** In development, goes before what answers `app:` requests. */
  readonly wrapContent?: (serve: Serve) => Serve
}

/** Answers a request for an `app:` address. */
export type Serve = (request: Request) => Promise<Response>

export type OpenEngine = (options: EngineOptions) => Promise<Engine>

/** An engine that does not come to an end is left behind: everything that was answered is on the disk. */
const closeWithinMs = 5_000

/**
 * Starts the program. All of this runs before the first `await`: schemes, paths and the lock count only before `ready`
 * (docs: electron/standin, its rules).
 */
export function startApplication(paths: ProgramPaths, openEngine: OpenEngine): void {
  protocol.registerSchemesAsPrivileged([
    // The code cache: the window's program is compiled once and not at every start.
    { scheme, privileges: { standard: true, secure: true, supportFetchAPI: true, stream: true, codeCache: true } },
  ])
  app.enableSandbox()
  if (process.platform === 'win32') app.setAppUserModelId('app.prescreen.workstation')
  exitOnUncaughtError()
  ignoreBrokenPipe()
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
  const program = createProgram(paths, dataDir, problem, openEngine, files => startAgain(started, files))
  lockDownPages(app, program.sayNotOpened)
  app.on('second-instance', (_event, _argv, _cwd, data) => program.startedAgain(filesHandedOver(data)))
  app.on('open-file', (event, path) => {
    event.preventDefault()
    program.startedAgain([path])
  })
  program.open(invocation.files)
  app.whenReady().then(program.start).catch(reportBugAndExit)
}

/** After this process has ended; it holds the lock until then. */
function startAgain(started: Start, files: readonly string[]): void {
  const args = argumentsAgain(started, files)
  // The program inside of an AppImage lies in a file system that goes with this process.
  const image = started.isPackaged ? process.env.APPIMAGE : undefined
  app.relaunch(image === undefined ? { args } : { args: ['--appimage-extract-and-run', ...args], execPath: image })
}

function createProgram(
  paths: ProgramPaths,
  dataDir: string,
  dataDirProblem: Problem | null,
  openEngine: OpenEngine,
  startAgain: (files: readonly string[]) => void,
) {
  const problems: IpcProblem[] = []
  let window: BrowserWindow | null = null
  let loupe: LoupeWindow | null = null
  const ending = new AbortController()
  /** What the end waits for, within its time. */
  let unfinished: Promise<unknown> = Promise.resolve()
  const tellLater = (code: IpcProblem['code'], detail: string) => problems.push({ code, detail })

  const send = (message: Message) => {
    if (window !== null && !window.isDestroyed()) sendTo(window.webContents, message)
  }
  const outbox = createOutbox(send)
  const focus = () => bringToFront(window)
  const handover = createHandover(files => outbox.send({ name: 'opened', event: { paths: files } }), focus)
  const { language, ...preferences } = createPreferences(paths.licences, command =>
    outbox.send({ name: 'command', event: { command } }),
  )
  const notify = createNotifier({
    taste: () => ({ language: language(), names: preferences.wantsNames() }),
    isWanted: () => window?.isFocused() !== true && loupe?.isFocused() !== true && preferences.wantsNotifications(),
    onClick: goTo => {
      focus()
      outbox.send({ name: 'goTo', event: goTo })
    },
  })
  const listenTo = (engine: Engine) => {
    preferences.apply(engine.settings.get())
    forward(engine, message => {
      outbox.send(message)
      notify(message)
    })
  }

  const reloadWindow = () => {
    outbox.hold()
    window?.webContents.reload()
  }

  const start = () => {
    const { store, problem } = openSettingsStore(
      dataDir,
      (cwd, name) => new ElectronStore({ cwd, name, configFileMode: 0o600 }),
      new Date(),
    )
    if (problem !== null) tellLater(problem.code, problem.detail)
    lockDownSession(session.defaultSession)
    const vault = openVault(safeStorage, keychainName())
    const engine = vault
      .then(opened => {
        if (dataDirProblem !== null) throw dataDirProblem
        // Past the outbox, which holds everything until there is an engine.
        const onStoreProgress = ({ share }: BringUpProgress) => send({ name: 'storeProgress', event: { share } })
        return openEngine({ ...engineOptions(paths, dataDir, store, opened, language), onStoreProgress })
      })
      .catch(asProblem)
    engine.then(listenTo, () => undefined)

    const pdf = createPdfMaker(dataDir)
    pdf.removeUnfinished()
    serveContent(paths, engine, pdf)
    const second = secondWindow(paths.preload, store, preferences.look, language, outbox.send)
    loupe = second
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
        reloadWindow,
        loupe: second,
        onSettings: settings => {
          preferences.apply(settings)
          second.refresh()
        },
        tell: outbox.send,
        now: () => new Date(),
      }),
      language,
      contents => (second.owns(contents) ? 'loupe' : 'window'),
    )
    preferences.showMenu()
    window = openWindow(paths.preload, store, {
      onReload: () => {
        outbox.hold()
        tellLater('internal', rendererGoneText[language()])
      },
      onGivenUp: () => giveUp(language()),
      onClosed: () => {
        window = null
        second.close()
        handover.end()
        outbox.hold()
        // One window is the whole program, on macOS too: what was running goes on at the next start. The hidden window of
        // a report that is being printed keeps it no longer.
        app.quit()
      },
    })
    closeBeforeQuitting(engine, endOf({ handover, ending, unfinished: () => unfinished, pdf, startAgain }))
  }

  return {
    start,
    startedAgain: handover.startedAgain,
    open: handover.open,
    sayNotOpened: (link: string) => outbox.send({ name: 'problem', event: { code: 'link_not_opened', detail: link } }),
  }
}

function secondWindow(
  preload: string,
  store: SettingsStore,
  look: () => LoupeView['settings'],
  language: () => Language,
  send: (message: Message) => void,
): LoupeWindow {
  return createLoupeWindow({
    preload,
    store,
    taste: () => ({ language: language(), settings: look() }),
    onClosed: () => send({ name: 'loupeClosed', event: {} }),
  })
}

function giveUp(language: Language): void {
  dialog.showErrorBox('预审台 Prescreen', rendererLostText[language])
  app.quit()
}

/** At its end the program begins nothing new, waits for what is being written, and makes good a start that came meanwhile. */
function endOf(program: {
  readonly handover: ReturnType<typeof createHandover>
  readonly ending: AbortController
  unfinished(): Promise<unknown>
  readonly pdf: PdfMaker
  startAgain(files: readonly string[]): void
}) {
  return {
    onQuit: async () => {
      program.handover.end()
      program.ending.abort()
      await program.unfinished()
    },
    onEnd: () => {
      program.pdf.removeUnfinished()
      const next = program.handover.next()
      if (next !== null) program.startAgain(next)
    },
  }
}

function bringToFront(window: BrowserWindow | null): void {
  if (window === null || window.isDestroyed()) return
  if (window.isMinimized()) window.restore()
  window.show()
  window.focus()
}

/** Files that are given to the program: to its window while there is one, else to the program that starts after it. */
function createHandover(openInWindow: (paths: readonly string[]) => void, focus: () => void) {
  let isEnding = false
  /** The files of a start that came while this program was ending; null when none came. */
  let next: readonly string[] | null = null
  const open = (paths: readonly string[]) => {
    if (paths.length === 0) return
    if (isEnding) next = [...(next ?? []), ...paths]
    else openInWindow(paths)
  }
  return {
    open,
    startedAgain: (paths: readonly string[]) => {
      // There is no window any more to be shown.
      if (isEnding) next ??= []
      focus()
      open(paths)
    },
    end: () => {
      isEnding = true
    },
    next: () => next,
  }
}

/** What the user chose of language, keys and colours, as far as it is the main process's; the system's until the engine is open. */
function createPreferences(licences: string, onCommand: (command: CommandId) => void) {
  let settings: Settings | null = null
  const language = () => chooseLanguage(settings?.language ?? 'system', app.getLocale())
  const keys = () => settings?.keys ?? {}
  const showOwnMenu = () => showMenu(osOf(process.platform), language(), keys(), { onCommand, licences })
  return {
    language,
    wantsNotifications: () => settings?.notifications !== false,
    look: () => {
      const { theme, blur, grey, keys: own } = settings ?? defaultSettings
      return { theme, blur, grey, keys: own }
    },
    wantsNames: () => settings?.notificationNames === true,
    showMenu: showOwnMenu,
    apply: (changed: Settings) => {
      const before = { language: language(), keys: keys() }
      settings = changed
      nativeTheme.themeSource = changed.theme
      if (!isDeepStrictEqual(before, { language: language(), keys: keys() })) showOwnMenu()
    },
  }
}

function engineOptions(
  paths: ProgramPaths,
  dataDir: string,
  store: SettingsStore,
  vault: Vault,
  language: () => Language,
): EngineOptions {
  return {
    dataDir,
    store,
    vault,
    env: process.env,
    language,
    samplesDir: paths.samplesDir,
    rulesDir: paths.rulesDir,
    imagingWorker: paths.imagingWorker,
    documentWorker: paths.documentWorker,
    // With the RunAsNode fuse off the engine may not fork by itself.
    startDecodingChild: startDecodingProcess,
    chromium: createHiddenPages(),
    takeUpUnfinished: true,
  }
}

/** Turns the error of an engine that could not be opened into a problem for the window. */
function asProblem(error: unknown): never {
  log('engine not opened', { error: describeError(error) })
  throw error instanceof Problem ? error : new Problem('internal', faultName(error), { cause: error })
}

/** The window's pages, its pictures and reports under the program's own scheme. */
function serveContent({ rendererDir, wrapContent }: ProgramPaths, engine: Promise<Engine>, pdf: PdfMaker): void {
  const serve = createContentServer({
    rendererDir,
    engine,
    reportFile: pdf.reportFile,
    onBug: error => log('content not served', { error: describeError(error) }),
  })
  protocol.handle(scheme, wrapContent?.(serve) ?? serve)
}

/** Passes on every event of the engine, and keeps the machine awake while it is busy. */
function forward(engine: Engine, send: (message: Message) => void): void {
  const stayAwake = createStayAwake(engine.busy)
  for (const name of eventNames) {
    engine.on(name, event => {
      // One of the pairs that the contract lists; the loop variable hides which.
      send({ name, event } as Message)
      stayAwake()
    })
  }
  stayAwake()
}

/** Keeps the machine from sleeping while calls are leaving or about to; to be called after every change. */
function createStayAwake(isBusy: () => boolean): () => void {
  let blocker: number | null = null
  return () => {
    if (isBusy() && blocker === null) blocker = powerSaveBlocker.start('prevent-app-suspension')
    if (!isBusy() && blocker !== null) {
      powerSaveBlocker.stop(blocker)
      blocker = null
    }
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
function exitOnUncaughtError(): void {
  process.on('uncaughtException', reportBugAndExit)
  process.on('unhandledRejection', reportBugAndExit)
}

/** A terminal that was closed, or a pipe whose reader has gone, is no bug of ours: nobody reads the log, that is all. */
function ignoreBrokenPipe(): void {
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined)
}

function reportBugAndExit(error: unknown): void {
  log('bug', { error: describeError(error) })
  dialog.showErrorBox(
    '预审台 Prescreen',
    '程序内部错误，需要重新启动。机审结论和人工结论都在。\nAn internal error; please start Prescreen again. All verdicts and decisions are kept.',
  )
  app.exit(1)
}
