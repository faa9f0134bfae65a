import { type Conclusion, type Evidence, failure, noEvidence } from '../../../shared/conclusion.ts'
import type { Clock } from '../base/clock.ts'
import { detailOf } from '../base/detail.ts'
import { endOf, type LocalEnd } from '../checkers/local-checker.ts'
import type { Endpoint } from '../checkers/platform.ts'
import type { CheckResult, CheckRun } from './check.ts'
import type { UnsentPart } from './content.ts'
import type { LocalLane } from './lane.ts'

/** Looks at one part on this machine: once, for there is nothing to wait for. Throws only when a signal aborts. */
export async function inspectPart(
  clock: Clock,
  lane: LocalLane,
  endpoint: Endpoint,
  part: UnsentPart,
  run: CheckRun,
): Promise<CheckResult> {
  const startedMs = clock.now()
  await run.gate.whenOpen()
  await run.onDeparture()
  run.abandon.throwIfAborted()
  const conclusion =
    part.kind === 'media'
      ? failure('BUG', 'internal_error', detailOf('wrong_endpoint', { name: endpoint.id }))
      : concluded(endOf(await lane.platform.inspect({ endpoint: endpoint.id, part, text: lane.text }, run.abandon)))
  return { conclusion, attempts: 1, ms: clock.now() - startedMs, stop: null }
}

/** What was hit is kept in the place of a platform's reply. */
function concluded({ verdict, failure: failed, hits }: LocalEnd): Conclusion {
  const evidence: Evidence = { ...noEvidence, reply: JSON.stringify({ hits }) }
  return verdict === null
    ? failure('INPUT', failed.code, failed.detail, evidence)
    : { kind: 'verdict', verdict, evidence }
}
