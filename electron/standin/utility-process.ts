import { fork } from 'node:child_process'
import type { UtilityProcess } from 'electron'
import { createEmitter, emitterMethods } from './events.ts'
import { onlyAfterReady } from './lifecycle.ts'
import { strict } from './strict.ts'

/** In the child: `process.parentPort`, over the channel that fork gives. */
const childPort = `
const { EventEmitter } = await import('node:events')
const port = new EventEmitter()
port.postMessage = message => process.send?.(message, () => undefined)
process.on('message', data => port.emit('message', { data, ports: [] }))
process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'))
Object.defineProperty(process, 'parentPort', { value: port })`

export const utilityProcess = strict('utilityProcess', {
  fork(
    modulePath: string,
    args: readonly string[] = [],
    options: { readonly env?: Record<string, string>; readonly stdio?: unknown; readonly serviceName?: string } = {},
  ) {
    onlyAfterReady('utilityProcess.fork')
    const child = fork(modulePath, args, {
      ...(options.env === undefined ? {} : { env: options.env }),
      execArgv: ['--import', `data:text/javascript,${encodeURIComponent(childPort)}`],
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
      windowsHide: true,
    })
    const emitter = createEmitter()
    child.on('message', message => emitter.emit('message', message))
    let isRunning = false
    child.once('spawn', () => {
      isRunning = true
      emitter.emit('spawn')
    })
    child.once('exit', code => {
      isRunning = false
      emitter.emit('exit', code ?? 1)
    })
    child.once('error', () => emitter.emit('exit', 1))
    return strict('UtilityProcess', {
      ...emitterMethods(emitter),
      // Electron starts it later: until `spawn` there is no process to name or to end.
      get pid() {
        return isRunning ? child.pid : undefined
      },
      postMessage(message: unknown): void {
        if (child.connected) child.send(structuredClone(message) as object, () => undefined)
      },
      kill: () => isRunning && child.kill('SIGTERM'),
    } satisfies Pick<UtilityProcess, 'postMessage' | 'kill'> & object)
  },
})
