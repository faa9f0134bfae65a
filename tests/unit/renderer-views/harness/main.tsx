/// <reference types="vite/client" />
import '@mantine/core/styles.css'
import '@mantine/notifications/styles.css'
import '@mantine/spotlight/styles.css'
import '../../../../renderer/base/theme/tokens.css'
import './harness.css'
import { MantineProvider } from '@mantine/core'
import { Notifications } from '@mantine/notifications'
import { spotlight } from '@mantine/spotlight'
import { createRoot } from 'react-dom/client'
import { i18n } from '../../../../renderer/base/i18n/index.ts'
import { theme } from '../../../../renderer/base/theme/index.ts'
import { installTheme } from '../../../../renderer/base/theme/install.ts'
import { HistoryView } from '../../../../renderer/features/history/history-view.tsx'
import { KeysHelp } from '../../../../renderer/features/palette/keys-help.tsx'
import { CommandPalette } from '../../../../renderer/features/palette/palette.tsx'
import { ProfileSwitcher } from '../../../../renderer/features/profiles/profile-switcher.tsx'
import { ProfilesView } from '../../../../renderer/features/profiles/profiles-view.tsx'
import { QueueMeter } from '../../../../renderer/features/queue/queue-meter.tsx'
import { QueueView } from '../../../../renderer/features/queue/queue-view.tsx'
import { ExportDialog } from '../../../../renderer/features/reports/export-dialog.tsx'
import { SettingsView } from '../../../../renderer/features/settings/settings-view.tsx'
import { start } from '../../../../renderer/start.ts'
import { useApp } from '../../../../renderer/state/app.ts'

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
