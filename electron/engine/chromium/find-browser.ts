import { placesOnPath } from '../base/executables.ts'

export { isExecutable } from '../base/executables.ts'

export interface Machine {
  readonly platform: NodeJS.Platform
  readonly env: Readonly<Record<string, string | undefined>>
  isExecutable(path: string): boolean
}

export type FoundBrowser =
  | { readonly kind: 'found'; readonly path: string }
  /** PRESCREEN_BROWSER names something that cannot be run. */
  | { readonly kind: 'bad-override'; readonly path: string }
  | { readonly kind: 'none' }

/** The installed Chrome, Chromium or Edge; PRESCREEN_BROWSER overrides, and `none` there means that none is to be used. */
export function findBrowser(machine: Machine): FoundBrowser {
  const override = machine.env.PRESCREEN_BROWSER
  if (override === 'none') return { kind: 'none' }
  if (override !== undefined && override !== '') {
    return machine.isExecutable(override) ? { kind: 'found', path: override } : { kind: 'bad-override', path: override }
  }
  const path = candidates(machine).find(candidate => machine.isExecutable(candidate))
  return path === undefined ? { kind: 'none' } : { kind: 'found', path }
}

function candidates({ platform, env }: Machine): string[] {
  switch (platform) {
    case 'win32': {
      const roots = [env.PROGRAMFILES, env['PROGRAMFILES(X86)'], env.LOCALAPPDATA].filter(root => root !== undefined)
      const programs = [
        'Google\\Chrome\\Application\\chrome.exe',
        'Chromium\\Application\\chrome.exe',
        'Microsoft\\Edge\\Application\\msedge.exe',
      ]
      return programs.flatMap(program => roots.map(root => `${root}\\${program}`))
    }
    case 'darwin': {
      const programs = [
        'Google Chrome.app/Contents/MacOS/Google Chrome',
        'Chromium.app/Contents/MacOS/Chromium',
        'Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
      ]
      const roots = ['/Applications', ...(env.HOME === undefined ? [] : [`${env.HOME}/Applications`])]
      return programs.flatMap(program => roots.map(root => `${root}/${program}`))
    }
    default:
      return placesOnPath(
        [
          'google-chrome-stable',
          'google-chrome',
          'chromium',
          'chromium-browser',
          'microsoft-edge-stable',
          'microsoft-edge',
        ],
        env.PATH,
      )
  }
}

/** Whether windows can be shown; on Windows and macOS there always is a display. */
export function hasDisplay(platform: NodeJS.Platform, env: Readonly<Record<string, string | undefined>>): boolean {
  if (platform === 'win32' || platform === 'darwin') return true
  return (env.DISPLAY ?? '') !== '' || (env.WAYLAND_DISPLAY ?? '') !== ''
}
