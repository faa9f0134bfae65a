import { type ReactElement, useEffect, useLayoutEffect, useRef, useState } from 'react'
import { originalUrl, thumbnailUrl } from '../../../shared/addresses.ts'
import type { AssetDetail } from '../../../shared/screening.ts'
import { formatNumber, useWords } from '../../base/i18n/index.ts'
import { useApp } from '../../state/app.ts'
import { KeyHint } from '../../state/key-hint.tsx'
import { actLook, lightPart, reveal, useLook } from '../../state/look.ts'
import { framesOf, hitsOf, partsOf } from './parts.ts'
import { words } from './words.ts'

/**
 * The picture with its parts drawn on it. Covered ones are shown as the blurred thumbnail, so that the original is not
 * even fetched before someone asks for it.
 */
export function ImageStage(props: { readonly detail: AssetDetail; readonly canZoom: boolean }): ReactElement {
  const { detail, canZoom } = props
  const t = useWords('inspector', words)
  const settings = useApp(state => state.settings)
  const { held, revealed, unblurred, part, zoom: wantedZoom } = useLook()
  const zoom = canZoom ? wantedZoom : 'fit'
  const [failed, setFailed] = useState(false)
  const worst = detail.results.some(result => result.outcome === 'risky' || result.outcome === 'review')
  const isCovered = worst && settings.blur !== 'off' && !unblurred && !held && revealed !== detail.id
  const size = useSize(detail)
  const host = useRef<HTMLElement>(null)
  const pointer = useRef<{ readonly x: number; readonly y: number } | null>(null)

  const hits = hitsOf(partsOf(detail))
  const lit = part === -1 ? undefined : hits[part]
  const frames = framesOf(hits)
  const frame = lit?.frame ?? null
  // A tile lies on its own frame only.
  const parts = partsOf(detail).filter(item => item.rect !== null && item.frame === frame)

  // At 100 % what was under the pointer stays under it; a lit tile is brought into view.
  useLayoutEffect(() => {
    const viewport = host.current
    if (viewport === null || zoom !== 'full' || size === null) return
    const at = lit?.rect
    if (at) {
      viewport.scrollTo(at[0] + at[2] / 2 - viewport.clientWidth / 2, at[1] + at[3] / 2 - viewport.clientHeight / 2)
      return
    }
    const box = viewport.getBoundingClientRect()
    const scale = Math.min(box.width / size.width, box.height / size.height, 1)
    const spot = pointer.current ?? { x: box.width / 2, y: box.height / 2 }
    const x = (spot.x - (box.width - size.width * scale) / 2) / scale
    const y = (spot.y - (box.height - size.height * scale) / 2) / scale
    viewport.scrollTo(x - spot.x, y - spot.y)
  }, [zoom, size, lit])

  // biome-ignore lint/correctness/useExhaustiveDependencies: another asset or frame gets another chance
  useEffect(() => setFailed(false), [detail.id, frame])

  if (failed) {
    return (
      <div className="stage stage-none" role="status">
        {t('noPreview')}
      </div>
    )
  }
  const source = isCovered
    ? thumbnailUrl(detail.id, 640, { blur: settings.blur, grey: settings.grey })
    : originalUrl(detail.id, frame)
  const box = size ?? { width: 3, height: 4 }
  return (
    <section
      ref={host}
      className="stage"
      data-zoom={zoom}
      data-grey={settings.grey || undefined}
      aria-label={t(canZoom ? 'stageLarge' : 'stage')}
      tabIndex={zoom === 'full' ? 0 : undefined}
      data-scrolls={zoom === 'full' || undefined}
      onPointerMove={event => {
        if (zoom === 'full') return
        const at = event.currentTarget.getBoundingClientRect()
        pointer.current = { x: event.clientX - at.left, y: event.clientY - at.top }
      }}
      onPointerLeave={() => {
        pointer.current = null
      }}
    >
      <div
        className="stage-picture"
        style={
          zoom === 'full'
            ? { width: box.width, height: box.height }
            : {
                // As large as the stage allows both ways, and never larger than it is.
                width: `min(100cqw, ${(100 * box.width) / box.height}cqh${size === null ? '' : `, ${box.width}px`})`,
                aspectRatio: `${box.width} / ${box.height}`,
              }
        }
      >
        <img src={source} alt="" decoding="async" draggable={false} onError={() => setFailed(true)} />
        {size !== null && parts.length > 0 && (
          <svg className="stage-parts" viewBox={`0 0 ${size.width} ${size.height}`} aria-hidden="true">
            {parts.map(item =>
              item.rect === null ? null : (
                <rect
                  key={item.name}
                  data-verdict={item.verdict}
                  data-lit={item === lit || item.name === lit?.name || undefined}
                  x={item.rect[0]}
                  y={item.rect[1]}
                  width={item.rect[2]}
                  height={item.rect[3]}
                />
              ),
            )}
          </svg>
        )}
      </div>
      {frames.length > 0 && (
        <fieldset className="stage-frames" aria-label={t('frames')}>
          <span>{t('frames')}</span>
          {frames.map(({ frame: index, hit }) => (
            <button
              key={index}
              type="button"
              aria-pressed={index === frame}
              onClick={() => actLook(lightPart, index === frame ? -1 : hit)}
            >
              {t('frame', { frame: formatNumber(index + 1) })}
            </button>
          ))}
        </fieldset>
      )}
      {worst && settings.blur !== 'off' && !unblurred && (
        <button
          type="button"
          className="stage-reveal"
          onClick={() => actLook(reveal, revealed === detail.id ? null : detail.id)}
        >
          {t(isCovered ? 'reveal' : 'cover')} <KeyHint command="reveal" />
        </button>
      )}
    </section>
  )
}

/** Pixels of the upright original; of what was never decoded they are not known. */
function useSize(detail: AssetDetail): { readonly width: number; readonly height: number } | null {
  const { width, height } = detail
  const [size, setSize] = useState<{ readonly width: number; readonly height: number } | null>(null)
  useEffect(() => setSize(width === null || height === null ? null : { width, height }), [width, height])
  return size
}
