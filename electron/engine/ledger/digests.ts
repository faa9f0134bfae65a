import { hash } from 'node:crypto'
import type { RuleText } from '../../../shared/rules.ts'
import { canonicalJson, sha256 } from './chain.ts'
import type { AssetRecord, HitRecord } from './rows.ts'

/**
 * What rows of the ledger hold in place of long columns: enough to tell that a column is as it was written, in sixteen characters.
 * The verifier makes the same digests from the tables.
 */

/** Characters of a digest: 96 bits, for which nobody finds another text. */
export const digestLength = 16

/** A text may come from the database or go into it, which keeps no half of a surrogate pair. */
export function shortDigest(...texts: readonly (string | number | null)[]): string {
  return hash('sha256', canonicalJson(texts), 'base64').slice(0, digestLength)
}

export type FoundColumns = Pick<AssetRecord, 'path' | 'source' | 'kind' | 'bytes' | 'excerpt'>

/** The digest of an asset as it was found. */
export function foundDigest({ path, source, kind, bytes, excerpt }: FoundColumns): string {
  return shortDigest(path, source, kind, bytes, excerpt)
}

export type FactColumns = Pick<
  AssetRecord,
  'source' | 'kind' | 'bytes' | 'sha256' | 'width' | 'height' | 'encoding' | 'excerpt' | 'reading' | 'reader_notes'
>

/** The digest of an asset as it was read. */
export function factsDigest(asset: FactColumns): string {
  const { source, kind, bytes, sha256, width, height, encoding, excerpt, reading, reader_notes: notes } = asset
  return shortDigest(source, kind, bytes, sha256, width, height, encoding, excerpt, reading, notes)
}

/** The digest of what an asset is made of; null for an asset of one piece. */
export function piecesDigest(pieces: string | null): string | null {
  return pieces === null ? null : shortDigest(pieces)
}

/** The digest of a push that no check awaits yet. */
export function parkedDigest(app: string, traceId: string, receivedAt: number, conclusion: string): string {
  return shortDigest(app, traceId, receivedAt, conclusion)
}

/** A rule's text as it is kept, and the SHA-256 under which it is: the whole of it, for the text is kept by that name. */
export function ruleEntry(rule: RuleText): { readonly digest: string; readonly text: string } {
  const text = canonicalJson(rule)
  return { digest: sha256(text).toString('hex'), text }
}

/** The digest of all that was found in an asset before one profile, and of what of it is fine; in the order of the numbers. */
export function hitsDigest(hits: readonly HitRecord[]): string {
  return shortDigest(
    ...hits.flatMap(hit => [
      hit.id,
      hit.check_id,
      hit.book,
      hit.rule,
      hit.severity,
      hit.rule_text,
      hit.book_version,
      hit.range_start,
      hit.range_end,
      hit.line,
      hit.col,
      hit.matched,
      hit.words,
      hit.before,
      hit.after,
      hit.waiver,
    ]),
  )
}

/** Results by profile and runs of assets: [profile, first, last, first, last, …] for each profile. */
export type Runs = readonly (readonly number[])[]

export function runsOf(results: readonly { readonly asset: number; readonly profile: number }[]): Runs {
  const byProfile = new Map<number, number[]>()
  for (const { asset, profile } of results.toSorted((a, b) => a.asset - b.asset)) {
    const runs = byProfile.get(profile) ?? [profile]
    byProfile.set(profile, runs)
    if (runs.length > 1 && runs.at(-1) === asset - 1) runs[runs.length - 1] = asset
    else runs.push(asset, asset)
  }
  return [...byProfile.values()]
}
