import type { Codec } from '../codec.ts'
import type { createContextBridge } from './context-bridge.ts'
import type { createIpcRenderer } from './ipc-renderer.ts'
import type { createPopupMenu } from './popup-menu.ts'
import type { receiveMessages } from './receive-messages.ts'
import type { createWebUtils } from './web-utils.ts'
import type { addWindowBehaviour } from './window-behaviour.ts'

/** All that a page has before its own scripts: it can refer to nothing else. */
export interface PageParts {
  readonly pathsAtOnce: number
  readonly codec: Codec
  readonly call: (text: string) => Promise<string>
  readonly preload: ((require: unknown, module: { exports: unknown }, exports: unknown) => void) | null
  readonly createIpcRenderer: typeof createIpcRenderer
  readonly createContextBridge: typeof createContextBridge
  readonly createWebUtils: typeof createWebUtils
  readonly addWindowBehaviour: typeof addWindowBehaviour
  readonly createPopupMenu: typeof createPopupMenu
  readonly receiveMessages: typeof receiveMessages
}

/** Puts the parts together and runs the preload on them. Self-contained (see script.ts). */
export function runPage({ codec, call, preload, pathsAtOnce, ...parts }: PageParts): void {
  const post = (message: unknown): void => {
    call(codec.encode(message)).catch(() => undefined)
  }
  const ask = async (message: unknown): Promise<unknown> => codec.decode(await call(codec.encode(message)))
  const { ipcRenderer, emit } = parts.createIpcRenderer(ask)
  const contextBridge = parts.createContextBridge()
  const webUtils = parts.createWebUtils(pathsAtOnce)
  const { setAccelerators } = parts.addWindowBehaviour(post)
  const { show } = parts.createPopupMenu(post)
  parts.receiveMessages(ask, post, { emit, setAccelerators, showMenu: show })

  if (preload === null) return
  const harmless = ['then', 'toJSON', 'default', '__esModule']
  const strictly = <T extends object>(name: string, object: T): T =>
    new Proxy(object, {
      get(target, key, receiver) {
        if (typeof key === 'string' && !(key in target) && !harmless.includes(key)) {
          throw new Error(`${name}.${key} is not implemented in the stand-in for Electron's sandboxed preload`)
        }
        return Reflect.get(target, key, receiver)
      },
    })
  const electron = strictly('electron', {
    contextBridge: strictly('contextBridge', contextBridge),
    ipcRenderer: strictly('ipcRenderer', ipcRenderer),
    webUtils: strictly('webUtils', webUtils),
  })
  const require = (name: string): unknown => {
    if (name === 'electron') return electron
    throw new Error(`module not found: ${name} (a sandboxed preload may require only 'electron')`)
  }
  const module = { exports: {} }
  preload(require, module, module.exports)
}
