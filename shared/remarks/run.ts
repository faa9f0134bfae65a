import type { RemarkTable } from './remark.ts'

/** Of batches and what is under way in them. */
export const runRemarks = {
  still_awaiting: { zh: () => '还在等待平台的推送', en: () => 'still awaiting its push' },
} as const satisfies RemarkTable
