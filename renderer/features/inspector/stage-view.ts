import { type MouseEvent, type RefObject, useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react'
import type { Rect } from '../../../shared/domain.ts'
import { dispatchViewState, setZoom, useViewState, type Zoom } from '../../state/view-state.ts'
import { setStage } from './reading.ts'
import {
  type Anchor,
  anchorAt,
  hitScale,
  isPoster,
  type Size,
  scaleOf,
  scrollToAnchor,
  scrollToHit,
  steppedZoom,
  toggledZoom,
} from './zoom.ts'

/** How large the picture of a stage is drawn and what of it is in view. */
export interface StageView {
  readonly host: RefObject<HTMLDivElement | null>
  /** What there is room for; null until it has been measured. */
  readonly box: Size | null
  /** Pixels of the window for one of the picture; null while either size is not known. */
  readonly scale: number | null
  readonly drawn: Size | null
  readonly overflows: boolean
  /** `full`: somebody has chosen how large. */
  readonly kind: 'fit' | 'width' | 'full'
  /** What of the picture is in view, in its pixels; null while that is not known. */
  readonly shown: (Size & { readonly left: number; readonly top: number }) | null
  readonly middle: { readonly x: number; readonly y: number } | null
  readonly scrolled: () => void
  readonly toggleAt: (event: MouseEvent) => void
  /** Brings a line of the picture into the middle. */
  readonly scrollToLine: (y: number) => void
}

/** The loupe's zoom is that of the commands; the inspector's own stage zooms to hits only. */
function useZoom(isLarge: boolean): readonly [Zoom, (zoom: Zoom) => void] {
  const shared = useViewState(state => state.zoom)
  const [own, setOwn] = useState<Zoom>('auto')
  const setShared = useCallback((zoom: Zoom) => dispatchViewState(setZoom, zoom), [])
  return isLarge ? [shared, setShared] : [own, setOwn]
}

export function useStageView(given: {
  readonly size: Size | null
  /** What is lit. */
  readonly hit: Rect | null
  readonly isLarge: boolean
}): StageView {
  const { size, hit, isLarge } = given
  const host = useRef<HTMLDivElement>(null)
  const box = useBox(host)
  const [zoom, setZoomTo] = useZoom(isLarge)
  const [place, setPlace] = useState({ left: 0, top: 0 })
  /** What is to stay where it is, or is to be shown, once the new scale is drawn. */
  const pending = useRef<Anchor | Rect | null>(null)
  const scale = size === null || box === null ? null : scaleOf(zoom, size, box)
  const known = size === null || box === null || scale === null ? null : { size, box, scale }

  const scrolled = useCallback(() => {
    const { scrollLeft: left, scrollTop: top } = host.current ?? { scrollLeft: 0, scrollTop: 0 }
    setPlace(former => (former.left === left && former.top === top ? former : { left, top }))
  }, [])

  const hitKey = hit?.join(' ')
  // biome-ignore lint/correctness/useExhaustiveDependencies: a hit is shown when it is lit, or when there is room for it first
  useLayoutEffect(() => {
    if (hit === null || size === null || box === null) return
    pending.current = hit
    setZoomTo(hitScale(hit, size, box) ?? 'auto')
  }, [hitKey, size, box !== null])

  // biome-ignore lint/correctness/useExhaustiveDependencies: a hit that is lit at the same scale is scrolled to as well
  useLayoutEffect(() => {
    const wanted = pending.current
    if (wanted === null || scale === null || box === null) return
    pending.current = null
    host.current?.scrollTo('atX' in wanted ? scrollToAnchor(wanted, scale) : scrollToHit(wanted, scale, box))
    scrolled()
  }, [scale, box, hitKey])

  const zoomTo = (next: (known: { size: Size; box: Size; scale: number }) => Zoom, at?: { x: number; y: number }) => {
    const viewport = host.current
    if (viewport === null || known === null) return
    const spot = at ?? { x: known.box.width / 2, y: known.box.height / 2 }
    const view = { left: viewport.scrollLeft, top: viewport.scrollTop }
    const to = next(known)
    if (scaleOf(to, known.size, known.box) !== known.scale)
      pending.current = anchorAt(spot, view, known.scale, known.size, known.box)
    setZoomTo(to)
  }
  const latest = useRef(zoomTo)
  useLayoutEffect(() => {
    latest.current = zoomTo
  })
  useStage(host, latest, isLarge, zoom)

  const drawn =
    known === null ? null : { width: known.size.width * known.scale, height: known.size.height * known.scale }
  const overflows =
    known !== null && drawn !== null && (drawn.width > known.box.width + 1 || drawn.height > known.box.height + 1)
  const shown =
    known === null || drawn === null
      ? null
      : {
          left: place.left / known.scale,
          top: place.top / known.scale,
          width: Math.min(known.box.width, drawn.width) / known.scale,
          height: Math.min(known.box.height, drawn.height) / known.scale,
        }
  return {
    host,
    box,
    scale,
    drawn,
    overflows,
    kind:
      typeof zoom === 'number'
        ? 'full'
        : zoom === 'auto' && known !== null && isPoster(known.size, known.box)
          ? 'width'
          : 'fit',
    shown,
    middle: shown === null ? null : { x: shown.left + shown.width / 2, y: shown.top + shown.height / 2 },
    scrolled,
    toggleAt: event => {
      if (!isLarge) return
      zoomTo(({ size, box }) => toggledZoom(zoom, size, box), spotOf(event, host.current))
    },
    scrollToLine: y => {
      if (known !== null) host.current?.scrollTo({ top: y * known.scale - known.box.height / 2 })
    },
  }
}

type ZoomTo = (
  next: (known: { readonly size: Size; readonly box: Size; readonly scale: number }) => Zoom,
  at?: { readonly x: number; readonly y: number },
) => void

/** In the loupe the commands and the wheel with Ctrl, which is also what a pinch comes as, change the scale. */
function useStage(
  host: RefObject<HTMLDivElement | null>,
  latest: RefObject<ZoomTo>,
  isLarge: boolean,
  zoom: Zoom,
): void {
  const current = useRef(zoom)
  useLayoutEffect(() => {
    current.current = zoom
  })
  useEffect(() => {
    const viewport = host.current
    if (!isLarge || viewport === null) return
    const step = (by: 1 | -1, at?: { x: number; y: number }) =>
      latest.current(({ size, box, scale }) => steppedZoom(scale, by, size, box), at)
    const wheeled = (event: WheelEvent) => {
      if (!event.ctrlKey && !event.metaKey) return
      event.preventDefault()
      if (event.deltaY !== 0) step(event.deltaY < 0 ? 1 : -1, spotOf(event, viewport))
    }
    viewport.addEventListener('wheel', wheeled, { passive: false })
    const leave = setStage({
      host: viewport,
      zoom: {
        step,
        toggle: () => latest.current(({ size, box }) => toggledZoom(current.current, size, box)),
        fit: () => latest.current(() => 'fit'),
      },
    })
    return () => {
      viewport.removeEventListener('wheel', wheeled)
      leave()
    }
  }, [host, latest, isLarge])
}

function spotOf(event: { readonly clientX: number; readonly clientY: number }, viewport: HTMLElement | null) {
  const box = viewport?.getBoundingClientRect()
  return { x: event.clientX - (box?.left ?? 0), y: event.clientY - (box?.top ?? 0) }
}

function useBox(host: RefObject<HTMLElement | null>): Size | null {
  const [box, setBox] = useState<Size | null>(null)
  useLayoutEffect(() => {
    const viewport = host.current
    if (viewport === null) return
    const measure = () => {
      const { clientWidth: width, clientHeight: height } = viewport
      if (width > 0 && height > 0)
        setBox(former => (former?.width === width && former.height === height ? former : { width, height }))
    }
    const watcher = new ResizeObserver(measure)
    watcher.observe(viewport)
    measure()
    return () => watcher.disconnect()
  }, [host])
  return box
}
