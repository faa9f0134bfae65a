import { type ComponentType, lazy } from 'react'

const modules = import.meta.glob<Readonly<Record<string, ComponentType>>>([
  '../profiles/profiles-view.tsx',
  '../profiles/profile-switcher.tsx',
  '../settings/settings-view.tsx',
  '../queue/queue-view.tsx',
  '../history/history-view.tsx',
  '../reports/export-dialog.tsx',
  '../palette/palette.tsx',
  '../palette/keys-help.tsx',
])
const nothing: ComponentType = () => null
const part = (path: string, name: string) =>
  lazy(async () => ({ default: (await modules[path]?.())?.[name] ?? nothing }))

export const ProfilesView = part('../profiles/profiles-view.tsx', 'ProfilesView')
export const ProfileSwitcher = part('../profiles/profile-switcher.tsx', 'ProfileSwitcher')
export const SettingsView = part('../settings/settings-view.tsx', 'SettingsView')
export const QueueView = part('../queue/queue-view.tsx', 'QueueView')
export const QueueMeter = part('../queue/queue-view.tsx', 'QueueMeter')
export const HistoryView = part('../history/history-view.tsx', 'HistoryView')
export const ExportDialog = part('../reports/export-dialog.tsx', 'ExportDialog')
export const CommandPalette = part('../palette/palette.tsx', 'CommandPalette')
export const KeysHelp = part('../palette/keys-help.tsx', 'KeysHelp')
