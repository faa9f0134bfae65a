import type { Step } from '../../base/sqlite/schema.ts'
import { makeAsNew } from './as-new.ts'

/** Documents and films as kinds of assets, and the pieces that they are made of. */
export const pieces: Step = { version: 110, up: makeAsNew }
