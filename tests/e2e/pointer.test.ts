import type { Locator } from 'playwright'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { App } from './support/app.ts'
import { createDesk } from './support/desk.ts'
import { cellNamed, cells, choose, focusedName, said, startOver, trySample } from './support/user.ts'

/** What is done with the pointer, and the keys for the same: each test goes on from the sample batch with nothing selected or open. */

const desk = createDesk()
const words = said('en')
let app: App

beforeAll(async () => {
  app = await desk.start({ rules: true })
  await trySample(app.page, 'en')
})
afterAll(() => desk.clear())
beforeEach(() => startOver(app.page, 'en'))

const eventually = (look: () => Promise<unknown>) => expect.poll(look)
const selection = (count: number) =>
  app.page.locator('[data-testid=selection]', { hasText: new RegExp(`\\b${count}\\b`) })
const menu = () => app.page.getByRole('menu')
const chosen = () =>
  app.page.locator('[data-cell][aria-selected=true]:visible [data-testid=cell-name]').allTextContents()

async function boxOf(locator: Locator) {
  const box = await locator.boundingBox()
  if (box === null) throw new Error('it is not there')
  return box
}

describe('a marquee', () => {
  test('selects what it touches, adds with Ctrl, and Escape gives back what was selected', async () => {
    const { page } = app
    const [first, second] = [await boxOf(cells(page).nth(0)), await boxOf(cells(page).nth(1))]
    const draw = async (from: { x: number; y: number }, to: { x: number; y: number }) => {
      await page.mouse.move(from.x, from.y)
      await page.mouse.down()
      await page.mouse.move(to.x, to.y, { steps: 3 })
    }
    // From the gap before the first cell.
    const corner = { x: first.x - 2, y: first.y - 2 }
    await draw(corner, { x: second.x + 20, y: second.y + 20 })
    await selection(2).waitFor()
    await page.mouse.up()
    const both = await chosen()
    expect(both).toHaveLength(2)
    await draw(corner, { x: first.x + 20, y: first.y + 20 })
    await selection(1).waitFor()
    await page.keyboard.press('Escape')
    await selection(2).waitFor()
    await page.mouse.up()
    expect(await chosen()).toEqual(both)
    const third = await boxOf(cells(page).nth(2))
    await page.keyboard.down('Control')
    await draw({ x: third.x - 2, y: third.y - 2 }, { x: third.x + 20, y: third.y + 20 })
    await page.mouse.up()
    await page.keyboard.up('Control')
    await selection(3).waitFor()
  })
})

describe('a menu', () => {
  test('opens at the pointer, on what it points at; its keys are those of the platform', async () => {
    const { page } = app
    await cellNamed(page, '云岫绿茶.jpg').first().click({ button: 'right' })
    await menu().waitFor()
    expect(await focusedName(page)).toBe('云岫绿茶.jpg')
    expect(await menu().getByRole('menuitem', { name: words.commands.loupeWindow }).textContent()).toContain(
      process.platform === 'darwin' ? '⌘↩' : 'Ctrl+Enter',
    )
    await menu().getByRole('menuitem', { name: 'Folder', exact: true }).click()
    await selection(4).waitFor()
    expect(new Set(await chosen())).toEqual(new Set(['云岫绿茶.jpg', '徽章.svg', '桂影红茶.jpg', '溪山白茶.jpg']))
  })

  test('opens by its key and by Shift+F10, below what has the focus', async () => {
    const { page } = app
    await choose(page, '会员短信-GBK.txt')
    const box = await boxOf(page.locator('[data-cell][data-focus]:visible'))
    for (const key of ['ContextMenu', 'Shift+F10']) {
      await page.keyboard.press(key)
      await menu().waitFor()
      const { x } = await boxOf(menu())
      expect(x).toBeGreaterThanOrEqual(box.x)
      expect(x).toBeLessThan(box.x + box.width)
      await page.keyboard.press('Escape')
      await menu().waitFor({ state: 'hidden' })
    }
    await page.keyboard.press('ContextMenu')
    await menu().waitFor()
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Enter')
    const decision = () => cellNamed(page, '会员短信-GBK.txt').first().getAttribute('data-decision')
    await eventually(decision).toBe('reject')
    await page.keyboard.press('Control+z')
    await eventually(decision).toBe('undecided')
  })

  test('copies names, paths, a picture and evidence in the forms that others take', async () => {
    const { page } = app
    const copy = async (name: string, what: string) => {
      await cellNamed(page, name).first().click({ button: 'right' })
      await menu().getByRole('menuitem', { name: what, exact: true }).click()
    }
    await copy('云岫绿茶.jpg', 'Name')
    await app.report('clipboard', ({ text }) => text === '云岫绿茶.jpg')
    await copy('云岫绿茶.jpg', 'Path')
    await app.report('clipboard', ({ text }) => /[/\\]商品[/\\]云岫绿茶\.jpg$/.test(text))
    await copy('云岫绿茶.jpg', 'Image')
    await app.report('clipboard', ({ pngBytes = 0 }) => pngBytes > 1_000)
    await copy('会员短信-GBK.txt', 'Evidence')
    await app.report('clipboard', ({ html = '' }) => html.includes('<table') && html.includes('会员短信-GBK.txt'))
  })
})

