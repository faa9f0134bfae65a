import type { Session } from 'electron'
import type { BrowserContext } from 'playwright'
import { createEmitter, emitterMethods } from './events.ts'
import { onlyAfterReady } from './lifecycle.ts'
import { strict } from './strict.ts'

type RequestHandler = Parameters<Session['setPermissionRequestHandler']>[0]
type CheckHandler = Parameters<Session['setPermissionCheckHandler']>[0]

let requestHandler: RequestHandler = null
let checkHandler: CheckHandler = null
const emitter = createEmitter()

const defaultSession = strict('session.defaultSession', {
  ...emitterMethods(emitter),
  setPermissionRequestHandler(handler: RequestHandler): void {
    requestHandler = handler
  },
  setPermissionCheckHandler(handler: CheckHandler): void {
    checkHandler = handler
  },
} satisfies Pick<Session, 'setPermissionRequestHandler' | 'setPermissionCheckHandler'> & object)

export const session = strict('session', {
  get defaultSession() {
    onlyAfterReady('session.defaultSession')
    return defaultSession
  },
})

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
export async function applyPermissions(context: BrowserContext, contents: never): Promise<void> {
  const granted = await Promise.all(
    Object.entries(permissions).map(async ([name, browserName]) => {
      const permission = name as keyof typeof permissions
      const isChecked = checkHandler?.(contents, permission, '', { isMainFrame: true }) ?? true
      const isGranted = await new Promise<boolean>(resolve => {
        if (requestHandler === null) resolve(true)
        else requestHandler(contents, permission, resolve, { isMainFrame: true, requestingUrl: '' })
      })
      return isChecked && isGranted ? [browserName] : []
    }),
  )
  await context.grantPermissions(granted.flat())
}
