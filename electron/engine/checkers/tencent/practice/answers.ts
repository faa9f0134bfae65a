import { limits } from '../../../../../shared/limits.ts'
import type { Answer, Call, Caller, PracticeApp, SandboxKit, Submission } from '../../../sandbox/practice.ts'
import { textLimits } from '../text-limits.ts'
import type { JsonBody } from './json-body.ts'
import type { TokenOffice } from './token-office.ts'
import { isRiskyV1 } from './words.ts'

/** Answers that WeChat and QQ have in common. */

export const code = (number: number): Answer => ({ kind: 'code', code: number })

export function findApp(kit: SandboxKit, platform: string, appid: string): PracticeApp | null {
  return kit.apps.find(app => app.platform === platform && app.appid === appid) ?? null
}

/** Checks are called with an access token, which travels in the query string only (spec §0). */
export function callerByToken(tokens: TokenOffice, token: string | null, nowMs: Call['nowMs']): Caller {
  const identified = tokens.identify(token, nowMs)
  return identified.kind === 'app' ? identified : refusedWith(identified.code)
}

export function refusedWith(number: number): Caller {
  return { kind: 'refused', answer: code(number) }
}

type JsonObject = Extract<JsonBody, { kind: 'object' }>['value']

/** A text that must be there and not be empty. */
export function readText(
  body: JsonObject,
  name: string,
): { readonly kind: 'text'; readonly text: string } | { readonly kind: 'refused'; readonly code: 47001 | 44002 } {
  const value = body[name]
  if (typeof value !== 'string') return { kind: 'refused', code: 47001 }
  return value === '' ? { kind: 'refused', code: 44002 } : { kind: 'text', text: value }
}

export function answerTextV1(text: string): Answer {
  // Over 500 KB the platform was seen to answer ok without looking (spec §2.1): the caller must hold the limit.
  if (Buffer.byteLength(text) > textLimits.v1.max) return code(0)
  return code(isRiskyV1(text) ? 87014 : 0)
}

export async function answerImage(kit: SandboxKit, media: Buffer): Promise<Answer> {
  if (media.length > limits.imageMaxBytes) return code(40006)
  const finding = await kit.judgeImage(media)
  switch (finding.kind) {
    case 'unreadable':
      return code(40137)
    case 'too_many_pixels':
      return code(40009)
    case 'judged':
      return code(finding.isRisky ? 87014 : 0)
  }
}

/** 1 audio, 2 image (spec §3.2); null for anything else. */
export function mediaTypeOf(value: unknown): Submission['mediaType'] | null {
  if (value === 1) return 'audio'
  return value === 2 ? 'image' : null
}
