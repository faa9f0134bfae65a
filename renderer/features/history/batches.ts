import type { BatchSummary } from '../../../shared/screening.ts'

/** Batches whose name, profiles, appids or dropped paths contain every word of the query. */
export function matchingBatches(batches: readonly BatchSummary[], query: string): readonly BatchSummary[] {
  const words = plain(query).split(/\s+/u).filter(Boolean)
  if (words.length === 0) return batches
  return batches.filter(batch => {
    const profiles = batch.profiles.map(profile => `${profile.name} ${profile.appid}`)
    const text = plain([batch.name, ...profiles, ...batch.inputs.first].join('\n'))
    return words.every(word => text.includes(word))
  })
}

function plain(text: string): string {
  return text.normalize('NFKC').toLowerCase()
}
