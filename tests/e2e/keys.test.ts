import type { Page } from 'playwright'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { wechatPracticeApp } from '../../electron/engine/checkers/wechat/practice/apps.ts'
import { words as reports } from '../../renderer/features/reports/words.ts'
import { words as settings } from '../../renderer/features/settings/words.ts'
import type { App } from './support/app.ts'
import { createDesk, createGate, texts } from './support/desk.ts'
import {
  cellNamed,
  cells,
  choose,
  focusedName,
  goTo,
  pickProfiles,
  planned,
  pressAtOnce,
  said,
  startOver,
  startPlan,
  trySample,
} from './support/user.ts'

/** Who hears a key, a paste or a menu item: the grid, a field, a dialog or the loupe, and never two of them. */

const desk = createDesk()
const words = said('en')
let app: App

beforeAll(async () => {
  app = await desk.start()
  await trySample(app.page, 'en')
})
afterAll(() => desk.clear())
beforeEach(async () => {
  await startOver(app.page, 'en')
  // What the test before it has decided would be counted, and taken back, by this one.
  await decided(0)
})

const decisionOf = (name: string) => cellNamed(app.page, name).first().getAttribute('data-decision')
const decided = (count: number) =>
  app.page.locator('footer .dim', { hasText: new RegExp(`^${count} decided`) }).waitFor()
const eventually = (look: () => Promise<unknown>) => expect.poll(look)
const focusedRole = (page: Page) => page.evaluate(() => document.activeElement?.getAttribute('role') ?? '')
const isSearching = (page: Page) => page.evaluate(() => document.activeElement?.matches('[data-search]') ?? false)
const notice = (page: Page, text: string | RegExp) => page.locator('.mantine-Notifications-root', { hasText: text })

/** Pastes into whatever has the focus; whether the window took it for material. */
const paste = (page: Page, text: string) =>
  page.evaluate(pasted => {
    const clipboardData = new DataTransfer()
    clipboardData.setData('text/plain', pasted)
    const event = new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true })
    return !(document.activeElement ?? document.body).dispatchEvent(event)
  }, text)

/** What was sent to the main process so far has been answered, and so has come back what it tells the window. */
const answered = (page: Page) => page.evaluate(() => globalThis.prescreen.invoke('queue.status', {}))

/** The commands of the menu that reach the window from now on. */
async function listenToMenu(page: Page): Promise<() => Promise<readonly string[]>> {
  await page.evaluate(() => {
    const heard: string[] = []
    Reflect.set(globalThis, 'heard', heard)
    globalThis.prescreen.on('command', ({ command }) => void heard.push(command))
  })
  return () => page.evaluate(() => Reflect.get(globalThis, 'heard'))
}

describe('undo', () => {
  test('tells what it took back, in every view', async () => {
    const { page } = app
    await choose(page, '朋友圈.txt')
    await page.keyboard.press('x')
    await decided(1)
    await page.keyboard.press('Control+,')
    await page.getByRole('heading', { name: said('en').commands.showSettings, level: 1 }).waitFor()
    await page.keyboard.press('Control+z')
    await notice(page, 'Undone: 朋友圈.txt').waitFor()
    await decided(0)
    await goTo(page, 'en', 'grid')
  })

  test('takes back one decision, however long the key is held', async () => {
    const { page } = app
    await choose(page, '朋友圈.txt')
    await page.keyboard.press('a')
    await decided(1)
    await page.keyboard.press('a')
    await decided(2)
    await page.keyboard.down('Control')
    for (let repeats = 0; repeats < 8; repeats += 1) await page.keyboard.down('z')
    await page.keyboard.up('z')
    await page.keyboard.up('Control')
    await decided(1)
    await answered(page)
    await decided(1)
    await page.keyboard.press('Control+z')
    await decided(0)
  })

  test('from the menu takes back what is typed while a field has the focus', async () => {
    const { page } = app
    await choose(page, '朋友圈.txt')
    await page.keyboard.press('x')
    await decided(1)
    await page.keyboard.press('Control+f')
    await page.keyboard.type('tea')
    app.command({ kind: 'menu', label: 'Undo' })
    const field = page.locator('[data-search]')
    await eventually(() => field.inputValue()).not.toBe('tea')
    await decided(1)
    await page.getByRole('grid').focus()
    app.command({ kind: 'menu', label: 'Undo' })
    await decided(0)
  })
})

