import type { AssetDetail } from '../../../shared/screening.ts'
import { attempt } from '../../base/bridge.ts'
import { createLruCache } from '../../state/grid/lru-cache.ts'

/** What comes next in review mode, fetched and decoded before it is looked at. */

/** The two that come, the one that is there, and the one before, for who goes back. */
const kept = 4
const details = createLruCache<number, AssetDetail>(kept)
const pictures = createLruCache<string, HTMLImageElement>(kept)
const asked = new Set<number>()

export const aheadDetail = (asset: number): AssetDetail | undefined => details.get(asset)

/** What has changed is read again when it is looked at. */
export function forgetAhead(assets: Iterable<number>): void {
  for (const asset of assets) {
    details.delete(asset)
    asked.delete(asset)
  }
}

/** Reads the details of assets; `urlOf` says which picture of each is going to be shown, null for none. */
export async function lookAhead(
  assets: readonly number[],
  urlOf: (detail: AssetDetail) => string | null,
): Promise<void> {
  for (const asset of assets) {
    if (asked.has(asset) && details.get(asset) === undefined) continue
    let detail = details.get(asset)
    if (detail === undefined) {
      asked.add(asset)
      const answer = await attempt('asset.detail', { asset })
      // It has changed while it was being read.
      const isCurrent = asked.delete(asset)
      if (!('value' in answer) || !isCurrent) continue
      detail = answer.value
      details.set(asset, detail)
    }
    decodeAhead(urlOf(detail))
  }
}

/** The browser keeps what an element holds: the stage finds it decoded. */
function decodeAhead(url: string | null): void {
  if (url === null || pictures.get(url) !== undefined) return
  const image = new Image()
  image.src = url
  pictures.set(url, image)
  // What cannot be shown says so when it is looked at.
  image.decode().catch(() => undefined)
}
