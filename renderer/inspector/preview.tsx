import type { ReactElement } from 'react'
import type { AssetDetail } from '../../shared/screening.ts'
import { useWords } from '../i18n/index.ts'
import { ImageStage } from './image-stage.tsx'
import { TextStage } from './text-stage.tsx'
import { words } from './words.ts'

export function Preview(props: { readonly detail: AssetDetail; readonly canZoom: boolean }): ReactElement {
  const t = useWords('inspector', words)
  const { detail } = props
  if (detail.text !== null)
    return <TextStage key={detail.id} detail={detail} text={detail.text} isLarge={props.canZoom} />
  if (detail.kind === 'image') return <ImageStage key={detail.id} detail={detail} canZoom={props.canZoom} />
  return <div className="stage stage-none">{t('noPreview')}</div>
}
