import { sha256 } from '../../ledger/chain.ts'
import { foundDigest } from '../../ledger/digests.ts'
import type { AssetRecord } from '../../ledger/rows.ts'
import { failed } from '../aggregate.ts'
import type { AssetFacts, NewAsset } from '../records.ts'
import { type AssetColumns, factColumnsOf, factsBody, piecesColumnOf } from './asset-columns.ts'
import type { ResultWrites } from './result-writes.ts'
import type { WriteContext } from './write-context.ts'

export function createAssetWrites(
  { raw, appender, search, touched }: WriteContext,
  columns: AssetColumns,
  results: Pick<ResultWrites, 'endResult'>,
) {
  const nextPosition = raw.prepare<[string], { next: number }>(
    // `+?` for the same reason as in `reusable` (open-reads.ts).
    'SELECT position + 1 AS next FROM assets WHERE batch = +? ORDER BY position DESC LIMIT 1',
  )
  const insertAsset = raw.prepare(
    `INSERT INTO assets (batch, position, path, source, source_key, kind, bytes, excerpt) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (batch, source_key) DO NOTHING`,
  )
  const insertResult = raw.prepare('INSERT INTO results (asset, profile, batch, rules) VALUES (?, ?, ?, ?)')
  const readAsset = raw.prepare<[number], Pick<AssetRecord, 'path' | 'source'>>(
    'SELECT path, source FROM assets WHERE id = ?',
  )

  return {
    /**
     * Ignores what the batch has already (a walk is repeated after a restart). Returns the ids of assets that ended at once because
     * of a failure known without reading.
     */
    addAssets: (
      batch: string,
      profiles: number,
      found: readonly NewAsset[],
      /** Profiles that look on this machine. */
      local: readonly number[] = [],
    ): readonly number[] => {
      let position = nextPosition.get(batch)?.next ?? 0
      const ended: number[] = []
      const runs: AddedRun[] = []
      for (const asset of found) {
        const key = sha256(asset.source).subarray(0, 16)
        const { path, source, kind, bytes, excerpt } = asset
        const added = insertAsset.run(batch, position, path, source, key, kind, bytes, excerpt)
        if (added.changes === 0) continue
        const id = Number(added.lastInsertRowid)
        noteAdded(runs, id, position, key, foundDigest(asset))
        position += 1
        search.put(id, 'path', asset.path)
        for (let profile = 0; profile < profiles; profile += 1) {
          insertResult.run(id, profile, batch, local.includes(profile) ? 'unread' : null)
          if (asset.failure !== null) {
            results.endResult(id, profile, failed(asset.failure.code, asset.failure.detail), { path: asset.path })
          }
        }
        if (asset.failure !== null) ended.push(id)
        touched(batch, id)
      }
      const said = { form: 2, local: local.length === 0 ? undefined : local, profiles }
      for (const run of runs) appender.append({ kind: 'found', batch, asset: null, body: { ...run, ...said } })
      return ended
    },

    recordFacts: (asset: number, facts: AssetFacts): void => {
      const { path, source } = readAsset.get(asset) ?? { path: undefined, source: '' }
      const values = factColumnsOf(facts)
      if (facts.text !== null) search.put(asset, 'text', facts.text)
      columns.setFacts(asset, Object.values(values))
      const pieces = piecesColumnOf(facts)
      columns.setPieces(asset, pieces)
      const body = { ...factsBody(source, values, pieces), form: 2, path, sha256: values.sha256 }
      appender.append({ kind: 'facts', batch: null, asset, body })
    },

    appendOf: (kind: string, asset: number, body: Readonly<Record<string, unknown>>): void => {
      appender.append({ kind, batch: null, asset, body })
    },
  }
}

/** Assets with consecutive numbers, as the ledger records them. */
interface AddedRun {
  readonly first: number
  readonly position: number
  count: number
  /** Their source keys, and their digests (digests.ts), one after the other. */
  keys: string
  found: string
}

function noteAdded(runs: AddedRun[], id: number, position: number, key: Buffer, digest: string): void {
  const last = runs.at(-1)
  const keyDigits = key.toString('hex')
  if (last === undefined || last.first + last.count !== id) {
    runs.push({ first: id, position, count: 1, keys: keyDigits, found: digest })
    return
  }
  last.count += 1
  last.keys += keyDigits
  last.found += digest
}
