import { Problem } from '../../../../shared/problems.ts'
import type { Clock } from '../../base/clock.ts'
import type { GroupCommitDatabase } from '../../base/sqlite/group-commit.ts'
import { appOf } from '../../ledger/rows.ts'
import type { StoreWriter } from '../ports.ts'
import type { NewCheck, SentCheck, WithFacts } from '../records.ts'
import { createAwaitedWrites } from './awaited.ts'
import { createClaims } from './claims.ts'
import { type LedgerCommands, requeueAll } from './commands.ts'
import { createControlReader } from './controls.ts'
import type { LedgerQueries } from './queries.ts'

interface WriterServices {
  readonly database: GroupCommitDatabase
  readonly clock: Pick<Clock, 'now'>
  readonly commands: LedgerCommands
  readonly queries: LedgerQueries
  /** Whether the program of that name still runs. */
  isAlive(owner: string): boolean
}

type BatchWriter = Pick<
  StoreWriter,
  | 'createBatch'
  | 'addFound'
  | 'setWalked'
  | 'setState'
  | 'setPaused'
  | 'takeOver'
  | 'finishIfOver'
  | 'rename'
  | 'setOptions'
  | 'endOpen'
  | 'requeue'
  | 'append'
  | 'appendOf'
>

export function createStoreWriter(services: WriterServices): StoreWriter {
  const { database, commands } = services
  return {
    ...createBatchWriter(services),
    ...createAssetWriter(services),
    ...createReviewWriter(services),
    keepLikenesses: likenesses => database.commit(() => commands.keepLikenesses(likenesses)),
  }
}

/** Everything here is decided under the write lock: of two programs that come at the same moment one must lose. */
function createBatchWriter({ database, commands, queries, isAlive }: WriterServices): BatchWriter {
  const { commit } = database
  const holderOf = (batch: string, owner: string) => {
    const holder = queries.batch(batch)?.owner ?? null
    return holder !== null && holder !== owner && isAlive(holder) ? holder : null
  }
  const isOver = (id: string) => {
    const batch = queries.summary(id)
    return (
      batch !== null &&
      (batch.state === 'running' || batch.state === 'interrupted') &&
      batch.walked &&
      batch.notice === null &&
      !queries.hasOpen(id)
    )
  }
  return {
    createBatch: batch => commit(() => commands.createBatch(batch)),
    addFound: (batch, profiles, { assets, skipped }, local = []) =>
      commit(() => {
        commands.addSkipped(batch, skipped)
        return commands.addAssets(batch, profiles, assets, local)
      }),
    setWalked: batch => commit(() => commands.setWalked(batch)),
    setState: (batch, state, notice, owner) => commit(() => commands.setState(batch, state, notice, owner)),
    setPaused: (batch, paused, owner) =>
      commit(() => {
        if (queries.batch(batch)?.owner === owner) commands.setState(batch, paused ? 'paused' : 'running', null, owner)
      }),
    takeOver: (id, owner) =>
      commit(() => {
        const by = holderOf(id, owner)
        if (by !== null) return { kind: 'held', by }
        commands.setState(id, 'running', null, owner)
        const batch = queries.batch(id)
        if (batch === null) throw new Problem('not_found', id)
        return { kind: 'taken', batch }
      }),
    finishIfOver: async (batch, owner) => {
      const isFinished = () => holderOf(batch, owner) === null && isOver(batch)
      if (!isFinished()) return false
      return commit(() => {
        if (!isFinished()) return false
        commands.setState(batch, 'done', null, null)
        return true
      })
    },
    rename: (batch, name) => commit(() => commands.rename(batch, name)),
    setOptions: (batch, options) => commit(() => commands.setOptions(batch, options)),
    endOpen: (batch, profile, code, detail) => commit(() => commands.endOpen(batch, profile, code, detail)),
    requeue: (batch, which) => requeueAll({ database, commands }, batch, which),
    append: (kind, batch, body) => commit(() => commands.append(kind, batch, body)),
    appendOf: (kind, asset, body) => commit(() => commands.appendOf(kind, asset, body)),
  }
}

type AssetWriter = Pick<
  StoreWriter,
  | 'claimReuse'
  | 'beginCheck'
  | 'endChecks'
  | 'awaitCheck'
  | 'joinPending'
  | 'endAsset'
  | 'receivePushes'
  | 'giveUpOverdue'
  | 'dropParked'
>

function createAssetWriter({ database, clock, commands, queries }: WriterServices): AssetWriter {
  const { commit, raw } = database
  const awaited = createAwaitedWrites(commands, queries)
  const begin = ({ facts, ...check }: WithFacts<NewCheck>): SentCheck => {
    if (facts !== null) commands.recordFacts(check.asset, facts)
    return { ...check, id: commands.beginCheck(check) }
  }
  return {
    claimReuse: createClaims({ database, clock, commands, queries, controls: createControlReader(raw) }),
    beginCheck: check => commit(() => begin(check)),
    endChecks: ends =>
      commit(() => {
        for (const { check, end, context } of ends) commands.endCheck(check, end, context)
      }),
    awaitCheck: (check, accepted) => commit(() => awaited.begin(check, accepted)),
    joinPending: async (check, accepted) => {
      const { endpoint, version, partHash, transform } = check
      const app = appOf(accepted.profile)
      const pending = () => queries.pendingTrace({ app, endpoint, version, partHash, transform })
      if (pending() === null) return false
      return commit(() => {
        const traceId = pending()
        if (traceId === null) return false
        awaited.begin(begin(check).id, { ...accepted, traceId })
        return true
      })
    },
    endAsset: ({ asset, context, facts, checks, results, awaited: left, looked }) =>
      commit(() => {
        if (results.length + looked.length === 0 && facts !== null) commands.recordFacts(asset, facts)
        const read = facts ?? undefined
        for (const { check, end, context: call } of checks) commands.endCheck(check, end, call)
        for (const [index, { profile, result }] of results.entries())
          commands.endResult(asset, profile, result, context, index === 0 ? read : undefined)
        const seen = looked.map((each, index) => ({
          profile: each.profile,
          result: commands.endLooked(asset, each, context, index + results.length === 0 ? read : undefined),
        }))
        const concluded = left.flatMap(({ profile, later }) => {
          const result = awaited.leave(asset, profile, later, context)
          return result === null ? [] : [{ profile, result }]
        })
        return [...results, ...seen, ...concluded]
      }),
    receivePushes: page => commit(() => awaited.receive(page)),
    giveUpOverdue: (now, limit) => commit(() => awaited.giveUpOverdue(now, limit)),
    dropParked: before => commit(() => commands.dropParked(before)),
  }
}

type ReviewWriter = Pick<StoreWriter, 'review' | 'restore' | 'fine' | 'restoreWaivers'>

function createReviewWriter({ database, commands, queries }: WriterServices): ReviewWriter {
  const { commit } = database
  return {
    review: (act, reviewer, action, changes) => commit(() => commands.review(act, reviewer, action, changes)),
    fine: words => commit(() => commands.fine(words)),
    restoreWaivers: (which, reviewer) => commit(() => commands.restoreWaivers(which, reviewer)),
    restore: ({ act, of, action, reviewer, assets }) =>
      commit(() => {
        // Read under the write lock: what was decided or noted meanwhile is not overwritten with what was before.
        const changes = assets.map(asset => ({
          asset,
          ...(action === 'undo' ? queries.beforeAct(of, asset) : queries.afterAct(of, asset)),
        }))
        commands.review(act, reviewer, action, changes)
      }),
  }
}
