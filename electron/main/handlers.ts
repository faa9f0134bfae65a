import { lstat } from 'node:fs/promises'
import { basename } from 'node:path'
import type { MenuChoice } from '../../shared/context-menu.ts'
import { exportFileName } from '../../shared/export-file.ts'
import type { AppInfo, FileAct, IpcProblem } from '../../shared/ipc.ts'
import { Problem } from '../../shared/problems.ts'
import { type Settings, settingsSchema } from '../../shared/settings.ts'
import type { Engine } from '../engine/app/api.ts'
import type { OwnFile } from '../engine/app/own-file.ts'
import { detailOf } from '../engine/base/detail.ts'
import type { Handlers } from './dispatch.ts'
import type { LoupeWindow } from './loupe-window.ts'
import {
  type ClipboardContent,
  evidenceContent,
  linesContent,
  mostLines,
  nameOf,
  pictureContent,
  placeOf,
} from './policies/clipboard.ts'
import { isPlausiblePath } from './policies/command-line.ts'
import { type ContextEntry, contextMenu } from './policies/context-menu.ts'
import { draggable, iconOf, iconOptions, mostDragged } from './policies/drag-out.ts'
import { type FileFate, opening, showing } from './policies/file-fate.ts'
import { chooseLanguage } from './policies/language.ts'
import type { Message } from './policies/outbox.ts'
import { errorCode } from './settings-store.ts'

export type ExportFormat = 'csv' | 'xlsx' | 'html' | 'pdf' | 'jsonl'

/** What the handlers need of the desktop around the window. */
export interface Desktop {
  readonly version: string
  readonly os: AppInfo['os']
  readonly systemLocale: string
  /** Absolute paths; empty when the dialog was dismissed. */
  chooseInputs(what: 'files' | 'folder'): Promise<readonly string[]>
  /** Exported reports to be checked; empty when the dialog was dismissed. */
  chooseReports(): Promise<readonly string[]>
  /** A word list, CSV or XLSX; null when the dialog was dismissed. */
  chooseList(): Promise<string | null>
  /** Null when the dialog was dismissed. */
  chooseTarget(name: string, format: ExportFormat): Promise<string | null>
  writeClipboard(content: ClipboardContent): Promise<void>
  showInFolder(path: string): void
  /** `icon` is a PNG of ours; null for a neutral sign. */
  startDrag(files: readonly string[], icon: Uint8Array | null): void
  popUpMenu(entries: readonly ContextEntry[], at: { x: number; y: number } | null): Promise<MenuChoice | null>
  /** In the system's program for it; false when there is none. */
  openFile(path: string): Promise<boolean>
  /** Calls `write` with the name of a file for the HTML report, and makes a PDF of it. */
  makePdf<Result>(target: string, signal: AbortSignal, write: (htmlFile: string) => Promise<Result>): Promise<Result>
}

export interface HandlerParts {
  readonly dataDir: string
  readonly vault: Promise<AppInfo['vault']>
  /** Rejects with a `Problem` when the engine could not be opened; the window then says why. */
  readonly engine: Promise<Engine>
  readonly desktop: Desktop
  /** Problems that the window has not been told of yet, apart from the engine's. */
  takeProblems(): readonly IpcProblem[]
  /** Aborted when the program ends: a file that is being written is not finished, and its part is removed. */
  readonly ending: AbortSignal
  /** Settles when nothing more of an export will be written. */
  onExport(writing: Promise<unknown>): void
  /** The window listens from now on. */
  onWindowListening(): void
  reloadWindow(): void
  readonly loupe: Pick<LoupeWindow, 'isOpen' | 'toggle' | 'show' | 'view'>
  onSettings(settings: Settings): void
  tell(message: Message): void
  now(): Date
}

export function createHandlers(parts: HandlerParts): Handlers {
  return {
    ...programHandlers(parts),
    ...profileHandlers(parts),
    ...batchHandlers(parts),
    ...assetHandlers(parts),
    ...ruleHandlers(parts),
    ...recordHandlers(parts),
    ...reportHandlers(parts),
  }
}

type Group<Prefix extends string> = Pick<Handlers, Extract<keyof Handlers, `${Prefix}.${string}`>>

