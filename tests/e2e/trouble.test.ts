import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { wechatPracticeApp } from '../../electron/engine/checkers/wechat/practice/apps.ts'
import type { SandboxOptions } from '../../electron/engine/sandbox/start-sandbox.ts'
import { words as historyWords } from '../../renderer/features/history/words.ts'
import { words as queueWords } from '../../renderer/features/queue/words.ts'
import { words as settings } from '../../renderer/features/settings/words.ts'
import { failureText } from '../../shared/failures.ts'
import { problemText } from '../../shared/problems.ts'
import type { App } from './support/app.ts'
import { startApp } from './support/app.ts'
import { createDesk, texts } from './support/desk.ts'
import { poster } from './support/pictures.ts'
import {
  finished,
  giveUpPlan,
  goTo,
  pickProfiles,
  planDialog,
  planned,
  said,
  startPlan,
  tabCounts,
  trySample,
} from './support/user.ts'

/** What goes wrong is told in a sentence in the window; it is never blank, and never a verdict. */

const desk = createDesk()
const words = said('en')
let alone: App[] = []
afterEach(async () => {
  await Promise.all(alone.map(app => app.dispose()))
  alone = []
  await desk.clear()
})

/** The first words of a sentence, up to where its advice begins. */
const beginning = (sentence: string): string => sentence.split(/[.;:]/, 1)[0] ?? sentence

async function screening(
  files: Readonly<Record<string, string>>,
  options: SandboxOptions & { readonly secret?: string; readonly baseUrl?: string } = {},
): Promise<App> {
  const { secret = wechatPracticeApp.secret, baseUrl, ...rest } = options
  const platform = await desk.sandbox(rest)
  const profile = { ...wechatPracticeApp, name: 'Brand A', secret, baseUrl: baseUrl ?? platform.url }
  const app = await desk.start({ profiles: [profile] })
  await app.drop([desk.folder(files)])
  await planned(app.page)
  await pickProfiles(app.page, ['Brand A'])
  await startPlan(app.page)
  return app
}

describe('a view that fails', () => {
  test('says so, and is there again when the window is loaded again', async () => {
    const app = await desk.start()
    const { page } = app
    await trySample(page, 'en')
    await page.evaluate(() => {
      // The settings ask for it while they are being shown.
      Intl.supportedValuesOf = () => {
        throw new Error('a bug in the view')
      }
    })
    await page.keyboard.press('Control+,')
    await page.getByRole('tab', { name: settings.en['section.checks'] }).click()
    const crash = page.getByRole('alert').filter({ hasText: words.shell['crash.title'] })
    await crash.waitFor()
    expect(await crash.textContent()).toContain('a bug in the view')
    const loaded = page.waitForEvent('load')
    await crash.getByRole('button', { name: words.shell['crash.reload'] }).click()
    await loaded
    await finished(page)
    expect((await tabCounts(page)).risky).toBe(4)
    expect(await crash.count()).toBe(0)
    expect(app.reports.filter(report => report.kind === 'error-box')).toEqual([])
  })
})

describe('a platform that finds nothing any more', () => {
  const rules = [{ endpoint: '*', when: { always: true }, then: 'pass' }] as const
  const unbacked = words.shell['banner.unbacked']

  test('is not taken at its word: banner, status bar and legend say that a no-hit is not backed', async () => {
    const { page } = await screening({ 'a.txt': 'spring tea' }, { script: { seed: 1, rules: [...rules] } })
    await finished(page)
    expect(await tabCounts(page)).toMatchObject({ pass: 1, unchecked: 0 })
    const banner = page.locator('[data-testid=banner][data-tone="unchecked"]').filter({ hasText: unbacked })
    expect(await banner.textContent()).toContain('let its own test string pass')
    expect(await page.locator('footer').textContent()).not.toContain(words.shell.clean)
    expect(await page.locator('footer [data-testid=status-unchecked]').textContent()).toBe(words.shell.unbacked)
    expect(await page.locator('[data-testid=outcome-tab][data-outcome="pass"]').getAttribute('data-unbacked')).toBe(
      'true',
    )
  })

  test('and one that flags its test string is clean', async () => {
    const { page } = await screening({ 'a.txt': 'spring tea' })
    await finished(page)
    await page.locator('footer', { hasText: words.shell.clean }).waitFor()
    expect(await page.locator('[data-testid=banner]').filter({ hasText: unbacked }).count()).toBe(0)
  })
})