describe('behind a dialog', () => {
  test('no menu item acts, and no key of one', async () => {
    const { page } = app
    await choose(page, '朋友圈.txt')
    await page.keyboard.press('x')
    await decided(1)
    await page.keyboard.press('F1')
    const help = page.getByRole('dialog')
    await help.waitFor()
    const heard = await listenToMenu(page)
    await page.keyboard.press('Control+z')
    await eventually(heard).toEqual(['undo'])
    const labels = ['Undo', 'Search', 'Export…', 'Settings…', 'Try the sample batch']
    for (const label of labels) app.command({ kind: 'menu', label })
    await eventually(async () => (await heard()).length).toBe(1 + labels.length)
    await page.keyboard.press('Escape')
    await help.waitFor({ state: 'hidden' })
    await decided(1)
    expect(await page.getByRole('grid').isVisible()).toBe(true)
    await page.keyboard.press('Control+z')
    await decided(0)
  })

  test('what is pasted into a field goes into the field', async () => {
    const { page } = app
    await choose(page, '活动页.html')
    await page.keyboard.press('n')
    await page.getByRole('dialog').getByRole('textbox').waitFor()
    await eventually(() => page.evaluate(() => document.activeElement?.tagName)).toBe('TEXTAREA')
    expect(await paste(page, 'from the brief')).toBe(false)
    expect(await page.locator('[data-testid=plan]').count()).toBe(0)
    await page.keyboard.press('Escape')
    await page.getByRole('dialog').waitFor({ state: 'hidden' })
    await page.keyboard.press('Control+k')
    await eventually(() => page.evaluate(() => document.activeElement?.tagName)).toBe('INPUT')
    expect(await paste(page, 'queue')).toBe(false)
  })

  test('a click beside a note does not throw it away, nor does a key decide after it', async () => {
    const { page } = app
    await choose(page, '活动页.html')
    await page.keyboard.press('n')
    const note = page.getByRole('dialog').getByRole('textbox')
    await note.fill('A long note')
    await page.mouse.click(5, 300)
    await page.keyboard.press('x')
    expect(await note.inputValue()).toMatch(/^A long note/)
    expect(await decisionOf('活动页.html')).toBe('undecided')
    await page.keyboard.press('Escape')
  })

  test('a note that was left without saving is there again, until it is cancelled', async () => {
    const { page } = app
    const dialog = page.getByRole('dialog', { name: words.commands.note })
    await choose(page, '活动页.html')
    await page.keyboard.press('n')
    await dialog.getByText(words.review.noteKept).waitFor()
    expect(await dialog.getByRole('textbox').inputValue()).toMatch(/^A long note/)
    await dialog.getByRole('button', { name: words.common.cancel }).click()
    await dialog.waitFor({ state: 'hidden' })
    await page.getByRole('grid').focus()
    await page.keyboard.press('n')
    await dialog.getByText(words.review.noteHint).waitFor()
    expect(await dialog.getByRole('textbox').inputValue()).toBe('')
    await page.keyboard.press('Escape')
  })
})

describe('a dialog that is on its way', () => {
  const letters = (text: string) => [...text].map(key => ({ key }))

  test('has what is typed before it is there, and nothing is decided', async () => {
    const { page } = app
    await choose(page, '朋友圈.txt')
    await pressAtOnce(page, [{ key: 'k', ctrlKey: true }, ...letters('ax daochu'), { key: 'Enter' }])
    const field = page.getByRole('dialog').getByRole('textbox')
    await eventually(() => field.inputValue()).toBe('ax daochu')
    await page.keyboard.press('Escape')
    await page.getByRole('dialog').waitFor({ state: 'hidden' })
    await page.getByRole('grid').focus()
    await pressAtOnce(page, letters('nex tea'))
    await eventually(() => field.inputValue()).toBe('ex tea')
    await page.getByRole('dialog').getByRole('button', { name: words.common.cancel }).click()
    await page.getByRole('dialog').waitFor({ state: 'hidden' })
    await page.getByRole('grid').focus()
    await pressAtOnce(page, [{ key: 'e', ctrlKey: true }, ...letters('axs')])
    await page.getByRole('dialog', { name: reports.en.title }).waitFor()
    await answered(page)
    await decided(0)
    expect(await page.locator('[data-loupe]').count()).toBe(0)
  })
})

