import { z } from 'zod'

/** Where the window was, and whether it still can be there: a display may have been unplugged since. */

export interface Area {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

export interface WindowState {
  /** Null lets the system place the window. */
  readonly position: { readonly x: number; readonly y: number } | null
  readonly width: number
  readonly height: number
  readonly maximized: boolean
}

/**
 * Half of a small screen, beside another program, and the whole of one of 1440 × 900 at 200 %, which has 720 × 450 less the system's
 * own bar. Below this the bars would leave less than two rows of the grid.
 */
export const smallestWindow = { width: 640, height: 400 } as const
const usualWindow = { width: 1440, height: 900 } as const

/** What a window must have and what it gets at first. */
export interface WindowSizes {
  readonly smallest: { readonly width: number; readonly height: number }
  readonly usual: { readonly width: number; readonly height: number }
}
export const mainSizes: WindowSizes = { smallest: smallestWindow, usual: usualWindow }
/** The second window has a picture in it and nothing else. */
export const loupeSizes: WindowSizes = { smallest: { width: 320, height: 240 }, usual: { width: 960, height: 800 } }

/** So much of the title bar must lie on a display that the window can be taken hold of. */
const graspable = { width: 120, height: 24 } as const

const stored = z.object({
  x: z.int(),
  y: z.int(),
  width: z.int().positive(),
  height: z.int().positive(),
  maximized: z.boolean(),
})

export function restoreWindowState(
  remembered: unknown,
  workAreas: readonly Area[],
  sizes: WindowSizes = mainSizes,
): WindowState {
  const largest = workAreas.reduce<Area | undefined>(
    (best, area) => (best !== undefined && best.width * best.height >= area.width * area.height ? best : area),
    undefined,
  )
  const limit = largest ?? { x: 0, y: 0, ...sizes.usual }
  const state = stored.safeParse(remembered)
  if (!state.success) {
    return { position: null, ...clampSize(sizes.usual, limit, sizes), maximized: false }
  }
  const { x, y } = state.data
  const home = workAreas.find(area => {
    // The width that the window would have on that display, which may be less than it was.
    const { width } = clampSize(state.data, area, sizes)
    const visibleWidth = Math.min(x + width, area.x + area.width) - Math.max(x, area.x)
    const visibleHeight = Math.min(y + graspable.height, area.y + area.height) - Math.max(y, area.y)
    return visibleWidth >= graspable.width && visibleHeight >= graspable.height
  })
  return {
    position: home === undefined ? null : { x, y },
    ...clampSize(state.data, home ?? limit, sizes),
    maximized: state.data.maximized,
  }
}

function clampSize(
  wanted: { readonly width: number; readonly height: number },
  area: Area,
  { smallest }: WindowSizes,
): { width: number; height: number } {
  return {
    width: Math.max(smallest.width, Math.min(wanted.width, area.width)),
    height: Math.max(smallest.height, Math.min(wanted.height, area.height)),
  }
}
