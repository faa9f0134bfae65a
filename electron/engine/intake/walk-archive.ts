import { posix } from 'node:path'
import type { Failure } from '../../../shared/conclusion.ts'
import type { Encoding } from '../../../shared/encodings.ts'
import { remark } from '../../../shared/remarks/index.ts'
import { inputFailure } from '../base/input-failure.ts'
import { type ArchivedFile, archiveLimits } from '../formats/archives/listing.ts'
import type { Found, SkipReason } from '../formats/source.ts'
import { type FileSource, found, shownPathOf } from './found.ts'
import { filesOfPage, pagesOfFolder } from './page-folders.ts'
import { skipReasonOf } from './skipped.ts'
import type { EntryPlace, Unpacked } from './unpacked.ts'

/** What an archive and those within it have come to so far. */
export interface ArchivesSoFar {
  readonly depth: number
  /** One for all of them. */
  readonly counted: { entries: number; bytes: number }
}

interface ArchiveAt {
  readonly source: FileSource
  readonly root: string
  readonly path: string
  readonly bytes: number | null
  readonly nameEncoding: Encoding | null
  /** Whether it is an asset too, as a mail with what is attached to it: then it may hold nothing. */
  readonly isDocument: boolean
}

/** A file of an archive, ready to be read. */
export interface Entered {
  /** What it was unpacked to. */
  readonly file: string
  readonly source: FileSource
  readonly path: string
  readonly archives: ArchivesSoFar
}

/** How many files are unpacked ahead of the one that is handed out. */
const unpackAhead = 4

/** Everything in an archive, as if it were a folder of its name; `enter` reads the files that can be unpacked. */
export async function* walkArchive(
  { source, root, path, bytes, nameEncoding, isDocument }: ArchiveAt,
  { depth, counted }: ArchivesSoFar,
  unpacked: Unpacked,
  signal: AbortSignal,
  enter: (entry: Entered) => AsyncGenerator<Found>,
): AsyncGenerator<Found> {
  const at = { ...placeOf(source), ...(nameEncoding !== null && { nameEncoding }) }
  const within = { kind: 'entry', archive: at.archive, entries: [...at.entries, '#'], index: 0 } as const
  const whole = (failure: Failure) =>
    isDocument
      ? found(root, `${path}#attachments`, within, { failure, bytes: null })
      : found(root, path, source, { failure, bytes })
  const tooDeep = inputFailure('too_large', [remark('archive_depth', { limit: archiveLimits.depth })])
  const isTooDeep = depth >= archiveLimits.depth
  const archive = isTooDeep && !isDocument ? tooDeep : await unpacked.files(at, signal)
  signal.throwIfAborted()
  if (archive.kind === 'failure') {
    yield whole(archive)
    return
  }
  if (isDocument && archive.files.length === 0) return
  if (isTooDeep) {
    yield whole(tooDeep)
    return
  }
  counted.entries += archive.files.length
  if (counted.entries > archiveLimits.entries) {
    yield whole(inputFailure('too_large', [remark('archive_entries', { limit: archiveLimits.entries })]))
    return
  }
  if (archive.comment !== null) {
    const comment = { kind: 'inline', ...archive.comment, of: shownPathOf(source) } as const
    yield found(root, `${path}#comment`, comment, { kind: 'text', bytes: Buffer.byteLength(comment.text) })
  }
  if (archive.files.length === 0 && archive.comment === null)
    yield whole(inputFailure('empty', [remark('empty_archive')]))

  // People see what is attached to a mail, whatever it is called.
  const ofPages = isDocument ? new Set<string>() : await filesOfPages(archive.files, at, unpacked, signal)
  const steps = stepsOf(archive.files, counted, isDocument ? () => null : skipReasonOf, ofPages)
  const ahead = new Map<ArchivedFile, Promise<string | Failure>>()
  const begin = (step: Step | undefined) => {
    if (step?.kind !== 'file' || ahead.has(step.file)) return
    const made = unpacked.file({ ...at, entries: [...at.entries, step.file.path] }, signal)
    made.catch(() => undefined)
    ahead.set(step.file, made)
  }
  for (const [index, step] of steps.entries()) {
    signal.throwIfAborted()
    for (const next of steps.slice(index, index + unpackAhead)) begin(next)
    const shown = `${path}/${step.path}`
    const own = sourceIn(at, step.file)
    if (step.kind === 'skipped') {
      yield found(root, shown, own, { skipped: step.reason })
      continue
    }
    const size = step.file.entry.sizeBytes
    const file = step.kind === 'refused' ? step.failure : await ahead.get(step.file)
    ahead.delete(step.file)
    if (typeof file === 'string') {
      yield* enter({ file, source: own, path: shown, archives: { depth: depth + 1, counted } })
    } else if (file !== undefined) {
      yield found(root, shown, own, { failure: file, bytes: size })
    }
  }
}

