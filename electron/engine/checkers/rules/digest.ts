import { createHash } from 'node:crypto'
import type { RuleText } from '../../../../shared/rules.ts'

const known = new WeakMap<RuleText, string>()

/** SHA-256 of a rule's text as JSON, under which it is kept. */
export function digestOf(text: RuleText): string {
  const digest = known.get(text) ?? createHash('sha256').update(JSON.stringify(text)).digest('hex')
  known.set(text, digest)
  return digest
}