/** The program itself: what it is, its settings, its window. */
function programHandlers(parts: HandlerParts): Group<'app' | 'window' | 'loupe' | 'settings' | 'clipboard' | 'dialog'> {
  const { desktop } = parts
  let areEngineProblemsTold = false
  const settings = async (): Promise<Settings> =>
    parts.engine.then(
      engine => engine.settings.get(),
      () => settingsSchema.parse({}),
    )

  const engineProblems = async (): Promise<readonly IpcProblem[]> => {
    try {
      const engine = await parts.engine
      const problems = areEngineProblemsTold ? [] : engine.startProblems
      areEngineProblemsTold = true
      return problems
    } catch (error) {
      // Told every time: without an engine the window has nothing else to show.
      return [error instanceof Problem ? { code: error.code, detail: error.detail } : { code: 'internal', detail: '' }]
    }
  }

  return {
    'app.info': async () => {
      const info: AppInfo = {
        version: desktop.version,
        os: desktop.os,
        language: chooseLanguage((await settings()).language, desktop.systemLocale),
        dataDir: parts.dataDir,
        vault: await parts.vault,
        startProblems: [...(await engineProblems()), ...parts.takeProblems()],
        formats: await parts.engine.then(
          engine => engine.formats,
          () => ({ image: [], text: [], table: [], archive: [] }),
        ),
      }
      parts.onWindowListening()
      return info
    },
    'window.reload': () => {
      parts.reloadWindow()
      return null
    },
    'window.contextMenu': async ({ subject, at }) => {
      const { language, keys, reasons } = await settings()
      const taste = { language: chooseLanguage(language, desktop.systemLocale), own: keys, reasons }
      return desktop.popUpMenu(contextMenu(subject, taste), at)
    },
    'loupe.toggle': () => {
      parts.loupe.toggle()
      return { isOpen: parts.loupe.isOpen() }
    },
    'loupe.show': look => {
      parts.loupe.show(look)
      return { isOpen: parts.loupe.isOpen() }
    },
    'loupe.look': () => parts.loupe.view(),
    'settings.get': settings,
    'settings.set': async patch => {
      const changed = (await parts.engine).settings.set(definedOnly(patch))
      parts.onSettings(changed)
      return changed
    },

    'dialog.open': ({ what }) => desktop.chooseInputs(what),
    'clipboard.write': async ({ text }) => {
      await desktop.writeClipboard({ text })
      return null
    },
  }
}

function profileHandlers(parts: HandlerParts): Group<'profiles' | 'platforms'> {
  return {
    'profiles.list': async () => (await parts.engine).profiles.list(),
    'profiles.save': async ({ draft, secret, relayKey }) => {
      const engine = await parts.engine
      // Weak protection is the user's choice, made in the settings; it is never made silently here.
      const isKept = secret !== null || relayKey !== null
      if (isKept && (await parts.vault) === 'weak' && !engine.settings.get().weakVaultAccepted) {
        throw new Problem('vault_weak')
      }
      return engine.profiles.save(draft, secret, relayKey)
    },
    'profiles.remove': async ({ id }) => {
      await (await parts.engine).profiles.remove(id)
      return null
    },
    'profiles.test': async ({ id }) => (await parts.engine).profiles.test(id),
    'platforms.list': async () => (await parts.engine).platforms(),
  }
}

function batchHandlers(parts: HandlerParts): Group<'plan' | 'batches' | 'queue'> {
  return {
    'plan.create': async request => {
      for (const input of request.inputs) {
        if (input.kind === 'path' && !isPlausiblePath(input.path)) {
          throw new Problem('bad_request', detailOf('relative_path'))
        }
      }
      return (await parts.engine).plans.create(request)
    },
    'plan.discard': async ({ plan }) => {
      ;(await parts.engine).plans.discard(plan)
      return null
    },
    'batches.start': async ({ plan, name }) => (await parts.engine).batches.start(plan, name === '' ? null : name),
    'batches.sample': async () => (await parts.engine).batches.sample(),
    'batches.list': async () => (await parts.engine).batches.list(),
    'batches.get': async ({ batch }) => (await parts.engine).batches.get(batch),
    'batches.pause': async ({ batch }) => (await parts.engine).batches.pause(batch),
    'batches.putFirst': async ({ batch }) => (await parts.engine).batches.putFirst(batch),
    'batches.resume': async ({ batch }) => (await parts.engine).batches.resume(batch),
    'batches.cancel': async ({ batch }) => (await parts.engine).batches.cancel(batch),
    'batches.rename': async ({ batch, name }) => (await parts.engine).batches.rename(batch, name),
    'batches.recheckOlder': async ({ batch }) => (await parts.engine).batches.recheckOlder(batch),
    'batches.recheck': async ({ batch, assets }) => (await parts.engine).batches.recheck(batch, assets),
    'batches.allowCalls': async ({ batch, assets }) => (await parts.engine).batches.allowCalls(batch, assets),
    'batches.allowFrames': async ({ batch, assets }) => (await parts.engine).batches.allowFrames(batch, assets),
    'batches.stateEncoding': async ({ batch, assets, encoding }) =>
      (await parts.engine).batches.stateEncoding(batch, assets, encoding),
    'batches.again': async ({ batch }) => (await parts.engine).batches.again(batch),
    'queue.status': async () => (await parts.engine).queue.status(),
    'queue.pause': async ({ paused }) => (await parts.engine).queue.pause(paused),
  }
}

