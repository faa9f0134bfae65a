import { contextBridge, ipcRenderer, webUtils } from 'electron'
import type { Bridge, EventName } from '../../shared/ipc.ts'
import { callChannel, eventChannel } from './channels.ts'

/**
 * The one bridge between window and main process. The main process checks every call; here only the shape is fixed:
 * no channel can be named and no Electron object crosses. Types only from the contract, or its schemas would be
 * bundled into a script that runs before the page.
 */
const knownEvents: Readonly<Record<EventName, true>> = {
  plan: true,
  batch: true,
  grid: true,
  queue: true,
  problem: true,
  exportProgress: true,
  command: true,
  opened: true,
}

const listeners = new Map<string, Set<(event: never) => void>>()
ipcRenderer.on(eventChannel, (_event, ...[name, payload]: [name: string, payload: never]) => {
  for (const listener of listeners.get(name) ?? []) listener(payload)
})

const bridge: Bridge = {
  invoke: (name, input) => ipcRenderer.invoke(callChannel, name, input),
  on: (name, listener) => {
    if (!Object.hasOwn(knownEvents, name)) throw new TypeError(`No such event: ${name}`)
    const known = listeners.get(name) ?? new Set()
    listeners.set(name, known)
    known.add(listener)
    return () => {
      known.delete(listener)
    }
  },
  pathOf: file => (file instanceof File ? webUtils.getPathForFile(file) : ''),
}

contextBridge.exposeInMainWorld('prescreen', bridge)
