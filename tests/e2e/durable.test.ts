import { afterEach, describe, expect, test } from 'vitest'
import { wechatPracticeApp } from '../../electron/engine/checkers/wechat/practice/apps.ts'
import { createDesk, createGate, texts } from './support/desk.ts'
import {
  cellNamed,
  choose,
  finished,
  pickProfiles,
  planned,
  said,
  startPlan,
  tabCounts,
  trySample,
} from './support/user.ts'

const desk = createDesk()
const words = said('en')
afterEach(() => desk.clear())

const done = (page: import('playwright').Page) =>
  page.getByRole('progressbar', { name: words.shell.progressLabel }).getAttribute('aria-valuenow').then(Number)

describe('quitting and starting again', () => {
  test('keeps batches, decisions, notes, views and settings', async () => {
    const dataDir = desk.folder()
    const first = await desk.start({ dataDir, rules: true })
    await trySample(first.page, 'en')
    await choose(first.page, '会员短信-GBK.txt')
    await first.page.keyboard.press('x')
    await cellNamed(first.page, '会员短信-GBK.txt').and(first.page.locator('[data-decision="reject"]')).waitFor()
    await first.page.keyboard.press('Control+,')
    await first.page.getByText('简体中文', { exact: true }).click()
    await first.page.locator('html[lang="zh-CN"]').waitFor()
    expect(await first.quit()).toBe(0)

    const { page } = await desk.start({ dataDir })
    await page.locator('html[lang="zh-CN"]').waitFor()
    await finished(page)
    expect(await tabCounts(page)).toEqual({ risky: 5, review: 3, unchecked: 2, pass: 14, pending: 0 })
    expect(await cellNamed(page, '会员短信-GBK.txt').getAttribute('data-decision')).toBe('reject')
    expect(await page.locator('footer').textContent()).toContain('已决 1')
  })

  test('after kill -9 in the middle of a batch goes on by itself, with every decision and no check made twice', async () => {
    const gate = createGate(40)
    const platform = await desk.sandbox({ latencyMs: 1, clock: gate.clock })
    const folder = desk.folder({ ...texts(400), 'loud.txt': 'zibblefrond' })
    const dataDir = desk.folder()
    const profiles = [{ ...wechatPracticeApp, name: 'Brand A', baseUrl: platform.url }]
    const first = await desk.start({ dataDir, profiles })
    await first.drop([folder])
    await planned(first.page)
    await pickProfiles(first.page, ['Brand A'])
    await startPlan(first.page)
    await expect.poll(() => done(first.page)).toBeGreaterThan(5)
    await first.page.locator('[role=gridcell][data-outcome="pass"]').first().click()
    await first.page.keyboard.press('e')
    await first.page.locator('footer', { hasText: words.shell.decided.replace('{{count}}', '1') }).waitFor()
    await first.kill()
    const before = checksOf(platform)
    expect(before).toBeLessThan(401)
    gate.open()

    const { page } = await desk.start({ dataDir, profiles })
    await finished(page)
    expect(await tabCounts(page)).toEqual({ risky: 1, review: 0, unchecked: 0, pass: 400, pending: 0 })
    expect(await page.locator('footer').textContent()).toContain(words.shell.decided.replace('{{count}}', '1'))
    // Only what had left without its answer being kept may have been asked again.
    // One more is the day's control check.
    expect(checksOf(platform)).toBeLessThanOrEqual(402 + 64)
  })

  test('after the window’s own process has died shows everything again and says what happened', async () => {
    const app = await desk.start()
    await trySample(app.page, 'en')
    await choose(app.page, '会员短信-GBK.txt')
    await app.page.keyboard.press('x')
    await cellNamed(app.page, '会员短信-GBK.txt').and(app.page.locator('[data-decision="reject"]')).waitFor()
    const windows = () => app.reports.filter(report => report.kind === 'window').length
    const opened = windows()
    app.command({ kind: 'crash-window' })
    await expect.poll(windows).toBeGreaterThan(opened)
    const page = await app.currentPage()
    await finished(page)
    expect(await tabCounts(page)).toEqual({ risky: 4, review: 2, unchecked: 2, pass: 16, pending: 0 })
    expect(await cellNamed(page, '会员短信-GBK.txt').getAttribute('data-decision')).toBe('reject')
    await page
      .getByText(/The window stopped unexpectedly/)
      .first()
      .waitFor()
  })
})

const checksOf = (platform: { stats(): readonly { endpoint: string; calls: number }[] }): number =>
  platform
    .stats()
    .filter(row => row.endpoint === 'wechat.msg_sec_check')
    .reduce((sum, row) => sum + row.calls, 0)
