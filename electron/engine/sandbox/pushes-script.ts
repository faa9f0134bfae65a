import { z } from 'zod'

const whenSchema = z.union([
  z.strictObject({ nth: z.int().min(1) }),
  z.strictObject({ every: z.int().min(1) }),
  z.strictObject({ always: z.literal(true) }),
])

const pushFaultSchema = z.union([
  z.literal('never'),
  z.literal('twice'),
  /** Goes out after the next one. */
  z.literal('out_of_order'),
  z.literal('wrong_signature'),
  z.strictObject({ lateMs: z.int().min(1) }),
  /** An error push in place of a result: −1008, 43104 (spec §3.4). */
  z.strictObject({ errcode: z.int() }),
  /** A v1-shaped answer to a v2 request, or one with a text for a label and no errcode (spec §3.4). */
  z.strictObject({ shape: z.enum(['v1', 'bare']) }),
])
export type PushFault = z.infer<typeof pushFaultSchema>

/** Which pushes go wrong and how, counted from 1 in the order of submission; the first rule that fits is played. */
export const pushScriptSchema = z.strictObject({
  rules: z.array(
    z.strictObject({
      when: whenSchema,
      // biome-ignore lint/suspicious/noThenProperty: the script's own word, and never awaited
      then: pushFaultSchema,
    }),
  ),
})
export type PushScript = z.infer<typeof pushScriptSchema>

export function pushFaultOf(script: PushScript, nth: number): PushFault | null {
  return script.rules.find(({ when }) => fits(when, nth))?.then ?? null
}

function fits(when: PushScript['rules'][number]['when'], nth: number): boolean {
  if ('nth' in when) return nth === when.nth
  return 'every' in when ? nth % when.every === 0 : when.always
}
