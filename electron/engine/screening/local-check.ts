import { type Conclusion, type Evidence, failure, noEvidence } from '../../../shared/conclusion.ts'
import type { Clock } from '../base/clock.ts'
import { detailOf } from '../base/detail.ts'
import { endOf, type LocalConclusion } from '../checkers/local-checker.ts'
import type { Endpoint } from '../checkers/platform.ts'
import { ruleEntry } from '../ledger/digests.ts'
import type { CheckResult, CheckRun } from './check.ts'
import type { UnsentPart } from './content.ts'
import type { LocalLane } from './lane.ts'

/** Looks at one part on this machine: once, for there is nothing to wait for. Throws only when a signal aborts. */
export async function inspectPart(
  clock: Clock,
  lane: LocalLane,
  endpoint: Endpoint,
  part: UnsentPart,
  run: Pick<CheckRun, 'gate' | 'abandon'>,
): Promise<LookedAt> {
  const startedMs = clock.now()
  await run.gate.whenOpen()
  run.abandon.throwIfAborted()
  const found: LocalConclusion =
    part.kind === 'media'
      ? failure('BUG', 'internal_error', detailOf('wrong_endpoint', { name: endpoint.id }))
      : await lane.platform.inspect({ endpoint: endpoint.id, part, text: lane.text }, run.abandon)
  return { found, conclusion: concluded(found), attempts: 1, ms: clock.now() - startedMs, stop: null }
}

type LookedAt = Extract<CheckResult, { readonly conclusion: Conclusion }> & {
  readonly conclusion: Exclude<Conclusion, { readonly kind: 'accepted' }>
  readonly found: LocalConclusion
}

/** What was hit is kept in the place of a platform's reply; the texts of rules are kept once, under their digests. */
function concluded(found: LocalConclusion): LookedAt['conclusion'] {
  if (found.kind === 'failure') return found
  const digests = new Map(found.hits.map(({ rule }) => [rule, ruleEntry(rule).digest]))
  const hits = found.hits.map(({ rule, bookVersion, range, matched }) => {
    const { book, rule: id, severity } = rule
    return { rule: `${book}/${id}`, severity, range, matched, text: digests.get(rule), bookVersion }
  })
  const evidence: Evidence = { ...noEvidence, reply: JSON.stringify({ hits, more: found.more }) }
  const end = endOf(found)
  return end.verdict === null
    ? failure('INPUT', end.failure.code, end.failure.detail, evidence)
    : { kind: 'verdict', verdict: end.verdict, evidence }
}
