import process from 'node:process'

/** The child's end of the conversation of child-process.ts. */

/** How often a running job's memory is looked at; a decoder fills some 100 MB in this time. */
const memoryWatchMs = 50

/** Calls `onOver` while this process holds more than it may, until it is disposed of. */
export function watchMemory(memoryMb: number, onOver: (residentMb: number) => void): Disposable {
  const watch = setInterval(() => {
    const residentMb = process.memoryUsage.rss() / 1e6
    if (residentMb > memoryMb) onOver(residentMb)
  }, memoryWatchMs)
  return { [Symbol.dispose]: () => clearInterval(watch) }
}

/** Speaks through whichever channel this process was started with, and ends when the engine does. */
export function openParentPort<Message extends object>(
  receive: (message: unknown) => void,
): (message: Message) => void {
  const port = utilityPort()
  if (port !== null) {
    port.on('message', event => receive(event.data))
    return message => port.postMessage(message)
  }
  process.on('message', receive)
  // Not exit(): that waits for the decoder at work.
  process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'))
  return message => process.send?.(message)
}

interface UtilityPort {
  on(event: 'message', listener: (event: { readonly data: unknown }) => void): void
  postMessage(message: unknown): void
}

/** Electron's side of a utility process; absent under Node. */
function utilityPort(): UtilityPort | null {
  const port: unknown = Reflect.get(process, 'parentPort')
  return isUtilityPort(port) ? port : null
}

function isUtilityPort(port: unknown): port is UtilityPort {
  return typeof port === 'object' && port !== null && 'postMessage' in port && 'on' in port
}
