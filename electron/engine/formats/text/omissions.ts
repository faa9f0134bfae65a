import { type Remark, type RemarkCode, remark, sumRemarks } from '../../../../shared/remarks/index.ts'
import type { RemarkFacts } from '../../../../shared/remarks/remark.ts'

/** Adds up what a file shows and is not in its text. */
export interface Omissions {
  add(code: RemarkCode, facts?: RemarkFacts): void
  /** Takes over what was counted elsewhere. */
  include(omitted: readonly Remark[]): void
  list(): readonly Remark[]
}

export function createOmissions(): Omissions {
  const all: Remark[] = []
  return {
    add(code, facts = {}) {
      if (facts.count !== 0) all.push(remark(code, facts))
    },
    include(omitted) {
      all.push(...omitted)
    },
    list: () => sumRemarks(all),
  }
}
