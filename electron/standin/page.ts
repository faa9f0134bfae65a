import type { Codec } from './codec.ts'
import { createDecoder, createEncoder } from './codec.ts'

/**
 * What runs in a page before its own scripts: the preload, with an `electron` that has what a sandboxed preload has.
 * `runPage` is turned into text and must not refer to anything outside of itself.
 */

/** Name of the function that a page pauses in to ask for a file's path (see file-paths.ts). */
export const pauseName = '__electronFilePaths'

/** Of a drop of thousands one question asks for so many: the page never stands still for long, nor for each. */
export const pathsAtOnce = 64

export interface PageParts {
  readonly pathsAtOnce: number
  readonly codec: Codec
  readonly call: (text: string) => Promise<string>
  readonly preload: ((require: unknown, module: { exports: unknown }, exports: unknown) => void) | null
}

export function preloadScript(binding: string, preload: string | null): string {
  return `(() => {
  const call = globalThis[${JSON.stringify(binding)}];
  delete globalThis[${JSON.stringify(binding)}];
  if (window !== window.top || !location.protocol.startsWith('http')) return;
  const toBase64 = bytes => {
    if (bytes.toBase64 !== undefined) return bytes.toBase64();
    let text = '';
    for (let at = 0; at < bytes.length; at += 8192) text += String.fromCharCode(...bytes.subarray(at, at + 8192));
    return btoa(text);
  };
  const fromBase64 = text =>
    Uint8Array.fromBase64 !== undefined ? Uint8Array.fromBase64(text) : Uint8Array.from(atob(text), c => c.charCodeAt(0));
  const codec = {
    encode: (${createEncoder.toString()})(toBase64),
    decode: (${createDecoder.toString()})(fromBase64),
  };
  const preload = ${preload === null ? 'null' : `(require, module, exports) => {\n${preload}\n}`};
  (${runPage.toString()})({ codec, call, preload, pathsAtOnce: ${pathsAtOnce} });
})()`
}

