import { create } from 'zustand'
import { defaultSettings } from '../../shared/defaults.ts'
import type { AppInfo, IpcProblem } from '../../shared/ipc.ts'
import type { Profile } from '../../shared/profile.ts'
import type { QueueStatus } from '../../shared/queue.ts'
import type { BatchSummary } from '../../shared/screening.ts'
import type { Settings } from '../../shared/settings.ts'

/** What the whole window knows: where it is, and the small things that the main process tells. */
export type View = 'grid' | 'history' | 'settings' | 'profiles' | 'queue'
export type Overlay = 'none' | 'export' | 'keys' | 'about'

export interface AppState {
  /** False until the main process has told what there is; the window shows neither emptiness nor content before. */
  readonly ready: boolean
  readonly view: View
  readonly overlay: Overlay
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
  view: 'grid',
  overlay: 'none',
  batch: null,
  info: null,
  broken: null,
  settings: defaultSettings,
  profiles: [],
  batches: [],
  queue: null,
}

export const useApp = create<AppState>()(() => initialApp)

export const showView = (_: AppState, view: View): Partial<AppState> => ({ view, overlay: 'none' })
export const showOverlay = (_: AppState, overlay: Overlay): Partial<AppState> => ({ overlay })
export const openBatch = (_: AppState, batch: string | null): Partial<AppState> => ({ view: 'grid', batch })
export const learnBroken = (_: AppState, broken: IpcProblem): Partial<AppState> => ({ broken })
export const learnInfo = (_: AppState, info: AppInfo): Partial<AppState> => ({ info })
export const learnSettings = (_: AppState, settings: Settings): Partial<AppState> => ({ settings })
export const learnProfiles = (_: AppState, profiles: readonly Profile[]): Partial<AppState> => ({ profiles })
export const learnQueue = (_: AppState, queue: QueueStatus): Partial<AppState> => ({ queue })

export const learnBatches = (_: AppState, batches: readonly BatchSummary[]): Partial<AppState> => ({
  batches: [...batches].sort((a, b) => b.createdAt - a.createdAt),
})

/** A batch that changed, or is new. */
export function learnBatch(state: AppState, batch: BatchSummary): Partial<AppState> {
  const at = state.batches.findIndex(known => known.id === batch.id)
  return at === -1 ? learnBatches(state, [...state.batches, batch]) : { batches: state.batches.with(at, batch) }
}

/** `act(showView, 'history')` */
export function act<Input>(transition: (state: AppState, input: Input) => Partial<AppState>, input: Input): void {
  useApp.setState(state => transition(state, input))
}

export const useBatch = (): BatchSummary | null =>
  useApp(state => state.batches.find(batch => batch.id === state.batch) ?? null)
