import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { App } from './support/app.ts'
import { createDesk } from './support/desk.ts'
import {
  cellNamed,
  cells,
  choose,
  focusedName,
  pressAtOnce,
  said,
  startOver,
  tabCounts,
  trySample,
} from './support/user.ts'

/** One person at one window: each test goes on from the sample batch with nothing filtered, selected or open. */

const desk = createDesk()
const words = said('en')
let app: App

beforeAll(async () => {
  app = await desk.start({ rules: true })
  await trySample(app.page, 'en')
})
afterAll(() => desk.clear())
beforeEach(() => startOver(app.page, 'en'))

const decisionOf = (name: string) => cellNamed(app.page, name).first().getAttribute('data-decision')
const eventually = (look: () => Promise<unknown>) => expect.poll(look)

describe('deciding', () => {
  test('decides by key and moves on to the next that is undecided', async () => {
    const { page } = app
    await choose(page, '会员短信-GBK.txt')
    await page.keyboard.press('x')
    await eventually(() => focusedName(page)).toBe('渠道文案.csv#5')
    await page.keyboard.press('a')
    // What a rule forbids is as risky as what a platform flags.
    await eventually(() => focusedName(page)).toBe('渠道文案.csv#9')
    await page.keyboard.press('x')
    await eventually(() => focusedName(page)).toBe('会员日-动图.gif')
    await page.keyboard.press('e')
    await page.keyboard.press('s')
    await eventually(() => decisionOf('会员短信-GBK.txt')).toBe('reject')
    await eventually(() => decisionOf('渠道文案.csv#5')).toBe('approve')
    await eventually(() => decisionOf('会员日-动图.gif')).toBe('escalate')
    await eventually(() => decisionOf('春茶上新-长图.jpg')).toBe('defer')
    // A decision against the machine is marked, for those who review the reviewers.
    await page.locator('[data-testid=side-item]', { hasText: words.shell['view.disagreement'] }).click()
    await eventually(() => cells(page).locator('[data-testid=cell-name]').allTextContents()).toEqual(['渠道文案.csv#5'])
  })

  test('goes back over its decisions by undo and redo, and keeps every step in the history', async () => {
    const { page } = app
    await choose(page, '朋友圈.txt')
    await page.keyboard.press('a')
    await eventually(() => decisionOf('朋友圈.txt')).toBe('approve')
    await page.keyboard.press('Control+z')
    await eventually(() => decisionOf('朋友圈.txt')).toBe('undecided')
    // The focus goes to what was taken back.
    await eventually(() => focusedName(page)).toBe('朋友圈.txt')
    await page.keyboard.press('Control+Shift+z')
    await eventually(() => decisionOf('朋友圈.txt')).toBe('approve')
    await choose(page, '朋友圈.txt')
    const inspector = page.getByRole('region', { name: words.inspector.inspector })
    await inspector.getByText(words.inspector['action.redo']).first().waitFor()
    expect(await inspector.locator('[data-testid=review-history] > li').allTextContents()).toEqual([
      expect.stringContaining(words.inspector['action.redo']),
      expect.stringContaining(words.inspector['action.undo']),
      expect.stringContaining(words.common['decision.approve']),
    ])
    await page.keyboard.press('u')
    await eventually(() => decisionOf('朋友圈.txt')).toBe('undecided')
  })

  test('asks before it decides on many, says how many of each verdict, and takes all of it back at once', async () => {
    const { page } = app
    await page.keyboard.press('Control+a')
    await page.locator('[data-testid=selection]', { hasText: '24' }).waitFor()
    await page.keyboard.press('a')
    const dialog = page.getByRole('dialog', { name: /24/ })
    const counts = await dialog.locator('ul').textContent()
    expect(counts).toMatch(/Risky 5.*Review 3.*Not checked 2.*No hit 14/s)
    await dialog.getByRole('button', { name: words.common.cancel }).click()
    await dialog.waitFor({ state: 'hidden' })
    expect(await page.locator('[role=gridcell]:visible[data-decision="undecided"]').count()).toBeGreaterThan(0)

    await page.keyboard.press('a')
    const yes = dialog.getByRole('button', { name: /Approve/ })
    await eventually(() => yes.evaluate(button => button === document.activeElement)).toBe(true)
    await page.keyboard.press('Enter')
    await page.locator('footer', { hasText: '24 decided' }).waitFor()
    await page.keyboard.press('Control+z')
    await page.locator('footer', { hasText: '24 decided' }).waitFor({ state: 'hidden' })
  })

  test('notes why, in a dialog whose letters decide nothing', async () => {
    const { page } = app
    await choose(page, '活动页.html')
    await page.keyboard.press('n')
    const dialog = page.getByRole('dialog', { name: words.commands.note })
    await dialog.getByRole('textbox').fill('Ask legal about axes')
    await page.keyboard.type('ax')
    await page.keyboard.press('Control+Enter')
    await dialog.waitFor({ state: 'hidden' })
    await page
      .getByRole('region', { name: words.inspector.inspector })
      .getByText('Ask legal about axesax')
      .first()
      .waitFor()
    expect(await decisionOf('活动页.html')).toBe('undecided')
  })

  test('gives a reason by its number to the decision that follows', async () => {
    const { page } = app
    await page.keyboard.press('Control+,')
    await page.getByRole('tab', { name: 'Review' }).click()
    const reason = page.getByLabel('Reason 2')
    await reason.fill('Absolute claim')
    await reason.press('Enter')
    await page.getByRole('button', { name: words.commands.showGrid, exact: true }).click()
    await page.locator('[data-testid=reason]', { hasText: 'Absolute claim' }).waitFor()
    await choose(page, '渠道文案.csv#2')
    await page.locator('[data-testid=reason]', { hasText: 'Absolute claim' }).click()
    await page.getByRole('grid').focus()
    await page.keyboard.press('x')
    await eventually(() => decisionOf('渠道文案.csv#2')).toBe('reject')
    await choose(page, '渠道文案.csv#2')
    const said = page.getByRole('region', { name: words.inspector.inspector }).getByText('Absolute claim').first()
    await said.waitFor()
    // After a decision its number completes it, although the focus has moved on; armed, it says for what, and Esc takes it back.
    await choose(page, '渠道文案.csv#3')
    // At once: for a few seconds the number is taken to be about what was decided.
    await pressAtOnce(page, [{ key: 'x' }, { key: '2' }])
    await page.locator('.mantine-Notifications-root', { hasText: /Absolute claim.*渠道文案\.csv#3/ }).waitFor()
    await choose(page, '渠道文案.csv#3')
    await said.waitFor()
    await page.keyboard.press('2')
    const armed = page.locator('[data-testid=reason][aria-pressed=true]')
    await armed.filter({ hasText: 'for 渠道文案.csv#3' }).waitFor()
    await page.keyboard.press('Escape')
    await armed.waitFor({ state: 'hidden' })
  })
})

describe('finding', () => {
  test('filters by verdict within one axis as OR and across axes as AND', async () => {
    const { page } = app
    const tab = (outcome: string) => page.locator(`[data-testid=outcome-tab][data-outcome="${outcome}"]`)
    await tab('risky').click()
    await tab('review').click()
    await eventually(() => cells(page).count()).toBe(8)
    await page.getByRole('button', { name: words.grid.filter, exact: true }).click()
    await page.locator('[data-testid=choice]', { hasText: new RegExp(`^${words.common['kind.image']}`) }).click()
    await eventually(() => cells(page).count()).toBe(2)
    await page.keyboard.press('Escape')
    await page.getByRole('button', { name: words.grid.clearFilter }).click()
    await eventually(() => cells(page).count()).toBeGreaterThan(8)
  })

  test('keeps a filter as a view by name, and takes it up again', async () => {
    const { page } = app
    await page.locator('[data-testid=outcome-tab][data-outcome="review"]').click()
    await page.getByRole('button', { name: words.grid.saveView }).click()
    await page.getByLabel(words.grid.viewName).fill('Second look')
    await page.keyboard.press('Enter')
    const view = page.locator('[data-testid=side-item]', { hasText: 'Second look' })
    await view.waitFor()
    await page.locator('[data-testid=side-item]', { hasText: words.common.all }).first().click()
    await eventually(() => cells(page).count()).toBeGreaterThan(3)
    await view.click()
    await eventually(() => cells(page).count()).toBe(3)
  })

  test('finds by the words of a text as well as by the name of a file', async () => {
    const { page } = app
    await page.keyboard.press('Control+f')
    await page.keyboard.type('金泡券')
    await eventually(() => cells(page).locator('[data-testid=cell-name]').allTextContents()).toEqual([
      '会员短信-GBK.txt',
    ])
    await page.keyboard.press('Escape')
    await page.keyboard.type('横幅')
    await eventually(() => cells(page).count()).toBe(3)
    await page.keyboard.press('Escape')
  })

  test('sorts by path and by risk', async () => {
    const { page } = app
    const sortBy = async (by: 'sort.path' | 'sort.risk') => {
      await page
        .locator('[data-testid=filter-line]')
        .getByRole('button', { name: /Risk|Path/ })
        .click()
      await page.getByRole('menuitem', { name: words.grid[by] }).click()
    }
    await sortBy('sort.path')
    const paths = () =>
      cells(page)
        .locator('[data-testid=cell-name]')
        .evaluateAll(all => all.map(name => name.getAttribute('title') ?? ''))
    await eventually(async () => (await paths()).slice(0, 3).every(path => path.startsWith('商品/'))).toBe(true)
    await sortBy('sort.risk')
    await eventually(() => cells(page).first().getAttribute('data-outcome')).toBe('risky')
  })
})

describe('scrolling', () => {
  test('asks for each picture once, also for one who goes to and fro', async () => {
    // A window of its own: its size cannot be given back.
    const { page } = await desk.start()
    await trySample(page, 'en')
    await page.setViewportSize({ width: 1100, height: 440 })
    await page.getByRole('grid').focus()
    const asked: string[] = []
    page.on('request', request => {
      if (/\/thumbnail\/.*size=160/.test(request.url())) asked.push(request.url())
    })
    const focused = () => page.locator('[role=gridcell][data-focus]').getAttribute('aria-label')
    const pictures = () => page.locator('[role=gridcell][data-kind="1"]:visible').count()
    const shown = () => page.locator('[role=gridcell][data-kind="1"]:visible img').count()
    for (let round = 0; round < 3; round += 1) {
      for (const [key, item] of [
        ['End', /^item 24 of/],
        ['Home', /^item 1 of/],
      ] as const) {
        await page.keyboard.press(key)
        await eventually(focused).toMatch(item)
        await eventually(async () => (await shown()) - (await pictures())).toBe(0)
        expect(await shown()).toBeGreaterThan(0)
      }
    }
    expect(asked.toSorted()).toEqual([...new Set(asked)].toSorted())
  })
})

describe('looking closely', () => {
  test('draws the tiles of a long poster and lights the risky one', async () => {
    const { page } = app
    await choose(page, '春茶上新-长图.jpg')
    const parts = page.locator('[data-testid=inspector] [data-testid=stage-parts] rect')
    await eventually(() => parts.count()).toBeGreaterThan(4)
    expect(
      await page.locator('[data-testid=inspector] [data-testid=stage-parts] rect[data-verdict="risky"]').count(),
    ).toBe(1)
    expect(await page.locator('[data-testid=stage-parts] rect[data-lit]').count()).toBe(0)
    await page.keyboard.press('t')
    await page
      .locator('[data-testid=inspector] [data-testid=stage-parts] rect[data-verdict="risky"][data-lit]')
      .waitFor()
    // A wash of colour would be one more thing on the picture that is not in it.
    const fills = page.locator('[data-testid=inspector] [data-testid=stage-parts] rect')
    expect(await fills.evaluateAll(all => [...new Set(all.map(rect => getComputedStyle(rect).fill))])).toEqual(['none'])
    await page.locator('[data-testid=inspector] [data-testid=stage-dim]').waitFor()
    // The original is not even fetched before someone asks for it.
    expect(await page.locator('[data-testid=inspector] [data-testid=stage] img').getAttribute('src')).toContain(
      '/thumbnail/',
    )
    await page.keyboard.down('b')
    await page.locator('[data-testid=inspector] [data-testid=stage] img[src^="/original/"]').waitFor()
    await page.keyboard.up('b')
    await page.locator('[data-testid=inspector] [data-testid=stage] img[src^="/thumbnail/"]').waitFor()
  })

  test('reads a long poster from its top to its end with one key, then goes on; T leads to what was hit', async () => {
    const { page } = app
    await choose(page, '春茶上新-长图.jpg')
    await page.keyboard.press('Enter')
    const loupe = page.locator('[data-loupe]')
    const name = () => loupe.locator('[data-testid=loupe-name]').textContent()
    const stage = loupe.locator('[data-testid=stage]')
    const scroll = loupe.locator('[data-testid=stage-scroll]')
    await loupe.locator('[data-testid=stage][data-zoom="width"] [data-testid=stage-parts]').waitFor()
    const poster = await name()
    const view = () => scroll.evaluate(host => ({ top: host.scrollTop, end: host.scrollHeight - host.clientHeight }))
    await eventually(async () => (await view()).end).toBeGreaterThan(1000)
    const { end } = await view()
    const place = loupe.locator('[data-testid=stage-place]')
    await eventually(() => place.textContent()).toMatch(/^tile 1\/\d+/)
    await page.keyboard.press('PageDown')
    await eventually(async () => (await view()).top).toBeGreaterThan(0)
    await page.keyboard.press('Shift+Space')
    await eventually(async () => (await view()).top).toBe(0)
    // To what was hit and back: in view, drawn at least as large, and marked on the map.
    await page.keyboard.press('t')
    const isInView = () =>
      stage.evaluate(host => {
        const lit = host.querySelector('[data-lit]')?.getBoundingClientRect()
        const box = host.getBoundingClientRect()
        const middle = lit === undefined ? -1 : lit.top + Math.min(lit.height, box.height) / 2
        return middle > box.top && middle < box.bottom
      })
    await eventually(isInView).toBe(true)
    await eventually(() => loupe.locator('[data-testid=minimap-tick][data-verdict="risky"][data-lit]').count()).toBe(1)
    const scale = async () =>
      Number((await loupe.locator('[data-testid=stage-scale]').textContent())?.replace(/\D/g, ''))
    const before = await scale()
    await page.keyboard.press('=')
    await eventually(scale).toBeGreaterThan(before)
    const larger = await scale()
    await scroll.hover()
    await page.keyboard.down('Control')
    await page.mouse.wheel(0, 100)
    await page.keyboard.up('Control')
    await eventually(scale).toBeLessThan(larger)
    await page.keyboard.press('0')
    await loupe.locator('[data-testid=stage][data-zoom="fit"]').waitFor()
    await scroll.dblclick()
    await loupe.locator('[data-testid=stage][data-zoom="width"]').waitFor()
    await page.keyboard.press('End')
    await eventually(async () => (await view()).top).toBeGreaterThan(end - 2)
    expect(await name()).toBe(poster)
    await page.keyboard.press('Space')
    await eventually(name).not.toBe(poster)
  })

  test('goes through what is undecided with one key each, revealed, with the facts and what comes next in sight', async () => {
    const { page } = app
    await page.keyboard.press('Control+,')
    await page.getByRole('tab', { name: 'Review' }).click()
    await page.getByText('Always', { exact: true }).click()
    await page.getByRole('button', { name: words.commands.showGrid, exact: true }).click()
    await page.getByRole('grid').focus()
    await page.keyboard.press('r')
    const loupe = page.locator('[data-loupe]')
    const pace = loupe.locator('[data-testid=pace]')
    const started = Number((await pace.textContent())?.match(/^\d+/)?.[0])
    await loupe.locator('[data-testid=review-facts]').getByRole('heading').first().waitFor()
    const strip = loupe.locator('[data-testid=film-strip] button')
    await eventually(() => strip.first().getAttribute('title')).not.toBe('')
    const coming = await strip.first().getAttribute('title')
    const name = () => loupe.locator('[data-testid=loupe-name]').textContent()
    await page.keyboard.press('x')
    await eventually(name).toContain(coming)
    await eventually(() => pace.textContent()).toMatch(new RegExp(`^${started + 1}/24`))
    // What lies below is not drawn a second time.
    expect(await page.locator('section[data-testid=inspector]').innerHTML()).toBe('')
    // Pictures are uncovered without another key.
    await eventually(() => loupe.locator('[data-testid=stage-scroll] img[src^="/thumbnail/"]').count()).toBe(0)
    await page.keyboard.press('Control+z')
    await eventually(() => pace.textContent()).toMatch(new RegExp(`^${started}/24`))
    await page.keyboard.press('r')
    await loupe.waitFor({ state: 'hidden' })
  })

  test('marks what was found in a text, and shows each call with what support asks for', async () => {
    const { page } = app
    await choose(page, '直播口播稿.md')
    await page.locator('[data-testid=text-stage] mark[data-verdict="review"]').first().waitFor()
    expect(await page.locator('[data-testid=line-number]', { hasText: /^1$/ }).count()).toBe(1)
    const call = page.locator('[data-testid=call]').first()
    expect(await call.textContent()).toMatch(/wechat\.msg_sec_check v2/)
    expect(await call.textContent()).toMatch(/trace_id/)
    await page.keyboard.press('Control+Shift+c')
    const { text } = await app.report('clipboard')
    expect(text).toContain('wechat.msg_sec_check')
    expect(text).toContain('直播口播稿.md')
  })

  test('opens over the whole window, at 100 % on Z, and goes back to where it was', async () => {
    const { page } = app
    await choose(page, '首页横幅.png')
    await page.getByRole('grid').focus()
    await page.keyboard.press('Enter')
    const loupe = page.locator('[data-loupe]')
    await loupe.locator('[data-testid=stage][data-zoom="fit"] img').waitFor()
    await page.keyboard.press('z')
    await loupe.locator('[data-testid=stage][data-zoom="full"]').waitFor()
    // Deciding works here too, and goes on to the next.
    const before = await loupe.locator('[data-testid=loupe-name]').textContent()
    await page.keyboard.press('s')
    await eventually(() => loupe.locator('[data-testid=loupe-name]').textContent()).not.toBe(before)
    await page.keyboard.press('Escape')
    await loupe.waitFor({ state: 'hidden' })
    expect(await page.evaluate(() => document.activeElement?.getAttribute('role'))).toBe('grid')
  })

  test('never changes what the machine said', async () => {
    expect(await tabCounts(app.page)).toEqual({ risky: 5, review: 3, unchecked: 2, pass: 14, pending: 0 })
  })
})
