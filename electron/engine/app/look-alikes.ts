import { availableParallelism } from 'node:os'
import type { LookAlikes, LooksPrice } from '../../../shared/look-alikes.ts'
import { Problem } from '../../../shared/problems.ts'
import type { Clock } from '../base/clock.ts'
import type { Source } from '../formats/source.ts'
import type { Imaging } from '../imaging/imaging.ts'
import type { Material } from '../screening/material.ts'
import type { StoreReader, StoreWriter } from '../store/ports.ts'
import type { Likeness, PictureLikeness } from '../store/records.ts'

/**
 * Bits of the 64 in which two pictures may differ that are said to look alike: N. Krawetz takes 1 to 10 for a variation and more for
 * another picture ("Kind of Like That", hackerfactor.com, 2013).
 */
export const alikeBits = 10

/** One core's share, measured with photographs of 12 megapixels; see docs/imaging.md. What this machine does takes its place. */
const perMinuteAndCore = 240
/** So many tell how fast this machine is. */
const measuredPictures = 20

const pageRows = 5_000
/** Kept at once: what is lost when the program is killed meanwhile. */
const keptAtOnce = 50

interface Options {
  readonly clock: Pick<Clock, 'now'>
  readonly imaging: Pick<Imaging, 'likeness'>
  readonly reader: Pick<StoreReader, 'asset' | 'pictureLikenesses'>
  readonly writer: Pick<StoreWriter, 'keepLikenesses'>
  readonly imageOf: Material['imageOf']
  /** Children at work at the same time. */
  readonly workers?: number
}

export interface LookAlikeFinder {
  looksPrice(asset: number): Promise<LooksPrice>
  /** For a look only: nothing follows from it. What was read is kept, whether it comes to an end or not. */
  looksLike(
    asset: number,
    signal: AbortSignal,
    onProgress?: (pictures: number, total: number) => void,
  ): Promise<LookAlikes>
}

export function createLookAlikes({ clock, imaging, reader, writer, imageOf, ...options }: Options): LookAlikeFinder {
  const workers = options.workers ?? availableParallelism()
  let perMinute = perMinuteAndCore * workers

  const picturesOf = async function* (batch: string): AsyncGenerator<readonly PictureLikeness[]> {
    for (let after = -1; ; ) {
      const page = await reader.pictureLikenesses(batch, after, pageRows)
      const last = page.at(-1)
      if (last === undefined) return
      yield page
      after = last.position
    }
  }
  const recordOf = async (asset: number) => {
    const row = await reader.asset(asset)
    if (row === null) throw new Problem('not_found', `asset ${asset}`)
    return row
  }
  /** An asset for each content of the batch that is not known. */
  const unreadOf = async (batch: string): Promise<ReadonlyMap<string, number>> => {
    const unread = new Map<string, number>()
    for await (const page of picturesOf(batch))
      for (const { sha256, asset, isKnown } of page) if (!isKnown) unread.set(sha256, asset)
    return unread
  }
  /** Undefined where it cannot be read. What was listed by its address is not loaded again: that would leave this machine. */
  const read = async (sha256: string, asset: number, signal: AbortSignal): Promise<Likeness | undefined> => {
    // `source` is written by this program only.
    const source = JSON.parse((await recordOf(asset)).source) as Source
    if (source.kind !== 'file' && source.kind !== 'entry') return undefined
    const input = await imageOf(source)
    if (input === null || !('path' in input)) return undefined
    const answer = await imaging.likeness({ path: input.path, sha256 }, signal)
    return answer.kind === 'failure' ? undefined : { sha256, bits: answer.bits }
  }

  const readAll = async (
    unread: ReadonlyMap<string, number>,
    signal: AbortSignal,
    onProgress: (pictures: number, total: number) => void,
  ) => {
    const started = clock.now()
    let done = 0
    let waiting: Likeness[] = []
    const keep = async () => {
      const kept = waiting
      waiting = []
      if (kept.length > 0) await writer.keepLikenesses(kept)
    }
    const left = unread.entries()
    let isOver = false
    const work = async () => {
      for (const [sha256, asset] of left) {
        if (isOver) return
        const likeness = await read(sha256, asset, signal)
        if (likeness !== undefined) waiting.push(likeness)
        done += 1
        onProgress(done, unread.size)
        if (waiting.length >= keptAtOnce) await keep()
      }
    }
    try {
      onProgress(0, unread.size)
      const ends = await Promise.allSettled(
        Array.from({ length: workers }, () =>
          work().catch(error => {
            isOver = true
            throw error
          }),
        ),
      )
      for (const end of ends) if (end.status === 'rejected') throw end.reason
    } finally {
      await keep()
      const minutes = (clock.now() - started) / 60_000
      if (done >= measuredPictures && minutes > 0) perMinute = Math.max(1, Math.round(done / minutes))
    }
  }

  return {
    looksPrice: async asset => ({ unread: (await unreadOf((await recordOf(asset)).batch)).size, perMinute }),
    looksLike: async (asset, signal, onProgress = () => undefined) => {
      const { batch } = await recordOf(asset)
      await readAll(await unreadOf(batch), signal, onProgress)
      signal.throwIfAborted()
      const pictures: PictureLikeness[] = []
      let unreadable = 0
      let own: PictureLikeness | undefined
      // Twice through the pages rather than all of a large batch at once.
      for await (const page of picturesOf(batch)) {
        own = page.find(each => each.asset === asset)
        if (own !== undefined) break
      }
      if (own === undefined || !own.isKnown) return { kind: 'unreadable' }
      const { bits } = own
      if (bits === null) return { kind: 'plain' }
      for await (const page of picturesOf(batch))
        for (const each of page) {
          if (!each.isKnown) unreadable += 1
          else if (each.bits !== null && distance(bits, each.bits) <= alikeBits) pictures.push(each)
        }
      const awayOf = (each: PictureLikeness) =>
        each.asset === asset ? -2 : each.sha256 === own?.sha256 ? -1 : distance(bits, each.bits ?? bits)
      const away = new Map(pictures.map(each => [each, awayOf(each)]))
      pictures.sort((a, b) => (away.get(a) ?? 0) - (away.get(b) ?? 0) || a.position - b.position)
      return { kind: 'found', assets: Float64Array.from(pictures, each => each.asset), unreadable }
    },
  }
}

/** Bits that differ. */
export function distance(a: Uint8Array, b: Uint8Array): number {
  let count = 0
  for (let at = 0; at < a.length; at += 1)
    for (let rest = (a[at] ?? 0) ^ (b[at] ?? 0); rest !== 0; rest &= rest - 1) count += 1
  return count
}
