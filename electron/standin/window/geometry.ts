import type { CDPSession, Page } from 'playwright'
import type { WindowState } from './state.ts'

/** Where the browser's window is by now. */
export async function refreshBounds(state: WindowState, page: Page): Promise<void> {
  await withSession(page, async session => {
    const { bounds: found } = await session.send('Browser.getWindowForTarget')
    state.isMaximized = found.windowState === 'maximized'
    if (found.windowState === 'normal') {
      const { x, y, width, height } = state.normalBounds
      state.normalBounds = {
        x: found.left ?? x,
        y: found.top ?? y,
        width: found.width ?? width,
        height: found.height ?? height,
      }
    }
  })
}

export async function setWindowState(page: Page, windowState: 'normal' | 'maximized'): Promise<void> {
  await withSession(page, async session => {
    const { windowId } = await session.send('Browser.getWindowForTarget')
    await session.send('Browser.setWindowBounds', { windowId, bounds: { windowState } })
  })
}

async function withSession(page: Page, action: (session: CDPSession) => Promise<void>): Promise<void> {
  const session = await page.context().newCDPSession(page)
  try {
    await action(session)
  } finally {
    await session.detach().catch(() => undefined)
  }
}
