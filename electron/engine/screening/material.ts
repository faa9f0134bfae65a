import type { Dispatcher } from 'undici'
import { type Failure, failure } from '../../../shared/conclusion.ts'
import type { ScreenOptions } from '../../../shared/screening.ts'
import { detailOf } from '../base/detail.ts'
import type { Found, Source } from '../formats/source.ts'
import { createKnownFiles } from '../intake/known-files.ts'
import { type ReadOptions, readAsset } from '../intake/read-asset.ts'
import { createSurvey } from '../intake/survey.ts'
import { createUrlDispatcher } from '../intake/url-dispatcher.ts'
import { type IntakeOptions, walk } from '../intake/walk.ts'
import { type Content, heldImageBytes } from './content.ts'
import { loadFile, type Media } from './media.ts'

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
  /** The bytes of an image that is listed by its address; null when they cannot be had. */
  downloadImage(source: Source): Promise<Uint8Array | null>
  close(): Promise<void>
}

/** A walk for a plan, which lists the tables that it meets. */
export type PlannedWalk = (signal: AbortSignal, onTable: NonNullable<IntakeOptions['onTable']>) => AsyncIterable<Found>

/** For a picture that somebody wants to see again. */
const downloadMs = 60_000

/**
 * Images up to this size, in bytes, are handed by a plan to the child that decodes them instead of being opened there again: eight assets
 * are in work at once.
 */
const heldByPlan = 16e6

/** `stdin` is what `-` reads; null where nothing is piped in. */
export function createMaterial({ stdin }: { readonly stdin: AsyncIterable<Uint8Array> | null }): Material {
  const known = createKnownFiles()
  const dispatchers = new Map<boolean, Dispatcher>()
  const dispatcherFor = (allowPrivateUrls: boolean) => {
    const known = dispatchers.get(allowPrivateUrls) ?? createUrlDispatcher(allowPrivateUrls)
    dispatchers.set(allowPrivateUrls, known)
    return known
  }

  const read = async (
    json: string,
    options: ScreenOptions,
    signal: AbortSignal,
    given: Pick<ReadOptions, 'survey' | 'heldBytes'>,
  ): Promise<Content | Failure> => {
    // `source` columns are written by this program only.
    const source = JSON.parse(json) as Source
    const dispatcher = dispatcherFor(options.allowPrivateUrls)
    const asset = await readAsset(source, { dispatcher, known, ...given }, signal)
    // The batch has what the plan found out.
    if (given.survey === undefined && source.kind === 'file') known.forget(source.path)
    if (asset.kind === 'failure') return asset
    const base = { sha256: asset.sha256, bytes: asset.sizeBytes, reading: asset.reading, notes: asset.notes }
    switch (asset.kind) {
      case 'image':
        return {
          kind: 'image',
          ...base,
          media: mediaOf(source, asset, options),
          input:
            asset.bytes === null && source.kind === 'file'
              ? { path: source.path, sha256: asset.sha256 }
              : { bytes: asset.bytes ?? new Uint8Array(0) },
        }
      case 'text':
        return {
          kind: 'text',
          ...base,
          text: asset.text,
          encoding: asset.encoding ?? asset.format,
          anchors: asset.anchors,
          omitted: asset.omitted,
        }
      case 'audio':
        return { kind: 'audio', ...base, media: mediaOf(source, asset, options) }
    }
  }

  const walkWith = (
    inputs: readonly string[],
    { textColumn, urlColumn, urlList, tables, guessColumns }: ScreenOptions,
    signal: AbortSignal,
    planned: Pick<IntakeOptions, 'survey' | 'onTable'> = {},
  ) => {
    const choice = { textColumn, urlColumn, urlList, tables, guessColumns, stdin: stdin ?? nothing(), known }
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
    downloadImage: async source => {
      const asset = await readAsset(source, { dispatcher: dispatcherFor(false) }, AbortSignal.timeout(downloadMs))
      return asset.kind === 'image' ? asset.bytes : null
    },
    close: async () => {
      await Promise.all([...dispatchers.values()].map(each => each.close()))
    },
  }
}

/** An asset's own bytes for a platform that downloads them; listed addresses are public unless private ones are allowed. */
function mediaOf(
  source: Source,
  asset: { readonly mime: string; readonly sha256: string; readonly bytes?: Uint8Array | null },
  options: ScreenOptions,
): Media {
  return {
    mime: asset.mime,
    publicUrl: source.kind === 'url' && !options.allowPrivateUrls ? source.url : null,
    load: async signal => {
      if (asset.bytes != null) return asset.bytes
      if (source.kind === 'file') return loadFile(source.path, asset.sha256, signal)
      return failure('BUG', 'internal_error', detailOf('empty_part'))
    },
  }
}
async function* nothing(): AsyncGenerator<Uint8Array> {
  // Nothing is piped into a window.
}
