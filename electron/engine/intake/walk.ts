import { isUtf8 } from 'node:buffer'
import type { Dir, Dirent } from 'node:fs'
import { lstat, opendir, realpath, stat } from 'node:fs/promises'
import { basename, dirname, join, resolve, sep } from 'node:path'
import type { Failure } from '../../../shared/conclusion.ts'
import { encodingStatedFor } from '../../../shared/encodings.ts'
import { remark } from '../../../shared/remarks/index.ts'
import type { ScreenOptions } from '../../../shared/screening.ts'
import { inputFailure } from '../base/input-failure.ts'
import { changeSince, fileFailure, specialFile } from '../base/open-file.ts'
import type { Documents } from '../formats/documents/documents.ts'
import type { Examined } from '../formats/examine.ts'
import { extensionOf } from '../formats/extension.ts'
import type { RowsFormat } from '../formats/family.ts'
import { type Found, type IntakeLimits, intakeLimits, type SkipReason } from '../formats/source.ts'
import type { ColumnChoice, SeenTable, TableRequest } from '../formats/tables/table.ts'
import { urlList } from '../formats/tables/url-list.ts'
import { decodeText } from '../formats/text/decode-text.ts'
import { type FileSource, fileSource, found, shownPathOf } from './found.ts'
import type { KnownFile, KnownFiles } from './known-files.ts'
import { foundInCell } from './list-assets.ts'
import { type OpenedFile, openAndExamine } from './opened-file.ts'
import { filesOfPage, pagesOfFolder } from './page-folders.ts'
import { skipReasonOf } from './skipped.ts'
import type { Survey } from './survey.ts'
import type { Unpacked } from './unpacked.ts'
import { type ArchivesSoFar, walkArchive } from './walk-archive.ts'

export interface IntakeOptions extends ColumnChoice {
  /** Text files are lists of image addresses, one a line: in folders those that are named so, as an argument whatever its name. */
  readonly urlList: boolean
  /** What was chosen for single tables, by the absolute paths of their files. */
  readonly tables?: ScreenOptions['tables']
  /** What was stated of texts whose bytes leave it open. */
  readonly encodings?: ScreenOptions['encodings']
  /** Tables for which nothing was chosen are read by their likeliest columns. */
  readonly guessColumns?: boolean
  /** Told of the tables that are met; `path` is relative to the argument. */
  readonly onTable?: (file: string, path: string, table: SeenTable) => void
  /** What `-` reads. */
  readonly stdin: AsyncIterable<Uint8Array>
  readonly limits?: IntakeLimits
  /** What plans found out, so that only lists are opened again. */
  readonly known?: Pick<KnownFiles, 'recall'>
  /** Where what is in archives is unpacked to. */
  readonly unpacked: Unpacked
  /** Reads lists in formats that only a child opens. */
  readonly documents: Pick<Documents, 'workbook'>
  /** Where each file is read as soon as it is found: it is left open for that. */
  readonly survey?: Survey
}

/**
 * Everything that arguments lead to, as it is found: files, the files of folders and archives, rows of tables, lines of URL lists, standard input.
 * Depth first; the entries of a folder come sorted by name in windows of 1024 as the file system lists them, so that a folder of a
 * million files yields its first at once. What is reached twice is an asset once. Throws only when `signal` aborts.
 */
export async function* walk(
  args: readonly string[],
  options: IntakeOptions,
  signal: AbortSignal,
): AsyncGenerator<Found> {
  const starts = await resolveStarts(args, signal)
  const visit: Visit = {
    options,
    limits: options.limits ?? intakeLimits,
    signal,
    folders: new Set(starts.flatMap(start => (start.kind === 'folder' ? [start.real] : []))),
    reached: new Set(),
    given: new Set(starts.flatMap(start => (start.kind === 'file' ? [start.real] : []))),
  }
  for (const start of starts) {
    switch (start.kind) {
      case 'stdin':
        yield await readStdin(visit)
        break
      case 'failure':
        yield found(start.arg, basename(start.arg), fileSource(start.arg), { failure: start.failure })
        break
      case 'file':
      case 'folder':
        if (visit.reached.has(start.real) || isWithinFolder(start.real, visit.folders)) {
          yield found(start.arg, basename(start.arg), fileSource(start.arg), { skipped: 'duplicate' })
          break
        }
        visit.reached.add(start.real)
        if (start.kind === 'folder') yield* walkFolder(start.arg, start.real, visit)
        else {
          const inspected = inspect(resolve(start.arg), visit)
          const read = options.urlList ? readListed : readFound
          try {
            yield* read(await inspected, start.arg, basename(start.arg), visit)
          } finally {
            await closeInspected({ inspected })
          }
        }
    }
  }
}

