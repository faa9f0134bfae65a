import { IconMusic } from '@tabler/icons-react'
import type { ReactElement } from 'react'
import type { AssetDetail } from '../../../shared/screening.ts'
import { formatBytes, useLanguage, useWords } from '../../base/i18n/index.ts'
import { words as common } from '../../base/i18n/words.ts'
import { useViewState } from '../../state/view-state.ts'
import { ImageStage } from './image-stage.tsx'
import classes from './inspector.module.css'
import { type Leaf, leafAt, leafTitle, leavesOf } from './leaves.ts'
import { Pager } from './pager.tsx'
import { TextStage } from './text-stage.tsx'
import { TimeLine } from './time-line.tsx'
import { words } from './words.ts'

/** What an asset looks or reads like; of a document the leaf that is turned to, with a pager. */
export function Preview(props: { readonly detail: AssetDetail; readonly isLarge: boolean }): ReactElement {
  const { detail, isLarge } = props
  const t = useWords('inspector', words)
  const shown = leafAt(detail, useViewState())
  const leaves = leavesOf(detail)
  const leaf = leaves[shown]
  if (leaf === undefined) {
    if (detail.kind === 'audio') return <Recording said={null} bytes={detail.bytes} />
    return <div className={`${classes.stage} ${classes.stageNone}`}>{t('noPreview')}</div>
  }
  if (leaves.length === 1) return <LeafStage detail={detail} leaf={leaf} isLarge={isLarge} />
  return (
    <div className={classes.document} data-testid="document">
      <div className={classes.leaf}>
        <LeafStage key={`${detail.id} ${leaf.name}`} detail={detail} leaf={leaf} isLarge={isLarge} />
      </div>
      <TimeLine leaves={leaves} shown={shown} />
      <Pager leaves={leaves} shown={shown} isLarge={isLarge} />
    </div>
  )
}

function LeafStage(props: {
  readonly detail: AssetDetail
  readonly leaf: Leaf
  readonly isLarge: boolean
}): ReactElement {
  const { detail, leaf, isLarge } = props
  const language = useLanguage()
  if (leaf.kind === 'words')
    return <TextStage key={detail.id} detail={detail} text={detail.text ?? ''} isLarge={isLarge} />
  if (leaf.kind === 'picture') return <ImageStage key={detail.id} detail={detail} leaf={leaf} isLarge={isLarge} />
  return <Recording said={leafTitle(leaf, language)} bytes={null} />
}

function Recording(props: { readonly said: string | null; readonly bytes: number | null }): ReactElement {
  const t = useWords('inspector', words)
  const c = useWords('common', common)
  const said = props.said ?? c('kind.audio')
  return (
    <div className={classes.stageAudio}>
      <IconMusic size={32} stroke={1.5} aria-hidden />
      <span>{props.bytes === null ? said : `${said} · ${formatBytes(props.bytes)}`}</span>
      <span>{t('audioAsync')}</span>
    </div>
  )
}
