import { IconMusic } from '@tabler/icons-react'
import type { ReactElement } from 'react'
import type { AssetDetail } from '../../../shared/screening.ts'
import { formatBytes, useWords } from '../../base/i18n/index.ts'
import { words as common } from '../../base/i18n/words.ts'
import { ImageStage } from './image-stage.tsx'
import classes from './inspector.module.css'
import { TextStage } from './text-stage.tsx'
import { words } from './words.ts'

export function Preview(props: { readonly detail: AssetDetail; readonly isLarge: boolean }): ReactElement {
  const t = useWords('inspector', words)
  const c = useWords('common', common)
  const { detail } = props
  if (detail.text !== null)
    return <TextStage key={detail.id} detail={detail} text={detail.text} isLarge={props.isLarge} />
  if (detail.kind === 'image') return <ImageStage key={detail.id} detail={detail} isLarge={props.isLarge} />
  if (detail.kind === 'audio') {
    return (
      <div className={classes.stageAudio}>
        <IconMusic size={32} stroke={1.5} aria-hidden />
        <span>{detail.bytes === null ? c('kind.audio') : `${c('kind.audio')} · ${formatBytes(detail.bytes)}`}</span>
        <span>{t('audioAsync')}</span>
      </div>
    )
  }
  return <div className={`${classes.stage} ${classes.stageNone}`}>{t('noPreview')}</div>
}
