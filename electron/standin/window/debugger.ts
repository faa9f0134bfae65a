import type { CDPSession, Page } from 'playwright'
import { createEmitter, emitterMethods } from '../events.ts'
import { strict } from '../strict.ts'

/** The debugger of a window's page; as in Electron, commands may be sent once it is attached. */
export function createDebugger(page: () => Page | null) {
  const emitter = createEmitter()
  let session: Promise<CDPSession> | null = null
  return strict('webContents.debugger', {
    ...emitterMethods(emitter),
    isAttached: () => session !== null,
    attach(_protocolVersion?: string): void {
      const attached = page()
      if (attached === null) throw new Error('The window is closed')
      session = attached
        .context()
        .newCDPSession(attached)
        .then(made => {
          made.on('event', ({ method, params }) => {
            if (method !== 'Inspector.detached') emitter.emit('message', {}, method, params ?? {}, '')
          })
          made.once('close', () => {
            session = null
            emitter.emit('detach', {}, 'target closed')
          })
          return made
        })
      // Told to the first command.
      session.catch(() => undefined)
    },
    async sendCommand(method: string, params: object = {}): Promise<object> {
      if (session === null) throw new Error('No target available')
      return await (await session).send(method as 'Page.enable', params as never)
    },
  })
}
