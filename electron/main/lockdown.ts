import { type App, type Session, shell } from 'electron'
import { describeError, log } from './log.ts'
import { externalLink } from './policies/external-links.ts'

let tellNotOpened: (link: string) => void = () => undefined

/**
 * Once for every page there will ever be: nothing navigates, opens, embeds or is permitted. `onNotOpened` is called for a
 * link that the system has no browser for.
 */
export function lockDownPages(app: App, onNotOpened: (link: string) => void): void {
  tellNotOpened = onNotOpened
  app.on('web-contents-created', (_event, contents) => {
    contents.on('will-navigate', event => event.preventDefault())
    contents.on('will-redirect', event => event.preventDefault())
    contents.on('will-attach-webview', event => event.preventDefault())
    contents.setWindowOpenHandler(({ url }) => {
      openExternal(url)
      return { action: 'deny' }
    })
  })
}

/** Both handlers: most of the web's interfaces check before they request. */
export function lockDownSession(session: Session): void {
  session.setPermissionRequestHandler((_contents, _permission, answer) => answer(false))
  session.setPermissionCheckHandler(() => false)
  session.on('will-download', event => event.preventDefault())
}

/** Hands an address of the platforms' documentation to the system's browser, and nothing else. */
export function openExternal(address: unknown): void {
  const link = externalLink(address)
  if (link === null) return
  shell.openExternal(link).catch((error: unknown) => {
    log('link not opened', { link, error: describeError(error) })
    tellNotOpened(link)
  })
}
