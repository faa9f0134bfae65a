import type { Page } from 'playwright'

/** The DevTools target id of a page: the same for every driver of the browser. */
export async function targetOf(page: Page): Promise<string> {
  const session = await page.context().newCDPSession(page)
  const { targetInfo } = await session.send('Target.getTargetInfo')
  await session.detach()
  return targetInfo.targetId
}
