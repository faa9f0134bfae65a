import type { FailureCode } from './failures.ts'
import { mostFrames } from './limits.ts'
import { decodeRemarks } from './remarks/index.ts'

/** How many frames of a film differ, and how many of them were sent. */
export interface FramesOver {
  readonly count: number
  readonly limit: number
}

/** Null where it is not too many frames that kept the asset from being checked, or no limit suffices. */
export function framesOver(code: FailureCode | null, detail: string | null): FramesOver | null {
  const said = code === 'too_large' ? decodeRemarks(detail ?? '') : null
  const { count = 0, limit = 0 } = said?.find(each => each.code === 'film_frames_many') ?? {}
  return count > limit && count <= mostFrames ? { count, limit } : null
}