type Step = { readonly path: string; readonly file: ArchivedFile } & (
  | { readonly kind: 'file' }
  | { readonly kind: 'refused'; readonly failure: Failure }
  | { readonly kind: 'skipped'; readonly reason: SkipReason }
)

/** What there is to do with each file; a folder that is skipped is so once. */
function stepsOf(
  files: readonly ArchivedFile[],
  counted: ArchivesSoFar['counted'],
  reasonOf: (name: string) => SkipReason | null,
  ofPages: ReadonlySet<string>,
): readonly Step[] {
  const skipped = new Set<string>()
  const steps: Step[] = []
  for (const file of files) {
    const names = file.path.split('/')
    const first = names.findIndex(name => reasonOf(name) !== null)
    const reason = reasonOf(names[first] ?? '')
    if (reason !== null) {
      const path = names.slice(0, first + 1).join('/')
      if (!skipped.has(path)) steps.push({ kind: 'skipped', path, file, reason })
      skipped.add(path)
      continue
    }
    if (ofPages.has(file.path)) {
      steps.push({ kind: 'skipped', path: file.path, file, reason: 'of_page' })
      continue
    }
    if (file.refusal === null) counted.bytes += file.entry.sizeBytes
    const isOver = counted.bytes > archiveLimits.unpackedBytes
    const failure =
      file.refusal ??
      (isOver ? inputFailure('too_large', [remark('archive_unpacked', { limit: archiveLimits.unpackedBytes })]) : null)
    steps.push(
      failure === null ? { kind: 'file', path: file.path, file } : { kind: 'refused', path: file.path, file, failure },
    )
  }
  return steps
}

/** Paths of the files that pages of the archive show, out of the folders that they were saved with. */
async function filesOfPages(
  files: readonly ArchivedFile[],
  at: EntryPlace,
  unpacked: Unpacked,
  signal: AbortSignal,
): Promise<ReadonlySet<string>> {
  const readable = new Map(files.flatMap(file => (file.refusal === null ? [[file.path, file]] : [])))
  const folders = new Set(
    files.flatMap(({ path }) => foldersOf(path).filter(folder => pagesOfFolder(posix.basename(folder)).length > 0)),
  )
  const shown = new Set<string>()
  for (const folder of folders) {
    const outer = posix.dirname(folder)
    const page = pagesOfFolder(posix.basename(folder))
      .map(name => posix.join(outer, name))
      .find(path => readable.has(path))
    const path = page === undefined ? null : await unpacked.file({ ...at, entries: [...at.entries, page] }, signal)
    if (typeof path !== 'string') continue
    for (const file of await filesOfPage(path, at.nameEncoding, signal)) {
      const own = posix.join(outer, file)
      if (own.startsWith(`${folder}/`) && readable.has(own)) shown.add(own)
    }
  }
  return shown
}

/** The folders that a path goes through, from the outermost on. */
function foldersOf(path: string): readonly string[] {
  const steps = path.split('/').slice(0, -1)
  return steps.map((_, index) => steps.slice(0, index + 1).join('/'))
}

/** Where the file of a source lies, as far as archives go. */
export function placeOf(source: FileSource): EntryPlace {
  return source.kind === 'file'
    ? { archive: source.path, entries: [], nameEncoding: null }
    : { archive: source.archive, entries: source.entries, nameEncoding: source.nameEncoding ?? null }
}

function sourceIn(
  { archive, entries, nameEncoding }: EntryPlace,
  { path, entry, isNamedAlone }: ArchivedFile,
): FileSource {
  const own = { kind: 'entry', archive, entries: [...entries, path] } as const
  return {
    ...own,
    ...(isNamedAlone ? {} : { index: entry.index }),
    ...(nameEncoding === null ? {} : { nameEncoding }),
  }
}
