import { Button } from '@mantine/core'
import type { ReactElement } from 'react'
import { problemText } from '../../shared/problems.ts'
import { detailText } from '../../shared/remarks/index.ts'
import { bridge } from '../base/bridge.ts'
import { useLanguage, useWords } from '../base/i18n/index.ts'
import { useApp } from '../state/app.ts'
import classes from './frame.module.css'
import { words } from './words.ts'

/** In place of the work when the engine did not open: what happened, what it means, what to do; and it stays there. */
export function Broken(): ReactElement | null {
  const t = useWords('shell', words)
  const language = useLanguage()
  const problem = useApp(state => state.broken)
  const dataDir = useApp(state => state.info?.dataDir ?? '')
  if (problem === null) return null
  const detail = [problem.code, detailText(problem.detail, language)].filter(part => part !== '').join(': ')
  return (
    <main className={classes.crash} role="alert">
      <h1>{t('broken.title')}</h1>
      <p>{problemText(problem.code, language)}</p>
      <p className="dim">{t('broken.text')}</p>
      <pre className="selectable">{[dataDir, detail].filter(part => part !== '').join('\n')}</pre>
      <div className="row">
        <Button variant="default" onClick={() => void bridge.invoke('clipboard.write', { text: detail })}>
          {t('copyDetails')}
        </Button>
      </div>
    </main>
  )
}
