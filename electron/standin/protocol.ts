import type { CustomScheme, Protocol } from 'electron'
import type { Route } from 'playwright'
import { onlyAfterReady, onlyBeforeReady } from './lifecycle.ts'
import { strict } from './strict.ts'

/**
 * A browser cannot be taught a scheme. `app://host/…` is shown as `https://host.localhost/…`, a secure origin of its
 * own whose every request is answered by the same handler; nothing listens on any port.
 */
const standardSchemes = new Set<string>()
const handlers = new Map<string, (request: Request) => Response | Promise<Response>>()

export const protocol = strict('protocol', {
  registerSchemesAsPrivileged(schemes: CustomScheme[]): void {
    onlyBeforeReady('protocol.registerSchemesAsPrivileged')
    for (const { scheme, privileges } of schemes) {
      if (privileges?.standard === true && privileges.secure === true) standardSchemes.add(scheme)
    }
  },
  handle(scheme: string, handler: (request: Request) => Response | Promise<Response>): void {
    onlyAfterReady('protocol.handle')
    if (handlers.has(scheme)) throw new Error(`protocol.handle: ${scheme} has a handler already`)
    handlers.set(scheme, handler)
  },
  isProtocolHandled: (scheme: string): boolean => handlers.has(scheme),
} satisfies Pick<Protocol, 'registerSchemesAsPrivileged' | 'handle' | 'isProtocolHandled'>)

const suffix = '.localhost'

/** `app://prescreen/x` → `https://prescreen.localhost/x`; other addresses stay what they are. */
export function toBrowserUrl(address: string): string {
  const url = new URL(address)
  const scheme = url.protocol.slice(0, -1)
  if (scheme === 'http' || scheme === 'https' || scheme === 'about' || scheme === 'data') return address
  if (!standardSchemes.has(scheme)) {
    throw new Error(`The scheme ${scheme} was not registered as standard and secure before ready`)
  }
  if (standardSchemes.size > 1) throw new Error('The stand-in knows one custom scheme at a time')
  return `https://${url.host}${suffix}${url.pathname}${url.search}${url.hash}`
}

export function fromBrowserUrl(address: string): string {
  const [scheme] = standardSchemes
  if (scheme === undefined || !URL.canParse(address)) return address
  const url = new URL(address)
  if (url.protocol !== 'https:' || !url.host.endsWith(suffix)) return address
  return `${scheme}://${url.host.slice(0, -suffix.length)}${url.pathname}${url.search}${url.hash}`
}

/** Answers a request for a custom address with its handler; false when there is none. */
export async function answerRoute(route: Route, onRedirect: (url: string) => boolean): Promise<boolean> {
  const request = route.request()
  const address = fromBrowserUrl(request.url())
  const handler = handlers.get(new URL(address).protocol.slice(0, -1))
  if (handler === undefined) return false
  let response: Response
  try {
    response = await handler(new Request(address, { method: request.method(), headers: await request.allHeaders() }))
  } catch {
    await route.abort('failed')
    return true
  }
  const location = response.headers.get('location')
  if (location !== null && response.status >= 300 && response.status < 400) {
    const isPrevented = request.isNavigationRequest() && !onRedirect(new URL(location, address).href)
    // The browser asks nobody about the second half of a redirect, so one that is let through goes nowhere.
    await route.abort(isPrevented ? 'aborted' : 'failed')
    return true
  }
  await route.fulfill({
    status: response.status,
    headers: Object.fromEntries(response.headers),
    body: Buffer.from(await response.arrayBuffer()),
  })
  return true
}
