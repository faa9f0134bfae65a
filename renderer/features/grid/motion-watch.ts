import { atRest, calmMs, heldCalmMs, type Motion, motionAfter } from './motion.ts'

/** Follows how the view moves from frame to frame; `calm` is called when a motion too fast to read is over. */
export interface MotionWatch {
  readonly speed: Motion['speed']
  /** The view was put at an offset, which is no motion. */
  placed(offset: number): void
  /** A frame in which the view came to `offset`. */
  moved(offset: number, viewHeight: number, kind: 'jump' | 'glide', isScrolling: boolean): void
  dispose(): void
}

export function createMotionWatch(calm: () => void): MotionWatch {
  let motion = atRest
  let seenOffset = 0
  let calmTimer = 0
  return {
    get speed() {
      return motion.speed
    },
    placed(offset) {
      seenOffset = offset
    },
    moved(offset, viewHeight, kind, isScrolling) {
      const views = Math.abs(offset - seenOffset) / Math.max(1, viewHeight)
      seenOffset = offset
      const rest = isScrolling ? heldCalmMs : calmMs
      motion = motionAfter(motion, { views, kind, nowMs: performance.now(), calmMs: rest })
      clearTimeout(calmTimer)
      if (motion.speed !== 'readable') calmTimer = window.setTimeout(calm, rest)
    },
    dispose() {
      clearTimeout(calmTimer)
    },
  }
}