/** What looks like an asset: one search at a time, and the newest is the one that counts. */
function lookHandlers(
  parts: HandlerParts,
): Pick<Handlers, 'asset.looksPrice' | 'asset.looksLike' | 'asset.cancelLooks'> {
  let looking: AbortController | null = null
  return {
    'asset.looksPrice': async ({ asset }) => (await parts.engine).assets.looksPrice(asset),
    'asset.looksLike': async ({ asset }) => {
      looking?.abort(new Problem('cancelled'))
      const controller = new AbortController()
      looking = controller
      const tell = paced((pictures: number, total: number) =>
        parts.tell({ name: 'looksProgress', event: { asset, pictures, total } }),
      )
      try {
        const signal = AbortSignal.any([controller.signal, parts.ending])
        return await (await parts.engine).assets.looksLike(asset, signal, tell)
      } finally {
        if (looking === controller) looking = null
      }
    },
    'asset.cancelLooks': () => {
      looking?.abort(new Problem('cancelled'))
      return null
    },
  }
}

function assetHandlers(parts: HandlerParts): Group<'grid' | 'asset' | 'assets'> {
  const { desktop } = parts
  let searching: AbortController | null = null
  return {
    ...lookHandlers(parts),
    'grid.columns': async ({ batch, stacks }) => (await parts.engine).grid.columns(batch, { stacks }),
    'grid.sortKeys': async ({ batch, by }) => ({ keys: await (await parts.engine).grid.sortKeys(batch, by) }),
    'grid.rows': async ({ assets }) => (await parts.engine).grid.rows(assets),
    'grid.search': async ({ batch, query }) => ({ assets: await (await parts.engine).grid.search(batch, query) }),
    'grid.rules': async ({ batch }) => (await parts.engine).grid.rules(batch),
    'grid.ofRule': async ({ batch, book, rule }) => ({
      assets: await (await parts.engine).grid.ofRule(batch, book, rule),
    }),
    'asset.readings': async ({ asset }) => (await parts.engine).assets.readings(asset),
    'asset.detail': async ({ asset }) => (await parts.engine).assets.detail(asset),
    'asset.spanPrice': async ({ asset }) => (await parts.engine).assets.spanPrice(asset),
    'asset.findSpan': async ({ asset, check }) => {
      if (searching !== null) throw new Problem('conflict', detailOf('search_running'))
      const controller = new AbortController()
      searching = controller
      try {
        const onCall = (calls: number) => parts.tell({ name: 'spanProgress', event: { asset, calls } })
        return await (await parts.engine).assets.findSpan(asset, controller.signal, check, onCall)
      } finally {
        searching = null
      }
    },
    'asset.cancelSpan': () => {
      searching?.abort(new Problem('cancelled'))
      return null
    },
    'asset.reveal': async ({ asset }) => showFile(desktop, await (await parts.engine).assets.ownFile(asset)),
    'asset.open': async ({ asset }) => openFile(desktop, await (await parts.engine).assets.ownFile(asset)),
    'asset.copyEvidence': async ({ asset, check }) => {
      await desktop.writeClipboard(evidenceContent(await (await parts.engine).assets.evidence(asset, check)))
      return null
    },
    'asset.copyPicture': async ({ asset, piece }) => {
      const { assets } = await parts.engine
      const [picture, [found]] = await Promise.all([assets.png(asset, piece), assets.places([asset])])
      await desktop.writeClipboard(pictureContent(picture.bytes, found?.place ?? null))
      return null
    },
    'assets.dragOut': async ({ assets, isBare }) => {
      const engine = (await parts.engine).assets
      const [first] = assets
      const { files, ofNone, gone } = await draggable(assets, engine.whereabouts, desktop.os)
      const sum = { dragged: files.length, ofNone, gone, changed: 0, most: mostDragged }
      if (files.length === 0 || first === undefined) return sum
      desktop.startDrag(
        files.map(({ path }) => path),
        isBare && assets.length === 1 ? await iconOf(engine.thumbnail(first, iconOptions)) : null,
      )
      // Only now: what is dragged must be under the pointer at once, however large it is.
      const states = await Promise.all(files.map(({ asset }) => engine.ownFile(asset)))
      return { ...sum, changed: states.filter(file => file.kind === 'file' && file.state === 'changed').length }
    },
    'assets.copyLines': async ({ assets, what }) => {
      const places = await (await parts.engine).assets.places(assets.slice(0, mostLines))
      const { text, count } = linesContent(places.map(each => (what === 'names' ? nameOf(each) : placeOf(each))))
      await desktop.writeClipboard({ text })
      return { copied: count }
    },
  }
}

