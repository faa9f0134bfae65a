import { type RuleCount, type RuleHit, type RuleText, ruleSeverities } from '../../../shared/rules.ts'
import type { ReportSnapshot } from '../store/ports.ts'

/** A rule that was found in the assets of a report, with its places. */
export interface RuleFound {
  /** As it was when it was applied last. */
  readonly text: RuleText
  /** Assets that it was found in; `fine` of these by words that are fine. */
  readonly assets: number
  readonly fine: number
  /** In the order of the assets. */
  places(): AsyncIterable<RulePlace>
}

export interface RulePlace {
  readonly asset: number
  readonly path: string
  readonly batch: string
  readonly hit: RuleHit
}

export const ruleName = ({ book, rule }: Pick<RuleText, 'book' | 'rule'>): string => `${book}/${rule}`

/** The rules that were found in those of the batches' assets that are wanted (null: all), the most severe first, then those in most assets. */
export async function rulesFoundIn(
  snapshot: Pick<ReportSnapshot, 'rulesOf' | 'assetsOfRule' | 'ruled' | 'asset'>,
  batches: readonly string[],
  isWanted: IsWanted,
): Promise<readonly RuleFound[]> {
  const found = new Map<string, RuleCount & { readonly batches: readonly string[] }>()
  // Ids of batches sort by when they were made: the wording of the newest stands for all.
  for (const batch of batches.toSorted()) {
    for (const whole of await snapshot.rulesOf(batch)) {
      const name = ruleName(whole.text)
      const { text, assets, fine } =
        isWanted === null ? whole : await countWanted(snapshot, batch, whole.text, isWanted)
      if (assets === 0) continue
      const before = found.get(name) ?? { assets: 0, fine: 0, batches: [] }
      found.set(name, {
        text,
        assets: before.assets + assets,
        fine: before.fine + fine,
        batches: [...before.batches, batch],
      })
    }
  }
  return [...found.values()]
    .map(({ text, assets, fine, batches: its }) => ({
      text,
      assets,
      fine,
      places: () => placesOf(snapshot, its, text, isWanted),
    }))
    .sort(
      (a, b) =>
        ruleSeverities.indexOf(b.text.severity) - ruleSeverities.indexOf(a.text.severity) ||
        b.assets - a.assets ||
        (ruleName(a.text) < ruleName(b.text) ? -1 : 1),
    )
}

type IsWanted = ((asset: number) => boolean) | null

async function countWanted(
  snapshot: Parameters<typeof rulesFoundIn>[0],
  batch: string,
  text: RuleText,
  isWanted: (asset: number) => boolean,
): Promise<RuleCount> {
  let fine = 0
  const assets = (await snapshot.assetsOfRule(batch, text.book, text.rule)).filter(isWanted)
  for (const asset of assets) {
    if (hitsOf(await snapshot.ruled(asset), text).every(({ waiver }) => waiver !== null)) fine += 1
  }
  return { text, assets: assets.length, fine }
}

async function* placesOf(
  snapshot: Parameters<typeof rulesFoundIn>[0],
  batches: readonly string[],
  rule: RuleText,
  isWanted: IsWanted,
): AsyncGenerator<RulePlace> {
  for (const batch of batches) {
    for (const asset of await snapshot.assetsOfRule(batch, rule.book, rule.rule)) {
      if (isWanted?.(asset) === false) continue
      const path = (await snapshot.asset(asset))?.path ?? ''
      for (const hit of hitsOf(await snapshot.ruled(asset), rule)) yield { asset, path, batch, hit }
    }
  }
}

function hitsOf(
  ruled: Awaited<ReturnType<ReportSnapshot['ruled']>>,
  { book, rule }: Pick<RuleText, 'book' | 'rule'>,
): readonly RuleHit[] {
  return (ruled?.hits ?? []).filter(({ text }) => text.book === book && text.rule === rule)
}
