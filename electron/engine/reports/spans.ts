import { z } from 'zod'
import { verdicts } from '../../../shared/domain.ts'
import type { StillFlagged } from '../../../shared/spans.ts'
import type { StoreReader } from '../store/ports.ts'

const spanSchema = z.object({
  check: z.int(),
  range: z.tuple([z.int(), z.int()]),
  verdict: z.enum(verdicts),
  calls: z.int(),
  complete: z.boolean(),
})

/** The smallest spans that were looked for in an asset's text, the newest of each check. */
export async function readSpans(
  reader: Pick<StoreReader, 'ledgerBodies'>,
  asset: number,
): Promise<readonly StillFlagged[]> {
  const found = new Map<number, StillFlagged>()
  for (const body of await reader.ledgerBodies(asset, 'span')) {
    const span = spanSchema.safeParse(body)
    if (span.success) found.set(span.data.check, span.data)
  }
  return [...found.values()]
}
