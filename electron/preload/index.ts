import { contextBridge, ipcRenderer, webUtils } from 'electron'
import { callChannel, eventChannel } from '../../shared/channels.ts'
import type { Bridge, EventName, Events } from '../../shared/ipc.ts'

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
  pastTrial: true,
  spanProgress: true,
  storeProgress: true,
  command: true,
  opened: true,
  goTo: true,
}

const listeners = new Map<string, Set<(event: unknown) => void>>()
ipcRenderer.on(eventChannel, (_event, name, payload) => {
  for (const listener of listeners.get(name) ?? []) listener(payload)
})

const bridge: Bridge = {
  invoke: (name, input) => ipcRenderer.invoke(callChannel, name, input),
  on: (name, listener) => {
    if (!Object.hasOwn(knownEvents, name)) throw new TypeError(`No such event: ${name}`)
    const known = listeners.get(name) ?? new Set()
    listeners.set(name, known)
    // The main process sends each event in its own form (docs: the contract); this is where it enters.
    const deliver = (event: unknown) => listener(event as Events[typeof name])
    known.add(deliver)
    return () => {
      known.delete(deliver)
    }
  },
  pathOf: file => (file instanceof File ? webUtils.getPathForFile(file) : ''),
}

contextBridge.exposeInMainWorld('prescreen', bridge)
