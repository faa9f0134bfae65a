import { registerHooks } from 'node:module'
import { resolve } from 'node:path'
import process from 'node:process'
import { pathToFileURL } from 'node:url'

/**
 * `node electron/standin/run.ts MAIN ARGS…` runs the built main process where there is no Electron: the module name
 * `electron` means the stand-in, and `ready` comes when MAIN has been evaluated.
 */
const [, , main, ...args] = process.argv
if (main === undefined) throw new Error('usage: run.ts MAIN ARGS…')
const entry = resolve(main)
// As Electron has it in development: the program, the application, its arguments.
process.argv = [process.execPath, entry, ...args]
Object.defineProperty(process, 'type', { value: 'browser' })

const standin = new URL('./electron.ts', import.meta.url).href
registerHooks({
  resolve: (specifier, context, next) =>
    specifier === 'electron' ? { url: standin, shortCircuit: true } : next(specifier, context),
})

let isEvaluated = false
process.on('exit', () => {
  if (isEvaluated) return
  process.stderr.write(
    'The main module waits at its top level for what comes only after it: Electron would hang here.\n',
  )
})
const { lifecycle } = await import('./lifecycle.ts')
await import(pathToFileURL(entry).href)
isEvaluated = true
lifecycle.becomeReady()
