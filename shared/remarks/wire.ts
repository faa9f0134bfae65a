import type { RemarkTable } from './remark.ts'

/** Of calls, replies, pushes, tokens and the relay. */
export const wireRemarks = {} as const satisfies RemarkTable