describe('the loupe', () => {
  test('keeps the focus, and says which asset comes', async () => {
    const { page } = app
    await choose(page, '首页横幅.png')
    await page.getByRole('grid').focus()
    await page.keyboard.press('Home')
    await page.keyboard.press('Enter')
    const loupe = page.locator('[data-loupe]')
    await loupe.waitFor()
    for (let presses = 0; presses < 12; presses += 1) {
      await page.keyboard.press('Shift+Tab')
      // A notice lies over everything, the loupe too.
      const outside = await page.evaluate(() => {
        const { activeElement } = document
        const isInside = activeElement === document.body || activeElement?.closest('[data-loupe], .notices') !== null
        return isInside ? '' : activeElement?.outerHTML
      })
      expect(outside).toBe('')
    }
    const statuses = loupe.getByRole('status')
    await eventually(() => statuses.first().textContent()).toMatch(/^1\D/)
    const name = await loupe.locator('[data-testid=loupe-name]').textContent()
    await loupe.focus()
    await page.keyboard.press('ArrowRight')
    await eventually(() => statuses.first().textContent()).toMatch(/^2\D/)
    await eventually(() => statuses.nth(1).textContent()).not.toContain(name)
    await page.keyboard.press('Escape')
    await loupe.waitFor({ state: 'hidden' })
    expect(await focusedRole(page)).toBe('grid')
  })

  test('gives way to the search', async () => {
    const { page } = app
    await page.keyboard.press('Enter')
    await page.locator('[data-loupe]').waitFor()
    await page.keyboard.press('Control+f')
    await page.locator('[data-loupe]').waitFor({ state: 'hidden' })
    expect(await isSearching(page)).toBe(true)
  })
})

describe('the focus', () => {
  test('is in the search after its key, from another view too', async () => {
    const { page } = app
    await page.keyboard.press('Control+,')
    await page.getByRole('heading', { name: said('en').commands.showSettings, level: 1 }).waitFor()
    await page.keyboard.press('Control+f')
    await eventually(() => isSearching(page)).toBe(true)
  })

  test('in the search asks nothing while words are being composed, goes on to the grid, and finds what a view hides', async () => {
    const { page } = app
    const shown = () => page.locator('[role=gridcell]:visible').count()
    const all = await shown()
    await page.keyboard.press('Control+f')
    await eventually(() => isSearching(page)).toBe(true)
    const session = await page.context().newCDPSession(page)
    await session.send('Input.imeSetComposition', { text: 'chuncha', selectionStart: 7, selectionEnd: 7 })
    const field = page.locator('[data-search]')
    await eventually(() => field.inputValue()).toBe('chuncha')
    expect(await page.getByText(said('en').grid.clearFilter, { exact: true }).count()).toBe(0)
    await session.send('Input.insertText', { text: '春茶' })
    await session.detach()
    await eventually(shown).toBeLessThan(all)
    // Marked where it is read.
    await eventually(() => page.evaluate(() => CSS.highlights.get('search-hit')?.size ?? 0)).toBeGreaterThan(0)
    await page.keyboard.press('Enter')
    expect(await focusedRole(page)).toBe('grid')
    const found = await shown()
    await page.locator('[data-testid=outcome-tab][data-outcome="pending"]').click()
    await page.getByRole('button', { name: / in all views/ }).click()
    await eventually(shown).toBe(found)
    await page.keyboard.press('Control+k')
    await page.keyboard.type('daochu')
    const palette = page.getByRole('dialog')
    await palette.getByText(said('en').commands.export, { exact: true }).waitFor()
    await eventually(() => palette.getByRole('textbox').inputValue()).toBe('daochu')
    await page.keyboard.press('Escape')
  })

  test('in a text lets the arrows scroll it', async () => {
    const { page } = app
    await choose(page, '直播口播稿.md')
    const text = page.locator('[data-testid=inspector] [data-testid=text-stage]')
    await text.evaluate(stage => {
      stage.scrollTop = 0
    })
    await text.focus()
    await page.keyboard.press('PageDown')
    await eventually(() => text.evaluate(stage => stage.scrollTop)).toBeGreaterThan(0)
    expect(await focusedName(page)).toBe('直播口播稿.md')
  })

  test('stays on the assets after a click on a decision, so that Space selects', async () => {
    const { page } = app
    await choose(page, '朋友圈.txt')
    await page.locator('[role=toolbar] [data-decision="approve"]').click()
    await decided(1)
    await page.keyboard.press('Space')
    await page.locator('[data-testid=selection]', { hasText: '1' }).waitFor()
    await decided(1)
    const before = await focusedName(page)
    await page.keyboard.press('ArrowRight')
    await eventually(() => focusedName(page)).not.toBe(before)
    await page.keyboard.press('Control+z')
    await decided(0)
  })

  test('that leaves a field with the key that ended it takes that key nowhere else', async () => {
    const { page } = app
    const title = page.locator('[data-testid=batch-name]')
    const field = page.locator('[data-testid=batch-name-field]')
    await page.keyboard.press('Space')
    await page.locator('[data-testid=selection]').waitFor()
    await title.click()
    await field.fill('Given up')
    await page.keyboard.press('Escape')
    await field.waitFor({ state: 'hidden' })
    expect(await page.locator('[data-testid=selection]').count()).toBe(1)
    await title.click()
    await field.fill('Spring tea')
    await page.keyboard.press('Enter')
    await eventually(() => title.textContent()).toBe('Spring tea')
    expect(await page.locator('[data-loupe]').count()).toBe(0)
  })
})

