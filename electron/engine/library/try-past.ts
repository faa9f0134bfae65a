import { setImmediate as turn } from 'node:timers/promises'
import { gridKinds } from '../../../shared/grid.ts'
import { Problem, type Said } from '../../../shared/problems.ts'
import type { PastTrial } from '../../../shared/rules.ts'
import type { ScreenOptions } from '../../../shared/screening.ts'
import type { FoundHit } from '../checkers/rules/compile.ts'
import type { Source } from '../formats/source.ts'
import type { Material } from '../screening/material.ts'
import type { StoreReader } from '../store/ports.ts'

export interface PastServices {
  readonly reader: Pick<StoreReader, 'summaries' | 'batch' | 'columns' | 'asset'>
  readonly read: Material['read']
  /** Where hits of the book are found, apart from this thread. */
  find(text: string): Promise<readonly FoundHit[]>
}

export interface PastRequest {
  /** Of the book. */
  readonly version: string
  /** Texts at most, those that are gone included. */
  readonly limit: number
  readonly signal: AbortSignal
  onProgress(texts: number, total: number): void
}

const shownHits = 500
/** On either side of what was matched, in characters. */
const contextLength = 24
const readMs = 30_000

/**
 * What a book would have found in texts of earlier batches, newest first. Each text is read once, however many batches had it; one whose
 * file is gone or holds something else now is counted, and no more. Nothing is asked of a network, and nothing is kept.
 */
export async function tryPast(
  services: PastServices,
  { version, limit, signal, onProgress }: PastRequest,
): Promise<PastTrial> {
  const byRule = new Map<string, { readonly rule: string; readonly title: Said; readonly texts: number }>()
  const hits: PastTrial['hits'][number][] = []
  let [texts, looked, flagged] = [0, 0, 0]
  const gone = new Set<string>()
  const past = await pastTexts(services.reader, limit, signal)
  const { total } = past
  for await (const { batch, asset, options } of past.texts()) {
    signal.throwIfAborted()
    onProgress(looked++, total)
    const content = asset.sha256 ?? `asset ${asset.id}`
    const text = await textOf(services.read, asset, options, signal)
    if (text === null) {
      gone.add(content)
      continue
    }
    // Another file has what one that is gone had.
    gone.delete(content)
    past.haveRead(content)
    texts++
    const found = await services.find(text)
    if (found.length > 0) flagged++
    for (const { rule, title } of new Map(found.map(hit => [hit.rule.rule, hit.rule])).values()) {
      byRule.set(rule, { rule, title, texts: (byRule.get(rule)?.texts ?? 0) + 1 })
    }
    for (const hit of found.slice(0, shownHits - hits.length)) {
      hits.push({ batch, asset: asset.id, path: asset.path, rule: hit.rule.rule, ...contextOf(text, hit) })
    }
  }
  onProgress(looked, looked)
  const rules = [...byRule.values()].toSorted((a, b) => b.texts - a.texts)
  return { version, texts, gone: gone.size, flagged, byRule: rules, hits }
}

type PastAsset = NonNullable<Awaited<ReturnType<StoreReader['asset']>>>

/** The texts of all batches, each content once, and how many there are at most. */
async function pastTexts(reader: PastServices['reader'], limit: number, signal: AbortSignal) {
  const batches: { readonly id: string; readonly assets: readonly number[] }[] = []
  let total = 0
  for (const { id } of await reader.summaries()) {
    if (total >= limit) break
    signal.throwIfAborted()
    const { id: assets, kind } = await reader.columns(id, 0)
    const texts = [...assets].filter((_, at) => gridKinds[kind[at] ?? -1] === 'text')
    batches.push({ id, assets: texts })
    total += texts.length
    await turn()
  }

  const read = new Set<string>()
  async function* texts() {
    let given = 0
    for (const { id, assets } of batches) {
      const options = (await reader.batch(id))?.options
      if (options === undefined) continue
      for (const each of assets) {
        const asset = await reader.asset(each)
        if (asset === null || (asset.sha256 !== null && read.has(asset.sha256))) continue
        yield { batch: id, asset, options }
        if (++given >= limit) return
        await turn()
      }
    }
  }
  return { texts, total: Math.min(total, limit), haveRead: (content: string) => read.add(content) }
}

/** The text that was screened; null when it is gone, is another now, or lies on a network. */
async function textOf(
  read: Material['read'],
  asset: PastAsset,
  options: ScreenOptions,
  signal: AbortSignal,
): Promise<string | null> {
  // `source` is written by this program only.
  const source = JSON.parse(asset.source) as Source
  if (source.kind === 'url') return null
  try {
    const content = await read(asset.source, options, AbortSignal.any([signal, AbortSignal.timeout(readMs)]))
    if (content.kind === 'failure' || content.words === null) return null
    return asset.sha256 === null || content.sha256 === asset.sha256 ? content.words.text : null
  } catch (error) {
    if (signal.aborted) throw new Problem('cancelled')
    // A file on a share that does not answer.
    if (error instanceof Error && error.name === 'TimeoutError') return null
    throw error
  }
}

function contextOf(text: string, { range, matched }: FoundHit) {
  if (range === null) return { before: '', matched, after: '' }
  const [start, end] = range
  return {
    before: text.slice(Math.max(0, start - contextLength), start).toWellFormed(),
    matched,
    after: text.slice(end, end + contextLength).toWellFormed(),
  }
}
