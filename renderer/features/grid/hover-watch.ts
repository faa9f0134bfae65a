/** How long the pointer rests before something is shown beside it, in milliseconds. */
export const restMs = 400
/** A resting hand moves by so many pixels. */
const stillPx = 3

/** Tells when the pointer has come to rest, and when that is over. */
export interface HoverWatch {
  moved(x: number, y: number): void
  /** The pointer is elsewhere, what is below it has moved, or a key was pressed: over until it really moves again. */
  end(): void
}

export function createHoverWatch(given: {
  readonly rested: (x: number, y: number) => void
  readonly ended: () => void
}): HoverWatch {
  let at: readonly [x: number, y: number] | null = null
  let timer: ReturnType<typeof setTimeout> | undefined
  let isShown = false

  function end(): void {
    clearTimeout(timer)
    if (isShown) given.ended()
    isShown = false
  }

  return {
    moved(x, y) {
      // What scrolls below a resting pointer makes the browser tell of moves that lead nowhere.
      if (at !== null && Math.hypot(x - at[0], y - at[1]) <= stillPx) return
      at = [x, y]
      end()
      timer = setTimeout(() => {
        isShown = true
        given.rested(x, y)
      }, restMs)
    },
    end,
  }
}
