import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { qqPracticeApp } from '../../electron/engine/checkers/qq/practice/apps.ts'
import { wechatPracticeApp } from '../../electron/engine/checkers/wechat/practice/apps.ts'
import { wechatFields } from '../../electron/engine/checkers/wechat/words.ts'
import { words as history } from '../../renderer/features/history/words.ts'
import { profileDefaults } from '../../shared/profile.ts'
import type { App } from './support/app.ts'
import { createDesk, texts } from './support/desk.ts'
import {
  addProfile,
  choose,
  finished,
  goTo,
  pickProfiles,
  planned,
  said,
  startPlan,
  tabCounts,
  trySample,
} from './support/user.ts'

const openidsLabel = wechatFields.find(({ id }) => id === 'openids')?.label.en ?? ''
const desk = createDesk()
const words = said('en').profiles
afterEach(() => desk.clear())

// One program for those that add a profile, each one of its own name.
const shared = createDesk()
let app: App
beforeAll(async () => {
  app = await shared.start()
})
afterAll(() => shared.clear())

describe('a profile of one’s own', () => {
  test('is added, tested step by step, and never shows its secret again, in the window or on the disk', async () => {
    const platform = await desk.sandbox()
    const { page, dataDir } = app
    await addProfile(page, 'en', { ...wechatPracticeApp, name: 'Brand A', baseUrl: platform.url })
    await page.getByRole('heading', { name: 'Brand A', level: 2 }).waitFor()

    const doctor = page.getByRole('region', { name: words.test, exact: true })
    await doctor.getByRole('button', { name: words.test }).click()
    await doctor.getByRole('button', { name: words.testAgain }).waitFor()
    for (const step of ['step.credentials', 'step.token', 'step.text'] as const) {
      expect(await doctor.getByText(words[step], { exact: true }).count()).toBe(1)
    }
    // It is this profile's own address that was asked.
    expect(platform.stats().some(row => row.endpoint === 'wechat.msg_sec_check')).toBe(true)

    expect(await page.getByText(words.secretStored).count()).toBe(1)
    expect(await page.content()).not.toContain(wechatPracticeApp.secret)
    expect(filesWith(dataDir, wechatPracticeApp.secret)).toEqual([])
  })

  test('with a wrong secret says so in a sentence, with what to do', async () => {
    const platform = await desk.sandbox()
    const { page } = app
    await addProfile(page, 'en', {
      name: 'Mistyped',
      appid: wechatPracticeApp.appid,
      secret: 'practice_secret_with_a_slip_0001',
      baseUrl: platform.url,
    })
    const doctor = page.getByRole('region', { name: words.test, exact: true })
    await doctor.getByRole('button', { name: words.test }).click()
    await doctor.getByText(/refuses this AppSecret/).waitFor()
    expect(await doctor.textContent()).toContain(words['state.failed'])
    const dot = page.getByRole('button', { name: /^Mistyped/ }).getByTestId('profile-health')
    await expect.poll(() => dot.getAttribute('data-health')).toBe('failures')
    // The row that failed leads to the field, and one button saves and tests.
    await doctor.getByRole('button', { name: words.replaceSecret }).first().click()
    await page.locator('form input[type=password]:focus').waitFor()
    await page.keyboard.type(wechatPracticeApp.secret)
    await page.getByRole('button', { name: words.saveAndTest }).click()
    await doctor.getByRole('button', { name: words.testAgain }).waitFor()
    await expect.poll(() => dot.getAttribute('data-health')).toMatch(/^(ok|warnings)$/)
  })

  test('shows the address to allow-list when the platform refuses it, ready to be copied', async () => {
    const platform = await desk.sandbox({
      script: { seed: 1, rules: [{ endpoint: 'wechat.stable_token', when: { always: true }, then: refusedAddress }] },
    })
    const { page, report } = app
    await addProfile(page, 'en', { ...wechatPracticeApp, name: 'Not allowed', baseUrl: platform.url })
    const doctor = page.getByRole('region', { name: words.test, exact: true })
    await doctor.getByRole('button', { name: words.test }).click()
    await doctor.getByRole('button', { name: words.copyValue.replace('{{value}}', '203.0.113.7') }).click()
    expect((await report('clipboard')).text).toBe('203.0.113.7')
  })

  test('keeps a secret on a machine without a keychain only when that is chosen', async () => {
    const platform = await desk.sandbox()
    const { page } = await desk.start({ env: { PRESCREEN_STANDIN_KEYCHAIN: 'basic_text' } })
    await addProfile(page, 'en', { ...wechatPracticeApp, name: 'Brand A', baseUrl: platform.url })
    const alert = page.getByRole('alert').filter({ hasText: words.weakTitle })
    await alert.waitFor()
    await alert.getByRole('button', { name: words.weakAccept }).click()
    await page.getByRole('heading', { name: 'Brand A', level: 2 }).waitFor()
  })

  test('is not lost by a click elsewhere while it is being edited', async () => {
    const platform = await desk.sandbox()
    const { page } = app
    await addProfile(page, 'en', { ...wechatPracticeApp, name: 'Left', baseUrl: platform.url })
    await page.getByRole('heading', { name: 'Left', level: 2 }).waitFor()
    await page.getByRole('form').getByLabel(words.name).fill('Brand B')
    await page
      .getByRole('navigation', { name: words.list })
      .getByRole('button', { name: /Practice.*WeChat/ })
      .click()
    await page
      .getByRole('dialog')
      .getByRole('button', { name: said('en').common.stay })
      .click()
    expect(await page.getByRole('form').getByLabel(words.name).inputValue()).toBe('Brand B')
    await page
      .getByRole('form')
      .getByRole('button', { name: said('en').common.discard })
      .click()
  })
})

