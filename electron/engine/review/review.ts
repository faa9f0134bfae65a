import type { Engine } from '../app/api.ts'
import type { LedgerDatabase } from '../store/database.ts'
import type { ReviewChange } from '../store/records.ts'
import type { LedgerCommands } from '../store/sqlite/commands.ts'
import type { LedgerQueries } from '../store/sqlite/queries.ts'

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
  const undone: string[] = []
  const acts: string[] = []
  /** What is being written: undo takes back the whole of an act, so it waits for its end. */
  const underWay = new Set<Promise<unknown>>()
  const tracked = <T>(writing: Promise<T>): Promise<T> => {
    underWay.add(writing)
    const ended = () => underWay.delete(writing)
    writing.then(ended, ended)
    return writing
  }

  /** One transaction for what a person does by hand; a bulk decision goes page by page so that the write lock is not held long. */
  const write = async (
    act: string,
    action: Parameters<LedgerCommands['review']>[2],
    assets: readonly number[],
    changeOf: (asset: number) => ReviewChange,
  ) => {
    // In the order of their rows: neighbours lie on one page of the file.
    const sorted = [...new Set(assets)].sort((a, b) => a - b)
    for (let start = 0; start < sorted.length; start += pageSize) {
      const page = sorted.slice(start, start + pageSize)
      // Read under the write lock: what was decided or noted since the first page is not overwritten with what was before.
      await database.commit(() => commands.review(act, options.reviewer(), action, page.map(changeOf)))
      // Not only at the end: what is written can be taken back, also when the disk refuses the rest.
      if (start === 0 && (action === 'decide' || action === 'clear' || action === 'note')) {
        acts.push(act)
        undone.length = 0
      }
    }
    const [first] = sorted
    const batch = first === undefined ? undefined : queries.asset(first)?.batch
    if (batch !== undefined) options.changed(batch)
    return sorted.length
  }
  const restore = async (act: string, action: 'undo' | 'redo') => {
    const rows = queries.reviewAct(act)
    const assets = rows.map(({ asset }) => asset)
    await write(options.newAct(), action, assets, asset => ({
      asset,
      ...(action === 'undo' ? queries.beforeAct(act, asset) : queries.afterAct(act, asset)),
    }))
    return { batch: rows[0]?.batch ?? '', assets }
  }

  /** The last act of one list goes over to the other. */
  const turn = async (from: string[], to: string[], action: 'undo' | 'redo', before: readonly Promise<unknown>[]) => {
    await Promise.allSettled(before)
    const act = from.pop()
    if (act === undefined) return null
    const restored = await restore(act, action)
    to.push(act)
    return restored
  }

  return {
    decide: (assets, decision, reason) =>
      tracked(
        write(options.newAct(), decision === null ? 'clear' : 'decide', assets, asset => ({
          asset,
          decision,
          reason: decision === null ? null : reason,
        })),
      ),
    note: (assets, note) =>
      tracked(write(options.newAct(), 'note', assets, asset => ({ asset, note: note.trim() === '' ? null : note }))),
    undo: () => tracked(turn(acts, undone, 'undo', [...underWay])),
    redo: () => tracked(turn(undone, acts, 'redo', [...underWay])),
  }
}
