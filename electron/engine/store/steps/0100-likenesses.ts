import type { Step } from '../../base/sqlite/schema.ts'
import { makeAsNew } from './as-new.ts'

/** What pictures look like. Steps 80 and 90 have made the table already where they were missing. */
export const likenesses: Step = { version: 100, up: makeAsNew }
