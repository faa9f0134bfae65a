import type { Database } from 'better-sqlite3'
import type { HistoryFilter } from '../../../../shared/ipc.ts'
import type { HistoryFact, ReportRow } from '../records.ts'
import { flagsSql } from './grid-reads.ts'
import { hasRow, reportRow, reportSelect } from './report-reads.ts'
import { createSearchReader } from './search.ts'

/** The results of all batches that a filter finds, one by one, by asset and profile: the order in which they were added. */
export interface HistoryReader {
  rows(): IterableIterator<ReportRow>
  facts(): IterableIterator<HistoryFact>
}

/** While a result is open, it counts as unchecked and at the time its batch was made: a report never leaves it out. */
const matches = `${hasRow} AND coalesce(r.screened_at, b.created_at) BETWEEN @fromMs AND @toMs
  AND (@profile IS NULL OR json_extract(b.profiles, '$[' || r.profile || '].id') = @profile)
  AND (@outcomes = '[]'
    OR iif(r.outcome IN ('pending', 'awaiting'), 'unchecked', r.outcome) IN (SELECT value FROM json_each(@outcomes)))
  AND (@decision IS NULL OR coalesce(a.decision, 'undecided') = @decision)
  AND (@label IS NULL OR EXISTS (SELECT 1 FROM json_each(r.labels) WHERE value = @label))`
/** CROSS JOIN keeps the assets in front: in their order nothing has to be sorted, whatever the size of the history. */
const ofBatch = 'CROSS JOIN batches b ON b.id = a.batch'
const order = 'ORDER BY a.id, r.profile'
const factSelect = `SELECT r.asset, a.batch, r.profile, iif(@profile IS NULL, a.outcome, r.outcome) AS outcome, a.decision, ${flagsSql('a')} AS flags,
    r.labels, a.reviewer FROM assets a JOIN results r ON r.asset = a.id`

/** Assets that are searched at a time: what matches of them is all that is held. */
const searchedAssets = 20_000

export function createHistoryReader(raw: Database, { query, outcomes, ...rest }: HistoryFilter): HistoryReader {
  const search = createSearchReader(raw)
  const lastAsset = raw.prepare<[], number | null>('SELECT max(id) FROM assets').pluck()
  const wanted = { ...rest, outcomes: JSON.stringify(outcomes) }

  function* found(text: string): Generator<number> {
    const last = lastAsset.get() ?? 0
    for (let first = 1; first <= last; first += searchedAssets)
      yield* search.within(text, first, Math.min(last, first + searchedAssets - 1))
  }
  function* select(what: string, isArray: boolean): Generator<unknown> {
    if (query === null) {
      yield* raw.prepare(`${what} ${ofBatch} WHERE ${matches} ${order}`).raw(isArray).iterate(wanted)
      return
    }
    const one = raw.prepare(`${what} ${ofBatch} WHERE a.id = @asset AND ${matches} ${order}`).raw(isArray)
    for (const asset of found(query)) yield* one.all({ ...wanted, asset })
  }
  return {
    *rows() {
      for (const row of select(reportSelect, true)) yield reportRow(row)
    },
    *facts() {
      for (const fact of select(factSelect, false)) yield fact as HistoryFact
    },
  }
}
