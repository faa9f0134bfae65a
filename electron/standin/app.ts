import { spawn } from 'node:child_process'
import { join } from 'node:path'
import process from 'node:process'
import type { App, RelaunchOptions } from 'electron'
import { isControlled, onCommand, report } from './control.ts'
import { emitterMethods, preventable } from './events.ts'
import { lifecycle, onlyBeforeReady } from './lifecycle.ts'
import { getPath, readManifest, setPath } from './paths.ts'
import { asHandedOver, releaseInstanceLock, takeInstanceLock } from './single-instance.ts'
import { strict } from './strict.ts'
import { closeAllWindows, closeBrowser, windowCount } from './windows.ts'

const manifest = readManifest(process.argv[1] ?? process.cwd())
let lock: ReturnType<typeof takeInstanceLock> = null
const relaunches: RelaunchOptions[] = []
let state: 'running' | 'quitting' | 'exiting' = 'running'

const methods = {
  isPackaged: false,
  name: manifest.name,
  whenReady: lifecycle.whenReady,
  isReady: lifecycle.isReady,
  getName: () => manifest.name,
  getVersion: () => manifest.version,
  // The language of the machine, as the browser will have it too (see browser.ts).
  getLocale: () => Intl.DateTimeFormat().resolvedOptions().locale,
  getPath: (name: string) => getPath(name, manifest.name),
  setPath(name: string, path: string) {
    onlyBeforeReady('app.setPath')
    setPath(name, path)
  },
  setAppUserModelId: () => undefined,
  enableSandbox: () => onlyBeforeReady('app.enableSandbox'),
  requestSingleInstanceLock(additionalData?: Record<string, unknown>): boolean {
    onlyBeforeReady('app.requestSingleInstanceLock')
    if (lock !== null) return true
    const invocation = { argv: process.argv, cwd: process.cwd(), additionalData: additionalData ?? null }
    lock = takeInstanceLock(getPath('userData', manifest.name), invocation, second => {
      void lifecycle.whenReady().then(() => {
        lifecycle.emitter.emit('second-instance', {}, asHandedOver(second.argv), second.cwd, second.additionalData)
      })
    })
    return lock !== null
  },
  hasSingleInstanceLock: () => lock !== null,
  quit(): void {
    // After whatever is running now, as in Electron.
    setImmediate(() => {
      if (state !== 'running') return
      state = 'quitting'
      if (isPrevented('before-quit')) {
        state = 'running'
        return
      }
      if (windowCount() > 0) closeAllWindows()
      finishQuitting()
    })
  },
  relaunch(options: RelaunchOptions = {}): void {
    relaunches.push(options)
  },
  exit(code = 0): void {
    if (state === 'exiting') return
    state = 'exiting'
    lifecycle.emitter.emit('quit', {}, code)
    if (lock !== null) releaseInstanceLock(lock)
    void closeBrowser().finally(() => {
      for (const options of relaunches) relaunch(options)
      process.exit(code)
    })
  },
} satisfies { [Name in keyof Partial<App>]: unknown }

/** Starts the program anew once this process has released everything, as often as it was asked for. Under test it is only reported. */
function relaunch({ args = process.argv.slice(1), execPath = process.execPath }: RelaunchOptions): void {
  report({ kind: 'relaunch', args })
  if (isControlled) return
  // Where Electron has its program alone, the stand-in has Node and its own entry.
  const entry = execPath === process.execPath ? [join(import.meta.dirname, 'run.ts')] : []
  spawn(execPath, [...entry, ...args], { detached: true, stdio: 'inherit' }).unref()
}

function isPrevented(name: 'before-quit' | 'will-quit'): boolean {
  const event = preventable({})
  lifecycle.emitter.emit(name, event)
  return event.defaultPrevented
}

function finishQuitting(): void {
  if (!isPrevented('will-quit')) app.exit(0)
  else state = 'running'
}

/** Called when the last window has gone: without a listener the program ends, as in Electron. */
export function afterLastWindow(): void {
  if (state !== 'running') return
  if (!lifecycle.emitter.emit('window-all-closed')) app.quit()
}

export const app = strict('app', { ...emitterMethods(lifecycle.emitter), ...methods })

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => app.quit())
onCommand('quit', () => app.quit())
onCommand('open-file', ({ path }) => lifecycle.emitter.emit('open-file', preventable({}), path))