interface Visit {
  readonly options: IntakeOptions
  readonly limits: IntakeLimits
  readonly signal: AbortSignal
  /** Real paths of the folders that are walked whole: the arguments', and those that links led to. */
  readonly folders: Set<string>
  /** Real paths reached as an argument or through a link; what is met again is left out. */
  readonly reached: Set<string>
  /** Real paths of the files among the arguments. */
  readonly given: ReadonlySet<string>
}

type Start =
  | { readonly kind: 'stdin' }
  | { readonly kind: 'file' | 'folder'; readonly arg: string; readonly real: string }
  | { readonly kind: 'failure'; readonly arg: string; readonly failure: Failure }

/** All of them before the first is walked: a file may lie in a folder that is named after it. */
async function resolveStarts(args: readonly string[], signal: AbortSignal): Promise<Start[]> {
  const starts: Start[] = []
  for (let next = 0; next < args.length; next += resolvedAtOnce) {
    signal.throwIfAborted()
    starts.push(...(await Promise.all(args.slice(next, next + resolvedAtOnce).map(resolveStart))))
  }
  return starts
}

/** Ten thousand dropped files wait for the file system together, not one after the other. */
const resolvedAtOnce = 64

async function resolveStart(arg: string): Promise<Start> {
  if (arg === '-') return { kind: 'stdin' }
  try {
    const real = await realpath(resolve(arg))
    return { kind: (await stat(real)).isDirectory() ? 'folder' : 'file', arg, real }
  } catch (error) {
    return { kind: 'failure', arg, failure: fileFailure(error) }
  }
}

/** Whether the walk of one of `folders` comes to `real` by itself, that is not through a folder which it skips. */
function isWithinFolder(real: string, folders: ReadonlySet<string>): boolean {
  let isSkipped = false
  for (let path = real; path !== dirname(path); path = dirname(path)) {
    isSkipped ||= skipReasonOf(basename(path)) !== null
    if (isSkipped) return false
    if (folders.has(dirname(path))) return true
  }
  return false
}

/** How many entries of a folder are read and sorted at a time. */
const windowEntries = 1024
/** How many files are opened ahead of the one that is handed out. */
const inspectAhead = 8

interface Frame {
  readonly real: string
  /** Relative to the argument, with a trailing `/` unless empty. */
  readonly prefix: string
  readonly dir: Dir
  window: Entry[]
  isExhausted: boolean
  /** Real paths of files in it that are checked with the page that it was saved with. */
  readonly ofPage: ReadonlySet<string>
}

interface Entry {
  readonly name: string
  readonly isValidName: boolean
  readonly kind: Dirent<string | Buffer>
  inspected: Promise<Inspected> | null
}

async function* walkFolder(arg: string, real: string, visit: Visit): AsyncGenerator<Found> {
  const frames: Frame[] = []
  try {
    const isGiven = async (page: string) => visit.given.has(page)
    const first = await openFolder(real, '', await filesOfPages(real, isGiven, visit))
    if ('failure' in first) {
      yield found(arg, basename(real), fileSource(real), first)
      return
    }
    frames.push(first)
    for (let frame = frames.at(-1); frame !== undefined; frame = frames.at(-1)) {
      visit.signal.throwIfAborted()
      if (frame.window.length === 0) {
        if (frame.isExhausted) {
          await frame.dir.close()
          frames.pop()
          continue
        }
        const failure = await fillWindow(frame)
        if (failure !== null) yield found(arg, frame.prefix || '.', fileSource(frame.real), { failure })
        continue
      }
      openAhead(frame, visit)
      const entry = frame.window.shift()
      if (entry === undefined) continue
      try {
        yield* foundAt(entry, frame, frames, arg, visit)
      } finally {
        await closeInspected(entry)
      }
    }
  } finally {
    for (const frame of frames) {
      await frame.dir.close().catch(() => undefined)
      // What was opened ahead, and nobody came to.
      for (const entry of frame.window) await closeInspected(entry)
    }
  }
}

