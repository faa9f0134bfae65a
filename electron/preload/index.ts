import { contextBridge, ipcRenderer, webUtils } from 'electron'
import { callChannel, eventChannel, loupeQuery } from '../../shared/channels.ts'
import type { Bridge, CallName, EventName, Events } from '../../shared/ipc.ts'

/**
 * The one bridge between window and main process. The main process checks every call; here only the shape is fixed:
 * no channel can be named and no Electron object crosses. Types only from the contract, or its schemas would be
 * bundled into a script that runs before the page.
 */
const windowEvents: Readonly<Record<EventName, boolean>> = {
  plan: true,
  batch: true,
  grid: true,
  queue: true,
  problem: true,
  exportProgress: true,
  pastTrial: true,
  spanProgress: true,
  looksProgress: true,
  storeProgress: true,
  command: true,
  opened: true,
  goTo: true,
  loupeView: false,
  loupeClosed: true,
}

/** The second window shows what it is told, and can ask for that; the main process refuses it anything else as well. */
const isLoupe = location.search === loupeQuery
const loupeCalls: readonly CallName[] = ['loupe.look', 'loupe.toggle', 'asset.detail']
const mayHear = (name: EventName): boolean =>
  isLoupe ? name === 'loupeView' : Object.hasOwn(windowEvents, name) && windowEvents[name]

const listeners = new Map<string, Set<(event: unknown) => void>>()
ipcRenderer.on(eventChannel, (_event, name, payload) => {
  for (const listener of listeners.get(name) ?? []) listener(payload)
})

const bridge: Bridge = {
  invoke: async (name, input) => {
    if (isLoupe && !loupeCalls.includes(name)) return { ok: false, error: { code: 'bad_sender', detail: name } }
    return ipcRenderer.invoke(callChannel, name, input)
  },
  on: (name, listener) => {
    if (!mayHear(name)) throw new TypeError(`No such event: ${name}`)
    const known = listeners.get(name) ?? new Set()
    listeners.set(name, known)
    // The main process sends each event in its own form (docs: the contract); this is where it enters.
    const deliver = (event: unknown) => listener(event as Events[typeof name])
    known.add(deliver)
    return () => {
      known.delete(deliver)
    }
  },
  pathOf: file => (!isLoupe && file instanceof File ? webUtils.getPathForFile(file) : ''),
}

contextBridge.exposeInMainWorld('prescreen', bridge)
