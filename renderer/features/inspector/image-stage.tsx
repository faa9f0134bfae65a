import { type PointerEvent, type ReactElement, useEffect, useState } from 'react'
import type { AssetDetail } from '../../../shared/screening.ts'
import { formatNumber, useWords } from '../../base/i18n/index.ts'
import { words as common } from '../../base/i18n/words.ts'
import { useApp } from '../../state/app.ts'
import { KeyHint } from '../../state/key-hint.tsx'
import { dispatchViewState, lightPart, reveal, showPiece, useViewState } from '../../state/view-state.ts'
import { smallUrl, stageUrl, useCover } from './cover.ts'
import classes from './inspector.module.css'
import { isOnLeaf, type Leaf } from './leaves.ts'
import { isDecoded } from './look-ahead.ts'
import { Minimap } from './minimap.tsx'
import { partName } from './part-name.ts'
import { PartOutlines } from './part-outlines.tsx'
import { framesOf, hitsOf, type PartView, partsOf } from './parts.ts'
import { type StageView, useStageView } from './stage-view.ts'
import { words } from './words.ts'
import { partAt, type Size } from './zoom.ts'
import { ZoomButtons } from './zoom-buttons.tsx'

/**
 * The picture with its parts drawn on it. A covered one is shown as the blurred thumbnail, so that the original is not
 * even fetched before someone asks for it.
 */
export function ImageStage(props: {
  readonly detail: AssetDetail
  /** The picture in the asset that is shown; null for the asset itself. */
  readonly leaf?: Leaf | null
  readonly isLarge: boolean
}): ReactElement {
  const { detail, isLarge, leaf = null } = props
  const t = useWords('inspector', words)
  const settings = useApp(state => state.settings)
  const { part, revealed } = useViewState()
  const [failed, setFailed] = useState(false)
  const cover = useCover(detail)
  const { isCovered, canBeCovered } = cover
  const size = useSize(leaf?.piece == null ? detail : (leaf.piece.size ?? unknown))
  const piece = leaf?.piece?.name ?? null

  const parts = partsOf(detail)
  const hits = hitsOf(parts)
  const asked = part === -1 ? undefined : hits[part]
  const lit = asked !== undefined && isOnLeaf(detail, leaf, asked) ? asked : undefined
  const frame = lit?.frame ?? null
  // A tile lies on its own frame only.
  const placed = parts.filter(item => item.rect !== null && item.frame === frame && isOnLeaf(detail, leaf, item))
  const view = useStageView({ size, hit: lit?.rect ?? null, isLarge })
  const drag = useDrag(view)

  // biome-ignore lint/correctness/useExhaustiveDependencies: another asset or frame gets another chance
  useEffect(() => setFailed(false), [detail.id, frame])

  if (failed) {
    return (
      <div className={`${classes.stage} ${classes.stageNone}`} role="status">
        {t('noPreview')}
      </div>
    )
  }
  const small = smallUrl(detail.id, cover, settings, frame, piece)
  const src = stageUrl(detail.id, cover, settings, frame, piece)
  const { box, drawn } = view
  const isLong = size !== null && box !== null && drawn !== null && drawn.height > 1.5 * box.height
  return (
    <section
      className={classes.stage}
      data-testid="stage"
      data-zoom={view.kind}
      data-grey={settings.grey || undefined}
      aria-label={t(isLarge ? 'stageLarge' : 'stage')}
    >
      {/* Keys scroll and zoom as well (frame/keyboard.ts). */}
      {/* biome-ignore lint/a11y/noStaticElementInteractions: see above */}
      <div
        ref={view.host}
        className={classes.stageScroll}
        data-testid="stage-scroll"
        data-scroller={view.overflows || undefined}
        tabIndex={view.overflows ? 0 : undefined}
        onScroll={view.scrolled}
        onDoubleClick={event => view.toggleAt(event)}
        {...drag}
      >
        <div className={classes.stagePicture} style={drawn ?? unknownSize}>
          <img
            src={src}
            alt=""
            // Drawn with the rest where that keeps nobody waiting: else the stage is empty for a frame or two.
            decoding={isDecoded(src) ? 'sync' : 'async'}
            draggable={false}
            onError={() => setFailed(true)}
          />
          {size !== null && placed.length > 0 && (
            <PartOutlines size={size} parts={placed} lit={lit?.name} isOverview={view.kind === 'fit'} />
          )}
        </div>
      </div>
      {isLong && <Minimap size={size} view={view} parts={placed} lit={lit?.name} url={small} />}
      <div className={classes.stageTop}>
        <PartPlace parts={placed} lit={lit} view={view} />
        <span className="grow" />
        {isLarge && view.scale !== null && <ZoomButtons scale={view.scale} />}
      </div>
      <Frames frames={framesOf(hits, item => isOnLeaf(detail, leaf, item))} frame={frame} piece={leaf?.name ?? null} />
      {canBeCovered && (
        <button
          type="button"
          className={classes.stageReveal}
          data-beside={isLong || undefined}
          onClick={() => dispatchViewState(reveal, revealed === detail.id ? null : detail.id)}
        >
          {t(isCovered ? 'reveal' : 'cover')} <KeyHint command="reveal" />
        </button>
      )}
    </section>
  )
}