/** What an entry of a folder comes to; a folder is put on top of `frames`. */
async function* foundAt(
  entry: Entry,
  { prefix, real: folder, ofPage }: Frame,
  frames: Frame[],
  arg: string,
  visit: Visit,
): AsyncGenerator<Found> {
  const path = prefix + entry.name
  const real = join(folder, entry.name)
  const what = await classify(entry, real, frames, visit)
  visit.signal.throwIfAborted()
  switch (what.kind) {
    case 'folder': {
      const isBeside = async (page: string) => (await lstat(page).catch(() => null))?.isFile() === true
      const own = what.real === real ? await filesOfPages(real, isBeside, visit) : noFiles
      const next = await openFolder(what.real, `${path}/`, own.size > 0 ? own : ofPage)
      if ('failure' in next) yield found(arg, path, fileSource(real), next)
      else frames.push(next)
      return
    }
    case 'file':
      if (ofPage.has(real)) yield found(arg, path, fileSource(real), { skipped: 'of_page' })
      else yield* readFound(what.inspected, arg, path, visit)
      return
    case 'failure':
      yield found(arg, path, fileSource(real), { failure: what })
      return
    case 'skipped':
      yield found(arg, path, fileSource(real), { skipped: what.reason })
  }
}

const noFiles: ReadonlySet<string> = new Set()

/** Real paths of the files in a folder that the page beside it shows, where it was saved with one that is found too. */
async function filesOfPages(
  folder: string,
  isFound: (page: string) => Promise<boolean>,
  { options, signal }: Visit,
): Promise<ReadonlySet<string>> {
  for (const name of pagesOfFolder(basename(folder))) {
    const page = join(dirname(folder), name)
    if (!(await isFound(page))) continue
    const files = await filesOfPage(page, encodingStatedFor(page, options.encodings ?? []), signal)
    return new Set(Array.from(files, file => join(dirname(folder), file)))
  }
  return noFiles
}

async function openFolder(
  real: string,
  prefix: string,
  ofPage: ReadonlySet<string>,
): Promise<Frame | { readonly failure: Failure }> {
  try {
    // @ts-expect-error Names as bytes are documented, but missing from the types.
    const dir = await opendir(real, { encoding: 'buffer', bufferSize: windowEntries })
    return { real, prefix, dir, window: [], isExhausted: false, ofPage }
  } catch (error) {
    return { failure: fileFailure(error) }
  }
}

/** Reads the next entries of the folder and sorts them by UTF-16 units, which no locale changes. */
async function fillWindow(frame: Frame): Promise<Failure | null> {
  const entries: Entry[] = []
  try {
    while (entries.length < windowEntries) {
      const entry = await readEntry(frame.dir)
      if (entry === null) {
        frame.isExhausted = true
        break
      }
      entries.push(entry)
    }
  } catch (error) {
    frame.isExhausted = true
    return fileFailure(error)
  } finally {
    frame.window = entries.toSorted((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0))
  }
  return null
}

async function readEntry(dir: Dir): Promise<Entry | null> {
  const entry: Dirent<string | Buffer> | null = await dir.read()
  if (entry === null) return null
  const bytes = Buffer.from(entry.name)
  return { name: bytes.toString(), isValidName: isUtf8(bytes), kind: entry, inspected: null }
}

function openAhead(frame: Frame, visit: Visit): void {
  for (const entry of frame.window.slice(0, inspectAhead)) {
    if (entry.kind.isFile() && entry.isValidName && skipReasonOf(entry.name) === null) {
      const real = join(frame.real, entry.name)
      entry.inspected ??= inspect(real, visit)
    }
  }
}

type Classified =
  | { readonly kind: 'folder'; readonly real: string }
  | { readonly kind: 'file'; readonly inspected: Inspected }
  | { readonly kind: 'skipped'; readonly reason: SkipReason }
  | Failure

/** What there is to do with an entry of a folder. */
async function classify(entry: Entry, path: string, frames: readonly Frame[], visit: Visit): Promise<Classified> {
  const skipped = skipReasonOf(entry.name)
  if (skipped !== null) return { kind: 'skipped', reason: skipped }
  if (!entry.isValidName) {
    return inputFailure('unreadable_file', [remark('invalid_name')])
  }
  try {
    // Some file systems do not say what an entry is.
    const isKnown = entry.kind.isFile() || entry.kind.isDirectory() || entry.kind.isSymbolicLink()
    const kind = isKnown ? entry.kind : await lstat(path)
    if (kind.isSymbolicLink()) return await followLink(entry, path, frames, visit)
    // A link may have led here before.
    if (visit.reached.has(path)) return { kind: 'skipped', reason: 'duplicate' }
    if (kind.isDirectory()) return { kind: 'folder', real: path }
    if (kind.isFile()) {
      if (entry.inspected !== null && (await isOutdated(await entry.inspected))) {
        await closeInspected(entry)
        entry.inspected = null
      }
      entry.inspected ??= inspect(path, visit)
      return { kind: 'file', inspected: await entry.inspected }
    }
    return specialFile(kind)
  } catch (error) {
    return fileFailure(error)
  }
}

