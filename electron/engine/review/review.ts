import { Problem } from '../../../shared/problems.ts'
import type { Engine } from '../api.ts'
import type { LedgerCommands, ReviewChange } from '../ledger/commands.ts'
import type { LedgerDatabase } from '../ledger/database.ts'
import type { LedgerQueries } from '../ledger/queries.ts'

/** Assets of one act that are written in one transaction. */
const pageSize = 2_000

/**
 * What people decide. Every act is appended; undo appends what was before, redo what came after, so that the history tells all
 * three. Undo reaches back over this session's acts.
 */
export function createReview(options: {
  readonly database: LedgerDatabase
  readonly commands: LedgerCommands
  readonly queries: LedgerQueries
  readonly reviewer: () => string
  readonly newAct: () => string
  /** Decisions of this batch have changed: its summary counts them. */
  readonly changed: (batch: string) => void
}): Engine['review'] {
  const { database, commands, queries } = options
  let undone: string[] = []
  const acts: string[] = []

  /** One transaction for what a person does by hand; a bulk decision goes page by page so that the write lock is not held long. */
  const write = async (
    act: string,
    action: Parameters<LedgerCommands['review']>[2],
    changes: readonly ReviewChange[],
  ) => {
    for (let start = 0; start < changes.length; start += pageSize) {
      const page = changes.slice(start, start + pageSize)
      await database.commit(() => commands.review(act, options.reviewer(), action, page))
    }
    const [first] = changes
    const batch = first === undefined ? undefined : queries.asset(first.asset)?.batch
    if (batch !== undefined) options.changed(batch)
  }
  const known = (assets: readonly number[]) =>
    assets.map(id => {
      const asset = queries.asset(id)
      if (asset === null) throw new Problem('not_found', `asset ${id}`)
      return asset
    })
  const restore = async (act: string, action: 'undo' | 'redo') => {
    const rows = queries.reviewAct(act)
    const changes = rows.map(({ asset }) => ({
      asset,
      ...(action === 'undo' ? queries.beforeAct(act, asset) : queries.afterAct(act, asset)),
    }))
    await write(options.newAct(), action, changes)
    return { batch: rows[0]?.batch ?? '', assets: rows.map(row => row.asset) }
  }

  return {
    decide: async (assets, decision, reason) => {
      const act = options.newAct()
      const changes = known([...new Set(assets)]).map(asset => ({
        asset: asset.id,
        decision,
        reason: decision === null ? null : reason,
        note: asset.note,
      }))
      await write(act, decision === null ? 'clear' : 'decide', changes)
      acts.push(act)
      undone = []
      return changes.length
    },
    note: async (assets, note) => {
      const act = options.newAct()
      const changes = known([...new Set(assets)]).map(asset => ({
        asset: asset.id,
        decision: asset.decision,
        reason: asset.decision_reason,
        note: note.trim() === '' ? null : note,
      }))
      await write(act, 'note', changes)
      acts.push(act)
      undone = []
      return changes.length
    },
    undo: async () => {
      const act = acts.pop()
      if (act === undefined) return null
      const restored = await restore(act, 'undo')
      undone.push(act)
      return restored
    },
    redo: async () => {
      const act = undone.pop()
      if (act === undefined) return null
      const restored = await restore(act, 'redo')
      acts.push(act)
      return restored
    },
  }
}
