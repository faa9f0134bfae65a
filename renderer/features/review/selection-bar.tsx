import { ActionIcon, Button, Tooltip } from '@mantine/core'
import { IconMessage, IconPackageExport, IconX } from '@tabler/icons-react'
import type { ReactElement } from 'react'
import { useCommandNames } from '../../base/command-names.ts'
import { formatNumber, useWords } from '../../base/i18n/index.ts'
import { decisionIcons } from '../../base/verdict.tsx'
import { runCommand } from '../../state/commands.ts'
import { dispatchGrid, selectNone, useGrid } from '../../state/grid/grid.ts'
import { KeyHint } from '../../state/key-hint.tsx'
import { choices } from './choices.ts'
import { ReasonMenu } from './reason-menu.tsx'
import classes from './review.module.css'
import { words } from './words.ts'

/** What can be done with what is selected, in the place of the filter for as long as something is. */
export function SelectionBar(): ReactElement {
  const t = useWords('review', words)
  const name = useCommandNames()
  const count = useGrid(state => state.selected.count)
  return (
    <div className={classes.selectionBar} data-testid="selection">
      <strong className={classes.selectionCount}>{t('selected', { count, shown: formatNumber(count) })}</strong>
      {choices.map(choice => {
        const Icon = decisionIcons[choice]
        return (
          <Tooltip key={choice} label={<KeyHint command={choice} named />}>
            <button
              type="button"
              className={classes.decisionButton}
              data-decision={choice}
              // The focus stays on the assets, or Space would press the button again.
              onMouseDown={event => event.preventDefault()}
              onClick={() => runCommand(choice)}
            >
              <Icon size={15} stroke={2} aria-hidden />
              {name(choice)}
            </button>
          </Tooltip>
        )
      })}
      <ReasonMenu />
      <Tooltip label={<KeyHint command="note" named />}>
        <ActionIcon variant="subtle" color="gray" aria-label={name('note')} onClick={() => runCommand('note')}>
          <IconMessage size={15} />
        </ActionIcon>
      </Tooltip>
      <span className="grow" />
      <Button
        variant="default"
        leftSection={<IconPackageExport size={14} aria-hidden />}
        onClick={() => runCommand('export')}
      >
        {name('export')}
      </Button>
      <Button
        variant="subtle"
        color="gray"
        leftSection={<IconX size={14} aria-hidden />}
        onClick={() => dispatchGrid(selectNone, null)}
      >
        {t('deselect')}
      </Button>
    </div>
  )
}
