import '@mantine/core/styles.css'
import '@mantine/notifications/styles.css'
import '@mantine/spotlight/styles.css'
import './theme/tokens.css'
import './styles/base.css'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { problemText } from '../shared/problems.ts'
import { App } from './app.tsx'
import { i18n } from './i18n/index.ts'
import { start } from './start.ts'
import { installTheme } from './theme/install.ts'

installTheme()
i18n.on('languageChanged', language => {
  document.documentElement.lang = language === 'zh' ? 'zh-CN' : 'en'
})
// Until the settings are read, the machine's own: nothing is seen in another language first.
void i18n.changeLanguage(navigator.language.startsWith('zh') ? 'zh' : 'en')
const root = document.getElementById('root')
if (root !== null && globalThis.prescreen === undefined) {
  // Without the bridge nothing works, not even the choice of a language.
  root.textContent = `${problemText('internal', 'zh')} ${problemText('internal', 'en')}`
} else if (root !== null) {
  createRoot(root).render(
    <StrictMode>
      <App />
    </StrictMode>,
  )
  void start()
}