describe('what is dropped', () => {
  // One program for all: each is about its own drop, and about the batch that comes of it.
  const shared = createDesk()
  let app: App
  beforeAll(async () => {
    app = await shared.start()
  })
  afterAll(() => shared.clear())

  test('and cannot be screened is listed with the reason, and there is nothing to start', async () => {
    const folder = desk.folder({ 'tool.exe': new Uint8Array([77, 90, 144, 0, 3, 0, 0, 0]), 'empty.txt': '' })
    const { page, drop } = app
    await drop([folder])
    await planned(page)
    const dialog = planDialog(page, 'en')
    await dialog.getByText(words.drop.nothing).waitFor()
    expect(await dialog.locator('[data-testid=plan-problems]').textContent()).toContain('tool.exe')
    await page.keyboard.press('Enter')
    // Still there: Enter starts nothing that is nothing.
    expect(await dialog.isVisible()).toBe(true)
    await giveUpPlan(page, 'en')
  })

  test('and is a table of which no column is likely says so, also within a folder, and takes the one that is chosen', async () => {
    const folder = desk.folder({ 'list/table.csv': '101,8\n102,9\n' })
    const { page, drop } = app
    await drop([folder])
    await planned(page)
    const dialog = planDialog(page, 'en')
    await dialog.getByText(words.drop['problem.column_not_chosen']).waitFor()
    await dialog.getByText(words.drop.nothing).waitFor()
    await dialog.getByRole('combobox', { name: words.drop.textColumn }).click()
    await page.getByRole('option', { name: /^A/ }).click()
    await dialog.getByText(words.drop.nothing).waitFor({ state: 'hidden' })
    await startPlan(page)
    await finished(page)
    expect(Object.values(await tabCounts(page)).reduce((sum, count) => sum + count, 0)).toBeGreaterThan(0)
    expect((await tabCounts(page)).unchecked).toBe(0)
  })

  test('and has gone by the time it is started ends unchecked with the reason', async () => {
    const folder = desk.folder(texts(3))
    const { page, drop } = app
    await drop([folder])
    await planned(page)
    rmSync(folder, { recursive: true, force: true })
    await startPlan(page)
    await page
      .locator(
        '[data-testid=banner][data-tone="unchecked"], [data-testid=grid-nothing], [data-testid=banner][data-tone="warning"]',
      )
      .first()
      .waitFor()
    expect((await tabCounts(page)).pass ?? 0).toBe(0)
    expect(await page.locator('footer').textContent()).not.toContain(words.shell.clean)
  })

  test('two thousand times wrong is one banner, not two thousand', async () => {
    // Each says what it is and then breaks off.
    const cutOff = (await poster({ seed: 1 })).slice(0, 200)
    const broken = Object.fromEntries(Array.from({ length: 2_000 }, (_, at) => [`${at % 100}/${at}.png`, cutOff]))
    const folder = desk.folder(broken)
    const { page, drop } = await desk.start()
    await drop([folder])
    await planned(page)
    await startPlan(page)
    await page.locator('footer [data-state="done"]').waitFor()
    const banner = page.locator('[data-testid=banner][data-tone="unchecked"]')
    await expect.poll(() => banner.textContent()).toMatch(/^2,000 assets not checked/)
    expect(await page.locator('[data-testid=banner]').count()).toBeLessThanOrEqual(2)
    expect(await page.locator('.mantine-Notification-root').count()).toBeLessThanOrEqual(1)
  })
})

describe('the account', () => {
  test('with a wrong secret stops the batch with a sentence, and nothing passes', async () => {
    const { page } = await screening(texts(5), { secret: 'practice_secret_with_a_slip_0001' })
    await page
      .getByText(beginning(failureText('secret_rejected', 'en')))
      .first()
      .waitFor()
    expect((await tabCounts(page)).pass).toBe(0)
  })

  test('whose quota is gone says so, counts nothing as passed, and can be resumed', async () => {
    const { page } = await screening(texts(30), {
      script: {
        seed: 1,
        rules: [
          { endpoint: 'wechat.msg_sec_check', when: { burst: { from: 11, count: 1000 } }, then: { errcode: 45009 } },
        ],
      },
    })
    await page
      .getByText(beginning(failureText('quota_day', 'en')))
      .first()
      .waitFor()
    const counts = await tabCounts(page)
    expect(counts.pass).toBeLessThan(30)
    expect((counts.pending ?? 0) + (counts.unchecked ?? 0)).toBeGreaterThan(0)
    await page.getByRole('contentinfo').getByRole('button', { name: words.common.resume, exact: true }).waitFor()
    expect(await page.locator('footer').textContent()).not.toContain(words.shell.clean)
  })
})

describe('the network', () => {
  test('that does not reach the platform leaves the assets unchecked with the reason, not waiting for ever', async () => {
    // Nobody listens there.
    const closed = await desk.sandbox()
    const url = closed.url
    await closed.close()
    const { page } = await screening(texts(2), { baseUrl: url })
    await page
      .getByText(beginning(failureText('unreachable', 'en')))
      .first()
      .waitFor()
    expect((await tabCounts(page)).pass).toBe(0)
  })
})

describe('a program that cannot open its data', () => {
  async function startBroken(dataDir: string): Promise<App> {
    const app = await startApp({ language: 'en', dataDir })
    alone.push(app)
    return app
  }

  test('because a file stands in the place of the folder says so, and stays', async () => {
    const file = join(desk.folder({ data: 'not a folder' }), 'data')
    const { page } = await startBroken(file)
    const main = page.getByRole('alert').filter({ hasText: words.shell['broken.title'] })
    await main.waitFor()
    expect(await main.textContent()).toContain(problemText('not_writable', 'en'))
  })

  test('because the database is damaged says so, and leaves it as it was', async () => {
    const dataDir = desk.folder()
    writeFileSync(join(dataDir, 'prescreen.sqlite'), 'this is no database, '.repeat(400))
    const { page } = await startBroken(dataDir)
    const main = page.getByRole('alert').filter({ hasText: words.shell['broken.title'] })
    await main.waitFor()
    expect(await main.textContent()).toContain(problemText('database_corrupt', 'en'))

    // The same in every view: none claims that there is nothing, or goes on reading for ever.
    await page.keyboard.press('Control+,')
    for (const view of ['history', 'queue', 'profiles'] as const) {
      await goTo(page, 'en', view)
      await main.waitFor()
      expect(await page.getByText(historyWords.en.noBatchesTitle).count()).toBe(0)
      expect(await page.getByText(words.shell.noBatch, { exact: true }).count()).toBe(0)
      expect(await page.getByText(queueWords.en.loading).count()).toBe(0)
    }
  })

  test('but only its settings starts with the defaults and says where the old ones are', async () => {
    const dataDir = desk.folder()
    writeFileSync(join(dataDir, 'settings.json'), '{ half a file')
    const { page } = await startBroken(dataDir)
    await page.getByText(problemText('settings_corrupt', 'en')).first().waitFor()
    await page.getByRole('button', { name: words.commands.sample }).click()
    await finished(page)
  })
})
