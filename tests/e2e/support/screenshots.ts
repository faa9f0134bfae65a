import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import type { Page } from 'playwright'
import sharp from 'sharp'
import { startApp } from './app.ts'
import { choose, finished, type Language, said, trySample } from './user.ts'

/** Run by hand: pictures of every view in both languages and themes, made from the sample batch, for docs/images. */

const root = resolve(import.meta.dirname, '../../..')
const images = join(root, 'docs/images')
mkdirSync(images, { recursive: true })

for (const language of ['zh', 'en'] as const) {
  for (const theme of ['light', 'dark'] as const) await picture(language, theme)
}

async function picture(language: Language, theme: 'light' | 'dark'): Promise<void> {
  const dataDir = mkdtempSync(join(tmpdir(), 'prescreen-pictures-'))
  const app = await startApp({ language, dataDir })
  const { page } = app
  const words = said(language)
  const shoot = async (name: string) => {
    // Nothing moves, nothing is still on its way.
    await page.waitForFunction(() => document.getAnimations().every(animation => animation.playState !== 'running'))
    await page.waitForFunction(() =>
      [...document.querySelectorAll('img')].every(image => !image.checkVisibility() || image.complete),
    )
    const png = await page.screenshot()
    await sharp(png)
      .png({ palette: true, quality: 90, effort: 10, compressionLevel: 9 })
      .toFile(join(images, `${name}-${language}-${theme}.png`))
  }
  const place = (word: string) => page.getByRole('navigation').getByRole('button', { name: word, exact: true }).click()
  try {
    await page.setViewportSize({ width: 1440, height: 900 })
    await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' })
    await page.getByRole('button', { name: words.drop['empty.sample'] }).waitFor()
    await shoot('empty')
    await trySample(page, language)
    await choose(page, '春茶上新-长图.jpg')
    await page.keyboard.press('t')
    await page.locator('.stage img').waitFor()
    await shoot('grid')
    await page.keyboard.press('Enter')
    await page.locator('[data-loupe]').waitFor()
    await page.keyboard.press('b')
    await page.keyboard.down('b')
    await shoot('loupe')
    await page.keyboard.up('b')
    await page.keyboard.press('Escape')
    await choose(page, '直播口播稿.md')
    await page.keyboard.press('t')
    await shoot('text')
    await app.drop([join(root, 'resources/samples')])
    await page.getByRole('dialog').getByRole('table').waitFor()
    await page.locator('.plan-reading').waitFor({ state: 'hidden' })
    await shoot('plan')
    await page.keyboard.press('Enter')
    await finished(page)
    await decideSome(page)
    for (const [view, word] of [
      ['queue', words.shell.queue],
      ['history', words.shell.history],
      ['profiles', words.shell.profiles],
      ['settings', words.shell.settings],
    ] as const) {
      await place(word)
      await page.getByRole('main').getByRole('heading', { level: 1 }).waitFor()
      await shoot(view)
    }
    await place(words.shell.history)
    await page.getByRole('tab').nth(1).click()
    await page.locator('.recharts-surface').first().waitFor()
    await shoot('trends')
    await place(words.shell.profiles)
    await page.getByRole('button', { name: words.profiles.add }).first().click()
    await shoot('profile-form')
    await place(words.shell.assets)
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
  } finally {
    await app.dispose()
    rmSync(dataDir, { recursive: true, force: true, maxRetries: 5 })
  }
}

async function decideSome(page: Page): Promise<void> {
  for (const key of ['x', 'x', 'a', 'e', 'a', 's']) await page.keyboard.press(key)
  await page.locator('.cell[data-decision="defer"]').first().waitFor()
}
