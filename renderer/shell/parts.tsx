import { lazy } from 'react'

/** Views and dialogs that are loaded when they are first shown, so that the grid is there sooner. */
export const ProfilesView = lazy(async () => ({
  default: (await import('../profiles/profiles-view.tsx')).ProfilesView,
}))
export const SettingsView = lazy(async () => ({
  default: (await import('../settings/settings-view.tsx')).SettingsView,
}))
export const QueueView = lazy(async () => ({ default: (await import('../queue/queue-view.tsx')).QueueView }))
export const HistoryView = lazy(async () => ({ default: (await import('../history/history-view.tsx')).HistoryView }))
export const ExportDialog = lazy(async () => ({ default: (await import('../reports/export-dialog.tsx')).ExportDialog }))
export const CommandPalette = lazy(async () => ({ default: (await import('../palette/palette.tsx')).CommandPalette }))
export const KeysHelp = lazy(async () => ({ default: (await import('../palette/keys-help.tsx')).KeysHelp }))
export const PlanDialog = lazy(async () => ({ default: (await import('../drop/plan-dialog.tsx')).PlanDialog }))
export const ConfirmDecision = lazy(async () => ({ default: (await import('../review/confirm.tsx')).ConfirmDecision }))
export const NoteDialog = lazy(async () => ({ default: (await import('../review/note-dialog.tsx')).NoteDialog }))
export const AboutDialog = lazy(async () => ({ default: (await import('./about.tsx')).AboutDialog }))
export const NoticeStack = lazy(async () => ({ default: (await import('./notice-stack.tsx')).NoticeStack }))
