/// <reference types="vite/client" />
import '@mantine/core/styles.css'
import '@mantine/notifications/styles.css'
import '@mantine/spotlight/styles.css'
import '../../../../renderer/theme/tokens.css'
import './harness.css'
import { MantineProvider } from '@mantine/core'
import { Notifications } from '@mantine/notifications'
import { spotlight } from '@mantine/spotlight'
import { createRoot } from 'react-dom/client'
import { HistoryView } from '../../../../renderer/history/history-view.tsx'
import { i18n } from '../../../../renderer/i18n/index.ts'
import { KeysHelp } from '../../../../renderer/palette/keys-help.tsx'
import { CommandPalette } from '../../../../renderer/palette/palette.tsx'
import { ProfileSwitcher } from '../../../../renderer/profiles/profile-switcher.tsx'
import { ProfilesView } from '../../../../renderer/profiles/profiles-view.tsx'
import { QueueMeter } from '../../../../renderer/queue/queue-meter.tsx'
import { QueueView } from '../../../../renderer/queue/queue-view.tsx'
import { ExportDialog } from '../../../../renderer/reports/export-dialog.tsx'
import { SettingsView } from '../../../../renderer/settings/settings-view.tsx'
import { start } from '../../../../renderer/start.ts'
import { useApp } from '../../../../renderer/stores/app.ts'
import { theme } from '../../../../renderer/theme/index.ts'
import { installTheme } from '../../../../renderer/theme/install.ts'

const given = new URLSearchParams(location.search)
const views = { profiles: ProfilesView, settings: SettingsView, queue: QueueView, history: HistoryView } as const

function Harness() {
  const view = useApp(state => state.view)
  const overlay = useApp(state => state.overlay)
  const View = view === 'grid' ? () => null : views[view]
  return (
    <MantineProvider
      theme={theme}
      forceColorScheme={given.get('theme') === 'dark' ? 'dark' : 'light'}
      withCssVariables={false}
      withGlobalClasses={false}
      deduplicateInlineStyles={false}
    >
      <Notifications position="bottom-right" />
      <header className="bar">
        <ProfileSwitcher />
        <QueueMeter />
      </header>
      <main>
        <View />
      </main>
      <CommandPalette />
      {overlay === 'export' && <ExportDialog />}
      {overlay === 'keys' && <KeysHelp />}
    </MantineProvider>
  )
}

installTheme()
await i18n.changeLanguage(given.get('language') === 'en' ? 'en' : 'zh')
const root = document.getElementById('root')
if (root !== null) createRoot(root).render(<Harness />)
await start()
const wanted = given.get('view') ?? 'profiles'
if (wanted === 'export' || wanted === 'keys') useApp.setState({ overlay: wanted })
else if (wanted === 'palette') spotlight.open()
else if (wanted in views) useApp.setState({ view: wanted as keyof typeof views })
