import type { OwnMessage } from '../window/own-message.ts'
import type { Ask } from './ipc-renderer.ts'
import type { Popup } from './popup-menu.ts'

export interface MessageHandlers {
  readonly emit: (channel: string, args: readonly unknown[]) => void
  readonly setAccelerators: (names: readonly string[]) => void
  readonly showMenu: (popup: Popup) => void
}

/**
 * Fetches the messages of the main process, one batch after the other for as long as this document lives. Those without
 * a channel are the stand-in's own. Self-contained (see script.ts).
 */
export function receiveMessages(
  ask: Ask,
  post: (message: unknown) => void,
  { emit, setAccelerators, showMenu }: MessageHandlers,
): void {
  const documentId = crypto.randomUUID()
  const receive = async (): Promise<never> => {
    for (;;) {
      const messages = (await ask({ kind: 'receive', documentId })) as { channel: string; args: unknown[] }[]
      for (const { channel, args } of messages) {
        if (channel !== '') {
          emit(channel, args)
          continue
        }
        const [own] = args as [OwnMessage]
        if (own.kind === 'accelerators') setAccelerators(own.names)
        else showMenu(own.popup)
      }
    }
  }
  post({ kind: 'document', documentId })
  receive().catch(() => undefined)
}
