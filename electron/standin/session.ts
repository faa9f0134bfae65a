import type { CallbackResponse, OnBeforeRequestListenerDetails, ProxyConfig, Session } from 'electron'
import type { BrowserContext } from 'playwright'
import { createEmitter, emitterMethods } from './events.ts'
import { onlyAfterReady } from './lifecycle.ts'
import { notImplemented, strict } from './strict.ts'

type RequestHandler = Parameters<Session['setPermissionRequestHandler']>[0]
type CheckHandler = Parameters<Session['setPermissionCheckHandler']>[0]
type BeforeRequest = (details: OnBeforeRequestListenerDetails, callback: (response: CallbackResponse) => void) => void

/** What was said of a session, for the context of the browser that stands for it. */
export interface SessionState {
  requestHandler: RequestHandler
  checkHandler: CheckHandler
  beforeRequest: BeforeRequest | null
  proxy: { readonly server: string; readonly bypass: string } | null
  /** Of a partition; the windows of the default session have the browser's first one. */
  context: Promise<BrowserContext> | null
}

const states = new WeakMap<object, SessionState>()

function createSession(name: string) {
  const state: SessionState = {
    requestHandler: null,
    checkHandler: null,
    beforeRequest: null,
    proxy: null,
    context: null,
  }
  const made = strict(name, {
    ...emitterMethods(createEmitter()),
    setPermissionRequestHandler(handler: RequestHandler): void {
      state.requestHandler = handler
    },
    setPermissionCheckHandler(handler: CheckHandler): void {
      state.checkHandler = handler
    },
    webRequest: strict(`${name}.webRequest`, {
      onBeforeRequest(handler: BeforeRequest): void {
        state.beforeRequest = handler
      },
    }),
    async setProxy({ mode, proxyRules, proxyBypassRules, ...others }: ProxyConfig): Promise<void> {
      for (const other of Object.keys(others)) throw notImplemented(`setProxy option ${other}`)
      if (mode !== 'fixed_servers' || proxyRules === undefined) throw notImplemented(`setProxy mode ${mode}`)
      state.proxy = { server: proxyRules, bypass: proxyBypassRules ?? '' }
    },
    /** A context that is made anew has nothing. */
    async clearStorageData(): Promise<void> {
      const context = await state.context?.catch(() => null)
      state.context = null
      await context?.close().catch(() => undefined)
    },
  })
  states.set(made, state)
  return made
}

const defaultSession = createSession('session.defaultSession')
const partitions = new Map<string, ReturnType<typeof createSession>>()

export const session = strict('session', {
  get defaultSession() {
    onlyAfterReady('session.defaultSession')
    return defaultSession
  },
  fromPartition(partition: string) {
    onlyAfterReady('session.fromPartition')
    if (partition.startsWith('persist:')) throw notImplemented('a partition on the disk')
    const known = partitions.get(partition) ?? createSession(`session ${partition}`)
    partitions.set(partition, known)
    return known
  },
})

/** Null where a window names no session of its own. */
export function stateOfSession(named: object | undefined): SessionState | null {
  return named === undefined ? null : (states.get(named) ?? null)
}

/** Electron's names of what a page may ask for, and the browser's. */
const permissions = {
  'clipboard-read': 'clipboard-read',
  'clipboard-sanitized-write': 'clipboard-write',
  geolocation: 'geolocation',
  notifications: 'notifications',
  media: 'camera',
  midi: 'midi',
} as const

/** Electron grants everything to pages unless both handlers say otherwise; so does this. */
export async function applyPermissions(
  context: BrowserContext,
  contents: never,
  of: SessionState | null = null,
): Promise<void> {
  const { checkHandler, requestHandler } = of ?? stateOfSession(defaultSession) ?? {}
  const granted = await Promise.all(
    Object.entries(permissions).map(async ([name, browserName]) => {
      const permission = name as keyof typeof permissions
      const isChecked = checkHandler?.(contents, permission, '', { isMainFrame: true }) ?? true
      const isGranted = await new Promise<boolean>(resolve => {
        if (requestHandler == null) resolve(true)
        else requestHandler(contents, permission, resolve, { isMainFrame: true, requestingUrl: '' })
      })
      return isChecked && isGranted ? [browserName] : []
    }),
  )
  await context.grantPermissions(granted.flat())
}