describe('what is typed into a profile', () => {
  test('and saved is stored: the secret is gone from the form, a test of before counts no more, and the next one may run', async () => {
    const platform = await desk.sandbox()
    const { page } = app
    await addProfile(page, 'en', { ...wechatPracticeApp, name: 'Typed', baseUrl: platform.url })
    await page.getByRole('heading', { name: 'Typed', level: 2 }).waitFor()
    const doctor = page.getByRole('region', { name: words.test, exact: true })
    await doctor.getByRole('button', { name: words.test }).click()
    await doctor.getByRole('button', { name: words.testAgain }).waitFor()

    const form = page.getByRole('form')
    await form.getByRole('button', { name: words.secretReplace }).click()
    await form.getByLabel(words['secret.appSecret'], { exact: false }).last().fill('practice_secret_with_a_slip_0001')
    expect(await doctor.getByRole('button').isEnabled()).toBe(false)
    await form.getByRole('button', { name: said('en').common.save, exact: true }).click()
    await form.getByText(words.secretStored).waitFor()
    expect(await form.getByText(words.unsaved).count()).toBe(0)
    expect(await page.locator('input[type=password]').count()).toBe(0)
    // What was tested was another secret.
    await doctor.getByRole('button', { name: words.test, exact: true }).click()
    await doctor.getByText(/refuses this AppSecret/).waitFor()
  })

  test('is still there after a look at another view, and still not saved', async () => {
    const platform = await desk.sandbox()
    const { page } = app
    await addProfile(page, 'en', { ...wechatPracticeApp, name: 'Looked at', baseUrl: platform.url })
    await page.getByRole('heading', { name: 'Looked at', level: 2 }).waitFor()
    await page.getByRole('form').getByLabel(words.name).fill('Brand B')
    await page.getByRole('form').getByLabel(openidsLabel).fill('o_one o_two')
    await goTo(page, 'en', 'settings')
    await goTo(page, 'en', 'profiles')
    const form = page.getByRole('form')
    expect(await form.getByLabel(words.name).inputValue()).toBe('Brand B')
    expect(await form.getByLabel(openidsLabel).inputValue()).toBe('o_one o_two')
    await form.getByText(words.unsaved).waitFor()
    await form.getByRole('button', { name: said('en').common.discard }).click()
    expect(await form.getByLabel(words.name).inputValue()).toBe('Looked at')
    // A new one likewise.
    await page
      .getByRole('navigation', { name: words.list })
      .getByRole('button', { name: said('en').common.addProfile })
      .click()
    await page
      .getByRole('form', { name: said('en').common.addProfile })
      .getByLabel(words.name)
      .fill('Brand C')
    await goTo(page, 'en', 'queue')
    await goTo(page, 'en', 'profiles')
    expect(
      await page
        .getByRole('form', { name: said('en').common.addProfile })
        .getByLabel(words.name)
        .inputValue(),
    ).toBe('Brand C')
  })
})

describe('a profile that was removed', () => {
  test('is still among those that the trends can be about, with its name', async () => {
    const platform = await desk.sandbox()
    const profiles = [{ ...wechatPracticeApp, name: 'Brand A', baseUrl: platform.url }]
    const { page, drop } = await desk.start({ profiles })
    await drop([desk.folder(texts(2))])
    await planned(page)
    await pickProfiles(page, ['Brand A'])
    await startPlan(page)
    await finished(page)
    await goTo(page, 'en', 'profiles')
    await page.getByRole('button', { name: /^Brand A/ }).click()
    await page.getByRole('button', { name: words.remove, exact: true }).click()
    await page.getByRole('dialog').getByRole('button', { name: words.remove }).click()
    await page.getByRole('heading', { name: 'Brand A', level: 2 }).waitFor({ state: 'hidden' })
    await goTo(page, 'en', 'history')
    await page.getByRole('tab', { name: history.en['tab.trends'] }).click()
    await page.getByRole('button', { name: history.en.onlyProfile.replace('{{name}}', 'Brand A') }).click()
    const chosen = page.locator(`input[aria-label="${history.en.profile}"]`).first()
    await expect.poll(() => chosen.inputValue()).toBe('Brand A')
  })
})

