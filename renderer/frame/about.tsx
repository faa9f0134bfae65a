import { Modal } from '@mantine/core'
import type { ReactElement } from 'react'
import { useCommandNames } from '../base/command-names.ts'
import { useWords } from '../base/i18n/index.ts'
import { dispatch, showOverlay, useApp } from '../state/app.ts'
import { words } from './words.ts'

export function AboutDialog(): ReactElement {
  const t = useWords('shell', words)
  const name = useCommandNames()
  const info = useApp(state => state.info)
  return (
    <Modal opened onClose={() => dispatch(showOverlay, 'none')} title={name('about')} lockScroll={false} size="sm">
      <p>{t('aboutText')}</p>
      <p className="dim">{t('version', { version: info?.version ?? '' })}</p>
      <p className="dim">
        {t('dataDir')}: <code className="selectable">{info?.dataDir}</code>
      </p>
    </Modal>
  )
}
