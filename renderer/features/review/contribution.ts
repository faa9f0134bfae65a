import { lazy } from 'react'
import type { Contribution } from '../../state/contribution.ts'
import { reviewCommands } from './actions.ts'
import { connectQuestion } from './decide.ts'

export const review: Contribution = {
  id: 'review',
  dialogs: [
    lazy(async () => ({ default: (await import('./confirm.tsx')).ConfirmDecision })),
    lazy(async () => ({ default: (await import('./note-dialog.tsx')).NoteDialog })),
  ],
  commands: reviewCommands,
  connect: connectQuestion,
}
