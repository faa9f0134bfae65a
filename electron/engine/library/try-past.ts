import { setImmediate as turn } from 'node:timers/promises'
import { gridKinds } from '../../../shared/grid.ts'
import { Problem } from '../../../shared/problems.ts'
import type { PastTrial } from '../../../shared/rules.ts'
import type { ScreenOptions } from '../../../shared/screening.ts'
import type { Book } from '../checkers/rules/book.ts'
import type { FoundHit } from '../checkers/rules/find.ts'
import type { Source } from '../formats/source.ts'
import type { Material } from '../screening/material.ts'
import type { StoreReader } from '../store/ports.ts'

export interface PastServices {
  readonly reader: Pick<StoreReader, 'summaries' | 'batch' | 'columns' | 'asset'>
  readonly read: Material['read']
  /** Where hits of the book are found, apart from this thread. */
  find(text: string, signal: AbortSignal): Promise<readonly FoundHit[]>
}

export interface PastRequest {
  readonly book: Book
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
export async function tryPast(services: PastServices, { book, limit, signal, onProgress }: PastRequest): Promise<PastTrial> {
  const titles = new Map(book.rules.map(({ text }) => [text.rule, text.title]))
  const textsOfRule = new Map<string, number>()
  const hits: PastTrial['hits'][number][] = []
  let [texts, gone, flagged] = [0, 0, 0]
  const { texts: past, total } = await pastTexts(services.reader, limit, signal)
  for await (const { batch, asset, options } of past) {
    signal.throwIfAborted()
    onProgress(texts + gone, total)
    const text = await textOf(services.read, asset, options, signal)
    if (text === null) {
      gone++
      continue
    }
    texts++
    const found = await services.find(text, signal)
    if (found.length > 0) flagged++
    for (const rule of new Set(found.map(hit => hit.rule.rule))) {
      textsOfRule.set(rule, (textsOfRule.get(rule) ?? 0) + 1)
    }
    for (const hit of found.slice(0, shownHits - hits.length)) {
      hits.push({ batch, asset: asset.id, path: asset.path, rule: hit.rule.rule, ...contextOf(text, hit) })
    }
  }
  onProgress(texts + gone, texts + gone)
  const byRule = [...textsOfRule].map(([rule, count]) => ({
    rule,
    title: titles.get(rule) ?? { zh: rule, en: rule },
    texts: count,
  }))
  return { version: book.version, texts, gone, flagged, byRule: byRule.toSorted((a, b) => b.texts - a.texts), hits }
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

  async function* texts() {
    const seen = new Set<string>()
    let given = 0
    for (const { id, assets } of batches) {
      const options = (await reader.batch(id))?.options
      if (options === undefined) continue
      for (const each of assets) {
        const asset = await reader.asset(each)
        if (asset === null || (asset.sha256 !== null && seen.has(asset.sha256))) continue
        if (asset.sha256 !== null) seen.add(asset.sha256)
        yield { batch: id, asset, options }
        if (++given >= limit) return
        await turn()
      }
    }
  }
  return { texts: texts(), total: Math.min(total, limit) }
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
    if (content.kind !== 'text') return null
    return asset.sha256 === null || content.sha256 === asset.sha256 ? content.text : null
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