async function followLink(entry: Entry, path: string, frames: readonly Frame[], visit: Visit): Promise<Classified> {
  const target = await realpath(path)
  const isFolder = (await stat(target)).isDirectory()
  if (isFolder && frames.some(frame => frame.real === target || frame.real.startsWith(withSeparator(target)))) {
    return inputFailure('symlink_loop', [remark('link_upwards', { name: target })])
  }
  const isKnown = visit.reached.has(target) || visit.folders.has(target) || isWithinFolder(target, visit.folders)
  if (isKnown) return { kind: 'skipped', reason: 'duplicate' }
  visit.reached.add(target)
  if (!isFolder) {
    entry.inspected = inspect(path, visit)
    return { kind: 'file', inspected: await entry.inspected }
  }
  visit.folders.add(target)
  return { kind: 'folder', real: target }
}

function withSeparator(folder: string): string {
  return folder.endsWith(sep) ? folder : folder + sep
}

/** A file that was met, before it is turned into assets. */
export interface Inspected {
  readonly source: FileSource
  readonly bytes: number | null
  readonly examined: Examined
  /** Left open for the next reader, who must close it. */
  opened: OpenedFile | null
}

/** Sees what a file is. Never rejects, for it may run before anyone waits for it. */
async function inspect(path: string, visit: Visit, source: FileSource = fileSource(path)): Promise<Inspected> {
  const { known, survey } = visit.options
  const before = (await known?.recall(path)) ?? null
  if (before !== null && !isReadOn(before, visit)) {
    return { source, bytes: before.sizeBytes, examined: before.examined, opened: null }
  }
  try {
    const opened = await openAndExamine(path, visit.limits, visit.signal)
    if (opened.kind === 'failure') return { source, bytes: null, examined: opened, opened: null }
    const { file, openedAtMs } = opened
    const sizeBytes = file.sizeBytes
    const found = { sizeBytes, examined: opened.examined, sha256: null }
    survey?.keep(path, file.stat, openedAtMs, found)
    const isOpen = isReadOn(found, visit)
    if (!isOpen) await file.handle.close()
    return { source, bytes: sizeBytes, examined: found.examined, opened: isOpen ? opened : null }
  } catch (error) {
    return { source, bytes: null, examined: fileFailure(error), opened: null }
  }
}

/** Whether somebody goes on to read the file that was met: the walk itself the rows of a list, or who reads assets along with it. */
function isReadOn({ examined, sha256 }: KnownFile, { options }: Visit): boolean {
  if (examined.kind === 'failure' || examined.kind === 'archive') return false
  if (examined.kind === 'rows' || (examined.kind === 'text' && options.urlList)) return true
  return options.survey !== undefined && sha256 === null
}

/** Whether a file that was opened ahead was written to before its turn came, as may be while a long table before it is read. */
async function isOutdated({ opened }: Inspected): Promise<boolean> {
  return opened !== null && (await changeSince(opened.file)) !== null
}

/** Closes what was opened, unless somebody else has taken it over. */
async function closeInspected(entry: Pick<Entry, 'inspected'>): Promise<void> {
  const inspected = await entry.inspected
  const opened = inspected?.opened ?? null
  if (inspected === null || opened === null) return
  inspected.opened = null
  await opened.file.handle.close()
}

