import type { Language } from '../../shared/language.ts'
import type { Words } from './words.ts'

/** What every command is given. */
export interface CommandContext {
  readonly stdout: NodeJS.WriteStream
  readonly stderr: NodeJS.WriteStream
  readonly language: Language
  readonly words: Words
  /** Program file of the Chromium that is to be used, or `none`; the one that is found where it is left out. */
  readonly browser: string | undefined
  /** Calls back at the first Ctrl-C (or SIGTERM); a second one ends the process at once. Returns how to stop listening. */
  onInterrupt(listener: () => void): () => void
}
