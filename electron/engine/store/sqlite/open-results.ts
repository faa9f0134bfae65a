import type { FailureCode } from '../../../../shared/failures.ts'
import { runsOf } from '../../ledger/digests.ts'
import type { AssetRecord, CheckRecord, ResultRecord } from '../../ledger/rows.ts'
import { aggregate, notReused, partResultOfRow } from '../aggregate.ts'
import type { Requeued } from '../records.ts'
import type { AssetColumns } from './asset-columns.ts'
import type { CheckWrites } from './check-writes.ts'
import type { ResultWrites } from './result-writes.ts'
import type { WriteContext } from './write-context.ts'

type QueuedResult = Pick<ResultRecord, 'asset' | 'profile'>

/** Results that are ended or taken up again in one transaction: a large batch must hold neither the write lock nor the window. */
export const pageSize = 1000

/** Ends what is open in a batch, and takes up again what was ended. */
export function createOpenResultWrites(
  { raw, clock, appender }: WriteContext,
  { refresh }: AssetColumns,
  results: Pick<ResultWrites, 'endResult'>,
  checks: Pick<CheckWrites, 'clearChecks'>,
) {
  const openResults = raw.prepare<[{ batch: string; profile: number | null }], QueuedResult>(
    `SELECT asset, profile FROM results WHERE batch = @batch AND state <> 'done'
     AND profile = coalesce(@profile, profile) AND (state = 'queued' OR @profile IS NULL) LIMIT ${pageSize}`,
  )
  const endOpenResult = raw.prepare(
    `UPDATE results SET state = 'done', outcome = 'unchecked', reason = ?, detail = ?, screened_at = ?, ledger_seq = ?
     WHERE asset = ? AND profile = ?`,
  )
  const judgedParts = raw.prepare<
    [number, number],
    Pick<CheckRecord, 'verdict' | 'label' | 'score' | 'reason' | 'detail'>
  >(`SELECT verdict, label, score, reason, detail FROM checks WHERE asset = ? AND profile = ? AND state = 'done'`)
  const requeueResult = raw.prepare(
    `UPDATE results SET state = 'queued', outcome = 'pending', reason = NULL, detail = NULL, labels = '[]', score = NULL, parts = 0,
     checked = 0, reused_from = NULL, reused_profile = NULL, reuse_key = NULL, screened_at = NULL, later = NULL, rules = iif(rules IS NULL, NULL, 'unread'), more_hits = NULL
     WHERE asset = ? AND profile = ?`,
  )
  // They are found again, and what was fine about them is fine again.
  const dropHits = raw.prepare('DELETE FROM hits WHERE asset = +? AND profile = +?')
  const readAsset = raw.prepare<[number], AssetRecord>('SELECT * FROM assets WHERE id = ?')
  const requeued = createRequeued(raw)
  return {
    /**
     * Ends what is still open in the batch (of one profile alone: what is still to be sent): as risky or for review where a part is known
     * to be, else as unchecked, which `requeue` takes up again. A thousand a call, so that a large batch does not hold the write lock: call
     * it until it returns none.
     */
    endOpen: (
      batch: string,
      profile: number | null,
      code: FailureCode,
      detail: string,
    ): readonly { readonly asset: number; readonly profile: number }[] => {
      const open = openResults.all({ batch, profile })
      const untold = open.filter(result => {
        // What was found in a part stays found, whatever becomes of the others.
        const end = aggregate(judgedParts.all(result.asset, result.profile).map(partResultOfRow), { code, detail })
        if (end.outcome === 'unchecked') return true
        const { path, sha256, kind } = readAsset.get(result.asset) ?? { path: '', sha256: null, kind: null }
        const tiled = kind === 'image' && end.parts > 1
        const context = { path, sha256: sha256 ?? undefined }
        results.endResult(result.asset, result.profile, { ...end, ...notReused, tiled }, context)
        return false
      })
      if (untold.length === 0) return open
      const at = clock.now()
      const body = {
        outcome: 'unchecked',
        reason: code,
        detail,
        assets: untold.length,
        form: 2,
        profileIndex: profile ?? undefined,
        results: runsOf(untold),
      }
      const seq = appender.append({ kind: 'result', batch, asset: null, body }, at)
      for (const result of untold) {
        endOpenResult.run(code, detail, at, seq, result.asset, result.profile)
        refresh(result.asset)
      }
      return open
    },

    /**
     * Takes up again what is unchecked for one of these reasons, in the order of the assets and a thousand of them a call like `endOpen`:
     * returns the last one, to go on after, or null when there were none. The assets that are named are checked again whatever they
     * came to, and what a profile has looked at in other versions whatever it found.
     */
    requeue: (batch: string, which: Requeued): number | null => {
      const again = requeued(batch, which)
      const isDropped = !('reasons' in which) && !('isKept' in which && which.isKept === true)
      const assets = new Set(again.map(result => result.asset))
      for (const { asset, profile } of again) {
        requeueResult.run(asset, profile)
        dropHits.run(asset, profile)
      }
      if (isDropped) for (const { asset, profile } of again) checks.clearChecks(asset, profile)
      for (const asset of assets) refresh(asset)
      if (assets.size > 0) {
        const body = {
          event: 'requeue',
          assets: assets.size,
          dropped: isDropped || undefined,
          form: 2,
          results: runsOf(again),
        }
        appender.append({ kind: 'batch', batch, asset: null, body })
      }
      return again.at(-1)?.asset ?? null
    },
  }
}

/** The results that are taken up again. */
function createRequeued(raw: WriteContext['raw']) {
  const uncheckedResults = raw.prepare<[{ batch: string; reasons: string; after: number }], QueuedResult>(
    `WITH unchecked AS (SELECT asset, profile FROM results WHERE batch = @batch AND asset > @after AND state = 'done'
       AND outcome = 'unchecked' AND reason IN (SELECT value FROM json_each(@reasons)))
     SELECT asset, profile FROM unchecked
     WHERE asset <= (SELECT max(asset) FROM (SELECT DISTINCT asset FROM unchecked ORDER BY asset LIMIT ${pageSize}))
     ORDER BY asset, profile`,
  )
  const lookedOtherwise = raw.prepare<
    [{ batch: string; profile: number; versions: string; after: number }],
    QueuedResult
  >(
    `SELECT asset, profile FROM results WHERE batch = @batch AND asset > @after AND profile = @profile AND state = 'done'
     AND EXISTS (SELECT 1 FROM checks c WHERE c.asset = results.asset AND c.profile = results.profile
       AND c.version NOT IN (SELECT value FROM json_each(@versions)))
     ORDER BY asset LIMIT ${pageSize}`,
  )
  const readAsset = raw.prepare<[number], Pick<AssetRecord, 'batch'>>('SELECT batch FROM assets WHERE id = ?')
  const readResults = raw.prepare<[number], ResultRecord>('SELECT * FROM results WHERE asset = ? ORDER BY profile')

  return (batch: string, which: Requeued): readonly QueuedResult[] => {
    if ('reasons' in which)
      return uncheckedResults.all({ batch, reasons: JSON.stringify(which.reasons), after: which.after })
    if ('versions' in which) return lookedOtherwise.all({ batch, ...which, versions: JSON.stringify(which.versions) })
    return (
      which.assets
        .flatMap(asset => readResults.all(asset))
        // What is still queued is about to be checked anyway; its rows must not vanish under the calls that are out.
        .filter(result => result.state !== 'queued' && readAsset.get(result.asset)?.batch === batch)
    )
  }
}
