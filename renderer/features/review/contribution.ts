import { onDemand } from '../../base/on-demand.tsx'
import type { Contribution } from '../../state/contribution.ts'
import { useEncodingQuestion } from '../../state/encoding-question.ts'
import { useViewState } from '../../state/view-state.ts'
import { reviewCommands } from './actions.ts'
import { connectQuestion, useQuestion } from './decide.ts'

export const review: Contribution = {
  id: 'review',
  dialogs: [
    onDemand(async () => (await import('./confirm.tsx')).ConfirmDecision),
    onDemand(async () => (await import('./note-dialog.tsx')).NoteDialog),
    onDemand(async () => (await import('./encoding-dialog.tsx')).EncodingDialog),
  ],
  asksDialog: () =>
    useQuestion.getState().question !== null ||
    useViewState.getState().noting !== null ||
    useEncodingQuestion.getState().question !== null,
  commands: reviewCommands,
  connect: connectQuestion,
}
