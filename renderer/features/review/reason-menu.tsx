import { Menu } from '@mantine/core'
import { IconCheck, IconChevronDown } from '@tabler/icons-react'
import type { ReactElement } from 'react'
import { useWords } from '../../base/i18n/index.ts'
import { useReasonTexts } from '../../state/reasons.ts'
import { useViewState } from '../../state/view-state.ts'
import { toggleReason } from './decide.ts'
import classes from './review.module.css'
import { words } from './words.ts'

/** A gap keeps the numbers of those behind it, and is no reason itself. */
export function useReasons(): readonly { readonly number: number; readonly text: string }[] {
  const texts = useReasonTexts()
  return texts.flatMap((text, at) => (text === '' ? [] : [{ number: at + 1, text }]))
}

/** The reasons where there is no room for all of them; the one that is armed is named. */
export function ReasonMenu(): ReactElement | null {
  const t = useWords('review', words)
  const reasons = useReasons()
  const armed = useViewState(state => state.reason)
  if (reasons.length === 0) return null
  const chosen = reasons.find(({ number }) => number === armed)
  return (
    <Menu position="top-start" returnFocus={false}>
      <Menu.Target>
        <button type="button" className={classes.reason} data-armed={chosen !== undefined} title={chosen?.text}>
          {chosen === undefined ? (
            t('reasons')
          ) : (
            <>
              <kbd className="key">{chosen.number}</kbd> <span className={classes.reasonText}>{chosen.text}</span>
            </>
          )}
          <IconChevronDown size={13} aria-hidden />
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        {reasons.map(({ number, text }) => (
          <Menu.Item
            key={number}
            leftSection={<kbd className="key">{number}</kbd>}
            rightSection={armed === number ? <IconCheck size={13} /> : undefined}
            onClick={() => toggleReason(number)}
          >
            {text}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  )
}