/** The rule books, and what one would do that is being written. */
function ruleHandlers(parts: HandlerParts): Group<'rules'> {
  let trying: AbortController | null = null
  const tell = paced((texts: number, total: number) => parts.tell({ name: 'pastTrial', event: { texts, total } }))
  return {
    'rules.books': async () => (await parts.engine).rules.books(),
    'rules.book': async ({ book }) => (await parts.engine).rules.book(book),
    'rules.try': async ({ yaml, text }) => (await parts.engine).rules.try(yaml, text),
    'rules.tryPast': async ({ yaml, limit }) => {
      if (trying !== null) throw new Problem('conflict', detailOf('past_trial_running'))
      const controller = new AbortController()
      trying = controller
      try {
        const signal = AbortSignal.any([controller.signal, parts.ending])
        return await (await parts.engine).rules.tryPast(yaml, limit, signal, tell)
      } finally {
        trying = null
      }
    },
    'rules.cancelTryPast': () => {
      trying?.abort(new Problem('cancelled'))
      return null
    },
    'rules.save': async ({ yaml, was }) => (await parts.engine).rules.save(yaml, was),
    'rules.putInForce': async ({ book, version }) => (await parts.engine).rules.putInForce(book, version),
    'rules.withdraw': async ({ book }) => (await parts.engine).rules.withdraw(book),
    'rules.remove': async ({ book }) => {
      await (await parts.engine).rules.remove(book)
      return null
    },
    'rules.openList': async () => {
      const engine = await parts.engine
      const file = await parts.desktop.chooseList()
      return file === null ? null : engine.rules.openList(file)
    },
    'rules.fromList': async request => (await parts.engine).rules.fromList(request),
  }
}

/** What people decided, and what all batches tell. */
function recordHandlers(parts: HandlerParts): Group<'review' | 'history' | 'ledger'> {
  return {
    'review.decide': async ({ assets, decision, reason }) => ({
      changed: await (await parts.engine).review.decide(assets, decision, reason),
    }),
    'review.note': async ({ assets, note }) => ({ changed: await (await parts.engine).review.note(assets, note) }),
    'review.undo': async () => (await parts.engine).review.undo(),
    'review.redo': async () => (await parts.engine).review.redo(),
    'review.fine': async ({ hits, reach, reason }) => ({
      changed: await (await parts.engine).review.fine(hits, reach, reason),
    }),
    'review.notFine': async ({ waiver }) => ({ changed: await (await parts.engine).review.notFine(waiver) }),

    'history.summary': async range => (await parts.engine).history.summary(range),
    'history.breakdown': async range => (await parts.engine).history.breakdown(range),
    'history.olderReadings': async () => (await parts.engine).history.olderReadings(),
    'history.compare': async ({ before, after }) => (await parts.engine).history.compare(before, after),
    'history.search': async ({ query, limit }) => (await parts.engine).history.search(query, limit),
    'ledger.verify': async () => (await parts.engine).ledger.verify(),
  }
}