describe('the list', () => {
  test('is sorted by the heads of its columns, by name and by size too', async () => {
    const { page } = app
    const names = () => page.locator('[data-cell]:visible [data-testid=cell-name]').allTextContents()
    const head = (name: string) => page.getByRole('columnheader', { name })
    await page.keyboard.press('l')
    // Room for all columns.
    await page.keyboard.press('Control+i')
    await head(words.grid['sort.size']).click()
    await eventually(() => head(words.grid['sort.size']).getAttribute('aria-sort')).toBe('descending')
    expect((await names())[0]).toBe('春茶上新-长图.jpg')
    await head(words.grid['sort.name']).click()
    await eventually(() => head(words.grid['sort.name']).getAttribute('aria-sort')).toBe('ascending')
    const rows = (await names()).filter(name => name.startsWith('渠道文案'))
    expect(rows).toEqual(Array.from({ length: rows.length }, (_, at) => `渠道文案.csv#${at + 2}`))
    expect(rows.length).toBeGreaterThan(5)
    await page.getByRole('grid').focus()
    await page.keyboard.press('Home')
    await page.keyboard.press('Shift+ArrowDown')
    await selection(2).waitFor()
    await page.keyboard.press('Escape')
    await page.keyboard.press('Control+i')
    await page.keyboard.press('l')
    await head(words.grid['sort.name']).waitFor({ state: 'hidden' })
  })
})

describe('what the pointer rests on', () => {
  test('is shown larger, covered as in its cell, until a key is pressed', async () => {
    const { page } = app
    const preview = page.locator('[data-testid=hover-preview]')
    await cellNamed(page, '会员日-动图.gif').first().hover()
    await preview.locator('img').waitFor()
    expect(await preview.getAttribute('data-outcome')).toBe('risky')
    expect(await preview.locator('img').getAttribute('src')).not.toContain('blur=off')
    await page.keyboard.press('ArrowRight')
    await preview.waitFor({ state: 'hidden' })
  })
})

