import { type Evidence, noEvidence } from '../../../shared/conclusion.ts'
import type { Clock } from '../base/clock.ts'
import { detailOf } from '../base/detail.ts'
import { endOf, type LocalConclusion } from '../checkers/local-checker.ts'
import type { Endpoint } from '../checkers/platform.ts'
import type { CheckOutcome, CheckRun } from './check.ts'
import type { UnsentPart } from './content.ts'
import type { LocalLane } from './lane.ts'

/** Looks at one part on this machine: once, for there is nothing to wait for. Throws only when a signal aborts. */
export async function inspectPart(
  clock: Clock,
  lane: LocalLane,
  endpoint: Endpoint,
  part: UnsentPart,
  run: CheckRun,
): Promise<CheckOutcome> {
  const started = clock.now()
  await run.gate.open()
  await run.onDeparture()
  run.abandon.throwIfAborted()
  const { verdict, failure, hits } = endOf(
    part.kind === 'media'
      ? nothingByAddress
      : await lane.platform.inspect({ endpoint: endpoint.id, part, text: lane.text }, run.abandon),
  )
  const facts = { attempts: 1, ms: clock.now() - started, evidence: evidenceOf(hits) }
  const end = verdict === null ? { verdict, failure, ...facts } : { verdict, failure: null, ...facts }
  return { kind: 'ended', end, stop: null }
}

/** Such a checker has no endpoint for addresses: nothing is published for it. */
const nothingByAddress: LocalConclusion = {
  kind: 'failure',
  class: 'BUG',
  code: 'internal_error',
  detail: detailOf('wrong_endpoint', { name: 'media' }),
  evidence: null,
}

/** What was hit, in the place of a platform's reply. */
function evidenceOf(hits: readonly object[]): Evidence {
  return { ...noEvidence, reply: JSON.stringify({ hits }) }
}
