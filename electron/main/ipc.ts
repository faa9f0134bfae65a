import { ipcMain, type WebContents } from 'electron'
import { callChannel, eventChannel } from '../../shared/channels.ts'
import type { Language } from '../../shared/language.ts'
import { dispatch, type Handlers } from './dispatch.ts'
import { describeError, log } from './log.ts'
import type { Caller } from './policies/loupe.ts'
import type { Message } from './policies/outbox.ts'

/** The only file that touches `ipcMain`: one channel for calls, one for events. */
export function serveCalls(
  handlers: Handlers,
  language: () => Language,
  callerOf: (contents: WebContents) => Caller,
): void {
  ipcMain.handle(callChannel, (event, name: unknown, input: unknown) =>
    dispatch(
      handlers,
      event.senderFrame,
      name,
      input,
      (call, error) => log('call failed', { call, error: describeError(error) }),
      language,
      callerOf(event.sender),
    ),
  )
}

export function sendTo(contents: WebContents, message: Message): void {
  if (!contents.isDestroyed()) contents.send(eventChannel, message.name, message.event)
}
