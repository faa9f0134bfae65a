import { onDemand } from '../../base/on-demand.tsx'
import type { Contribution } from '../../state/contribution.ts'
import { useViewState } from '../../state/view-state.ts'
import { reviewCommands } from './actions.ts'
import { connectQuestion, useQuestion } from './decide.ts'

export const review: Contribution = {
  id: 'review',
  dialogs: [
    onDemand(async () => (await import('./confirm.tsx')).ConfirmDecision),
    onDemand(async () => (await import('./note-dialog.tsx')).NoteDialog),
  ],
  asksDialog: () => useQuestion.getState().question !== null || useViewState.getState().noting !== null,
  commands: reviewCommands,
  connect: connectQuestion,
}
