import type { Schema } from '../base/sqlite/schema.ts'
import { readableSchema } from '../ledger/older-files.ts'
import { evidence } from './steps/0020-evidence.ts'
import { pushes } from './steps/0030-pushes.ts'
import { readings } from './steps/0050-readings.ts'
import { verified } from './steps/0060-verified.ts'
import { controls } from './steps/0070-controls.ts'
import { plain } from './steps/0080-plain.ts'
import { rules } from './steps/0090-rules.ts'
import { likenesses } from './steps/0100-likenesses.ts'
import { pieces } from './steps/0110-pieces.ts'
import { tables } from './tables.ts'

/**
 * The store's schema. A change of it is a new step and the same change in `tables.ts`: the tests compare what both come to. Step 40
 * rewrote definitions in `sqlite_schema`; it is gone, and step 80 makes good for it.
 */
export const storeSchema: Schema = {
  version: readableSchema,
  create: database => {
    database.exec(tables)
  },
  steps: [evidence, pushes, readings, verified, controls, plain, rules, likenesses, pieces],
}
