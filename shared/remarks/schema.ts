import { z } from 'zod'
import type { Remark, RemarkCode } from './index.ts'

const remarkSchema = z.strictObject({
  code: z.string().transform(code => code as RemarkCode),
  count: z.number().exactOptional(),
  limit: z.number().exactOptional(),
  place: z.string().exactOptional(),
  name: z.string().exactOptional(),
})
/** Remarks as they come from another process or out of a file. */
export const remarksSchema: z.ZodType<readonly Remark[]> = z.array(remarkSchema)
