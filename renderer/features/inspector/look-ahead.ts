import type { AssetDetail } from '../../../shared/screening.ts'
import { attempt } from '../../base/bridge.ts'
import { createLruCache } from '../../state/grid/lru-cache.ts'

/** What comes next in the loupe, fetched and decoded before it is looked at. */

/** The three that may come, the one that is there, and the one before, for who goes back. */
const kept = 5
const details = createLruCache<number, AssetDetail>(kept)
const pictures = createLruCache<string, HTMLImageElement>(kept)
/** What is being read, each time as another object. */
const reading = new Map<number, object>()
const decoded = new WeakSet<HTMLImageElement>()

export const aheadDetail = (asset: number): AssetDetail | undefined => details.get(asset)

/** What has changed is read again when it is looked at. */
export function forgetAhead(assets: Iterable<number>): void {
  for (const asset of assets) {
    details.delete(asset)
    reading.delete(asset)
  }
}

/** Whether the stage can draw it in the frame in which it is shown, without keeping the window waiting. */
export function isDecoded(url: string): boolean {
  const image = pictures.get(url)
  return image !== undefined && decoded.has(image)
}

/**
 * Reads the details of assets, all at once: who is fast is there before one after the other would have come. `urlOf` says which picture of
 * each is going to be shown, null for none.
 */
export async function lookAhead(
  assets: readonly number[],
  urlOf: (detail: AssetDetail) => string | null,
): Promise<void> {
  await Promise.all(
    assets.map(async asset => {
      const detail = details.get(asset) ?? (await read(asset))
      if (detail !== undefined) decodeAhead(urlOf(detail))
    }),
  )
}

async function read(asset: number): Promise<AssetDetail | undefined> {
  if (reading.has(asset)) return
  const own = {}
  reading.set(asset, own)
  const answer = await attempt('asset.detail', { asset })
  // It has changed while it was being read, and may be being read again.
  if (reading.get(asset) !== own) return
  reading.delete(asset)
  if (!('value' in answer)) return
  details.set(asset, answer.value)
  return answer.value
}

/** The browser keeps what an element holds: the stage finds it decoded. */
function decodeAhead(url: string | null): void {
  if (url === null || pictures.get(url) !== undefined) return
  const image = new Image()
  image.src = url
  pictures.set(url, image)
  image.decode().then(
    () => decoded.add(image),
    // What cannot be shown says so when it is looked at.
    () => undefined,
  )
}
