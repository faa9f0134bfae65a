import type { RemarkTable } from './remark.ts'

/** Of files, folders, downloads and lists, before anything in them is read. */
export const intakeRemarks = {} as const satisfies RemarkTable
