import { Button } from '@mantine/core'
import { Component, type ReactElement, type ReactNode } from 'react'
import { bridge } from '../base/bridge.ts'
import { useWords } from '../base/i18n/index.ts'
import classes from './frame.module.css'
import { words } from './words.ts'

/** Never a blank window: what fails to render says so, and reloading brings it back from the ledger. */
export class ErrorBoundary extends Component<{ readonly children: ReactNode }, { readonly error: unknown }> {
  override state: { readonly error: unknown } = { error: null }

  static getDerivedStateFromError(error: unknown): { readonly error: unknown } {
    return { error }
  }

  override render(): ReactNode {
    return this.state.error === null ? this.props.children : <Crash error={this.state.error} />
  }
}

function Crash(props: { readonly error: unknown }): ReactElement {
  const t = useWords('shell', words)
  const detail =
    props.error instanceof Error ? `${props.error.message}\n${props.error.stack ?? ''}` : String(props.error)
  return (
    <div className={classes.crash} role="alert">
      <h1>{t('crash.title')}</h1>
      <p>{t('crash.text')}</p>
      <pre>{detail.split('\n', 1)[0]}</pre>
      <div className="row">
        <Button onClick={() => void bridge.invoke('window.reload', {})} autoFocus>
          {t('crash.reload')}
        </Button>
        <Button
          variant="default"
          onClick={() => void bridge.invoke('clipboard.write', { text: detail.slice(0, 50_000) })}
        >
          {t('copyDetails')}
        </Button>
      </div>
    </div>
  )
}