/** Turns a file into the asset that it is, or into those that it lists. */
async function* readFound(
  inspected: Inspected,
  root: string,
  path: string,
  visit: Visit,
  archives: ArchivesSoFar = { depth: 0, counted: { entries: 0, bytes: 0 } },
): AsyncGenerator<Found> {
  const { source, examined, bytes } = inspected
  if (examined.kind === 'failure') {
    yield found(root, path, source, { failure: examined, bytes })
    return
  }
  const walkWithin = () => {
    const nameEncoding = encodingStatedFor(shownPathOf(source), visit.options.encodings ?? [])
    const place = { source, root, path, bytes, nameEncoding, isDocument: examined.kind === 'document' }
    return walkArchive(place, archives, visit.options.unpacked, visit.signal, async function* (entry) {
      const inspected = inspect(entry.file, visit, entry.source)
      try {
        yield* readFound(await inspected, root, entry.path, visit, entry.archives)
      } finally {
        await closeInspected({ inspected })
      }
    })
  }
  if (examined.kind === 'archive') {
    yield* walkWithin()
    return
  }
  if (examined.kind === 'rows') {
    yield* readRows(inspected, examined.format, root, path, visit)
    return
  }
  if (examined.kind === 'text' && visit.options.urlList && ['txt', ''].includes(extensionOf(path))) {
    yield* readRows(inspected, urlList, root, path, visit)
    return
  }
  const { opened } = inspected
  if (opened !== null && visit.options.survey !== undefined) {
    inspected.opened = null
    await visit.options.survey.leave(opened)
  }
  const isMedia = examined.kind === 'media'
  yield found(root, path, source, {
    kind: examined.kind === 'text' ? 'text' : examined.format.kind,
    note: isMedia ? examined.note : null,
    bytes,
  })
  if (examined.kind === 'document' && examined.format.holds !== undefined) yield* walkWithin()
}

/** As `readFound`, for a file that was given as a list of addresses: its lines are never judged as words. */
async function* readListed(inspected: Inspected, root: string, path: string, visit: Visit): AsyncGenerator<Found> {
  const { textColumn, urlColumn } = visit.options
  const { examined } = inspected
  const hasColumns = textColumn !== null || urlColumn !== null
  if (examined.kind === 'text' || (examined.kind === 'rows' && examined.isText && !hasColumns)) {
    yield* readRows(inspected, urlList, root, path, visit)
  } else if (examined.kind === 'document') {
    const failure = inputFailure('unsupported_type', [remark('list_is_text')])
    yield found(root, path, inspected.source, { failure, bytes: inspected.bytes })
  } else {
    yield* readFound(inspected, root, path, visit)
  }
}

async function* readRows(
  inspected: Inspected,
  format: RowsFormat,
  root: string,
  path: string,
  visit: Visit,
): AsyncGenerator<Found> {
  const { options, limits, signal } = visit
  const { opened, bytes } = inspected
  if (opened === null) throw new TypeError('a list is left open for its rows')
  const { textColumn, urlColumn, moreTextColumns = [], tables = [], guessColumns = false, onTable } = options
  const file = shownPathOf(inspected.source)
  const choice: TableRequest = {
    textColumn,
    urlColumn,
    moreTextColumns,
    chosen: tables.filter(each => each.path === file),
    isGuessed: guessColumns,
    ...(onTable !== undefined && { onTable: table => onTable(file, path, table) }),
  }
  const encoding = encodingStatedFor(file, options.encodings ?? [])
  const request = {
    path: opened.path,
    documents: options.documents,
    choice,
    limits,
    signal,
    extension: extensionOf(path),
    encoding,
  }
  try {
    for await (const cell of format.cells(opened.file, request)) {
      yield foundInCell(cell, inspected.source, { root, path, bytes, limits })
    }
  } catch (error) {
    signal.throwIfAborted()
    yield found(root, path, inspected.source, { failure: fileFailure(error), bytes })
  }
}

async function readStdin(visit: Visit): Promise<Found> {
  const pieces: Uint8Array[] = []
  let bytes = 0
  const fail = (failure: Failure) =>
    found('-', '-', { kind: 'inline', encoding: 'utf-8', text: '' }, { failure, bytes })
  try {
    for await (const piece of visit.options.stdin) {
      visit.signal.throwIfAborted()
      bytes += piece.length
      if (bytes > visit.limits.textBytes) {
        return fail(inputFailure('too_large', [remark('large_stdin', { limit: visit.limits.textBytes })]))
      }
      pieces.push(piece)
    }
  } catch (error) {
    visit.signal.throwIfAborted()
    return fail(fileFailure(error))
  }
  const decoded = decodeText(Buffer.concat(pieces), encodingStatedFor(null, visit.options.encodings ?? []))
  if (decoded.kind === 'failure') return fail(decoded)
  if (decoded.text.trim() === '') return fail(inputFailure('empty', [remark('empty_stdin')]))
  const { text, encoding } = decoded
  return found('-', '-', { kind: 'inline', encoding, text }, { kind: 'text', bytes })
}
