import { readFile } from 'node:fs/promises'
import { extname } from 'node:path'
import { type Remark, remark } from '../../../shared/remarks/index.ts'
import { createWeightedSemaphore } from '../base/concurrency/weighted-semaphore.ts'
import type { Chromium } from '../chromium/chromium.ts'
import { answerOf, type DrawnPage, drawPage, drawSvg, maxPageHeight, type Undrawn } from '../chromium/draw.ts'
import { leftOutOfDrawn } from '../formats/html/drawn.ts'
import type { ImageInput, Imaging } from '../imaging/imaging.ts'
import { fitSize } from '../imaging/layout.ts'
import { isSettledByDrawing } from '../imaging/svg/drawn.ts'
import type { ReadAsset } from '../intake/read-asset.ts'
import type { PicturePiece } from './content.ts'
import { loadFile } from './media.ts'

/** What a Chromium draws of assets; they reject with the signal's reason only. */
export interface Drawing {
  /** The page at a path as pictures, beside what was read of it; null for what no browser opens as a page. */
  page(path: string, asset: ReadAsset, beside: BesidePage, signal: AbortSignal): Promise<PageDrawing | null>
  /** The file as it is, or a browser's picture of it where that shows what others may draw otherwise. */
  svg(file: ImageInput, signal: AbortSignal): Promise<ImageInput>
}

/** The pictures that a page brings along, by their paths as it names them. */
export type BesidePage = ReadonlyMap<string, (signal: AbortSignal) => Promise<ImageInput | object>>

interface PageDrawing {
  readonly pictures: readonly PicturePiece[]
  readonly omitted: readonly Remark[]
  readonly notes: readonly Remark[]
}

/** Pages that a browser opens as such, by the ends of their names, with the type that it takes them for. */
const pageTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.htm': 'text/html',
  '.xhtml': 'application/xhtml+xml',
  '.xht': 'application/xhtml+xml',
}

/** Drawn pages that are remembered: a plan and its batch, and who leafs through one, ask for the same. */
const kept = 4

export function createDrawing(chromium: Chromium, imaging: Pick<Imaging, 'inspect'>): Drawing {
  // One at a time: a browser uses all the machine has for one page already.
  const slot = createWeightedSemaphore(1)
  const known = new Map<string, DrawnPage | Undrawn>()
  const inTurn = async <Result>(signal: AbortSignal, work: () => Promise<Result>): Promise<Result> => {
    await slot.acquire(1, signal)
    try {
      return await work()
    } finally {
      slot.release(1)
    }
  }

  const drawn = async (
    path: string,
    type: string,
    asset: ReadAsset,
    beside: BesidePage,
    signal: AbortSignal,
  ): Promise<DrawnPage | Undrawn> => {
    const bytes = await loadFile(path, asset.sha256, signal)
    if ('kind' in bytes) return { kind: 'failed' }
    const text = new TextDecoder(asset.encoding?.split(' ')[0]).decode(bytes)
    const document = answerOf(`${type}; charset=utf-8`, Buffer.from(text))
    const answer = async (name: string) => {
      const loaded = await beside.get(name)?.(signal)
      if (loaded === undefined || !('bytes' in loaded)) return null
      return answerOf(/\.svg$/i.test(name) ? 'image/svg+xml' : '', loaded.bytes as Uint8Array)
    }
    return await drawPage(chromium, { document, beside: answer }, signal)
  }

  return {
    page: async (path, asset, beside, signal) => {
      const type = pageTypes[extname(path).toLowerCase()]
      if (type === undefined || asset.drawable === null) return null
      const { drawable } = asset
      const key = `${asset.sha256} ${path}`
      const page = await inTurn(signal, async () => known.get(key) ?? (await drawn(path, type, asset, beside, signal)))
      if (page.kind !== 'drawn') {
        const note = page.kind === 'large' ? remark('page_too_long', { limit: maxPageHeight }) : remark('page_undrawn')
        return { pictures: [], omitted: asset.omitted, notes: [note] }
      }
      known.delete(key)
      known.set(key, page)
      for (const oldest of known.keys()) if (known.size > kept) known.delete(oldest)
      const pictures = page.bands.map(
        (bytes, index): PicturePiece => ({
          name: `view ${index + 1}`,
          places: [],
          sha256: null,
          isView: true,
          isReadableWhole: false,
          media: null,
          load: async () => ({ bytes }),
        }),
      )
      return { pictures, omitted: leftOutOfDrawn(asset.omitted, drawable, page.survey), notes: [] }
    },
    svg: async (file, signal) => {
      const facts = await imaging.inspect(file, { mode: 'fit', maxTiles: 1 }, signal)
      if (facts.kind === 'failure' || facts.format !== 'svg' || facts.leftOut.length === 0) return file
      const bytes = 'bytes' in file ? file.bytes : await readFile(file.path, { signal }).catch(() => null)
      signal.throwIfAborted()
      if (bytes === null || !isSettledByDrawing(facts.leftOut, Buffer.from(bytes).toString())) return file
      const isSized = facts.leftOut.every(({ code, name }) => code !== 'svg_attribute' || name !== 'width')
      const picture = await inTurn(signal, () => drawSvg(chromium, bytes, isSized, scaleOf, signal))
      return picture === null ? file : { bytes: picture }
    },
  }
}

/** The longest side of a picture that Chromium draws in one piece. */
const maxSide = 8000

/** A drawing has no pixels of its own: one that is smaller than what may be sent is drawn as large as that. */
function scaleOf(size: { readonly width: number; readonly height: number }): number | null {
  const large = fitSize({ width: size.width * 10_000, height: size.height * 10_000 })
  const scale = Math.max(1, Math.min((large.width - 1) / size.width, (large.height - 1) / size.height))
  return Math.max(size.width, size.height) * scale > maxSide ? null : scale
}
