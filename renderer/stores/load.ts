import type { Settings } from '../../shared/settings.ts'
import { invoke } from '../bridge.ts'
import { act, learnProfiles, learnSettings } from './app.ts'

/** Saves a part of the settings and makes it known to the window. */
export async function saveSettings(patch: Partial<Settings>): Promise<void> {
  const settings = await invoke('settings.set', patch)
  if (settings !== undefined) act(learnSettings, settings)
}

export async function reloadProfiles(): Promise<void> {
  const profiles = await invoke('profiles.list', {})
  if (profiles !== undefined) act(learnProfiles, profiles)
}
