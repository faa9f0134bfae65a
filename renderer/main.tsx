import '@mantine/core/styles.css'
import '@mantine/notifications/styles.css'
import '@mantine/spotlight/styles.css'
import './theme/tokens.css'
import './styles/base.css'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { problemText } from '../shared/problems.ts'
import { App } from './app.tsx'
import { start } from './start.ts'
import { installTheme } from './theme/install.ts'

installTheme()
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
