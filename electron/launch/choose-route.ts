import { missingBrowser } from './ensure-browser.ts'

/** What `npm start` does on this machine. */
export type Route =
  | { readonly kind: 'electron'; readonly program: string }
  | { readonly kind: 'standin'; readonly said: Said }
  | { readonly kind: 'terminal'; readonly said: Said }

interface Said {
  readonly zh: string
  readonly en: string
}

export interface Surroundings {
  readonly hasDisplay: boolean
  readonly hasBrowser: boolean
  readonly electron: string | null
}

export function chooseRoute({ hasDisplay, hasBrowser, electron }: Surroundings): Route {
  if (!hasDisplay) {
    return {
      kind: 'terminal',
      said: {
        zh: '这里没有显示器，改在终端里检查示例批次。要打开窗口，请在桌面系统上运行 npm start，或用 xvfb-run 加远程查看器。',
        en:
          'There is no display here: running the sample batch in the terminal. To open the window, run "npm start" on a ' +
          'desktop, or under "xvfb-run" with a remote viewer.',
      },
    }
  }
  if (electron !== null) return { kind: 'electron', program: electron }
  if (hasBrowser) {
    return {
      kind: 'standin',
      said: {
        zh: '这里取不到 Electron（可用 ELECTRON_MIRROR 指定其他来源），窗口改用已安装的浏览器打开。',
        en: 'Electron could not be fetched here (ELECTRON_MIRROR can name another source), so the window opens in an installed browser.',
      },
    }
  }
  return {
    kind: 'terminal',
    said: {
      zh: `这里取不到 Electron，也没有可代替的浏览器，改在终端里检查示例批次。请安装 Chrome、Edge 或 Chromium，或用 PRESCREEN_BROWSER 指定一个。`,
      en: `Electron could not be fetched here, and there is no browser in its place: running the sample batch in the terminal. ${missingBrowser}`,
    },
  }
}
