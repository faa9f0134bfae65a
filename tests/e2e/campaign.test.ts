import { join } from 'node:path'
import { afterAll, afterEach, expect, test } from 'vitest'
import { createDesk } from './support/desk.ts'
import { cellNamed, finished, planned, startPlan, tabCounts } from './support/user.ts'

const desk = createDesk()
afterEach(() => desk.clear())
afterAll(() => desk.clear())

const campaign = join(import.meta.dirname, '../../resources/campaign')

test('a campaign as it is handed over is screened whole, and each hit opens at its place', async () => {
  const { page, drop } = await desk.start()
  await drop([campaign])
  await planned(page)
  await startPlan(page)
  await finished(page)
  expect(await tabCounts(page)).toEqual({ risky: 7, review: 0, unchecked: 0, pass: 5, pending: 0 })
  const leaf = page.locator('[data-testid=inspector] [data-testid=leaf][aria-current=page]')
  for (const [name, place] of [
    ['上新方案.pptx', 'slide 3 picture 1'],
    ['门店手册.pdf', 'page 2'],
    ['渠道配图.xlsx#3', 'picture 1'],
    ['主视觉.psd', 'Words'],
    ['公众号文章.html', 'picture 1'],
    ['新品短片.webm', 'frame 3'],
  ] as const) {
    await cellNamed(page, name).click()
    await expect.poll(() => leaf.textContent()).toBe(place)
  }
  expect(await cellNamed(page, '横版海报.jpg').getAttribute('data-outcome')).toBe('risky')
  expect(await cellNamed(page, '到店照片.heic').getAttribute('data-outcome')).toBe('pass')
})
