import { z } from 'zod'
import type { CommandId } from './commands.ts'
import { assetKinds } from './domain.ts'
import { batchStates } from './screening.ts'

/** What a context menu is asked for about; which lines it has follows from that alone (electron/main/policies/context-menu.ts). */
export const menuSubjectSchema = z.discriminatedUnion('of', [
  z.strictObject({
    of: z.literal('assets'),
    count: z.int().min(1),
    /** Of a single one; null where it is not known, and of several. */
    kind: z.enum(assetKinds).nullable(),
    isDecided: z.boolean(),
    /** Whether any of them waits for a yes to more calls, or is a text that could not be decoded. */
    waits: z.boolean(),
    isUndecoded: z.boolean(),
    /** What was selected, and not a stack that has the focus. */
    isSelection: z.boolean(),
  }),
  z.strictObject({
    of: z.literal('batch'),
    state: z.enum(batchStates),
    unchecked: z.int().min(0),
    isOpen: z.boolean(),
  }),
  /** A field, or words that are selected. */
  z.strictObject({ of: z.literal('text'), canEdit: z.boolean(), hasSelection: z.boolean() }),
])
export type MenuSubject = z.infer<typeof menuSubjectSchema>

export type BatchAct = 'open' | 'pause' | 'resume' | 'recheck' | 'export' | 'copyName'

/** The line that was chosen. What a text field's lines do is done by the system. */
export type MenuChoice =
  | { readonly choice: 'command'; readonly command: CommandId }
  | { readonly choice: 'reason'; readonly reason: number }
  | { readonly choice: 'batch'; readonly act: BatchAct }