function runPage({ codec, call, preload, pathsAtOnce }: PageParts): void {
  const post = (message: unknown): void => {
    call(codec.encode(message)).catch(() => undefined)
  }
  const ask = async (message: unknown): Promise<unknown> => codec.decode(await call(codec.encode(message)))
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

  // ---- ipcRenderer
  const listeners = new Map<string, Set<(event: object, ...args: unknown[]) => void>>()
  const ipcRenderer = {
    async invoke(channel: string, ...args: unknown[]) {
      const answer = (await ask({ kind: 'invoke', channel, args })) as
        | { kind: 'value'; value: unknown }
        | { kind: 'error'; message: string }
      // Of an error only the message crosses.
      if (answer.kind === 'error') throw new Error(`Error invoking remote method '${channel}': ${answer.message}`)
      return answer.value
    },
    on(channel: string, listener: (event: object, ...args: unknown[]) => void) {
      const known = listeners.get(channel) ?? new Set()
      known.add(listener)
      listeners.set(channel, known)
      return ipcRenderer
    },
    removeListener(channel: string, listener: (event: object, ...args: unknown[]) => void) {
      listeners.get(channel)?.delete(listener)
      return ipcRenderer
    },
  }

  // ---- contextBridge: values are copied, functions are proxied, prototypes stay behind
  const copy = (value: unknown, depth = 0): unknown => {
    if (depth > 1000) throw new TypeError('Electron contextBridge recursion depth exceeded.')
    if (typeof value === 'symbol') throw new TypeError('An object could not be cloned.')
    if (typeof value === 'function') {
      return (...args: unknown[]) => {
        try {
          return copy(value(...args.map(item => copy(item))))
        } catch (error) {
          throw copyError(error)
        }
      }
    }
    if (typeof value !== 'object' || value === null) return value
    if (value instanceof Promise) {
      return value.then(
        result => copy(result),
        error => Promise.reject(copyError(error)),
      )
    }
    if (value instanceof Blob || value instanceof Element) return value
    if (value instanceof Error) return copyError(value)
    if (Array.isArray(value)) return value.map(item => copy(item, depth + 1))
    const isPlainData =
      ArrayBuffer.isView(value) ||
      value instanceof ArrayBuffer ||
      value instanceof Date ||
      value instanceof Map ||
      value instanceof Set ||
      value instanceof RegExp
    if (isPlainData) return structuredClone(value)
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, copy(item, depth + 1)]))
  }
  const copyError = (error: unknown): Error => new Error(error instanceof Error ? error.message : String(error))
  const freeze = (value: unknown): unknown => {
    if (typeof value === 'object' && value !== null && !ArrayBuffer.isView(value)) {
      for (const item of Object.values(value)) freeze(item)
      Object.freeze(value)
    }
    return value
  }
  const contextBridge = {
    exposeInMainWorld(key: string, api: unknown) {
      if (key in globalThis) throw new Error('Cannot bind an API on top of an existing property on the window object')
      Object.defineProperty(globalThis, key, { value: freeze(copy(api)), enumerable: true })
    },
  }

  // ---- webUtils: the path is asked for while the page stands still, because the call is synchronous
  const paths = new WeakMap<File, string>()
  const __electronFilePaths = (drop: string, files: readonly File[], block: number): readonly string[] => {
    // Written by the debugger; a constant would be optimised away.
    let found: readonly string[] = [drop, String(block), String(files.length)]
    // biome-ignore lint/suspicious/noDebugger: this is the question (see file-paths.ts).
    debugger
    found = Array.from(found)
    return found
  }
  const askForPaths = (drop: string, files: readonly File[], block: number): void => {
    const asked = files.slice(block * pathsAtOnce, (block + 1) * pathsAtOnce)
    const found = __electronFilePaths(drop, files, block)
    // Not answered: then it has none, rather than one that may be wrong.
    for (const [index, file] of asked.entries())
      paths.set(file, found.length === asked.length ? (found[index] ?? '') : '')
  }
  const nothing: readonly File[] = []
  let given = { drop: '', files: nothing, next: 0 }
  const keepFiles = (event: Event): void => {
    const { target } = event
    const files =
      event instanceof DragEvent
        ? event.dataTransfer?.files
        : event instanceof ClipboardEvent
          ? event.clipboardData?.files
          : target instanceof HTMLInputElement
            ? target.files
            : null
    if (files != null && files.length > 0) given = { drop: crypto.randomUUID(), files: Array.from(files), next: 0 }
  }
  for (const name of ['drop', 'paste', 'change']) addEventListener(name, keepFiles, { capture: true })
  const webUtils = {
    getPathForFile(file: unknown): string {
      if (!(file instanceof File)) throw new TypeError('getPathForFile needs a File')
      if (!paths.has(file)) {
        const { drop, files, next } = given
        const at = files.indexOf(file, next)
        const block = Math.floor(at / pathsAtOnce)
        if (at === -1) askForPaths(crypto.randomUUID(), [file], 0)
        else askForPaths(drop, files, block)
        // They are kept no longer than they are of use.
        if (at !== -1) given = { drop, files, next: (block + 1) * pathsAtOnce }
        if (given.next >= given.files.length) given = { drop: '', files: nothing, next: 0 }
      }
      return paths.get(file) ?? ''
    },
  }

  // ---- what a window of Electron does by itself
  let accelerators: readonly string[] = []
  const keyName = (event: KeyboardEvent): string =>
    [event.ctrlKey && 'ctrl', event.altKey && 'alt', event.shiftKey && 'shift', event.metaKey && 'meta', event.key]
      .filter(part => part !== false)
      .join('+')
      .toLowerCase()
  const isEditing = (): boolean => {
    const element = document.activeElement
    return element instanceof HTMLElement && (element.isContentEditable || /^(INPUT|TEXTAREA)$/.test(element.tagName))
  }
  const onKey = (event: KeyboardEvent): void => {
    // The page comes first; what it has used is no accelerator. Nor is what a text field undoes by itself with Ctrl;
    // with ⌘ Chromium leaves that to the menu, on macOS.
    if (event.defaultPrevented || event.isComposing || event.keyCode === 229) return
    const name = keyName(event)
    if (!accelerators.includes(name)) return
    if (isEditing() && /^ctrl\+(shift\+)?[zyxcva]$/.test(name)) return
    event.preventDefault()
    post({ kind: 'accelerator', name })
  }
  addEventListener(
    'keydown',
    () => {
      // Added anew while the key goes down, so that it is the last of the page's listeners to hear of it.
      removeEventListener('keydown', onKey)
      addEventListener('keydown', onKey)
    },
    { capture: true },
  )
  window.open = (url, target, features) => {
    const href = new URL(String(url ?? 'about:blank'), location.href).href
    post({ kind: 'open', url: href, frameName: target ?? '', features: features ?? '' })
    return null
  }
  for (const name of ['focus', 'blur', 'resize']) addEventListener(name, () => post({ kind: 'window', event: name }))

  // ---- messages from the main process, fetched one batch after the other for as long as this document lives
  const documentId = crypto.randomUUID()
  const receive = async (): Promise<never> => {
    for (;;) {
      const messages = (await ask({ kind: 'receive', documentId })) as { channel: string; args: unknown[] }[]
      for (const { channel, args } of messages) {
        if (channel === '') {
          accelerators = args as string[]
          continue
        }
        for (const listener of listeners.get(channel) ?? []) {
          try {
            listener({}, ...args)
          } catch (error) {
            reportError(error)
          }
        }
      }
    }
  }
  post({ kind: 'document', documentId })
  receive().catch(() => undefined)

  if (preload === null) return
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
