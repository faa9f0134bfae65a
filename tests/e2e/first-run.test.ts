import { afterEach, describe, expect, test } from 'vitest'
import { createDesk } from './support/desk.ts'
import { cells, said, tabCounts, trySample } from './support/user.ts'

const desk = createDesk()
afterEach(() => desk.clear())

describe('the first run', () => {
  test('goes from an empty window to a grid of every verdict with one click', async () => {
    const { page, reports } = await desk.start({ language: 'zh', rules: true })
    const words = said('zh')
    await page.getByRole('heading', { name: words.drop['empty.title'] }).waitFor()
    await trySample(page, 'zh')

    expect(await tabCounts(page)).toEqual({ risky: 5, review: 3, unchecked: 2, pass: 14, pending: 0 })
    expect(await page.locator('footer').textContent()).toContain('24 / 24')
    for (const outcome of ['risky', 'review', 'unchecked', 'pass']) {
      expect(await page.locator(`[role=gridcell]:visible[data-outcome="${outcome}"]`).count()).toBeGreaterThan(0)
    }
    // What rules found stands beside what the platform said.
    for (const finding of ['forbidden', 'evidence']) {
      expect(await page.locator(`[role=gridcell]:visible [data-finding="${finding}"]:visible`).count()).toBeGreaterThan(
        0,
      )
    }
    // What has no verdict is loud: in a banner with its reasons, in the status bar and in the title.
    const banner = page.locator('[data-testid=banner][data-tone="unchecked"]')
    expect(await banner.textContent()).toContain('2 项未检')
    expect(await page.title()).toContain('5 项有风险 · 2 项未检 · 演练')
    // The end says what it came to and where to go from here, until it is put away.
    const end = page.getByTestId('finish-card')
    expect(await end.textContent()).toMatch(/检查完成.*有风险 5.*需复核 3.*未检 2.*未命中 14/)
    await end.getByRole('button', { name: words.shell['banner.hide'] }).click()
    await end.waitFor({ state: 'hidden' })
    // Nothing here may be taken for the platforms' word.
    expect(await page.locator('[data-testid=banner][data-tone="practice"]').textContent()).toContain(
      words.shell['banner.practice'],
    )
    // Said once: the bars above and below leave it to that line.
    expect(await page.locator('.mark-practice:visible').count()).toBe(0)
    expect(reports.filter(report => report.kind === 'error-box')).toEqual([])
  })

  test('speaks the language of the machine and says where it stands to who cannot see it', async () => {
    const { page } = await desk.start({ language: 'en' })
    await page.getByRole('heading', { name: said('en').drop['empty.title'] }).waitFor()
    expect(await page.locator('html').getAttribute('lang')).toBe('en')
    await trySample(page, 'en')
    expect(await cells(page).first().getAttribute('aria-label')).toMatch(/^item 1 of 24, risky, /)
    expect(await page.locator('footer').textContent()).toContain('2 not checked')
    // A batch with unchecked assets is never called clean.
    expect(await page.getByText(said('en').shell.clean).count()).toBe(0)
  })

  test('shows blurred what is risky until someone asks to see it', async () => {
    const { page } = await desk.start()
    await trySample(page, 'en')
    const risky = page.locator('[role=gridcell]:visible[data-outcome="risky"] img').first()
    expect(await risky.getAttribute('src')).toContain('blur=strong')
    const plain = page.locator('[role=gridcell]:visible[data-outcome="pass"] img').first()
    expect(await plain.getAttribute('src')).toContain('blur=off')
  })
})
