import { type ReactElement, type RefObject, useLayoutEffect, useRef, useState } from 'react'
import type { AssetDetail } from '../../../../shared/screening.ts'
import { useWords } from '../../../base/i18n/index.ts'
import { useApp } from '../../../state/app.ts'
import { stageUrl, useCover } from '../cover.ts'
import { isOnLeaf, type Leaf } from '../leaves.ts'
import { PartOutlines } from '../part-outlines.tsx'
import { partsOf } from '../parts.ts'
import { words } from '../words.ts'
import { fitScale, type Size } from '../zoom.ts'
import classes from './compare.module.css'
import { type Spot, scrollFor } from './in-step.ts'

/** One picture of several that are zoomed and moved in step; 1 is wholly in view. A covered one stays so until it is asked for. */
export function ComparedPicture(props: {
  readonly detail: AssetDetail
  /** Whose cover it has. */
  readonly whole: AssetDetail
  readonly leaf: Leaf
  readonly zoom: number
  readonly spot: RefObject<Spot>
}): ReactElement {
  const { detail, whole, leaf, zoom, spot } = props
  const t = useWords('inspector', words)
  const settings = useApp(state => state.settings)
  const cover = useCover(whole)
  const host = useRef<HTMLDivElement>(null)
  const [box, setBox] = useState<Size | null>(null)
  const [loaded, setLoaded] = useState<Size | null>(null)
  const [failed, setFailed] = useState(false)

  useLayoutEffect(() => {
    const viewport = host.current
    if (viewport === null) return
    const watcher = new ResizeObserver(() => setBox({ width: viewport.clientWidth, height: viewport.clientHeight }))
    watcher.observe(viewport)
    return () => watcher.disconnect()
  }, [])

  const { width, height } = leaf.piece === null ? detail : (leaf.piece.size ?? { width: null, height: null })
  const size = width === null || height === null ? loaded : { width, height }
  const scale = size === null || box === null ? null : fitScale(size, box) * zoom
  // What was in the middle stays there.
  useLayoutEffect(() => {
    if (scale !== null && host.current !== null) host.current.scrollTo(scrollFor(spot.current, host.current))
  }, [scale, spot])

  const placed = partsOf(detail).filter(
    part => part.rect !== null && part.frame === null && isOnLeaf(detail, leaf, part),
  )
  const drawn = size === null || scale === null ? undefined : { width: size.width * scale, height: size.height * scale }
  if (failed) return <div className={classes.noPreview}>{t('noPreview')}</div>
  return (
    <div ref={host} className={classes.scroll} data-compared data-grey={settings.grey || undefined}>
      <div className={classes.picture} style={drawn}>
        <img
          src={stageUrl(detail.id, cover, settings, null, leaf.piece?.name ?? null)}
          alt=""
          decoding="async"
          draggable={false}
          onLoad={({ currentTarget: { naturalWidth: width, naturalHeight: height } }) => setLoaded({ width, height })}
          onError={() => setFailed(true)}
        />
        {size !== null && placed.length > 0 && (
          <PartOutlines size={size} parts={placed} lit={undefined} isOverview={zoom === 1} />
        )}
      </div>
    </div>
  )
}
