import { create } from 'zustand'
import type { ViewId } from '../../shared/commands.ts'
import { defaultSettings } from '../../shared/defaults.ts'
import type { AppInfo, IpcProblem } from '../../shared/ipc.ts'
import type { Profile } from '../../shared/profile.ts'
import type { QueueStatus } from '../../shared/queue.ts'
import type { BatchSummary } from '../../shared/screening.ts'
import type { Settings } from '../../shared/settings.ts'

/** What the whole window knows: where it is, and the small things that the main process tells. */
export type Overlay = 'none' | 'export' | 'keys' | 'about'

/** How far the export is. Kept here, for it runs whether its dialog is there or not. */
export type Exporting =
  | { readonly kind: 'choosing' }
  /** `total` is null until the place is chosen and the first rows are written. */
  | { readonly kind: 'working'; readonly rows: number; readonly total: number | null; readonly stopping: boolean }
  | { readonly kind: 'done'; readonly file: string; readonly rows: number }
  | { readonly kind: 'failed'; readonly problem: IpcProblem }

export interface AppState {
  /** False until the main process has told what there is; the window shows neither emptiness nor content before. */
  readonly ready: boolean
  /** How much of an earlier version's data has been brought to this version's form; null where there is nothing to bring. */
  readonly storeShare: number | null
  readonly view: ViewId
  readonly overlay: Overlay
  readonly exporting: Exporting
  /** The batch in the grid; null when there is none. */
  readonly batch: string | null
  readonly info: AppInfo | null
  /** Why there is nothing to work with: the engine did not open. */
  readonly broken: IpcProblem | null
  readonly settings: Settings
  readonly profiles: readonly Profile[]
  /** Newest first. */
  readonly batches: readonly BatchSummary[]
  readonly queue: QueueStatus | null
}

export const initialApp: AppState = {
  ready: false,
  storeShare: null,
  view: 'grid',
  overlay: 'none',
  exporting: { kind: 'choosing' },
  batch: null,
  info: null,
  broken: null,
  settings: defaultSettings,
  profiles: [],
  batches: [],
  queue: null,
}

export const useApp = create<AppState>()(() => initialApp)

export const showView = (state: AppState, view: ViewId): Partial<AppState> => ({ view, ...showOverlay(state, 'none') })

/** The dialog of an export that runs stays: it alone shows how far it is, and can stop it. */
export const showOverlay = (state: AppState, overlay: Overlay): Partial<AppState> =>
  state.exporting.kind === 'working' ? {} : { overlay, exporting: initialApp.exporting }

export const chooseExport = (_: AppState, __: null): Partial<AppState> => ({ exporting: initialApp.exporting })
export const beginExport = (_: AppState, __: null): Partial<AppState> => ({
  exporting: { kind: 'working', rows: 0, total: null, stopping: false },
})
export const endExport = (
  _: AppState,
  exporting: Extract<Exporting, { kind: 'done' | 'failed' }>,
): Partial<AppState> => ({ exporting })
export const countExported = (
  { exporting }: AppState,
  { rows, total }: { readonly rows: number; readonly total: number },
): Partial<AppState> => (exporting.kind === 'working' ? { exporting: { ...exporting, rows, total } } : {})
export const stopExport = ({ exporting }: AppState, _: null): Partial<AppState> =>
  exporting.kind === 'working' ? { exporting: { ...exporting, stopping: true } } : {}
export const openBatch = (_: AppState, batch: string | null): Partial<AppState> => ({ view: 'grid', batch })
export const setBroken = (_: AppState, broken: IpcProblem): Partial<AppState> => ({ broken })
export const setInfo = (_: AppState, info: AppInfo): Partial<AppState> => ({ info })
export const setSettings = (_: AppState, settings: Settings): Partial<AppState> => ({ settings })
export const setProfiles = (_: AppState, profiles: readonly Profile[]): Partial<AppState> => ({ profiles })
export const setQueue = (_: AppState, queue: QueueStatus): Partial<AppState> => ({ queue })

export const setBatches = (_: AppState, batches: readonly BatchSummary[]): Partial<AppState> => ({
  batches: [...batches].sort((a, b) => b.createdAt - a.createdAt),
})

/** A batch that changed, or is new. */
export function upsertBatch(state: AppState, batch: BatchSummary): Partial<AppState> {
  const at = state.batches.findIndex(known => known.id === batch.id)
  return at === -1 ? setBatches(state, [...state.batches, batch]) : { batches: state.batches.with(at, batch) }
}

/** More than anybody reads in a side bar; the history has them all. */
const besideCount = 50

/** The batches beside the work: the newest, and of the others those that are open or being screened. */
export function batchesBeside(batches: readonly BatchSummary[], open: string | null): readonly BatchSummary[] {
  if (batches.length <= besideCount) return batches
  return batches.filter((batch, at) => at < besideCount || batch.id === open || batch.state === 'running')
}

/** `dispatch(showView, 'history')` */
export function dispatch<Input>(transition: (state: AppState, input: Input) => Partial<AppState>, input: Input): void {
  useApp.setState(state => transition(state, input))
}

export const useBatch = (): BatchSummary | null =>
  useApp(state => state.batches.find(batch => batch.id === state.batch) ?? null)
