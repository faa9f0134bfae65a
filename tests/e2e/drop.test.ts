import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { wechatPracticeApp } from '../../electron/engine/checkers/wechat/practice/apps.ts'
import { words as history } from '../../renderer/features/history/words.ts'
import type { App } from './support/app.ts'
import { createDesk, createGate, texts } from './support/desk.ts'
import { poster } from './support/pictures.ts'
import {
  cells,
  finished,
  giveUpPlan,
  goTo,
  pickProfiles,
  planDialog,
  planned,
  said,
  startPlan,
  tabCounts,
} from './support/user.ts'

const desk = createDesk()
const words = said('en')
afterEach(() => desk.clear())
afterAll(() => desk.clear())

/** What the running batch has behind it, by the status bar. */
const doneOf = async (page: import('playwright').Page): Promise<number> =>
  Number(await page.getByRole('progressbar', { name: words.shell.progressLabel }).getAttribute('aria-valuenow'))

describe('dropping material', () => {
  // One program for the first: nothing is started in it before the last of them.
  const shared = createDesk()
  let app: App
  beforeAll(async () => {
    app = await shared.start()
  })
  afterAll(() => shared.clear())

  test('adds what is dropped on the open plan, and gives it up on Escape', async () => {
    const folder = desk.folder(texts(3))
    const { page, drop } = app
    await drop([join(folder, 'text-1.txt')])
    await planned(page)
    await drop([join(folder, 'text-2.txt'), join(folder, 'text-3.txt')])
    const figures = planDialog(page, 'en').locator('[data-testid=plan-figures]')
    await figures.filter({ hasText: '3 texts' }).waitFor()
    await giveUpPlan(page, 'en')
    // Nothing was started.
    await page.getByRole('heading', { name: words.drop['empty.title'] }).waitFor()
  })

  test('opens a folder from the menu, and does nothing when the dialog is dismissed', async () => {
    const folder = desk.folder(texts(2))
    const { page, command, answerDialog, report } = app
    answerDialog('open', null)
    command({ kind: 'menu', label: 'Open folder…' })
    await report('dialog')
    answerDialog('open', [folder])
    command({ kind: 'menu', label: 'Open folder…' })
    await planned(page)
    expect(await planDialog(page, 'en').locator('[data-testid=plan-figures]').textContent()).toContain('2 texts')
    await giveUpPlan(page, 'en')
  })

  test('takes a pasted text', async () => {
    const { page } = app
    await page.evaluate(() => {
      const clipboardData = new DataTransfer()
      clipboardData.setData('text/plain', 'Whisper plonkwater to the barista.')
      document.body.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }))
    })
    await planned(page)
    expect(await planDialog(page, 'en').locator('[data-testid=plan-title]').textContent()).toContain(
      words.drop.pastedText,
    )
    await startPlan(page)
    await finished(page)
    expect(await tabCounts(page)).toMatchObject({ risky: 1 })
  })

  test('shows the plan of files and deep folders, and Enter starts it', async () => {
    const folder = desk.folder({
      'spring/posters/a.png': await poster({ seed: 1 }),
      'spring/posters/deep/b.png': await poster({ seed: 2, isRisky: true }),
      'spring/copy/soft.txt': 'A quiet cup of spring tea.',
      'spring/copy/loud.txt': 'Say zibblefrond at the till.',
      'spring/film.mp4': new Uint8Array([0, 0, 0, 24, ...Buffer.from('ftypmp42\0\0\0\0mp42isom'), 0, 1, 2, 3]),
      'spring/.DS_Store': 'x',
      'single.md': '# One file beside the folder',
    })
    const { page, drop } = await desk.start()
    await drop([join(folder, 'spring'), join(folder, 'single.md')])
    await planned(page)
    const dialog = planDialog(page, 'en')
    expect(await dialog.locator('[data-testid=plan-figures]').textContent()).toMatch(/2 images.*3 texts/)
    // What is left out is named, with the reason, before anything is sent.
    expect(await dialog.locator('[data-testid=plan-problems]').textContent()).toContain('film.mp4')
    expect(await dialog.getByRole('table').textContent()).toContain('wechat.img_sec_check')
    expect(await dialog.getByRole('table').textContent()).toContain('wechat.msg_sec_check')

    await page.keyboard.press('Enter')
    await dialog.waitFor({ state: 'hidden' })
    await finished(page)
    expect(await tabCounts(page)).toMatchObject({ risky: 2, pass: 3, review: 0 })
    const names = await page.locator('[role=gridcell]:visible [data-testid=cell-name]').allTextContents()
    expect(names).toEqual(expect.arrayContaining(['a.png', 'b.png', 'soft.txt', 'loud.txt', 'single.md']))
  })

  test('takes the likeliest column of a table or another, no days that cannot be, and reads nothing without a profile', async () => {
    const folder = desk.folder({ 'list.csv': 'Nr,Text of ad\n1,A quiet cup\n2,Spring tea\n' })
    const { page, drop } = await desk.start({ rules: true })
    await drop([join(folder, 'list.csv')])
    await planned(page)
    const dialog = planDialog(page, 'en')
    const column = dialog.getByRole('combobox', { name: words.drop.textColumn })
    expect(await column.inputValue()).toBe('B · Text of ad')
    await expect.poll(() => dialog.locator('[data-testid=plan-figures]').textContent()).toMatch(/2 texts.*2 rows/)
    await dialog.getByRole('checkbox', { name: /list\.csv/ }).click()
    await dialog.getByText(words.drop.nothing).waitFor()
    // It says what there is instead of two noughts.
    expect(await dialog.locator('[data-testid=plan-figures]').textContent()).toMatch(/^2 rows/)
    await dialog.getByRole('checkbox', { name: /list\.csv/ }).click()
    await column.click()
    await page.getByRole('option', { name: 'A · Nr' }).click()
    await expect.poll(() => dialog.locator('[data-testid=plan-figures]').textContent()).toMatch(/2 texts/)
    // The way on stays in sight.
    await page.setViewportSize({ width: 960, height: 600 })
    const start = await dialog.locator('button[type=submit]').boundingBox()
    expect((start?.y ?? 600) + (start?.height ?? 0)).toBeLessThanOrEqual(600)

    await dialog.getByText(words.drop.options, { exact: true }).click()
    const days = dialog.getByLabel(words.drop.reuseDays)
    await days.fill('')
    await days.pressSequentially('400')
    await planned(page)
    expect(await dialog.getByRole('alert').count()).toBe(0)
    expect(await days.inputValue()).toBe('40')

    for (const profile of await dialog.locator('[data-testid=plan-profile][aria-pressed="true"]').all())
      await profile.click()
    // Rules could look alone.
    expect(await dialog.getByText(words.drop.noProfile).count()).toBe(0)
    await dialog.getByRole('switch', { name: words.drop.byRules }).click()
    await dialog.getByText(words.drop.noProfile).waitFor()
    expect(await dialog.getByText(words.common.readingNow).count()).toBe(0)
    await dialog.locator('[data-testid=plan-profile]').first().click()
    await startPlan(page)
    await finished(page)
    expect(await tabCounts(page)).toMatchObject({ pass: 2 })
  })

  test('gives nothing up whose batch is being made already, and opens it when it comes', async () => {
    const { page, drop, paused } = await desk.start()
    await drop([desk.folder(texts(2))])
    await planned(page)
    const dialog = planDialog(page, 'en')
    await paused(async () => {
      await page.keyboard.press('Enter')
      const cancel = dialog.getByRole('button', { name: words.common.cancel })
      await expect.poll(() => cancel.isEnabled()).toBe(false)
      await page.keyboard.press('Escape')
      expect(await dialog.isVisible()).toBe(true)
      expect(await dialog.getByRole('button', { name: words.common.close }).count()).toBe(0)
    })
    await dialog.waitFor({ state: 'hidden' })
    await finished(page)

    await goTo(page, 'en', 'history')
    await page.getByRole('button', { name: /^Actions for batch/ }).click()
    await page.getByRole('menuitem', { name: history.en.again }).click()
    const again = page.getByRole('dialog', { name: history.en.againTitle })
    await paused(async () => {
      await again.getByRole('button', { name: history.en.againStart }).click()
      await expect.poll(() => again.getByRole('button', { name: words.common.cancel }).isEnabled()).toBe(false)
      await page.keyboard.press('Escape')
      expect(await again.isVisible()).toBe(true)
    })
    await again.waitFor({ state: 'hidden' })
    await page.getByRole('tab', { name: history.en['tab.compare'], selected: true }).waitFor()
  })

  test('opens what the command line names', async () => {
    const folder = desk.folder(texts(2))
    const { page } = await desk.start({ files: [folder] })
    await planned(page)
    expect(await planDialog(page, 'en').locator('[data-testid=plan-figures]').textContent()).toContain('2 texts')
  })
})

