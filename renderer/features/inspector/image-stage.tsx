import {
  type CSSProperties,
  type ReactElement,
  type RefObject,
  useEffect,
  useLayoutEffect,
  useRef,
  useState,
} from 'react'
import { originalUrl, thumbnailUrl } from '../../../shared/addresses.ts'
import type { AssetDetail } from '../../../shared/screening.ts'
import { formatNumber, useWords } from '../../base/i18n/index.ts'
import { useApp } from '../../state/app.ts'
import { KeyHint } from '../../state/key-hint.tsx'
import { dispatchViewState, lightPart, reveal, useViewState } from '../../state/view-state.ts'
import classes from './inspector.module.css'
import { framesOf, hitsOf, type PartView, partsOf } from './parts.ts'
import { words } from './words.ts'

/**
 * The picture with its parts drawn on it. A covered one is shown as the blurred thumbnail, so that the original is not
 * even fetched before someone asks for it.
 */
export function ImageStage(props: { readonly detail: AssetDetail; readonly canZoom: boolean }): ReactElement {
  const { detail, canZoom } = props
  const t = useWords('inspector', words)
  const settings = useApp(state => state.settings)
  const { held, revealed, unblurred, part, zoom: wantedZoom } = useViewState()
  const zoom = canZoom ? wantedZoom : 'fit'
  const [failed, setFailed] = useState(false)
  const worst = detail.results.some(result => result.outcome === 'risky' || result.outcome === 'review')
  const isCovered = worst && settings.blur !== 'off' && !unblurred && !held && revealed !== detail.id
  const size = useSize(detail)

  const hits = hitsOf(partsOf(detail))
  const lit = part === -1 ? undefined : hits[part]
  const frame = lit?.frame ?? null
  // A tile lies on its own frame only.
  const parts = partsOf(detail).filter(item => item.rect !== null && item.frame === frame)
  const { host, pointer } = useScrollTo(zoom, size, lit)

  // biome-ignore lint/correctness/useExhaustiveDependencies: another asset or frame gets another chance
  useEffect(() => setFailed(false), [detail.id, frame])

  if (failed) {
    return (
      <div className={`${classes.stage} ${classes.stageNone}`} role="status">
        {t('noPreview')}
      </div>
    )
  }
  return (
    <section
      ref={host}
      className={classes.stage}
      data-testid="stage"
      data-zoom={zoom}
      data-grey={settings.grey || undefined}
      aria-label={t(canZoom ? 'stageLarge' : 'stage')}
      data-scroller={zoom === 'full' || undefined}
      tabIndex={zoom === 'full' ? 0 : undefined}
      onPointerMove={event => {
        if (zoom === 'full') return
        const at = event.currentTarget.getBoundingClientRect()
        pointer.current = { x: event.clientX - at.left, y: event.clientY - at.top }
      }}
      onPointerLeave={() => {
        pointer.current = null
      }}
    >
      <div className={classes.stagePicture} style={pictureStyle(zoom, size)}>
        <img
          src={
            isCovered
              ? thumbnailUrl(detail.id, 640, { blur: settings.blur, grey: settings.grey })
              : originalUrl(detail.id, frame)
          }
          alt=""
          decoding="async"
          draggable={false}
          onError={() => setFailed(true)}
        />
        {size !== null && parts.length > 0 && <PartOutlines size={size} parts={parts} lit={lit?.name} />}
      </div>
      <Frames hits={hits} frame={frame} />
      {worst && settings.blur !== 'off' && !unblurred && (
        <button
          type="button"
          className={classes.stageReveal}
          onClick={() => dispatchViewState(reveal, revealed === detail.id ? null : detail.id)}
        >
          {t(isCovered ? 'reveal' : 'cover')} <KeyHint command="reveal" />
        </button>
      )}
    </section>
  )
}

interface Size {
  readonly width: number
  readonly height: number
}

/** As large as the stage allows both ways and never larger than it is; at 100 % as large as it is. */
function pictureStyle(zoom: 'fit' | 'full', size: Size | null): CSSProperties {
  const box = size ?? { width: 3, height: 4 }
  if (zoom === 'full') return { width: box.width, height: box.height }
  return {
    width: `min(100cqw, ${(100 * box.width) / box.height}cqh${size === null ? '' : `, ${box.width}px`})`,
    aspectRatio: `${box.width} / ${box.height}`,
  }
}

/** At 100 % what was under the pointer stays under it; a lit tile is brought into view. */
function useScrollTo(
  zoom: 'fit' | 'full',
  size: Size | null,
  lit: PartView | undefined,
): {
  readonly host: RefObject<HTMLElement | null>
  /** Where the pointer is in the stage, for `host` to set; null while it is elsewhere. */
  readonly pointer: RefObject<{ readonly x: number; readonly y: number } | null>
} {
  const host = useRef<HTMLElement>(null)
  const pointer = useRef<{ readonly x: number; readonly y: number } | null>(null)
  useLayoutEffect(() => {
    const viewport = host.current
    if (viewport === null || zoom !== 'full' || size === null) return
    if (lit?.rect) {
      const [left, top, width, height] = lit.rect
      viewport.scrollTo(left + width / 2 - viewport.clientWidth / 2, top + height / 2 - viewport.clientHeight / 2)
      return
    }
    const box = viewport.getBoundingClientRect()
    const scale = Math.min(box.width / size.width, box.height / size.height, 1)
    const spot = pointer.current ?? { x: box.width / 2, y: box.height / 2 }
    const x = (spot.x - (box.width - size.width * scale) / 2) / scale
    const y = (spot.y - (box.height - size.height * scale) / 2) / scale
    viewport.scrollTo(x - spot.x, y - spot.y)
  }, [zoom, size, lit])
  return { host, pointer }
}

function PartOutlines(props: {
  readonly size: Size
  readonly parts: readonly PartView[]
  /** Name of the part that is lit. */
  readonly lit: string | undefined
}): ReactElement {
  const { size, parts, lit } = props
  return (
    <svg
      className={classes.stageParts}
      data-testid="stage-parts"
      viewBox={`0 0 ${size.width} ${size.height}`}
      aria-hidden="true"
    >
      {parts.map(({ name, rect, verdict }) =>
        rect === null ? null : (
          <rect
            key={name}
            data-verdict={verdict}
            data-lit={name === lit || undefined}
            x={rect[0]}
            y={rect[1]}
            width={rect[2]}
            height={rect[3]}
          />
        ),
      )}
    </svg>
  )
}

/** The frames in which something was found, to choose from. */
function Frames(props: { readonly hits: readonly PartView[]; readonly frame: number | null }): ReactElement | null {
  const t = useWords('inspector', words)
  const frames = framesOf(props.hits)
  if (frames.length === 0) return null
  return (
    <fieldset className={classes.stageFrames} aria-label={t('frames')}>
      <span>{t('frames')}</span>
      {frames.map(({ frame, hit }) => (
        <button
          key={frame}
          type="button"
          aria-pressed={frame === props.frame}
          onClick={() => dispatchViewState(lightPart, frame === props.frame ? -1 : hit)}
        >
          {t('frame', { frame: formatNumber(frame + 1) })}
        </button>
      ))}
    </fieldset>
  )
}

/** Pixels of the upright original; of what was never decoded they are not known. */
function useSize(detail: AssetDetail): Size | null {
  const { width, height } = detail
  const [size, setSize] = useState<Size | null>(null)
  useEffect(() => setSize(width === null || height === null ? null : { width, height }), [width, height])
  return size
}
