import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import type { Page } from 'playwright'
import sharp from 'sharp'
import { startPractice } from '../../../electron/engine/checkers/start-practice.ts'
import { wechatPracticeApp } from '../../../electron/engine/checkers/wechat/practice/apps.ts'
import { startApp } from './app.ts'
import {
  addProfile,
  cellNamed,
  choose,
  finished,
  type Language,
  pickProfiles,
  planned,
  said,
  startPlan,
  trySample,
} from './user.ts'

/** Run by hand: pictures of every view in both languages and themes, made from the sample batch, for docs/images. */

const root = resolve(import.meta.dirname, '../../..')
const images = join(root, 'docs/images')
mkdirSync(images, { recursive: true })

for (const language of ['zh', 'en'] as const) {
  for (const theme of ['light', 'dark'] as const) await picture(language, theme)
}

async function picture(language: Language, theme: 'light' | 'dark'): Promise<void> {
  const dataDir = mkdtempSync(join(tmpdir(), 'prescreen-pictures-'))
  const platform = await startPractice()
  const app = await startApp({ language, dataDir, env: { PRESCREEN_STANDIN_KEYCHAIN: 'gnome_libsecret' } })
  const { page } = app
  const words = said(language)
  const shoot = shooter(page, `${language}-${theme}`)
  const place = (word: string) => page.getByRole('navigation').getByRole('button', { name: word, exact: true }).click()
  try {
    await page.setViewportSize({ width: 1440, height: 900 })
    await page.emulateMedia({ reducedMotion: 'reduce' })
    await page.getByRole('button', { name: words.commands.sample }).waitFor()
    await page.keyboard.press('Control+,')
    await page.getByText(words.common[`theme.${theme}`], { exact: true }).click()
    await page.locator(`html[data-mantine-color-scheme="${theme}"]`).waitFor()
    await place(words.commands.showGrid)
    await page.mouse.move(720, 880)
    await shoot('empty')
    await trySample(page, language)
    await choose(page, '春茶上新-长图.jpg')
    await page.keyboard.press('t')
    await page.locator('[data-testid=stage] img').waitFor()
    await shoot('grid')
    await page.keyboard.press('Enter')
    await page.locator('[data-loupe]').waitFor()
    await page.keyboard.down('b')
    await page
      .locator('[data-loupe] img[src^="/original/"]')
      .evaluate(image => (image instanceof HTMLImageElement ? image.decode() : undefined))
    await shoot('loupe')
    await page.keyboard.up('b')
    await page.keyboard.press('Escape')
    await choose(page, '直播口播稿.md')
    await page.keyboard.press('t')
    await shoot('text')
    await page.keyboard.press('l')
    await page.getByRole('columnheader').first().waitFor()
    await shoot('list')
    await page.keyboard.press('l')
    await choose(page, '春茶上新-长图.jpg')
    for (const name of ['首页横幅.png', '直播口播稿.md'])
      await cellNamed(page, name)
        .first()
        .click({ modifiers: ['Control'] })
    await page.keyboard.press('c')
    await page.locator('[data-testid=compared]').nth(2).waitFor()
    await shoot('compare')
    await page.keyboard.press('Escape')
    await page.keyboard.press('Escape')
    await page.keyboard.press('r')
    await page.locator('[data-testid=film-strip]').waitFor()
    await shoot('review')
    await page.keyboard.press('Escape')
    await page.locator('[data-loupe]').waitFor({ state: 'hidden' })
    await app.drop([join(root, 'resources/samples')])
    await page.getByRole('dialog').getByRole('table').waitFor()
    await page.locator('[data-testid=plan-reading]').waitFor({ state: 'hidden' })
    await shoot('plan')
    await page.locator('[data-testid=plan] button[type=submit]').focus()
    await page.keyboard.press('Enter')
    await page.locator('[data-testid=plan]').waitFor({ state: 'hidden' })
    await finished(page)
    await choose(page, '会员短信-GBK.txt')
    await decideSome(page)
    await page.mouse.move(720, 880)
    await shoot('decided')
    for (const [view, word] of [
      ['rules', words.commands.showRules],
      ['queue', words.commands.showQueue],
      ['history', words.commands.showHistory],
      ['profiles', words.commands.showProfiles],
      ['settings', words.commands.showSettings],
    ] as const) {
      await place(word)
      await page.getByRole('main').getByRole('heading', { level: 1 }).waitFor()
      await shoot(view)
    }
    await place(words.commands.showHistory)
    await page.getByRole('tab').nth(1).click()
    // All that there is here is practice.
    await page.getByRole('button', { name: words.history.countPractice }).click()
    await page.locator('.recharts-surface').first().waitFor()
    await shoot('trends')
    await place(words.commands.showProfiles)
    await page.getByRole('button', { name: words.common.addProfile }).first().click()
    await shoot('profile-form')
    await place(words.commands.showGrid)
    await shootDialogs(page, shoot)
    // A batch that cannot go on: the platform refuses the secret.
    await addProfile(page, language, {
      ...wechatPracticeApp,
      name: language === 'zh' ? '品牌A · 微信' : 'Brand A · WeChat',
      secret: 'practice_secret_with_a_slip_0001',
      baseUrl: platform.url,
    })
    await app.drop([join(root, 'resources/samples')])
    await planned(page)
    await pickProfiles(page, ['品牌A', 'Brand A'])
    await startPlan(page)
    await page.locator('footer [data-state="interrupted"]').waitFor({ timeout: 30_000 })
    await page.locator('[data-testid=outcome-tab][data-outcome="pending"][data-count="none"]').waitFor()
    await page.locator('[data-testid=banner][data-tone="danger"]').waitFor()
    await page.mouse.move(720, 880)
    await shoot('failing')
  } finally {
    await app.dispose()
    await platform.close()
    rmSync(dataDir, { recursive: true, force: true, maxRetries: 5 })
  }
}

