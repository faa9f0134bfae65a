import type { Dispatcher } from 'undici'
import type { Failure } from '../../../shared/conclusion.ts'
import { encodingStatedFor } from '../../../shared/encodings.ts'
import { defaultOptions, type ScreenOptions } from '../../../shared/screening.ts'
import type { UncertainText } from '../../../shared/uncertain-texts.ts'
import { readHead } from '../base/open-file.ts'
import type { Films } from '../films/films.ts'
import type { Documents } from '../formats/documents/documents.ts'
import { type Found, intakeLimits, type Source } from '../formats/source.ts'
import { previewBytes, readingsOf } from '../formats/text/encoding-preview.ts'
import type { ImageInput } from '../imaging/imaging.ts'
import { shownPathOf } from '../intake/found.ts'
import { createKnownFiles } from '../intake/known-files.ts'
import { openAndExamine } from '../intake/opened-file.ts'
import { type ReadableSource, type ReadOptions, readAsset } from '../intake/read-asset.ts'
import { createSurvey } from '../intake/survey.ts'
import type { Unpacked } from '../intake/unpacked.ts'
import { createUrlDispatcher } from '../intake/url-dispatcher.ts'
import { type IntakeOptions, walk } from '../intake/walk.ts'
import { placeOf } from '../intake/walk-archive.ts'
import { type Content, heldImageBytes } from './content.ts'
import type { Drawing } from './drawing.ts'
import { type Archived, contentOf } from './read-content.ts'

/** What is to be screened, wherever it lies: files, rows, standard input, addresses. */
export interface Material {
  walk(inputs: readonly string[], options: ScreenOptions, signal: AbortSignal): AsyncIterable<Found>
  /** Opens, sniffs, hashes and decodes what the JSON of a `source` column leads to. */
  read(source: string, options: ScreenOptions, signal: AbortSignal): Promise<Content | Failure>
  /**
   * A walk and a reading for a plan, which reads each asset as soon as it is found: every file is opened once. What it finds out is
   * kept for the batch that the plan starts (`intake/known-files.ts`), as long as the file is the same.
   */
  survey(
    inputs: readonly string[],
    options: ScreenOptions,
  ): { readonly walk: PlannedWalk; readonly read: Material['read'] }
  /** How a text begins whose encoding is open, by each that it may be in, and whether it is a table or a list; null where it cannot be had. */
  preview(
    source: Source,
    signal: AbortSignal,
  ): Promise<(Pick<UncertainText, 'file' | 'readings'> & { readonly isList: boolean }) | null>
  /** A picture in a document, by the name of its piece, or the first; `seconds` is when a frame is shown. Null when it cannot be had. */
  loadPiece(
    source: string,
    piece: string | null,
    seconds: number | null,
    signal: AbortSignal,
  ): Promise<ImageInput | null>
  /** An image that is to be seen again, downloaded or unpacked if need be; null when it cannot be had. */
  imageOf(source: Source): Promise<ImageInput | null>
  close(): Promise<void>
}

export type PlannedPreview = Material['preview']

/** A walk for a plan, which lists the tables that it meets. */
export type PlannedWalk = (signal: AbortSignal, onTable: NonNullable<IntakeOptions['onTable']>) => AsyncIterable<Found>

/** For a picture that somebody wants to see again. */
const downloadMs = 60_000

/**
 * Images up to this size, in bytes, are handed by a plan to the child that decodes them instead of being opened there again: eight assets
 * are in work at once.
 */
const heldByPlan = 16e6

interface MaterialParts {
  /** What `-` reads; null where nothing is piped in. */
  readonly stdin: AsyncIterable<Uint8Array> | null
  readonly documents: Documents
  /** Null where nothing plays films. */
  readonly films: Films | null
  /** Closed with the material. */
  readonly unpacked: Unpacked
  /** Null where no Chromium is there. */
  readonly drawing?: Drawing | null
}

