import { lazy } from 'react'

/** Views and dialogs that are loaded when they are first shown, so that the grid is there sooner. */
export const ProfilesView = lazy(async () => ({
  default: (await import('../features/profiles/profiles-view.tsx')).ProfilesView,
}))
export const SettingsView = lazy(async () => ({
  default: (await import('../features/settings/settings-view.tsx')).SettingsView,
}))
export const QueueView = lazy(async () => ({ default: (await import('../features/queue/queue-view.tsx')).QueueView }))
export const HistoryView = lazy(async () => ({
  default: (await import('../features/history/history-view.tsx')).HistoryView,
}))
export const ExportDialog = lazy(async () => ({
  default: (await import('../features/reports/export-dialog.tsx')).ExportDialog,
}))
export const CommandPalette = lazy(async () => ({
  default: (await import('../features/palette/palette.tsx')).CommandPalette,
}))
export const KeysHelp = lazy(async () => ({ default: (await import('../features/palette/keys-help.tsx')).KeysHelp }))
export const PlanDialog = lazy(async () => ({ default: (await import('../features/drop/plan-dialog.tsx')).PlanDialog }))
export const ConfirmDecision = lazy(async () => ({
  default: (await import('../features/review/confirm.tsx')).ConfirmDecision,
}))
export const NoteDialog = lazy(async () => ({
  default: (await import('../features/review/note-dialog.tsx')).NoteDialog,
}))
export const AboutDialog = lazy(async () => ({ default: (await import('./about.tsx')).AboutDialog }))
export const NoticeStack = lazy(async () => ({ default: (await import('../base/notice-stack.tsx')).NoticeStack }))
