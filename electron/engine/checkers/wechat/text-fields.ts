import type { TextPart } from '../../../../shared/domain.ts'
import type { CheckRequest } from '../platform.ts'

/** Body of a text check, which the platform takes alike directly and through the cloud function: version 2 where there is a user. */
export function textFields(part: TextPart, { openid, text }: CheckRequest): Readonly<Record<string, unknown>> {
  if (openid === null) return { content: part.text }
  // An empty string counts as a missing parameter (44002).
  const optional = Object.entries({ title: text.title, nickname: text.nickname, signature: text.signature }).filter(
    ([, value]) => value !== undefined && value !== '',
  )
  return { content: part.text, version: 2, scene: text.scene, openid, ...Object.fromEntries(optional) }
}