export function createMaterial({ stdin, documents, films, unpacked, drawing = null }: MaterialParts): Material {
  const known = createKnownFiles()
  const dispatchers = new Map<boolean, Dispatcher>()
  const dispatcherFor = (allowPrivateUrls: boolean) => {
    const known = dispatchers.get(allowPrivateUrls) ?? createUrlDispatcher(allowPrivateUrls)
    dispatchers.set(allowPrivateUrls, known)
    return known
  }

  /** What is in an archive lies in a file of its own for as long as it is read. */
  const located = async (source: Source, signal: AbortSignal): Promise<ReadableSource | Failure> => {
    if (source.kind === 'row' && source.held?.file.kind === 'entry') {
      const path = await unpacked.file(placeOf(source.held.file), signal)
      return typeof path === 'string' ? { ...source, held: { ...source.held, file: { kind: 'file', path } } } : path
    }
    if (source.kind !== 'entry') return source
    const path = await unpacked.file(placeOf(source), signal)
    return typeof path === 'string' ? { kind: 'file', path } : path
  }

  const archivedAt = (source: Source): Archived | null => {
    if (source.kind !== 'entry') return null
    const { entries, ...place } = placeOf(source)
    const unpack: Archived['unpack'] = (path, signal) =>
      unpacked.file({ ...place, entries: [...entries.slice(0, -1), path] }, signal)
    return { path: entries.at(-1) ?? '', unpack }
  }

  const read = async (
    json: string,
    options: ScreenOptions,
    signal: AbortSignal,
    given: Pick<ReadOptions, 'survey' | 'heldBytes'>,
  ): Promise<Content | Failure> => {
    // `source` columns are written by this program only.
    const original = JSON.parse(json) as Source
    const stated = original.kind === 'file' || original.kind === 'entry' ? shownPathOf(original) : null
    const source = await located(original, signal)
    if (source.kind === 'failure') return source
    const dispatcher = dispatcherFor(options.allowPrivateUrls)
    const encoding = encodingStatedFor(stated, options.encodings)
    const asset = await readAsset(source, { dispatcher, known, documents, encoding, ...given }, signal)
    // The batch has what the plan found out.
    if (given.survey === undefined && source.kind === 'file') known.forget(source.path)
    if (asset.kind === 'failure') return asset
    const maxFrames = options.filmFrames.find(({ path }) => path === stated)?.maxFrames ?? options.maxFrames
    const archived = archivedAt(original)
    return await contentOf(source, asset, options, { documents, films, maxFrames, drawing, archived, signal })
  }

  const walkWith = (
    inputs: readonly string[],
    { textColumn, urlColumn, moreTextColumns, urlList, tables, encodings, guessColumns }: ScreenOptions,
    signal: AbortSignal,
    planned: Pick<IntakeOptions, 'survey' | 'onTable'> = {},
  ) => {
    const choice = {
      textColumn,
      urlColumn,
      moreTextColumns,
      urlList,
      tables,
      encodings,
      guessColumns,
      stdin: stdin ?? nothing(),
      known,
      unpacked,
      documents,
    }
    return walk(inputs, { ...choice, ...planned }, signal)
  }

  return {
    read: (json, options, signal) => read(json, options, signal, { heldBytes: heldImageBytes }),
    walk: (inputs, options, signal) => walkWith(inputs, options, signal),
    survey: (inputs, options) => {
      const survey = createSurvey(known)
      return {
        walk: async function* (signal, onTable) {
          try {
            yield* walkWith(inputs, options, signal, { survey, onTable })
          } finally {
            await survey.close()
          }
        },
        read: (json, readOptions, signal) => read(json, readOptions, signal, { survey, heldBytes: heldByPlan }),
      }
    },
    preview: async (source, signal) => {
      const place = await located(source, signal)
      if (place.kind !== 'file' || (source.kind !== 'file' && source.kind !== 'entry')) return null
      const opened = await openAndExamine(place.path, intakeLimits, signal)
      if (opened.kind === 'failure') return null
      const { file, examined } = opened
      try {
        const readings = readingsOf(await readHead(file, previewBytes))
        return { file: shownPathOf(source), readings, isList: examined.kind === 'rows' }
      } finally {
        await file.handle.close()
      }
    },
    loadPiece: async (source, piece, seconds, signal) =>
      await pieceOf(await read(source, defaultOptions, signal, {}), piece, seconds, signal),
    imageOf: async source => {
      const signal = AbortSignal.timeout(downloadMs)
      const there = await located(source, signal)
      if (there.kind === 'failure') return null
      if (there.kind === 'file') return { path: there.path }
      const asset = await readAsset(there, { dispatcher: dispatcherFor(false), documents }, signal)
      return asset.kind !== 'failure' && asset.form === 'media' && asset.bytes !== null ? { bytes: asset.bytes } : null
    },
    close: async () => {
      await Promise.all([...dispatchers.values()].map(each => each.close()))
      await unpacked.close()
    },
  }
}

async function* nothing(): AsyncGenerator<Uint8Array> {
  // Nothing is piped into a window.
}

/** A frame of a film is named by the film, unless that is the first. */
async function pieceOf(
  content: Content | Failure,
  piece: string | null,
  seconds: number | null,
  signal: AbortSignal,
): Promise<ImageInput | null> {
  if (content.kind === 'failure') return null
  const { films, pictures } = content
  const [, film = 'film 1'] = /^(?:(film \d+) )?frame \d+$/.exec(piece ?? '') ?? [null, null]
  const input =
    film !== null && seconds !== null
      ? await films.find(({ name }) => name === film)?.frameAt(seconds, signal)
      : await pictures.find(({ name }) => piece === null || name === piece)?.load(signal)
  return input === undefined || 'kind' in input ? null : input
}
