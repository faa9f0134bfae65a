import { readFileSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Page } from 'playwright'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { wechatPracticeApp } from '../../electron/engine/checkers/wechat/practice/apps.ts'
import { practicePicturePng } from '../../electron/engine/sandbox/practice-picture.ts'
import type { App } from './support/app.ts'
import { createDesk, createGate, texts } from './support/desk.ts'
import {
  cellNamed,
  choose,
  finished,
  focusedName,
  pickProfiles,
  planned,
  said,
  startOver,
  startPlan,
} from './support/user.ts'

/** What nobody wishes for and what comes about all the same: each test goes on from one batch of a picture and some texts. */

const desk = createDesk()
const words = said('en')
let app: App
let folder: string

beforeAll(async () => {
  app = await desk.start()
  folder = desk.folder({ 'mark.png': practicePicturePng(), ...texts(3) })
  await app.drop([folder])
  await startPlan(app.page)
  await finished(app.page)
})
afterAll(() => desk.clear())
beforeEach(() => startOver(app.page, 'en'))

const eventually = (look: () => Promise<unknown>) => expect.poll(look)
const decisionOf = (name: string) => cellNamed(app.page, name).first().getAttribute('data-decision')
const inspector = () => app.page.getByRole('region', { name: words.inspector.inspector })
const notice = (text: RegExp) => app.page.locator('.mantine-Notifications-root', { hasText: text })

async function dragFrom(page: Page, name: string): Promise<void> {
  const box = await cellNamed(page, name).first().boundingBox()
  if (box === null) throw new Error(`${name} is not there`)
  await page.mouse.move(box.x + 40, box.y + 40)
  await page.mouse.down()
  await page.mouse.move(box.x + 60, box.y + 60, { steps: 4 })
  await page.mouse.up()
}

describe('a note of ten thousand characters', () => {
  test('is kept as it was written, is not saved in part, and is saved once it is short enough', async () => {
    const { page } = app
    await choose(page, 'text-1.txt')
    await page.keyboard.press('n')
    const dialog = page.getByRole('dialog', { name: words.commands.note })
    const field = dialog.getByRole('textbox')
    await field.fill('备'.repeat(10_000))
    await dialog.getByText(/^8,000 characters too many/).waitFor()
    expect((await field.inputValue()).length).toBe(10_000)
    await page.keyboard.press('Control+Enter')
    expect(await dialog.getByRole('button', { name: words.common.save, exact: true }).isDisabled()).toBe(true)
    await field.fill('备'.repeat(2_000))
    await page.keyboard.press('Control+Enter')
    await dialog.waitFor({ state: 'hidden' })
    await inspector().getByText('备'.repeat(2_000)).first().waitFor()
  })
})

describe('an emoji for a reason', () => {
  test('is written, given and shown as any other', async () => {
    const { page } = app
    const reason = '🙈👨‍👩‍👧 vulgar'
    await page.keyboard.press('Control+,')
    await page.getByRole('tab', { name: 'Review' }).click()
    await page.getByLabel('Reason 1').fill(reason)
    await page.getByLabel('Reason 1').press('Enter')
    await page.getByRole('button', { name: words.commands.showGrid, exact: true }).click()
    await choose(page, 'text-2.txt')
    await page.locator('[data-testid=reason]', { hasText: reason }).click()
    await page.getByRole('grid').focus()
    await page.keyboard.press('x')
    await eventually(() => decisionOf('text-2.txt')).toBe('reject')
    await choose(page, 'text-2.txt')
    await inspector().getByText(reason).first().waitFor()
  })
})

describe('two windows', () => {
  test('decide in one alone: the other has no keys for it, and goes on showing what has the focus', async () => {
    const { page } = app
    const first = app.reports.find(report => report.kind === 'window')
    await choose(page, 'text-3.txt')
    await page.keyboard.press('Control+Enter')
    const { window } = await app.report('window', report => report.window !== first?.window)
    const second = await app.currentPage(window)
    const name = () => second.locator('[data-testid=loupe-name]').textContent()
    await eventually(name).toMatch(/text-3\.txt$/)
    for (const key of ['a', 'x', 'e', 's', '1']) await second.keyboard.press(key)
    await page.keyboard.press('x')
    await eventually(() => decisionOf('text-3.txt')).toBe('reject')
    const next = await focusedName(page)
    expect(next).not.toBe('text-3.txt')
    await eventually(async () => (await name())?.endsWith(next ?? '-')).toBe(true)
    // Nothing but what was pressed in the first.
    await choose(page, 'text-3.txt')
    await eventually(() => inspector().locator('[data-testid=review-history] > li').count()).toBe(1)
    const closed = second.waitForEvent('close')
    await page.keyboard.press('Control+Enter')
    await closed
  })
})

describe('a picture that has vanished', () => {
  test('is decided about as before, and dragging it says that it is gone', async () => {
    const { page } = app
    rmSync(join(folder, 'mark.png'))
    await choose(page, 'mark.png')
    await dragFrom(page, 'mark.png')
    await notice(/no longer where it was/).waitFor()
    expect(app.reports.some(report => report.kind === 'drag')).toBe(false)
    await page.keyboard.press('Enter')
    const loupe = page.locator('[data-loupe]')
    await loupe.waitFor()
    await page.keyboard.press('x')
    await page.keyboard.press('Escape')
    await loupe.waitFor({ state: 'hidden' })
    await eventually(() => decisionOf('mark.png')).toBe('reject')
  })
})

describe('what was pasted', () => {
  test('is dragged out as the file that it is kept in', async () => {
    const { page } = app
    await page.evaluate(() => {
      const clipboardData = new DataTransfer()
      clipboardData.setData('text/plain', 'Spring tea for everyone.')
      document.body.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }))
    })
    await startPlan(page)
    await finished(page)
    const [name = ''] = await page.locator('[role=gridcell]:visible [data-testid=cell-name]').allTextContents()
    await dragFrom(page, name)
    const { files } = await app.report('drag')
    expect(files.map(file => [dirname(file), readFileSync(file, 'utf8')])).toEqual([
      [join(app.dataDir, 'pasted'), 'Spring tea for everyone.'],
    ])
  })
})

describe('a batch that ends while somebody is asked whether to stop it', () => {
  test('takes the question with it, and stays whole', async () => {
    const gate = createGate(8)
    const platform = await desk.sandbox({ latencyMs: 1, clock: gate.clock })
    const { page, drop } = await desk.start({
      profiles: [{ ...wechatPracticeApp, name: 'Brand A', baseUrl: platform.url }],
    })
    await drop([desk.folder(texts(12))])
    await planned(page)
    await pickProfiles(page, ['Brand A'])
    await startPlan(page)
    await page.getByRole('button', { name: words.shell.stopBatch }).click()
    const question = page.getByRole('dialog', { name: /^Stop “/ })
    await question.waitFor()
    gate.open()
    await question.waitFor({ state: 'hidden' })
    await finished(page)
    await page.locator('[data-testid=finish-card]').waitFor()
  })
})
