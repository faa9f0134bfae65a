import type { ComponentType } from 'react'
import type { CommandId, ViewId } from '../../shared/commands.ts'
import type { Overlay } from './app.ts'
import type { CommandHandlers } from './commands.ts'

/**
 * What a feature adds to the window. Each folder of renderer/features exports one from its `contribution.ts`, and
 * renderer/frame/contributions.ts lists them. Everything that is not on screen at the start is `onDemand`, so that a contribution costs
 * the first window no more than itself.
 */
export interface Contribution {
  /** The folder's name. */
  readonly id: string
  /** What takes the place of the grid; the side bar has it in the order of the list, under the name of the command that shows it. */
  readonly view?: ContributedView
  /** Always in the title bar: beside the batch's name, or before the buttons. */
  readonly titleBar?: { readonly place: 'start' | 'end'; readonly Content: ComponentType }
  /** Dialogs; at most one is shown at a time: `dispatch(showOverlay, 'export')`. */
  readonly overlays?: Readonly<Partial<Record<Exclude<Overlay, 'none'>, ComponentType>>>
  /** Dialogs that know by themselves when to be seen; loaded once the window has shown itself. */
  readonly dialogs?: readonly ComponentType[]
  /** Whether one of those was asked for, be it on screen yet or not: the keys are its own from then on. */
  readonly asksDialog?: () => boolean
  /** What its commands do; their keys and names are in shared/commands.ts. */
  readonly commands?: CommandHandlers
  /** Begins to follow the stores and the main process; called once, before anything is drawn. */
  readonly connect?: () => void
}

export interface ContributedView {
  readonly id: ViewId
  /** Names it in the side bar, the palette and the key sheet. */
  readonly command: CommandId
  readonly Icon: ComponentType<{ readonly size: number; readonly stroke: number; readonly 'aria-hidden': true }>
  /** Null for the grid, which the frame draws between side bar and inspector. */
  readonly Content: ComponentType | null
  /** Has something to show also while the data are not there yet, or cannot be read. */
  readonly needsNoData?: true
}