describe('a batch under way', () => {
  test('counts as it goes, holds still while it is paused, and goes on where it stopped', async () => {
    const gate = createGate(40)
    const platform = await desk.sandbox({ latencyMs: 1, clock: gate.clock })
    const folder = desk.folder(texts(400))
    const profiles = [{ ...wechatPracticeApp, name: 'Brand A', baseUrl: platform.url }]
    const { page, drop } = await desk.start({ profiles })
    await drop([folder])
    await planned(page)
    await pickProfiles(page, ['Brand A'])
    await startPlan(page)
    await expect.poll(() => doneOf(page)).toBeGreaterThan(5)
    await page.getByRole('button', { name: words.shell.pause, exact: true }).click()
    await page.locator('footer [data-state="paused"]').waitFor()
    // What had left comes back; then nothing more leaves.
    gate.open()
    // One call is the day's control check.
    const checks = () =>
      platform
        .stats()
        .filter(row => row.endpoint === 'wechat.msg_sec_check')
        .reduce((sum, row) => sum + row.calls, -1)
    await expect.poll(async () => (await doneOf(page)) === checks()).toBe(true)
    expect(checks()).toBeLessThan(400)
    await page.getByRole('contentinfo').getByRole('button', { name: words.common.resume, exact: true }).click()
    await finished(page)
    expect(await tabCounts(page)).toMatchObject({ pass: 400, pending: 0 })
    // Each text was checked once: what was answered before the pause was not asked again.
    expect(checks()).toBe(400)
  })

  test('leaves what is cancelled unchecked, loudly, and checks it again when asked', async () => {
    const gate = createGate(40)
    const platform = await desk.sandbox({ latencyMs: 1, clock: gate.clock })
    const folder = desk.folder(texts(400))
    const profiles = [{ ...wechatPracticeApp, name: 'Brand A', baseUrl: platform.url }]
    const { page, drop } = await desk.start({ profiles })
    await drop([folder])
    await planned(page)
    await pickProfiles(page, ['Brand A'])
    await startPlan(page)
    await expect.poll(() => doneOf(page)).toBeGreaterThan(5)
    await page.getByRole('button', { name: words.shell.stopBatch }).click()
    const dialog = page.getByRole('dialog', { name: /^Stop “/ })
    // It says what that means, and the safe answer has the focus.
    expect(await dialog.textContent()).toContain('not checked')
    await expect.poll(() => page.evaluate(() => document.activeElement?.textContent)).toBe(words.common.goOn)
    await dialog.getByRole('button', { name: words.common.stopRest }).click()
    await page.locator('footer [data-state="cancelled"]').waitFor()
    gate.open()
    const banner = page.locator('[data-testid=banner][data-tone="unchecked"]')
    await banner.waitFor()
    await banner.getByRole('button', { name: words.common.checkAgain }).click()
    await page.locator('[data-testid=outcome-tab][data-outcome="pass"]', { hasText: '400' }).waitFor()
    await banner.waitFor({ state: 'hidden' })
    expect(await cells(page).count()).toBeGreaterThan(0)
  })
})
