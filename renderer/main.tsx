// First: its questions are answered while the rest is run.
import './first.ts'
import '@mantine/core/styles.css'
import './base/theme/tokens.css'
import './base/styles/base.css'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { problemText } from '../shared/problems.ts'
import { i18n, warmFormats } from './base/i18n/index.ts'
import { isSecondWindow } from './base/second-window.ts'
import { installScheme, installTheme } from './base/theme/install.ts'
import { App } from './frame/app.tsx'
import { start } from './start.ts'
import { useApp } from './state/app.ts'

/** How long an empty window may wait for its contents, in milliseconds. */
const patienceMs = 150

installTheme()
i18n.on('languageChanged', language => {
  document.documentElement.lang = language === 'zh' ? 'zh-CN' : language
})
// Until the settings are read, the machine's own: nothing is seen in another language first.
void i18n.changeLanguage(navigator.language.startsWith('zh') ? 'zh' : 'en')
const root = document.getElementById('root')
if (root !== null && globalThis.prescreen === undefined) {
  // Without the bridge nothing works, not even the choice of a language.
  root.textContent = `${problemText('internal', 'zh')} ${problemText('internal', 'en')}`
} else if (root !== null && isSecondWindow) {
  void import('./second.tsx').then(({ startSecondWindow }) => startSecondWindow(root))
} else if (root !== null) {
  const started = start()
  warmFormats()
  // Shown once with all that is known, rather than empty and then again with every answer; not for long, though.
  void Promise.race([started, new Promise(resolve => setTimeout(resolve, patienceMs))]).then(() => {
    installScheme(useApp.getState().settings.theme)
    createRoot(root).render(
      <StrictMode>
        <App />
      </StrictMode>,
    )
  })
}
