import { missingBrowser } from './ensure-browser.ts'

/** What `npm start` does on this machine. */
export type Route =
  | { readonly kind: 'electron'; readonly program: string }
  | { readonly kind: 'standin'; readonly sentence: string }
  | { readonly kind: 'terminal'; readonly sentence: string }

export interface Surroundings {
  readonly hasDisplay: boolean
  readonly hasBrowser: boolean
  readonly electron: string | null
}

export function chooseRoute({ hasDisplay, hasBrowser, electron }: Surroundings): Route {
  if (!hasDisplay) {
    return {
      kind: 'terminal',
      sentence:
        'There is no display here: running the sample batch in the terminal. To open the window, run "npm start" on a ' +
        'desktop, or under "xvfb-run" with a remote viewer.',
    }
  }
  if (electron !== null) return { kind: 'electron', program: electron }
  if (hasBrowser) {
    return {
      kind: 'standin',
      sentence:
        'Electron could not be fetched here (ELECTRON_MIRROR can name another source), so the window opens in an installed browser.',
    }
  }
  return {
    kind: 'terminal',
    sentence: `Electron could not be fetched here, and there is no browser in its place: running the sample batch in the terminal. ${missingBrowser}`,
  }
}
