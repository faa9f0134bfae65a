/** Why a push is not believed, or cannot be read. Nothing of a refused push is used. */
export const pushRefusalCodes = [
  'signature_missing',
  'signature_wrong',
  'timestamp_out_of_bounds',
  'not_encrypted',
  'cannot_decrypt',
  'wrong_appid',
  'malformed',
] as const
export type PushRefusalCode = (typeof pushRefusalCodes)[number]

export interface PushRefusal {
  readonly kind: 'refused'
  readonly code: PushRefusalCode
  /** For logs: what was found, never content. */
  readonly detail: string
}

export function refused(code: PushRefusalCode, detail: string): PushRefusal {
  return { kind: 'refused', code, detail }
}