describe('a view that is clicked', () => {
  test('gives its keys to the grid, which is on the first work; one thing at a time has the ring', async () => {
    const { page } = app
    await choose(page, '活动页.html')
    await page.locator('[data-testid=side-item]', { hasText: words.shell['view.undecidedRisky'] }).click()
    await eventually(() => cells(page).first().getAttribute('data-focus')).not.toBeNull()
    const first = await focusedName(page)
    expect(await focusedRole(page)).toBe('grid')
    await page.keyboard.press('End')
    await eventually(() => focusedName(page)).not.toBe(first)
    await page.keyboard.press('Home')
    await eventually(() => focusedName(page)).toBe(first)
    await page.keyboard.press('Space')
    await page.locator('[data-testid=selection]', { hasText: '1' }).waitFor()
    await page.keyboard.press('Enter')
    await page.locator('[data-loupe]').waitFor()
    await page.keyboard.press('Escape')
    // A button that is reached by key has the ring, and leaves the arrows to the grid, which then has it again.
    const ring = () =>
      page.locator('[role=gridcell][data-focus]:visible').evaluate(cell => getComputedStyle(cell).boxShadow !== 'none')
    await eventually(ring).toBe(true)
    const titleBar = page.getByRole('region', { name: words.shell.titleBar })
    await titleBar.getByRole('button', { name: words.shell.exportLabel }).focus()
    await eventually(ring).toBe(false)
    await page.keyboard.press('ArrowRight')
    await eventually(ring).toBe(true)
    expect(await focusedRole(page)).toBe('grid')
    await eventually(() => focusedName(page)).not.toBe(first)
  })
})

describe('selecting by key', () => {
  test('reaches with Shift or Ctrl and Space to the asset that has the focus', async () => {
    const { page } = app
    await page.keyboard.press('Home')
    await page.keyboard.press('Space')
    await page.keyboard.press('ArrowRight')
    await page.keyboard.press('ArrowRight')
    await page.keyboard.press('Shift+Space')
    await page.locator('[data-testid=selection]', { hasText: '3' }).waitFor()
    await page.keyboard.press('ArrowRight')
    await page.keyboard.press('Control+Space')
    await page.locator('[data-testid=selection]', { hasText: '4' }).waitFor()
  })
})

describe('a key in the settings', () => {
  test('that was taken away does nothing any more, in the menu either', async () => {
    const { page } = app
    await page.keyboard.press('Control+,')
    await page.getByRole('tab', { name: settings.en['section.keys'] }).click()
    const key = page.getByRole('button', { name: /“Export…”/ })
    await key.click()
    await page.keyboard.press('Backspace')
    await page.getByRole('button', { name: /“Export…”.*None/ }).waitFor()
    await answered(page)
    await goTo(page, 'en', 'grid')
    await page.getByRole('grid').focus()
    const heard = await listenToMenu(page)
    await page.keyboard.press('Control+e')
    await answered(page)
    app.command({ kind: 'menu', label: 'Search' })
    await eventually(heard).toEqual(['search'])
    expect(await page.getByRole('dialog').count()).toBe(0)
    // The item itself stays.
    app.command({ kind: 'menu', label: 'Export…' })
    await page.getByRole('dialog', { name: reports.en.title }).waitFor()
  })
})

describe('a question about a batch', () => {
  test('goes with its batch: another one that is opened is not cancelled in its place', async () => {
    const platform = await desk.sandbox({ latencyMs: 1, clock: createGate(40).clock })
    const profiles = [{ ...wechatPracticeApp, name: 'Brand A', baseUrl: platform.url }]
    const { page, drop } = await desk.start({ profiles })
    await drop([desk.folder(texts(60))])
    await planned(page)
    await pickProfiles(page, ['Brand A'])
    await startPlan(page)
    await page.getByRole('button', { name: words.shell.stopBatch }).click()
    const dialog = page.getByRole('dialog', { name: /^Stop “/ })
    await dialog.waitFor()
    await drop([desk.folder(texts(60, 'other'))])
    await startPlan(page)
    await dialog.waitFor({ state: 'hidden' })
    await page.locator('[data-testid=side-bar]').waitFor()
    expect(await page.locator('footer [data-state="cancelled"]').count()).toBe(0)
  })
})
