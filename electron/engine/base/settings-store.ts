/** Key-value settings file: electron-store in the window, conf in the command line (same file). */
export interface SettingsStore {
  get(key: string): unknown
  set(key: string, value: unknown): void
  delete(key: string): void
}
