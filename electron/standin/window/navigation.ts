import type { Frame, Route } from 'playwright'
import { preventable } from '../events.ts'
import { answerRoute, fromBrowserUrl } from '../protocol.ts'
import { notImplemented } from '../strict.ts'
import type { OpenDetails, WindowState } from './state.ts'

/** Navigation is asked about first, custom addresses are answered by their handler, all else is the browser's. */
export async function answerRequest(state: WindowState, route: Route): Promise<void> {
  const request = route.request()
  const url = fromBrowserUrl(request.url())
  if (request.isNavigationRequest() && !mayNavigate(state, request.frame(), url)) return route.abort('aborted')
  if (await isCancelled(state, url)) return route.abort('blockedbyclient')
  const isAnswered = await answerRoute(route, target => isAllowed(state, 'will-redirect', target))
  if (!isAnswered) await route.continue()
}

/** Whether the window's session has a listener that wants it so. */
function isCancelled({ partition }: WindowState, url: string): Promise<boolean> {
  return new Promise(resolve => {
    if (partition === null || partition.beforeRequest === null) resolve(false)
    else partition.beforeRequest({ url } as never, ({ cancel }) => resolve(cancel === true))
  })
}

function mayNavigate(state: WindowState, frame: Frame, url: string): boolean {
  if (frame.parentFrame() !== null) return true
  if (state.isLoadingByMain) {
    state.isLoadingByMain = false
    return true
  }
  return isAllowed(state, 'will-navigate', url)
}

function isAllowed(state: WindowState, name: 'will-navigate' | 'will-redirect', url: string): boolean {
  const event = preventable({ url, isSameDocument: false, isMainFrame: true })
  state.contentsEvents.emit(name, event, url)
  return !event.defaultPrevented
}

/** Throws when the program would have the window opened. */
export function askToOpen(state: WindowState, { url, frameName, features }: OpenDetails): void {
  const details = { url: fromBrowserUrl(url), frameName, features }
  const { action } = state.openHandler?.(details) ?? { action: 'allow' }
  if (action !== 'deny') throw notImplemented('a window that a page opens')
}
