import { scheme, windowHost } from './address.ts'

/** The part of Electron's WebFrameMain that trust depends on; null once the frame has gone or navigated. */
export type Sender = { readonly url: string; readonly parent: unknown } | null

/** Only the top frame of the window's own origin may call; anything in doubt may not. */
export function isTrustedSender(frame: Sender): boolean {
  if (frame === null || frame.parent !== null) return false
  try {
    const url = new URL(frame.url)
    return url.protocol === `${scheme}:` && url.host === windowHost
  } catch {
    return false
  }
}