describe('several profiles', () => {
  test('leave the way to a new one as it is, however many there are', async () => {
    const { page } = await desk.start()
    await page.setViewportSize({ width: 960, height: 600 })
    await page.evaluate(async draft => {
      for (let at = 1; at <= 12; at += 1) {
        await globalThis.prescreen.invoke('profiles.save', {
          draft: { ...draft, name: `Brand ${at}`, appid: `wx${at}00000` },
          secret: null,
        })
      }
    }, draftByVariable)
    // Made behind the window's back, which learns of them when it is loaded.
    const loaded = page.waitForEvent('load')
    await page.evaluate(() => void globalThis.prescreen.invoke('window.reload', {}))
    await loaded
    await page.getByRole('button', { name: said('en').common.addProfile }).click()
    const list = page.getByRole('navigation', { name: words.list })
    await list.getByRole('button', { name: /Brand 12/ }).waitFor()
    const add = await list.getByRole('button', { name: said('en').common.addProfile }).boundingBox()
    expect(add?.height).toBeGreaterThanOrEqual(24)
  })

  test('screen the same material side by side, and the strictest verdict leads', async () => {
    const platform = await desk.sandbox()
    const folder = desk.folder({ ...texts(2), 'ad.txt': 'A hoopadeal for everybody.' })
    const profiles = [{ ...qqPracticeApp, name: 'Brand A on QQ', baseUrl: platform.url }]
    const { page, drop } = await desk.start({ rules: true, profiles })
    await drop([folder])
    await planned(page)
    await pickProfiles(page, ['Practice · WeChat', 'Brand A on QQ'])
    await startPlan(page)
    await finished(page)
    // WeChat's v2 wants a second look at the advertisement; QQ knows risky or nothing.
    expect(await tabCounts(page)).toMatchObject({ review: 1, pass: 2 })
    await choose(page, 'ad.txt')
    // Beside the two what the rules found, which look at texts too.
    const results = page.locator('[data-testid=results][data-count="3"]')
    expect(await results.textContent()).toMatch(/Review.*No hit.*Rules/s)
    // It is practice in part, and says so.
    await page.locator('[data-testid=banner][data-tone="practice"]').waitFor()
  })

  test('are switched in the title bar, for the batches to come', async () => {
    const platform = await desk.sandbox()
    const folder = desk.folder(texts(1))
    const profiles = [{ ...wechatPracticeApp, name: 'Brand A', baseUrl: platform.url }]
    const { page, drop } = await desk.start({ profiles })
    const switcher = page.getByRole('button', { name: new RegExp(words.switch) })
    await switcher.click()
    await page.getByRole('option', { name: /Brand A/ }).click()
    await page.getByRole('option', { name: /Practice.*WeChat/ }).click()
    await page.keyboard.press('Escape')
    await expect.poll(() => switcher.textContent()).not.toContain('Practice')
    await drop([folder])
    await planned(page)
    expect(await page.locator('[data-testid=plan-profile][aria-pressed="true"]').allTextContents()).toEqual(['Brand A'])
    await startPlan(page)
    await finished(page)
    expect(await page.locator('[data-testid=banner][data-tone="practice"]').count()).toBe(0)
    // The sample stays practice whatever is chosen.
    await page.getByRole('button', { name: said('en').shell.add }).click()
    await page.getByRole('menuitem', { name: said('en').commands.sample }).click()
    await page.locator('[data-testid=banner][data-tone="practice"]').waitFor()
    await finished(page)
  })

  test('are left alone when the only batch is practice', async () => {
    const { page } = await desk.start()
    await trySample(page, 'en')
    // The sample has something that is not checked, which is worse, so that practice is a name beside it.
    await page.locator('[data-testid=banner][data-tone="practice"] button').click()
    await page.getByRole('button', { name: said('en').common.addProfile }).click()
    await page.getByRole('heading', { name: said('en').commands.showProfiles, level: 1 }).waitFor()
  })
})

const draftByVariable = {
  ...profileDefaults,
  id: null,
  platform: 'wechat',
  tokenMode: 'stable',
  secretEnv: 'WX_APP_SECRET',
} as const

const refusedAddress = {
  errcode: 40164,
  errmsg: 'invalid ip 203.0.113.7 ipv6 ::ffff:203.0.113.7, not in whitelist',
} as const

/** Files of a folder, the browser's own apart, that hold a text in clear. */
function filesWith(folder: string, text: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile())
    .map(entry => join(entry.parentPath, entry.name))
    .filter(path => {
      try {
        const bytes = readFileSync(path)
        return bytes.includes(text) || bytes.includes(Buffer.from(text, 'utf16le'))
      } catch {
        return false
      }
    })
}
