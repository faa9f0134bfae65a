import { z } from 'zod'
import { verdicts } from '../../../shared/domain.ts'
import { type FailureCode, failureClasses, isFailureCode } from '../../../shared/failures.ts'
import type { PushConclusion } from '../checkers/wechat/push/push-event.ts'
import type { PartResult } from './aggregate.ts'

/** JSON that the database keeps of checks that await a push. It is parsed strictly: a damaged row must not become a verdict. */

/** What a result is concluded from, besides the checks that are awaited; the column `results.later`. */
export interface Later {
  /** Results of the other parts. */
  readonly ends: readonly PartResult[]
  /** Names of the parts whose checks are awaited. */
  readonly awaiting: readonly string[]
  readonly missing: { readonly code: FailureCode; readonly detail: string } | null
  /** The reuse key of the result, if it turns out to be complete; hexadecimal. */
  readonly reuseKey: string
  readonly tiled: boolean
  readonly sha256: string
}

/** A push whose trace id no check has yet; `parked_pushes.conclusion`. */
export interface ParkedPush {
  /** How sure it is that the platform sent it. */
  readonly authenticity: string
  readonly conclusion: PushConclusion
}

export function parseLater(json: string): Later {
  return laterSchema.parse(JSON.parse(json))
}

export function parseParkedPush(json: string): ParkedPush {
  return parkedPushSchema.parse(JSON.parse(json))
}

const failureSchema = z.object({
  code: z.custom<FailureCode>(value => typeof value === 'string' && isFailureCode(value)),
  detail: z.string(),
})
const partResultSchema = z.union([
  z.object({
    verdict: z.enum(verdicts),
    label: z.number().nullable(),
    score: z.number().nullable(),
    failure: z.null(),
  }),
  z.object({ verdict: z.null(), failure: failureSchema }),
])
const laterSchema = z.object({
  ends: z.array(partResultSchema),
  awaiting: z.array(z.string()),
  missing: failureSchema.nullable(),
  reuseKey: z.string(),
  tiled: z.boolean(),
  sha256: z.string(),
})
const evidenceSchema = z.object({
  httpStatus: z.number().nullable(),
  errcode: z.number().nullable(),
  errmsg: z.string().nullable(),
  rid: z.string().nullable(),
  traceId: z.string().nullable(),
  label: z.number().nullable(),
  score: z.number().nullable(),
  reply: z.string().nullable(),
})
const parkedPushSchema = z.object({
  authenticity: z.string(),
  conclusion: z.union([
    z.object({ kind: z.literal('verdict'), verdict: z.enum(verdicts), evidence: evidenceSchema }),
    failureSchema.extend({
      kind: z.literal('failure'),
      class: z.enum(failureClasses),
      evidence: evidenceSchema,
    }),
  ]),
})
