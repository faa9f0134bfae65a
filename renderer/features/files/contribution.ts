import type { Contribution } from '../../state/contribution.ts'
import { fileCommands } from './actions.ts'

/** What is done with the files of assets outside of the window. */
export const files: Contribution = { id: 'files', commands: fileCommands }
