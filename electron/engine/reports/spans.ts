import { z } from 'zod'
import type { TextRange } from '../../../shared/domain.ts'
import type { LedgerQueries } from '../ledger/queries.ts'

const spanSchema = z.object({ check: z.int(), range: z.tuple([z.int(), z.int()]) })

/** The smallest spans that were looked for in an asset's text, the newest of each check. */
export function readSpans(
  queries: Pick<LedgerQueries, 'ledgerBodies'>,
  asset: number,
): readonly { readonly check: number; readonly range: TextRange }[] {
  const found = new Map<number, TextRange>()
  for (const body of queries.ledgerBodies(asset, 'span')) {
    const span = spanSchema.safeParse(body)
    if (span.success) found.set(span.data.check, span.data.range)
  }
  return [...found].map(([check, range]) => ({ check, range }))
}
