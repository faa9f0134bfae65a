import type { Dispatcher } from 'undici'
import { type Failure, failure } from '../../../shared/conclusion.ts'
import type { ScreenOptions } from '../../../shared/screening.ts'
import { detailOf } from '../base/detail.ts'
import type { Found, Source } from '../formats/source.ts'
import { readAsset } from '../intake/read-asset.ts'
import { createUrlDispatcher } from '../intake/url-dispatcher.ts'
import { walk } from '../intake/walk.ts'
import type { Content } from './content.ts'
import { loadFile, type Media } from './media.ts'

/** What is to be screened, wherever it lies: files, rows, standard input, addresses. */
export interface Material {
  walk(inputs: readonly string[], options: ScreenOptions, signal: AbortSignal): AsyncIterable<Found>
  /** Opens, sniffs, hashes and decodes what the JSON of a `source` column leads to. */
  read(source: string, options: ScreenOptions, signal: AbortSignal): Promise<Content | Failure>
  /** The bytes of an image that is listed by its address; null when they cannot be had. */
  downloadImage(source: Source): Promise<Uint8Array | null>
  close(): Promise<void>
}

/** For a picture that somebody wants to see again. */
const downloadMs = 60_000

/** `stdin` is what `-` reads; null where nothing is piped in. */
export function createMaterial({ stdin }: { readonly stdin: AsyncIterable<Uint8Array> | null }): Material {
  const dispatchers = new Map<boolean, Dispatcher>()
  const dispatcherFor = (allowPrivateUrls: boolean) => {
    const known = dispatchers.get(allowPrivateUrls) ?? createUrlDispatcher(allowPrivateUrls)
    dispatchers.set(allowPrivateUrls, known)
    return known
  }

  const read: Material['read'] = async (json, options, signal) => {
    // `source` columns are written by this program only.
    const source = JSON.parse(json) as Source
    const asset = await readAsset(source, { dispatcher: dispatcherFor(options.allowPrivateUrls) }, signal)
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

  return {
    read,
    walk: (inputs, { textColumn, urlColumn, urlList }, signal) =>
      walk(inputs, { textColumn, urlColumn, urlList, stdin: stdin ?? nothing() }, signal),
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
