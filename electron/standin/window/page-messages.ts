import type { Frame } from 'playwright'
import { codec } from '../codec.ts'
import { type InvokeEvent, invoke, type SenderFrame } from '../ipc.ts'
import { accelerators } from '../menu.ts'
import { fromBrowserUrl } from '../protocol.ts'
import { refreshBounds } from './geometry.ts'
import { askToOpen } from './navigation.ts'
import { sendAccelerators, setFocused, type WindowState } from './state.ts'

type PageMessage =
  | { kind: 'invoke'; channel: string; args: unknown[] }
  | { kind: 'receive'; documentId: string }
  | { kind: 'document'; documentId: string }
  | { kind: 'accelerator'; name: string }
  | { kind: 'open'; url: string; frameName: string; features: string }
  | { kind: 'popup'; id: number | null }
  | { kind: 'window'; event: 'focus' | 'blur' | 'resize' }

/** Does what a page asks for (see page/); message and answer are text of the codec. `sender` is its webContents. */
export async function answerPageMessage(
  state: WindowState,
  sender: unknown,
  frame: Frame,
  text: string,
): Promise<string> {
  const message = codec.decode(text) as PageMessage
  switch (message.kind) {
    case 'invoke':
      return answerInvoke({ sender, senderFrame: senderFrame(frame) }, message.channel, message.args)
    case 'document':
      state.mailbox.startDocument(message.documentId)
      sendAccelerators(state)
      return codec.encode(null)
    case 'receive':
      return state.mailbox.receive(message.documentId)
    case 'accelerator':
      accelerators().get(message.name)?.()
      return codec.encode(null)
    case 'open':
      askToOpen(state, message)
      return codec.encode(null)
    case 'popup':
      state.answerPopup?.(message.id)
      return codec.encode(null)
    case 'window':
      onWindowEvent(state, message.event)
      return codec.encode(null)
  }
}

async function answerInvoke(event: InvokeEvent, channel: string, args: readonly unknown[]): Promise<string> {
  const answer = await invoke(event, channel, args)
  try {
    return codec.encode(answer)
  } catch (error) {
    return codec.encode({ kind: 'error', message: String(error) })
  }
}

function senderFrame(frame: Frame): SenderFrame | null {
  if (frame.isDetached()) return null
  const url = fromBrowserUrl(frame.url())
  const parent = frame.parentFrame()
  const { protocol, host } = new URL(url)
  return { url, origin: `${protocol}//${host}`, parent: parent === null ? null : senderFrame(parent) }
}

function onWindowEvent(state: WindowState, name: 'focus' | 'blur' | 'resize'): void {
  if (name !== 'resize') setFocused(state, name === 'focus')
  else if (state.page !== null) {
    refreshBounds(state, state.page).then(
      () => state.windowEvents.emit('resize'),
      () => undefined,
    )
  }
}