describe('comparing', () => {
  const panes = () => app.page.locator('[data-testid=compared]')

  test('puts what one went to and what was chosen with Ctrl side by side, and a decision is about one of them', async () => {
    const { page } = app
    await choose(page, '溪山白茶.jpg')
    await cellNamed(page, '桂影红茶.jpg')
      .first()
      .click({ modifiers: ['Control'] })
    await selection(2).waitFor()
    await page.keyboard.press('c')
    await eventually(() => panes().count()).toBe(2)
    await page.keyboard.press('ArrowLeft')
    await panes().first().and(page.locator('[data-focus]')).waitFor()
    const name = await panes().first().getAttribute('aria-label')
    await page.keyboard.press('a')
    await page.locator('footer', { hasText: '1 decided' }).waitFor()
    await page.keyboard.press('Escape')
    await panes().first().waitFor({ state: 'hidden' })
    await selection(2).waitFor()
    const decided = page.locator('[role=gridcell][data-decision=approve]:visible [data-testid=cell-name]')
    expect(name).toContain((await decided.textContent()) ?? '-')
    await page.keyboard.press('Control+z')
    await page.locator('footer', { hasText: '1 decided' }).waitFor({ state: 'hidden' })
  })

  test('shows four at most, and one asset under each of its profiles', async () => {
    const { page } = app
    await page.getByRole('grid').focus()
    await page.keyboard.press('Home')
    for (let more = 0; more < 3; more += 1) await page.keyboard.press('Shift+ArrowRight')
    await selection(4).waitFor()
    await page.keyboard.press('c')
    await eventually(() => panes().count()).toBe(4)
    await page.keyboard.press('Escape')
    await panes().first().waitFor({ state: 'hidden' })
    await page.keyboard.press('Shift+ArrowRight')
    await selection(5).waitFor()
    await page.keyboard.press('c')
    await page.locator('.mantine-Notifications-root', { hasText: '5' }).waitFor()
    expect(await panes().count()).toBe(0)
    await page.keyboard.press('Escape')
    await choose(page, '朋友圈.txt')
    await page.keyboard.press('c')
    await page.getByRole('dialog', { name: words.inspector.compareProfiles }).waitFor()
    await eventually(() => panes().count()).toBe(2)
    await page.keyboard.press('Escape')
    await panes().first().waitFor({ state: 'hidden' })
  })
})

describe('what looks like a picture', () => {
  test('is shown alone, the picture first, until that is taken back', async () => {
    const { page } = app
    const all = await cells(page).count()
    await cellNamed(page, '溪山白茶.jpg').first().click({ button: 'right' })
    await menu().getByRole('menuitem', { name: words.commands.looksLike }).click()
    const chip = page.getByRole('button', { name: words.grid.looksRemove.replace('{{name}}', '溪山白茶.jpg') })
    await chip.waitFor()
    expect((await cells(page).locator('[data-testid=cell-name]').allTextContents())[0]).toBe('溪山白茶.jpg')
    expect(await cells(page).count()).toBeLessThan(all)
    await chip.click()
    await eventually(() => cells(page).count()).toBe(all)
  })
})

describe('dragging out', () => {
  test('hands the files of all that is selected to the system', async () => {
    const { page } = app
    await choose(page, '溪山白茶.jpg')
    await cellNamed(page, '桂影红茶.jpg')
      .first()
      .click({ modifiers: ['Control'] })
    await selection(2).waitFor()
    const cell = cellNamed(page, '溪山白茶.jpg').first()
    // Brings it into view: the bar of the selection and what notices say have taken room from the grid.
    await cell.hover({ position: { x: 40, y: 40 } })
    const { x, y } = await boxOf(cell)
    await page.mouse.down()
    await page.mouse.move(x + 60, y + 60, { steps: 4 })
    const { files, iconBytes } = await app.report('drag')
    await page.mouse.up()
    expect(files.map(file => file.split(/[/\\]/).at(-1)).sort()).toEqual(['桂影红茶.jpg', '溪山白茶.jpg'])
    expect(iconBytes).toBeGreaterThan(0)
  })
})

describe('the second window', () => {
  test('shows what has the focus in the first, and goes when it is asked for again', async () => {
    const { page } = app
    const first = app.reports.find(report => report.kind === 'window')
    await choose(page, '朋友圈.txt')
    await page.keyboard.press('Control+Enter')
    const opened = await app.report('window', ({ window }) => window !== first?.window)
    const second = await app.currentPage(opened.window)
    const name = () => second.locator('[data-testid=loupe-name]').textContent()
    await eventually(name).toBe('文案/朋友圈.txt')
    await choose(page, '云岫绿茶.jpg')
    await eventually(name).toBe('商品/云岫绿茶.jpg')
    const closed = second.waitForEvent('close')
    await page.keyboard.press('Control+Enter')
    await closed
  })
})