function reportHandlers(parts: HandlerParts): Group<'reports'> {
  const { desktop } = parts
  /** The files that this session has written: only these may be revealed or opened by name. */
  const exported = new Set<string>()
  let running: AbortController | null = null
  return {
    'reports.export': async ({ scope, format, language, pictures }) => {
      if (running !== null) throw new Problem('conflict', detailOf('export_running'))
      const controller = new AbortController()
      const signal = AbortSignal.any([controller.signal, parts.ending])
      running = controller
      try {
        const engine = await parts.engine
        const name = scope.of === 'history' ? 'history' : (await engine.batches.get(scope.batch)).name
        const target = await desktop.chooseTarget(exportFileName(name, format, parts.now()), format)
        if (target === null) return null
        const write = (kind: 'csv' | 'xlsx' | 'html' | 'jsonl', file: string) =>
          engine.reports.export(
            scope,
            kind,
            file,
            language,
            paced((rows, total) => parts.tell({ name: 'exportProgress', event: { file: target, rows, total } })),
            signal,
            ...(pictures === null ? [] : [pictures]),
          )
        const writing =
          format === 'pdf'
            ? desktop.makePdf(target, signal, htmlFile => write('html', htmlFile))
            : write(format, target)
        parts.onExport(writing)
        const { rows } = await writing
        exported.add(target)
        return { file: target, rows }
      } finally {
        running = null
      }
    },
    'reports.verify': async () => {
      const engine = await parts.engine
      const files = await desktop.chooseReports()
      if (files.length === 0) return null
      const verified = await engine.reports.verify(files)
      return verified.map(({ file, intact, what, zh, en, fingerprint }) => ({
        file: basename(file),
        intact,
        what,
        zh,
        en,
        fingerprint,
      }))
    },
    'reports.cancel': () => {
      running?.abort()
      return null
    },
    'reports.reveal': async ({ file }) => {
      if (!exported.has(file)) throw new Problem('not_found', detailOf('not_exported'))
      await reveal(desktop, file)
      return null
    },
    'reports.open': async ({ file }) => {
      if (!exported.has(file)) throw new Problem('not_found', detailOf('not_exported'))
      // Without a program for it, its folder is where somebody can choose one.
      if (!(await desktop.openFile(file))) await reveal(desktop, file)
      return null
    },
  }
}

/** Nobody reads more than ten figures a second; the last one is always told. */
function paced(tell: (done: number, total: number) => void): (done: number, total: number) => void {
  let toldAt = Number.NEGATIVE_INFINITY
  return (done, total) => {
    const at = performance.now()
    if (done < total && at - toldAt < progressRestMs) return
    toldAt = at
    tell(done, total)
  }
}

const progressRestMs = 100

/** A file manager that is shown a file that has gone says nothing, or shows something else. */
async function reveal(desktop: Desktop, file: string): Promise<void> {
  try {
    await lstat(file)
  } catch (error) {
    const code = errorCode(error)
    if (code === 'ENOENT' || code === 'ENOTDIR') throw new Problem('not_found', file, { cause: error })
  }
  desktop.showInFolder(file)
}

function showFile(desktop: Desktop, file: OwnFile): FileAct {
  const { path, why } = allowed(showing(file, desktop.os))
  desktop.showInFolder(path)
  return { did: 'shown', why }
}

async function openFile(desktop: Desktop, file: OwnFile): Promise<FileAct> {
  const fate = allowed(opening(file, desktop.os))
  if (fate.act === 'open' && (await desktop.openFile(fate.path))) return { did: 'opened', why: null }
  desktop.showInFolder(fate.act === 'open' ? fate.shown : fate.path)
  return { did: 'shown', why: fate.act === 'open' ? 'not_opened' : fate.why }
}

function allowed<F extends FileFate>(fate: F): Exclude<F, { act: 'refuse' }> {
  if (fate.act === 'refuse') throw new Problem('not_found', detailOf(fate.remark, { name: fate.path }))
  // What is left once refusals are thrown.
  return fate as Exclude<F, { act: 'refuse' }>
}

/** `exactOptionalPropertyTypes`: a key that is present has a value. */
function definedOnly<T extends object>(patch: T): { [Key in keyof T]?: Exclude<T[Key], undefined> } {
  return Object.fromEntries(Object.entries(patch).filter(([, value]) => value !== undefined)) as {
    [Key in keyof T]?: Exclude<T[Key], undefined>
  }
}
