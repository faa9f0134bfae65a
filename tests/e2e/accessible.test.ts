import type { Page } from 'playwright'
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import type { App } from './support/app.ts'
import { isSame, ofColours, type Rules, violations } from './support/axe.ts'
import { createDesk } from './support/desk.ts'
import { choose, commandOfView, focusedName, goTo, planned, said, tabCounts, trySample } from './support/user.ts'

// What is emulated holds for a whole browser, and the focus for one of its windows: no other test's window is in this one.
vi.stubEnv('PRESCREEN_STANDIN_BROWSER', undefined)

/** Everything without a mouse, and for those who hear the window instead of seeing it. */

const desk = createDesk()
const words = said('en')
let app: App

beforeAll(async () => {
  app = await desk.start({ rules: true })
})
afterAll(() => desk.clear())
beforeEach(async () => {
  for (let open = 0; open < 2; open += 1) await app.page.keyboard.press('Escape')
  await app.page.locator('[role=dialog]').waitFor({ state: 'hidden' })
})

const themes = ['light', 'dark'] as const
/** All rules in one theme, and in the other those about colours; all again where it shows something else. */
async function inBothThemes(look: (rules: Rules) => Promise<void>): Promise<void> {
  for (const theme of themes) {
    await app.page.emulateMedia({ colorScheme: theme })
    await app.page.locator(`html[data-mantine-color-scheme="${theme}"]`).waitFor()
    const same = await isSame(app.page)
    await look(same && theme !== themes[0] ? ofColours : 'all')
  }
}

describe('a screen reader', () => {
  test('finds nothing wrong in the empty window', async () => {
    await inBothThemes(async rules => expect(await violations(app.page, rules)).toEqual([]))
  })

  test('finds nothing wrong in the grid, the inspector and the loupe', async () => {
    const { page } = app
    await trySample(page, 'en')
    for (const name of ['春茶上新-长图.jpg', '直播口播稿.md', '旧系统导出.txt']) {
      await choose(page, name)
      await inBothThemes(async rules => expect([name, ...(await violations(page, rules))]).toEqual([name]))
    }
    await choose(page, '首页横幅.png')
    await page.keyboard.press('Enter')
    await page.locator('[data-loupe] img').waitFor()
    await inBothThemes(async rules => expect(await violations(page, rules)).toEqual([]))
    await page.keyboard.press('Escape')
  })

  test.each(['history', 'rules', 'queue', 'profiles', 'settings'] as const)('finds nothing wrong in %s', async view => {
    const { page } = app
    await goTo(page, 'en', view)
    await page.getByRole('main').getByRole('heading', { level: 1 }).waitFor()
    await inBothThemes(async rules => expect(await violations(page, rules)).toEqual([]))
    if (view === 'rules') {
      await page.getByRole('main').getByRole('listbox').focus()
      await page.keyboard.press('ArrowDown')
      await page.getByRole('region', { name: /^Rule “/ }).waitFor()
      await inBothThemes(async rules => expect(await violations(page, rules)).toEqual([]))
    }
    if (view === 'history' || view === 'rules' || view === 'settings') {
      for (const tab of (await page.getByRole('main').getByRole('tab').all()).slice(1)) {
        await tab.click()
        await inBothThemes(async rules => expect(await violations(page, rules)).toEqual([]))
      }
    }
    if (view === 'profiles') {
      await page
        .getByRole('navigation', { name: words.profiles.list })
        .getByRole('button', { name: words.common.addProfile })
        .click()
      await page.getByRole('form').waitFor()
      await inBothThemes(async rules => expect(await violations(page, rules)).toEqual([]))
    }
    await goTo(page, 'en', 'grid')
  })

  test('finds nothing wrong in the dialogs', async () => {
    const { page } = app
    await app.drop([desk.folder({ 'a.txt': 'tea', 'b.zip': 'PK' })])
    await planned(page)
    await inBothThemes(async rules => expect(await violations(page, rules)).toEqual([]))
    await page.keyboard.press('Escape')
    await page.getByRole('dialog').waitFor({ state: 'hidden' })
    for (const key of ['Control+e', 'Control+k', 'F1']) {
      await page.keyboard.press(key)
      await page.getByRole('dialog').waitFor()
      await inBothThemes(async rules => expect([key, ...(await violations(page, rules))]).toEqual([key]))
      await page.keyboard.press('Escape')
      await page.getByRole('dialog').waitFor({ state: 'hidden' })
    }
    await page.emulateMedia({ colorScheme: 'light' })
  })
})

