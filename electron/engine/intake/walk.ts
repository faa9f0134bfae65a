import { isUtf8 } from 'node:buffer'
import type { Dir, Dirent } from 'node:fs'
import { lstat, opendir, realpath, stat } from 'node:fs/promises'
import { basename, dirname, join, resolve, sep } from 'node:path'
import type { Failure } from '../../../shared/conclusion.ts'
import { remark } from '../../../shared/remarks/index.ts'
import { inputFailure } from '../base/input-failure.ts'
import { fileFailure, openFile, specialFile } from '../base/open-file.ts'
import { type Examined, examine, extensionOf } from '../formats/examine.ts'
import {
  type Found,
  type IntakeLimits,
  intakeLimits,
  type ListedAt,
  type SkipReason,
  type Source,
} from '../formats/source.ts'
import { readDelimited } from '../formats/tables/delimited.ts'
import type { Cell, ColumnChoice } from '../formats/tables/table.ts'
import { decodeText } from '../formats/text/decode-text.ts'
import { parseUrl } from './download.ts'
import { readUrlList } from './url-list.ts'

export interface IntakeOptions extends ColumnChoice {
  /** Text files are lists of image addresses, one a line: in folders those that are named so, as an argument whatever its name. */
  readonly urlList: boolean
  /** What `-` reads. */
  readonly stdin: AsyncIterable<Uint8Array>
  readonly limits?: IntakeLimits
}

/**
 * Everything that arguments lead to, as it is found: files, the files of folders, rows of tables, lines of URL lists, standard input.
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
          const looked = await look(resolve(start.arg), visit)
          const read = options.urlList ? readListed : readFound
          yield* read(looked, start.arg, basename(start.arg), visit)
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
const lookAhead = 8

interface Frame {
  readonly real: string
  /** Relative to the argument, with a trailing `/` unless empty. */
  readonly prefix: string
  readonly dir: Dir
  window: Entry[]
  isExhausted: boolean
}

interface Entry {
  readonly name: string
  readonly isValidName: boolean
  readonly kind: Dirent<string | Buffer>
  looked: Promise<Looked> | null
}

async function* walkFolder(arg: string, real: string, visit: Visit): AsyncGenerator<Found> {
  const frames: Frame[] = []
  try {
    const first = await openFolder(real, '')
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
      const path = frame.prefix + entry.name
      const real = join(frame.real, entry.name)
      const met = await meet(entry, real, frames, visit)
      visit.signal.throwIfAborted()
      switch (met.kind) {
        case 'folder': {
          const next = await openFolder(met.real, `${path}/`)
          if ('failure' in next) yield found(arg, path, fileSource(real), next)
          else frames.push(next)
          break
        }
        case 'file':
          yield* readFound(met.looked, arg, path, visit)
          break
        case 'failure':
          yield found(arg, path, fileSource(real), { failure: met })
          break
        case 'skipped':
          yield found(arg, path, fileSource(real), { skipped: met.reason })
      }
    }
  } finally {
    for (const frame of frames) await frame.dir.close().catch(() => undefined)
  }
}

