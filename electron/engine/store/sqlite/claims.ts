import type { Clock } from '../../base/clock.ts'
import { settledOrAborted } from '../../base/concurrency/settled-or-aborted.ts'
import type { GroupCommitDatabase } from '../../base/sqlite/group-commit.ts'
import type { AssetResult } from '../../ledger/rows.ts'
import type { Claim } from '../ports.ts'
import type { ClaimRequest, Reusable } from '../records.ts'
import type { LedgerCommands } from './commands.ts'
import type { ControlReader } from './controls.ts'
import type { LedgerQueries } from './queries.ts'

interface ClaimServices {
  readonly database: GroupCommitDatabase
  readonly clock: Pick<Clock, 'now'>
  readonly commands: LedgerCommands
  readonly queries: LedgerQueries
  readonly controls: Pick<ControlReader, 'ofBatch'>
}

/** See `StoreWriter.claimReuse`. Who makes an outcome is kept in memory: another process finds it once it is durable. */
export function createClaims(services: ClaimServices): (request: ClaimRequest, signal: AbortSignal) => Promise<Claim> {
  const { database, clock, commands, queries } = services
  /** Outcomes that are being made, by reuse key. */
  const underWay = new Map<string, Promise<void>>()
  const recordControls = createLentControls(services)

  const find = ({ asset, key, reuseMs }: ClaimRequest): Reusable | null => {
    const now = clock.now()
    const earlier = queries.reusable(key, now - reuseMs, now)
    return earlier === null || earlier.asset === asset ? null : earlier
  }
  /** Looks again under the write lock: what was found may have been taken up again since. */
  const reuse = (request: ClaimRequest) =>
    database.commit((): AssetResult | null => {
      const earlier = find(request)
      if (earlier === null) return null
      const { asset, profile, path, facts } = request
      const end = endOf(earlier, facts.kind === 'image')
      recordControls(request, earlier)
      const context = { path, sha256: facts.sha256, screenedAt: earlier.screenedAt }
      commands.endResult(asset, profile, end, context, { ...facts, notes: earlier.notes })
      return end
    })

  return async (request, signal) => {
    if (request.reuseMs === 0) return { kind: 'claimed', release: () => undefined }
    for (;;) {
      if (find(request) !== null) {
        const result = await reuse(request)
        if (result !== null) return { kind: 'reused', result }
        continue
      }
      const other = underWay.get(request.key)
      // Nothing may be awaited between the lookup and the claim: of many identical assets one is sent.
      if (other === undefined) return claim(underWay, request.key)
      // Whoever makes it may be paused: this asset's batch ends all the same.
      await settledOrAborted(other, signal)
      signal.throwIfAborted()
    }
  }
}

function claim(underWay: Map<string, Promise<void>>, key: string): Claim {
  const { promise, resolve } = Promise.withResolvers<void>()
  underWay.set(key, promise)
  return {
    kind: 'claimed',
    release: () => {
      underWay.delete(key)
      resolve()
    },
  }
}

function endOf(earlier: Reusable, isImage: boolean): AssetResult {
  const { outcome, labels, score, parts, asset, profile } = earlier
  return {
    outcome,
    reason: null,
    detail: null,
    labels,
    score,
    parts,
    checked: parts,
    reusedFrom: asset,
    reusedProfile: profile,
    reuseKey: null,
    tiled: parts > 1 && isImage,
  }
}

/** What stood behind an earlier batch's verdicts stands behind those of the batch that uses them again. */
function createLentControls({ commands, queries, controls }: ClaimServices) {
  return ({ batch, controls: borrower }: ClaimRequest, { asset, profile: lent }: Reusable): void => {
    const from = queries.asset(asset)?.batch
    if (borrower === null || from === undefined || from === batch) return
    const lender = queries.profilesOf(from)[lent]?.id
    const { own, days } = controls.ofBatch(from)
    for (const view of own) {
      if (view.profile !== lender) continue
      const { at, reason, detail, profile: _, ...rest } = view
      const { id, platform, appid, practice } = borrower
      const why = { reason: reason ?? undefined, detail: detail ?? undefined }
      const body = { ...rest, profileId: id, platform, appid, practice, askedAt: at, day: days.get(view) }
      commands.appendControlOnce(batch, { ...body, ...why, reusedFrom: from })
    }
  }
}