describe('the keyboard alone', () => {
  const focused = (page: Page) =>
    page.evaluate(() => {
      const { activeElement } = document
      return activeElement?.getAttribute('aria-label') ?? activeElement?.textContent ?? ''
    })

  test('reaches every view and every control of it by Tab and arrows, with the focus in sight', async () => {
    const { page } = app
    const views = ['grid', 'history', 'rules', 'queue', 'profiles', 'settings'] as const
    for (const view of views) {
      await page.keyboard.press('Control+k')
      await page.getByRole('dialog').getByRole('textbox').fill(words.commands[commandOfView[view]])
      await page.keyboard.press('Enter')
      await page.getByRole('dialog').waitFor({ state: 'hidden' })
      await page.evaluate(() => {
        if (document.activeElement instanceof HTMLElement) document.activeElement.blur()
      })
      const reached = new Set<string>()
      const look = async () => {
        const at = await page.evaluate(() => {
          const { activeElement } = document
          if (activeElement === null || activeElement === document.body) return null
          const { outlineStyle, outlineWidth, boxShadow, borderColor } = getComputedStyle(activeElement)
          const isSeen =
            (outlineStyle !== 'none' && outlineWidth !== '0px') || boxShadow !== 'none' || borderColor !== ''
          const name = activeElement.getAttribute('aria-label') ?? activeElement.textContent ?? ''
          return { name: name.trim(), isSeen, isInSideBar: activeElement.closest('[data-testid=side-bar]') !== null }
        })
        if (at !== null) expect([at.name, at.isSeen]).toEqual([at.name, true])
        return at
      }
      for (let presses = 0; presses < 80; presses += 1) {
        await page.keyboard.press('Tab')
        const at = await look()
        if (at === null) break
        if (reached.has(at.name) && at.name === [...reached][0]) break
        reached.add(at.name)
        if (!at.isInSideBar) continue
        await page.keyboard.press('Home')
        for (const _ of views) {
          reached.add((await look())?.name ?? '')
          await page.keyboard.press('ArrowDown')
        }
      }
      for (const command of Object.values(commandOfView)) expect([...reached]).toContain(words.commands[command])
    }
    await goTo(page, 'en', 'grid')
  })

  test('is three stops from the side bar to the grid, and F6 goes from pane to pane', async () => {
    const { page } = app
    const pane = () => page.evaluate(() => document.activeElement?.closest('[data-pane]')?.getAttribute('aria-label'))
    await page.getByRole('grid').focus()
    await page.keyboard.press('Shift+F6')
    expect(await pane()).toBe(words.grid.filterBar)
    // Inside it by arrows, over the field too, and back where one was.
    await page.keyboard.press('Home')
    const first = await focused(page)
    await page.keyboard.press('End')
    expect(await focused(page)).not.toBe(first)
    await page.keyboard.press('Shift+F6')
    expect(await pane()).toBe(words.shell.navigation)
    for (let presses = 0; presses < 3; presses += 1) await page.keyboard.press('Tab')
    expect(await focused(page)).toBe(words.grid.grid)
    await page.keyboard.press('F6')
    expect(await pane()).toBe(words.review.decide)
    await page.keyboard.press('F6')
    expect(await pane()).toBe(words.inspector.inspector)
    await page.getByRole('grid').focus()
  })

  test('has one stop for the whole grid, in which the arrows move', async () => {
    const { page } = app
    await page.getByRole('grid').focus()
    expect(await page.locator('[role=grid] [tabindex]').count()).toBe(0)
    await page.keyboard.press('Home')
    await expect
      .poll(() => page.locator('[role=gridcell][data-focus]:visible').getAttribute('aria-label'))
      .toMatch(/^item 1 of/)
    const first = await focusedName(page)
    await page.keyboard.press('ArrowRight')
    await expect.poll(() => focusedName(page)).not.toBe(first)
    const active = await page.getByRole('grid').getAttribute('aria-activedescendant')
    expect(await page.locator(`#${active}`).getAttribute('aria-label')).toMatch(/^item 2 of 24, /)
    await page.keyboard.press('End')
    await expect
      .poll(() => page.locator('[role=gridcell][data-focus]').getAttribute('aria-label'))
      .toMatch(/^item 24 of 24, /)
    await page.keyboard.press('Home')
    await page.keyboard.press('Shift+ArrowRight')
    await page.keyboard.press('Shift+ArrowRight')
    await page.locator('[data-testid=selection]', { hasText: '3' }).waitFor()
    await page.keyboard.press('Escape')
  })

  test('scrolls what the inspector tells', async () => {
    const { page } = app
    const { width, height } = await page.evaluate(() => ({ width: innerWidth, height: innerHeight }))
    await page.setViewportSize({ width, height: 440 })
    await choose(page, '旧系统导出.txt')
    const details = page.getByRole('region', { name: words.inspector.details })
    await details.waitFor()
    await page.getByRole('button', { name: words.inspector.recheckOne, exact: true }).focus()
    for (let presses = 0; presses < 4; presses += 1) {
      await page.keyboard.press('Tab')
      if (await details.evaluate(scroller => scroller === document.activeElement)) break
    }
    await page.keyboard.press('End')
    await expect.poll(() => details.evaluate(scroller => scroller.scrollTop)).toBeGreaterThan(0)
    await page.setViewportSize({ width, height })
    await page.getByRole('grid').focus()
  })

  test('keeps the focus in a dialog, and gives it back afterwards', async () => {
    const { page } = app
    await page.getByRole('grid').focus()
    await page.keyboard.press('n')
    const dialog = page.getByRole('dialog')
    await dialog.getByRole('textbox').waitFor()
    for (let presses = 0; presses < 8; presses += 1) {
      await page.keyboard.press('Tab')
      expect(await page.evaluate(() => document.activeElement?.closest('[role=dialog]') !== null)).toBe(true)
    }
    await page.keyboard.press('Escape')
    await dialog.waitFor({ state: 'hidden' })
    await expect.poll(() => focused(page)).toBe(words.grid.grid)
  })
})

