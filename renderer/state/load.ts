import type { Settings } from '../../shared/settings.ts'
import { invoke } from '../base/bridge.ts'
import { dispatch, setProfiles, setSettings, useApp } from './app.ts'

let savesUnderWay = 0

/**
 * Saves a part of the settings. The window knows it at once: a second choice, made before the first is saved, builds on it. What the
 * program made of them all, or refused, comes with the last answer.
 */
export async function saveSettings(patch: Partial<Settings>): Promise<void> {
  dispatch(setSettings, { ...useApp.getState().settings, ...patch })
  savesUnderWay += 1
  const saved = await invoke('settings.set', patch)
  savesUnderWay -= 1
  if (savesUnderWay > 0) return
  const settings = saved ?? (await invoke('settings.get', {}))
  if (settings !== undefined && savesUnderWay === 0) dispatch(setSettings, settings)
}

export async function reloadProfiles(): Promise<void> {
  const profiles = await invoke('profiles.list', {})
  if (profiles !== undefined) dispatch(setProfiles, profiles)
}
