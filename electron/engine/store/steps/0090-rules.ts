import type { Step } from '../../base/sqlite/schema.ts'
import { makeAsNew } from './as-new.ts'

/** What rules found, their texts and what somebody found fine; an outcome of its own. Step 80 has done so already where it was missing. */
export const rules: Step = { version: 90, up: makeAsNew }