/** As large as the stage allows; the picture's own size is not known. */
const unknownSize = { width: 'min(100cqw, 75cqh)', aspectRatio: '3 / 4' }

/** What is longer than the stage can be drawn along by the pointer. */
function useDrag(view: StageView): {
  readonly onPointerDown: (event: PointerEvent<HTMLElement>) => void
  readonly onPointerMove: (event: PointerEvent<HTMLElement>) => void
} {
  return {
    onPointerDown: event => {
      if (view.overflows && event.button === 0 && event.pointerType === 'mouse')
        event.currentTarget.setPointerCapture(event.pointerId)
    },
    onPointerMove: event => {
      const { currentTarget } = event
      if (currentTarget.hasPointerCapture(event.pointerId)) currentTarget.scrollBy(-event.movementX, -event.movementY)
    },
  }
}

/** Which part is lit, or else the one in the middle of the view: `tile 11/17`. */
function PartPlace(props: {
  readonly parts: readonly PartView[]
  readonly lit: PartView | undefined
  readonly view: StageView
}): ReactElement | null {
  const c = useWords('common', common)
  const { middle } = props.view
  if (props.parts.length < 2 || middle === null) return null
  const part = props.lit?.rect ? props.lit : partAt(props.parts, middle)
  if (part === undefined) return null
  return (
    <span className={classes.stagePlace} data-testid="stage-place" data-outcome={part.verdict}>
      {partName(part.name)} <b>{c(`outcome.${part.verdict}`)}</b>
    </span>
  )
}

/** The frames in which something was found, to choose from. */
function Frames(props: {
  readonly frames: ReturnType<typeof framesOf>
  readonly frame: number | null
  readonly piece: string | null
}): ReactElement | null {
  const t = useWords('inspector', words)
  const { frames } = props
  if (frames.length === 0) return null
  return (
    <fieldset className={classes.stageFrames} aria-label={t('frames')}>
      <span>{t('frames')}</span>
      {frames.map(({ frame, hit }) => (
        <button
          key={frame}
          type="button"
          aria-pressed={frame === props.frame}
          onClick={() =>
            frame === props.frame ? dispatchViewState(showPiece, props.piece) : dispatchViewState(lightPart, hit)
          }
        >
          {t('frame', { frame: formatNumber(frame + 1) })}
        </button>
      ))}
    </fieldset>
  )
}

/** Pixels of the upright original; of what was never decoded they are not known. */
const unknown = { width: null, height: null }

function useSize({ width, height }: Pick<AssetDetail, 'width' | 'height'>): Size | null {
  const [size, setSize] = useState<Size | null>(sizeOf(width, height))
  useEffect(() => setSize(sizeOf(width, height)), [width, height])
  return size
}

const sizeOf = (width: number | null, height: number | null): Size | null =>
  width === null || height === null ? null : { width, height }
