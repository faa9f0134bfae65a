/** How the view moves of late, frame by frame: what can be read, what is fetched and how much is drawn depend on it. */
export interface Motion {
  /** Views in a second. */
  readonly pace: number
  readonly movedAtMs: number
  /** `fast`: gone before one could look at it. `fling`: nothing but colours can be made out. */
  readonly speed: 'readable' | 'fast' | 'fling'
}

export const atRest: Motion = { pace: 0, movedAtMs: Number.NEGATIVE_INFINITY, speed: 'readable' }

/** A motion is over when nothing has moved for so long. */
export const calmMs = 120
/** And for so long while the scroll bar is still held: on a slow machine its next step takes longer than a rest does. */
export const heldCalmMs = 500
/** What goes on after a frame that took this long is still the same motion. */
const stallMs = 500
/** Views in a second up to which one can still look at something. */
const readablePace = 4
/** The pace is that of about so long. */
const paceMs = 100
/** Above this share of the view in one frame nothing can be made out. */
const flingViews = 0.6

/** The motion after a frame that moved on by `views` heights of the view; a `jump` leads to what is to be looked at. */
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