describe('what is typed', () => {
  const decided = () => app.page.locator('[role=gridcell]:visible:not([data-decision="undecided"])').count()

  test('in Chinese decides nothing while it is being composed', async () => {
    const { page } = app
    await page.getByRole('grid').focus()
    const before = await decided()
    const session = await page.context().newCDPSession(page)
    // The letters of pinyin reach the page as key code 229, over the grid as over a field.
    for (const key of ['x', 'a', 'e', 's']) {
      await session.send('Input.dispatchKeyEvent', { type: 'keyDown', key, windowsVirtualKeyCode: 229 })
      await session.send('Input.dispatchKeyEvent', { type: 'keyUp', key, windowsVirtualKeyCode: 229 })
    }
    await page.keyboard.press('Control+f')
    await session.send('Input.imeSetComposition', { text: 'xae', selectionStart: 3, selectionEnd: 3 })
    await session.send('Input.imeSetComposition', { text: '下', selectionStart: 1, selectionEnd: 1 })
    await session.send('Input.insertText', { text: '下' })
    await session.detach()
    await page.keyboard.press('Escape')
    await page.keyboard.press('Escape')
    await tabCounts(page)
    expect(await decided()).toBe(before)
  })

  test('by a key that is held down decides on one asset, not on all that follow', async () => {
    const { page } = app
    await page.locator('[data-testid=side-item]', { hasText: words.common.all }).first().click()
    await page.getByRole('grid').focus()
    await page.keyboard.press('End')
    const before = await decided()
    await page.keyboard.down('a')
    for (let repeats = 0; repeats < 10; repeats += 1) await page.keyboard.down('a')
    await page.keyboard.up('a')
    await page.locator('footer .dim', { hasText: /^1 decided/ }).waitFor()
    expect((await decided()) - before).toBeLessThanOrEqual(1)
    await page.keyboard.press('Control+z')
    await page.locator('footer .dim', { hasText: /^0 decided/ }).waitFor()
  })
})
