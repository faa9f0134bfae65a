import { setTimeout } from 'node:timers/promises'
import type { AppInfo } from '../../../shared/ipc.ts'
import type { Whereabouts } from '../../engine/app/own-file.ts'
import type { ThumbnailOptions } from '../../engine/imaging/imaging.ts'
import { showing } from './file-fate.ts'

/** Other programs take a few hundred at once; for more there is the export. */
export const mostDragged = 500

export interface Draggable {
  readonly files: readonly { readonly asset: number; readonly path: string }[]
  readonly ofNone: number
  readonly gone: number
}

/** Which of the assets have a file that can be dragged, each once; of more than `mostDragged` none is. */
export async function draggable(
  assets: readonly number[],
  whereabouts: (asset: number) => Promise<Whereabouts>,
  os: AppInfo['os'],
): Promise<Draggable> {
  if (assets.length > mostDragged) return { files: [], ofNone: 0, gone: 0 }
  const found = await Promise.all(assets.map(async asset => ({ asset, file: await whereabouts(asset) })))
  const paths = new Map<string, number>()
  for (const { asset, file } of found) {
    if (file.kind === 'file' && isPlace(file.path, os) && !paths.has(file.path)) paths.set(file.path, asset)
  }
  return {
    files: Array.from(paths, ([path, asset]) => ({ asset, path })),
    ofNone: found.filter(({ file }) => file.kind === 'none').length,
    gone: found.filter(({ file }) => file.kind === 'gone').length,
  }
}

/** What may not even be shown is not handed to other programs either. */
const isPlace = (path: string, os: AppInfo['os']): boolean => showing({ kind: 'none', path }, os).act === 'show'

/** The picture if it is there at once: a drag waits for nothing. */
export async function iconOf(
  picture: Promise<{ readonly bytes: Uint8Array }>,
  patienceMs = iconPatienceMs,
): Promise<Uint8Array | null> {
  const given = new AbortController()
  const late = setTimeout(patienceMs, null, { signal: given.signal }).catch(() => null)
  const made = picture.then(
    ({ bytes }) => bytes,
    () => null,
  )
  const icon = await Promise.race([made, late])
  given.abort()
  return icon
}

const iconPatienceMs = 120
/** Drawn anew by our own child: the main process decodes nobody else's pictures. */
export const iconOptions = { sizePx: 128, blur: 'off', grey: false, as: 'png' } as const satisfies ThumbnailOptions
