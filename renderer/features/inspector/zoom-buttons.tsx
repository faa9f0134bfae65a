import { IconMinus, IconPlus } from '@tabler/icons-react'
import type { ReactElement } from 'react'
import { useCommandNames } from '../../base/command-names.ts'
import { formatNumber } from '../../base/i18n/index.ts'
import { runCommand } from '../../state/commands.ts'
import { KeyHint } from '../../state/key-hint.tsx'
import classes from './inspector.module.css'

/** How large the picture is drawn, and the ways to change that. */
export function ZoomButtons(props: { readonly scale: number }): ReactElement {
  const name = useCommandNames()
  return (
    <div className={classes.stageZoom}>
      <button type="button" aria-label={name('zoomOut')} title={name('zoomOut')} onClick={() => runCommand('zoomOut')}>
        <IconMinus size={13} aria-hidden />
      </button>
      <button type="button" title={name('zoom')} onClick={() => runCommand('zoom')}>
        <span className="figures" data-testid="stage-scale">
          {formatNumber(Math.round(props.scale * 100))} %
        </span>
        <span className="sr-only"> {name('zoom')}</span> <KeyHint command="zoom" />
      </button>
      <button type="button" aria-label={name('zoomIn')} title={name('zoomIn')} onClick={() => runCommand('zoomIn')}>
        <IconPlus size={13} aria-hidden />
      </button>
      <button type="button" onClick={() => runCommand('zoomFit')}>
        {name('zoomFit')} <KeyHint command="zoomFit" />
      </button>
    </div>
  )
}
