/** How the view has been moving, frame by frame; it decides what is fetched and how much is drawn. */
export interface Motion {
  /** Views in a second. */
  readonly pace: number
  readonly movedAtMs: number
  /** `fast`: too fast to take in. `fling`: only colours can be made out. */
  readonly speed: 'readable' | 'fast' | 'fling'
}

export const atRest: Motion = { pace: 0, movedAtMs: Number.NEGATIVE_INFINITY, speed: 'readable' }

/** A motion is over once nothing has moved for this long, in milliseconds. */
export const calmMs = 120
/** The same while the scroll bar is held: on a slow machine its next step may take longer than a rest. */
export const heldCalmMs = 500
/** A longer gap between two frames begins a new motion. */
const stallMs = 500
/** Views per second up to which content can be read. */
const readablePace = 4
/** The pace is averaged over about this time. */
const paceMs = 100
/** Moving by more than this share of the view in one frame is a fling. */
const flingViews = 0.6

/** The motion after a frame that moved on by `views` heights of the view; a `jump` goes to something to be read. */
export function motionAfter(
  before: Motion,
  step: { readonly views: number; readonly kind: 'glide' | 'jump'; readonly nowMs: number; readonly calmMs: number },
): Motion {
  const passedMs = Math.max(1, step.nowMs - before.movedAtMs)
  if (step.views === 0) return passedMs < step.calmMs ? before : { ...before, pace: 0, speed: 'readable' }
  const isNew = step.kind === 'jump' || passedMs > stallMs
  const paceNow = (step.views * 1000) / passedMs
  const pace = isNew ? 0 : before.pace + (paceNow - before.pace) * Math.min(1, passedMs / paceMs)
  const speed = pace <= readablePace ? 'readable' : step.views > flingViews ? 'fling' : 'fast'
  return { pace, movedAtMs: step.nowMs, speed }
}
