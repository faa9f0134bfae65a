import { z } from 'zod'
import type { Language } from './language.ts'
import type { Settings } from './settings.ts'

/** What the first window would have its second one show: what has the focus, as it is looked at there. */
export const loupeLookSchema = z.strictObject({
  asset: z.int().positive().nullable(),
  /** Rises when something of the asset has changed. */
  revision: z.int().min(0),
  isUncovered: z.boolean(),
  /** What of a document is turned to, as in the first window. */
  piece: z.string().max(200).nullable(),
  /** What is lit, as in the first window. */
  part: z.int().min(-1),
  hit: z.int().positive().nullable(),
})
export type LoupeLook = z.infer<typeof loupeLookSchema>

export const nothingInLoupe: LoupeLook = {
  asset: null,
  revision: 0,
  isUncovered: false,
  piece: null,
  part: -1,
  hit: null,
}

/** All that the second window is told. */
export interface LoupeView {
  readonly look: LoupeLook
  readonly language: Language
  readonly settings: Pick<Settings, 'theme' | 'blur' | 'grey' | 'keys'>
}