async function openFolder(real: string, prefix: string): Promise<Frame | { readonly failure: Failure }> {
  try {
    // @ts-expect-error Names as bytes are documented, but missing from the types.
    const dir = await opendir(real, { encoding: 'buffer', bufferSize: windowEntries })
    return { real, prefix, dir, window: [], isExhausted: false }
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
  return { name: bytes.toString(), isValidName: isUtf8(bytes), kind: entry, looked: null }
}

function openAhead(frame: Frame, visit: Visit): void {
  for (const entry of frame.window.slice(0, lookAhead)) {
    if (entry.kind.isFile() && entry.isValidName && skipReasonOf(entry.name) === null) {
      const real = join(frame.real, entry.name)
      entry.looked ??= look(real, visit)
    }
  }
}

type Met =
  | { readonly kind: 'folder'; readonly real: string }
  | { readonly kind: 'file'; readonly looked: Looked }
  | { readonly kind: 'skipped'; readonly reason: SkipReason }
  | Failure

async function meet(entry: Entry, path: string, frames: readonly Frame[], visit: Visit): Promise<Met> {
  const skipped = skipReasonOf(entry.name)
  if (skipped !== null) return { kind: 'skipped', reason: skipped }
  if (!entry.isValidName) {
    return inputFailure('unreadable_file', [remark('invalid_name')])
  }
  try {
    // Some file systems do not say what an entry is.
    const isKnown = entry.kind.isFile() || entry.kind.isDirectory() || entry.kind.isSymbolicLink()
    const kind = isKnown ? entry.kind : await lstat(path)
    if (kind.isSymbolicLink()) return await followLink(path, frames, visit)
    // A link may have led here before.
    if (visit.reached.has(path)) return { kind: 'skipped', reason: 'duplicate' }
    if (kind.isDirectory()) return { kind: 'folder', real: path }
    if (kind.isFile()) return { kind: 'file', looked: await (entry.looked ?? look(path, visit)) }
    return specialFile(kind)
  } catch (error) {
    return fileFailure(error)
  }
}

async function followLink(path: string, frames: readonly Frame[], visit: Visit): Promise<Met> {
  const target = await realpath(path)
  const isFolder = (await stat(target)).isDirectory()
  if (isFolder && frames.some(frame => frame.real === target || frame.real.startsWith(withSeparator(target)))) {
    return inputFailure('symlink_loop', [remark('link_upwards', { name: target })])
  }
  const isKnown = visit.reached.has(target) || visit.folders.has(target) || isWithinFolder(target, visit.folders)
  if (isKnown) return { kind: 'skipped', reason: 'duplicate' }
  visit.reached.add(target)
  if (!isFolder) return { kind: 'file', looked: await look(path, visit) }
  visit.folders.add(target)
  return { kind: 'folder', real: target }
}

function withSeparator(folder: string): string {
  return folder.endsWith(sep) ? folder : folder + sep
}

const systemNames = new Set([
  '.ds_store',
  'thumbs.db',
  'ehthumbs.db',
  'desktop.ini',
  'icon\r',
  '__macosx',
  '@eadir',
  '$recycle.bin',
  'system volume information',
])

/** Files that systems and Office leave beside the user's, and what the user has hidden. */
function skipReasonOf(name: string): SkipReason | null {
  if (systemNames.has(name.toLowerCase()) || name.startsWith('._') || name.startsWith('~$')) return 'system'
  return name.startsWith('.') ? 'hidden' : null
}

interface Looked {
  readonly path: string
  readonly bytes: number | null
  readonly examined: Examined
}

/** Opens a file only as long as it takes to see what it is. Never rejects, for it may run before anyone waits for it. */
async function look(path: string, visit: Visit): Promise<Looked> {
  const file = await openFile(path)
  if (file.kind === 'failure') return { path, bytes: null, examined: file }
  try {
    return { path, bytes: file.sizeBytes, examined: await examine(file, basename(path), visit.limits, visit.signal) }
  } catch (error) {
    return { path, bytes: file.sizeBytes, examined: fileFailure(error) }
  } finally {
    await file.handle.close()
  }
}

/** Turns a file into the asset that it is, or into those that it lists. */
async function* readFound(looked: Looked, root: string, path: string, visit: Visit): AsyncGenerator<Found> {
  const { examined, bytes } = looked
  const source = fileSource(looked.path)
  switch (examined.kind) {
    case 'failure':
      yield found(root, path, source, { failure: examined, bytes })
      return
    case 'delimited':
    case 'workbook':
      yield* readTable(looked, examined.kind, root, path, visit)
      return
    case 'text':
      if (visit.options.urlList && ['txt', ''].includes(extensionOf(path))) yield* readUrls(looked, root, path, visit)
      else yield found(root, path, source, { kind: 'text', bytes, note: examined.note })
      return
    case 'docx':
      yield found(root, path, source, { kind: 'text', bytes, note: examined.note })
      return
    case 'image':
    case 'audio':
      yield found(root, path, source, { kind: examined.kind, bytes, note: examined.note })
  }
}

/** As `readFound`, for a file that was given as a list of addresses: its lines are never judged as words. */
async function* readListed(looked: Looked, root: string, path: string, visit: Visit): AsyncGenerator<Found> {
  const { textColumn, urlColumn } = visit.options
  switch (looked.examined.kind) {
    case 'text':
      yield* readUrls(looked, root, path, visit)
      return
    case 'delimited':
      if (textColumn === null && urlColumn === null) yield* readUrls(looked, root, path, visit)
      else yield* readFound(looked, root, path, visit)
      return
    case 'docx': {
      const failure = inputFailure('unsupported_type', [remark('list_is_text')])
      yield found(root, path, fileSource(looked.path), { failure, bytes: looked.bytes })
      return
    }
    default:
      yield* readFound(looked, root, path, visit)
  }
}

async function* readTable(
  looked: Looked,
  kind: 'delimited' | 'workbook',
  root: string,
  path: string,
  visit: Visit,
): AsyncGenerator<Found> {
  const { options, limits, signal } = visit
  const file = await openFile(looked.path)
  if (file.kind === 'failure') {
    yield found(root, path, fileSource(looked.path), { failure: file })
    return
  }
  try {
    const cells =
      kind === 'delimited'
        ? readDelimited(file, options, limits, signal, extensionOf(path))
        : // Read in when a workbook is met: every start would take longer.
          (await import('../formats/workbook/read-sheets.ts')).readSheets(file, options, limits, signal)
    for await (const cell of cells) {
      switch (cell.kind) {
        case 'problem': {
          const place = cell.sheet === null ? path : `${path}#${cell.sheet}`
          yield found(root, place, fileSource(looked.path, cell.sheet), { failure: cell.failure, bytes: looked.bytes })
          break
        }
        case 'beside':
          yield besideFound(cell, looked.path, root, cell.sheet === null ? path : `${path}#${cell.sheet}`, limits)
          break
        case 'cell': {
          const sheet = cell.sheet === null ? '' : `${cell.sheet}!`
          const column = options.textColumn !== null && options.urlColumn !== null ? `:${cell.column}` : ''
          yield cellFound(cell, looked.path, root, `${path}#${sheet}${cell.row}${column}`, limits)
        }
      }
    }
  } catch (error) {
    signal.throwIfAborted()
    yield found(root, path, fileSource(looked.path), { failure: fileFailure(error), bytes: looked.bytes })
  } finally {
    await file.handle.close()
  }
}

function cellFound(
  cell: Extract<Cell, { kind: 'cell' }>,
  table: string,
  root: string,
  path: string,
  limits: IntakeLimits,
): Found {
  const { sheet, row, column, encoding, value, omitted, notes } = cell
  const source = {
    kind: 'row' as const,
    path: table,
    sheet,
    row,
    column,
    encoding,
    text: value,
    ...(omitted.length > 0 && { omitted }),
    ...(notes.length > 0 && { notes }),
  }
  if (cell.isValueless) {
    const failure = inputFailure('empty', [remark('unstored_value', { name: column }), ...omitted])
    return found(root, path, { ...source, text: '' }, { failure, bytes: 0 })
  }
  if (cell.holds === 'url') {
    // What may be a part of an address, or of two, leads elsewhere.
    const doubts = [...omitted, ...notes]
    if (doubts.length > 0) return found(root, path, source, { failure: inputFailure('left_out', doubts) })
    return urlFound(value.trim(), { path: resolve(table), sheet, row, column }, root, path)
  }
  return textFound(source, root, path, limits)
}

/** The words beside a sheet's cells as an asset of its own. */
function besideFound(
  { sheet, text, omitted }: Extract<Cell, { kind: 'beside' }>,
  table: string,
  root: string,
  path: string,
  limits: IntakeLimits,
): Found {
  const place = { sheet, row: 0, column: '', encoding: null }
  return textFound(
    { kind: 'row', path: table, ...place, text, ...(omitted.length > 0 && { omitted }) },
    root,
    path,
    limits,
  )
}

function textFound(source: Extract<Source, { kind: 'row' }>, root: string, path: string, limits: IntakeLimits): Found {
  const { text, omitted = [], column } = source
  const bytes = Buffer.byteLength(text)
  if (text.trim() === '') {
    const why = omitted.length > 0 ? omitted : [remark('blank_cell', { name: column })]
    const failure = inputFailure(omitted.length > 0 ? 'left_out' : 'empty', why)
    return found(root, path, source, { failure, bytes })
  }
  if (bytes > limits.textBytes) {
    // The cell would have to be stored to say no more than this.
    const failure = inputFailure('too_large', [remark('cell_limit', { count: bytes, limit: limits.textBytes })])
    return found(root, path, { ...source, text: '' }, { failure, bytes })
  }
  return found(root, path, source, { kind: 'text', bytes })
}

async function* readUrls(looked: Looked, root: string, path: string, visit: Visit): AsyncGenerator<Found> {
  const file = await openFile(looked.path)
  const source = fileSource(looked.path)
  if (file.kind === 'failure') {
    yield found(root, path, source, { failure: file })
    return
  }
  try {
    for await (const listed of readUrlList(file, visit.signal)) {
      if (listed.kind === 'problem') yield found(root, path, source, { failure: listed.failure, bytes: looked.bytes })
      else {
        const at = { path: resolve(looked.path), sheet: null, row: listed.line, column: null }
        yield urlFound(listed.value, at, root, `${path}#${listed.line}`)
      }
    }
  } catch (error) {
    visit.signal.throwIfAborted()
    yield found(root, path, source, { failure: fileFailure(error), bytes: looked.bytes })
  } finally {
    await file.handle.close()
  }
}

function urlFound(address: string, at: ListedAt, root: string, path: string): Found {
  const source: Source = { kind: 'url', url: address, at }
  if (address === '') return found(root, path, source, { failure: inputFailure('empty', [remark('blank_address')]) })
  const url = parseUrl(address)
  return 'kind' in url ? found(root, path, source, { failure: url }) : found(root, path, source, { kind: 'image' })
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
  const decoded = decodeText(Buffer.concat(pieces))
  if (decoded.kind === 'failure') return fail(decoded)
  if (decoded.text.trim() === '') return fail(inputFailure('empty', [remark('empty_stdin')]))
  const { text, encoding } = decoded
  return found('-', '-', { kind: 'inline', encoding, text }, { kind: 'text', bytes })
}

function fileSource(path: string, sheet: string | null = null): Source {
  return { kind: 'file', path: resolve(path), ...(sheet === null ? {} : { sheet }) }
}

function found(
  root: string,
  path: string,
  source: Source,
  what: Partial<Pick<Found, 'kind' | 'bytes' | 'failure' | 'skipped' | 'note'>>,
): Found {
  const { kind = null, bytes = null, failure = null, skipped = null, note = null } = what
  return { source, root, path, kind, bytes, failure, skipped, note }
}
