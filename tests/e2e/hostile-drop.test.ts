import { linkSync, mkdirSync, readdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { App } from './support/app.ts'
import { createDesk, opened, texts } from './support/desk.ts'
import { finished, giveUpPlan, planDialog, planned, said, startPlan, tabCounts } from './support/user.ts'

const desk = createDesk()
const words = said('en')
afterEach(() => desk.clear())
afterAll(() => desk.clear())

/** Drags what is no file onto the window, as out of another program. */
async function dragIn(page: Page, items: readonly { readonly mimeType: string; readonly data: string }[]) {
  const session = await page.context().newCDPSession(page)
  const data = { items: [...items], files: [], dragOperationsMask: 1 }
  for (const type of ['dragEnter', 'dragOver', 'drop'] as const) {
    await session.send('Input.dispatchDragEvent', { type, x: 400, y: 300, data })
  }
  await session.detach()
}
const notice = (page: Page, text: string) => page.getByRole('alert').filter({ hasText: text })
const isPlanning = (page: Page) => planDialog(page, 'en').isVisible()

describe('what is dropped', () => {
  // One program for those that leave it as they found it, or with one more batch.
  const shared = createDesk()
  let app: App
  beforeAll(async () => {
    app = await shared.start()
  })
  afterAll(() => shared.clear())

  test('from a page: a text is planned, a link and nothing at all are answered in a sentence', async () => {
    const { page } = app
    await dragIn(page, [
      { mimeType: 'text/uri-list', data: 'https://example.com/poster.png' },
      { mimeType: 'text/plain', data: 'https://example.com/poster.png' },
    ])
    await notice(page, '“https://example.com/poster.png” is only an address').waitFor()
    await dragIn(page, [{ mimeType: 'text/plain', data: '   ' }])
    await notice(page, words.drop['refused.nothing']).waitFor()
    expect(await isPlanning(page)).toBe(false)
    await dragIn(page, [{ mimeType: 'text/plain', data: 'Whisper plonkwater to the barista.' }])
    await startPlan(page)
    await finished(page)
    await expect.poll(() => tabCounts(page)).toMatchObject({ risky: 1 })
  })

  test('as an empty clipboard is answered in a sentence', async () => {
    const { page } = app
    await page.evaluate(() => {
      const clipboardData = new DataTransfer()
      document.body.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }))
    })
    await notice(page, words.drop['refused.nothingPasted']).waitFor()
    expect(await isPlanning(page)).toBe(false)
  })

  test('with names of every script, and links in a circle, is checked or named', async () => {
    const names = [
      '海报 ①.txt',
      'スプリング.txt',
      'имя файла.txt',
      'ملف نصي.txt',
      'ไทย.txt',
      'हिन्दी.txt',
      '🍵 family 👨‍👩‍👧.txt',
      'e\u0301 apart.txt',
      ' leading space.txt',
      '%41 #1 &amp; "quoted" \'single\'.txt',
      'a\u202etxt.exe.txt',
    ]
    const folder = desk.folder(Object.fromEntries(names.map((name, at) => [`deep/${name}`, `Spring tea ${at}.`])))
    symlinkSync(folder, join(folder, 'deep', 'circle'))
    const { page, drop } = app
    // One by one and as a folder: each is an asset once.
    await drop([join(folder, 'deep'), ...names.map(name => join(folder, 'deep', name))])
    await planned(page)
    const dialog = planDialog(page, 'en')
    expect(await dialog.locator('[data-testid=plan-figures]').textContent()).toContain(`${names.length} texts`)
    expect(await dialog.locator('[data-testid=plan-problems]').textContent()).toContain('circle')
    await startPlan(page)
    await finished(page)
    await expect.poll(() => tabCounts(page)).toMatchObject({ pass: names.length })
  })

  test('and gone before it is started ends unchecked, by name', async () => {
    const folder = desk.folder(texts(3))
    const { page, drop } = app
    await drop([folder])
    await planned(page)
    renameSync(folder, `${folder}-gone`)
    try {
      await startPlan(page)
      await finished(page)
      await expect.poll(() => tabCounts(page)).toMatchObject({ pass: 0, unchecked: 1 })
      await page.locator('[data-testid=banner][data-tone="unchecked"]').waitFor()
    } finally {
      rmSync(`${folder}-gone`, { recursive: true })
    }
  })

  test('and given up while it is read stays given up, and the next drop is planned alone', async () => {
    const folder = desk.folder(texts(600))
    const other = desk.folder(texts(2))
    const { page, drop } = app
    await drop(Object.keys(texts(600)).map(name => join(folder, name)))
    await planDialog(page, 'en').waitFor()
    await giveUpPlan(page, 'en')
    await drop([other])
    await planned(page)
    expect(await planDialog(page, 'en').locator('[data-testid=plan-figures]').textContent()).toContain('2 texts')
    await giveUpPlan(page, 'en')
  })

  test('as hundreds of files and at once more is planned whole', async () => {
    const folder = desk.folder(texts(300))
    const other = desk.folder(texts(200, 'other'))
    const { page, drop } = app
    await drop(Object.keys(texts(300)).map(name => join(folder, name)))
    await drop(Object.keys(texts(200, 'other')).map(name => join(other, name)))
    const figures = planDialog(page, 'en').locator('[data-testid=plan-figures]')
    await figures.filter({ hasText: '500 texts' }).waitFor()
    await startPlan(page)
    await finished(page)
    await expect.poll(() => tabCounts(page)).toMatchObject({ pass: 500 })
  })

  test('as a folder of a hundred thousand files is counted as it goes, and given up at once', async () => {
    const folder = desk.folder({ 'a.txt': 'Spring tea.' })
    const large = join(folder, 'large')
    mkdirSync(large)
    for (let at = 0; at < 100_000; at += 1) {
      // A file has not more names than some ten thousand.
      if (at % 20_000 === 0) writeFileSync(join(folder, `${at}.txt`), `Spring tea ${at}.`)
      linkSync(join(folder, `${at - (at % 20_000)}.txt`), join(large, `${at}.txt`))
    }
    const { page, drop } = await desk.start()
    await drop([large])
    const figures = planDialog(page, 'en').locator('[data-testid=plan-figures] b').first()
    await expect.poll(async () => Number((await figures.textContent())?.replace(/\D/g, ''))).toBeGreaterThan(500)
    await giveUpPlan(page, 'en')
    await page.getByRole('heading', { name: words.drop['empty.title'] }).waitFor()
  })

  test('while the program is quit leaves nothing behind that would trouble the next start', async () => {
    const folder = desk.folder(texts(600))
    const dataDir = desk.folder()
    const first = await desk.start({ dataDir })
    await first.drop(Object.keys(texts(600)).map(name => join(folder, name)))
    await planDialog(first.page, 'en').waitFor()
    expect(await first.quit()).toBe(0)
    const { page } = await desk.start({ dataDir })
    await opened(page)
    await page.getByRole('heading', { name: words.drop['empty.title'] }).waitFor()
    expect(readdirSync(folder)).toHaveLength(600)
  })
})
