import type { Decision } from '../../../shared/domain.ts'
import type { WaiverReach } from '../../../shared/rules.ts'
import type { ReviewEvent } from '../../../shared/screening.ts'
import type { StoreReader, StoreWriter } from '../store/ports.ts'
import type { ReviewChange, Waived } from '../store/records.ts'

/** Assets of one act that are written in one transaction. */
const pageSize = 2_000

export interface Review {
  /** Resolves to how many assets it is of. */
  decide(assets: readonly number[], decision: Decision | null, reason: number | null): Promise<number>
  note(assets: readonly number[], note: string): Promise<number>
  /** The words of these hits are fine, for a reason. Resolves to how many assets have other hits that count. */
  fine(hits: readonly number[], reach: WaiverReach, reason: string): Promise<number>
  /** They are not, after all. */
  notFine(waiver: number): Promise<number>
  /** Null when there is nothing to take back. */
  undo(): Promise<RestoredAssets | null>
  redo(): Promise<RestoredAssets | null>
}

export interface RestoredAssets {
  readonly batch: string
  readonly assets: readonly number[]
}

/**
 * What people decide. Every act is appended; undo appends what was before, redo what came after, so that the history tells all
 * three. Undo reaches back over this session's acts.
 */
export function createReview(options: {
  readonly reader: Pick<StoreReader, 'asset' | 'reviewAct'>
  readonly writer: Pick<StoreWriter, 'review' | 'restore' | 'fine' | 'restoreWaivers'>
  readonly reviewer: () => string
  readonly newAct: () => string
  /** Decisions of this batch have changed: its summary counts them. */
  readonly changed: (batch: string) => void
}): Review {
  const { reader, writer } = options
  const undone: Act[] = []
  const acts: Act[] = []
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
    assets: readonly number[],
    writePage: (page: readonly number[]) => Promise<void>,
    onFirst: () => void = () => undefined,
  ) => {
    // In the order of their rows: neighbours lie on one page of the file.
    const sorted = [...new Set(assets)].sort((a, b) => a - b)
    for (let start = 0; start < sorted.length; start += pageSize) {
      await writePage(sorted.slice(start, start + pageSize))
      // Not only at the end: what is written can be taken back, also when the disk refuses the rest.
      if (start === 0) onFirst()
    }
    const [first] = sorted
    const batch = first === undefined ? undefined : (await reader.asset(first))?.batch
    if (batch !== undefined) options.changed(batch)
    return sorted.length
  }
  /** From here on it can be taken back. */
  const remember = (act: Act) => {
    acts.push(act)
    undone.length = 0
  }
  const change = (
    action: ReviewEvent['action'],
    assets: readonly number[],
    changed: Pick<ReviewChange, 'decision' | 'reason' | 'note'>,
  ) => {
    const act = options.newAct()
    const writePage = (page: readonly number[]) =>
      writer.review(
        act,
        options.reviewer(),
        action,
        page.map(asset => ({ asset, ...changed })),
      )
    return write(assets, writePage, () => remember(restorable(act)))
  }
  const restore = async (of: string, action: 'undo' | 'redo') => {
    const rows = await reader.reviewAct(of)
    const assets = rows.map(({ asset }) => asset)
    const act = options.newAct()
    await write(assets, page => writer.restore({ act, of, action, reviewer: options.reviewer(), assets: page }))
    return { batch: rows[0]?.batch ?? '', assets }
  }

  const restorable = (act: string): Act => ({ restore: action => restore(act, action) })

  const announce = ({ assets }: Waived): RestoredAssets => {
    for (const batch of new Set(assets.map(({ batch }) => batch))) options.changed(batch)
    return { batch: assets[0]?.batch ?? '', assets: assets.map(({ asset }) => asset) }
  }
  /** What was put in force and what was taken back, which undo turns round. */
  const waive = async (write: () => Promise<Waived>) => {
    const { waivers, superseded, assets } = await write()
    const before = { fine: superseded, notFine: waivers }
    const after = { fine: waivers, notFine: superseded }
    if (waivers.length + superseded.length > 0) {
      remember({
        restore: async action =>
          announce(await writer.restoreWaivers(action === 'undo' ? before : after, options.reviewer())),
      })
    }
    return announce({ waivers, superseded, assets }).assets.length
  }

  /** The last act of one list goes over to the other. */
  const turn = async (from: Act[], to: Act[], action: 'undo' | 'redo', before: readonly Promise<unknown>[]) => {
    await Promise.allSettled(before)
    const act = from.pop()
    if (act === undefined) return null
    const restored = await act.restore(action)
    to.push(act)
    return restored
  }

  return {
    decide: (assets, decision, reason) => {
      const action = decision === null ? 'clear' : 'decide'
      return tracked(change(action, assets, { decision, reason: decision === null ? null : reason }))
    },
    fine: (hits, reach, reason) =>
      tracked(waive(() => writer.fine({ hits, reach, reason: reason.trim(), reviewer: options.reviewer() }))),
    notFine: waiver => tracked(waive(() => writer.restoreWaivers({ fine: [], notFine: [waiver] }, options.reviewer()))),
    note: (assets, note) => tracked(change('note', assets, { note: note.trim() === '' ? null : note })),
    undo: () => tracked(turn(acts, undone, 'undo', [...underWay])),
    redo: () => tracked(turn(undone, acts, 'redo', [...underWay])),
  }
}

/** What undo and redo turn round. */
interface Act {
  restore(action: 'undo' | 'redo'): Promise<RestoredAssets>
}