async function shootDialogs(page: Page, shoot: (name: string) => Promise<void>): Promise<void> {
  await page.keyboard.press('Control+e')
  await page.getByRole('dialog').waitFor()
  await shoot('export')
  await page.keyboard.press('Escape')
  await page.keyboard.press('Control+k')
  await page.getByRole('dialog').waitFor()
  await shoot('palette')
  await page.keyboard.press('Escape')
  await page.getByRole('dialog').waitFor({ state: 'hidden' })
  await page.keyboard.press('F1')
  await page.getByRole('dialog').waitFor()
  await shoot('keys')
  await page.keyboard.press('Escape')
  await page.getByRole('dialog').waitFor({ state: 'hidden' })
}

/** Takes a picture of the window when nothing of it is on its way any more. */
function shooter(page: Page, ending: string): (name: string) => Promise<void> {
  return async name => {
    // What was done is told beside it for a few seconds.
    await page.locator('.mantine-Notification-root').first().waitFor({ state: 'hidden' })
    // Nothing moves, nothing is still on its way.
    await page.waitForFunction(() => document.getAnimations().every(animation => animation.playState !== 'running'))
    await page.waitForFunction(() =>
      [...document.querySelectorAll('img')].every(image => !image.checkVisibility() || image.complete),
    )
    // A picture of the grid is not in the page before it is there.
    await page.waitForFunction(() =>
      [...document.querySelectorAll('[role=gridcell][data-kind="1"]:not([data-preview="failed"])')].every(
        cell => !cell.checkVisibility() || cell.querySelector('img') !== null,
      ),
    )
    const png = await page.screenshot()
    await sharp(png)
      .png({ palette: true, quality: 90, effort: 10, compressionLevel: 9 })
      .toFile(join(images, `${name}-${ending}.png`))
  }
}

async function decideSome(page: Page): Promise<void> {
  const keys = ['x', 'x', 'a', 'e', 'a', 's']
  for (const key of keys) await page.keyboard.press(key)
  await page.locator('[role=gridcell][data-decision="defer"]').first().waitFor()
  // Figures come a moment after the cells.
  await page.locator('footer .dim', { hasText: new RegExp(`(^| )${keys.length}( |$)`) }).waitFor()
}
