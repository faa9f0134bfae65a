import type { RemarkTable } from './remark.ts'

/** Of pictures and drawings. */
export const imageRemarks = {} as const satisfies RemarkTable
