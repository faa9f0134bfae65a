import type { Locator, Page } from 'playwright'
import { expect } from 'vitest'
import { miniProgram } from '../../../electron/engine/checkers/tencent/words.ts'
import { words as common } from '../../../renderer/base/i18n/words.ts'
import { words as drop } from '../../../renderer/features/drop/words.ts'
import { words as grid } from '../../../renderer/features/grid/words.ts'
import { words as history } from '../../../renderer/features/history/words.ts'
import { words as inspector } from '../../../renderer/features/inspector/words.ts'
import { words as profiles } from '../../../renderer/features/profiles/words.ts'
import { words as review } from '../../../renderer/features/review/words.ts'
import { words as rules } from '../../../renderer/features/rules/words.ts'
import { words as shell } from '../../../renderer/frame/words.ts'
import { type CommandId, commands, type ViewId } from '../../../shared/commands.ts'
import type { GridOutcome } from '../../../shared/grid.ts'

/** What a person does in the window and sees in it. Everything waits for what must come about, never for time. */

export type Language = 'zh' | 'en'

const commandNames = (language: Language) =>
  Object.fromEntries(commands.map(({ id, name }) => [id, name[language]])) as Readonly<Record<CommandId, string>>

/** The window's own words, so that a test reads what a person reads. */
export const said = (language: Language) => ({
  drop: drop[language],
  grid: grid[language],
  history: history[language],
  commands: commandNames(language),
  common: common[language],
  inspector: inspector[language],
  profiles: profiles[language],
  review: review[language],
  rules: rules[language],
  shell: shell[language],
})

/** Screening of the open batch has come to its end. */
export async function finished(page: Page): Promise<void> {
  await page.locator('footer [data-state="done"]').waitFor()
  // The grid has all of it, the last too; when the window is loaded again the tabs are there before what they count.
  await page.waitForFunction(() => {
    const all = document
      .querySelector('[data-testid=outcome-tab]:not([data-outcome]) .figures')
      ?.textContent.replace(/\D/g, '')
    return (
      all !== undefined && all === document.querySelector('footer [role=progressbar]')?.getAttribute('aria-valuemax')
    )
  })
  await page.locator('[data-testid=outcome-tab][data-outcome="pending"][data-count="none"]').waitFor()
}

export async function trySample(page: Page, language: Language): Promise<void> {
  await page.getByRole('button', { name: said(language).commands.sample }).click()
  await finished(page)
}

/** The numbers on the tabs over the grid. */
export async function tabCounts(page: Page): Promise<Partial<Record<GridOutcome, number>>> {
  const tabs = await page
    .locator('[data-testid=outcome-tab][data-outcome]')
    .evaluateAll(all =>
      all.map(tab => [
        tab.getAttribute('data-outcome'),
        Number(tab.querySelector('.figures')?.textContent?.replace(/\D/g, '')),
      ]),
    )
  return Object.fromEntries(tabs)
}

/** The cells in view, in the order of the grid. */
export const cells = (page: Page): Locator => page.locator('[role=gridcell]:visible')

export const cellNamed = (page: Page, name: string): Locator =>
  cells(page).filter({ has: page.locator('[data-testid=cell-name]', { hasText: name }) })

/** Puts the focus on an asset, as a click does, and waits for its details. */
export async function choose(page: Page, name: string): Promise<void> {
  await cellNamed(page, name).first().click()
  await page.locator('[data-testid=inspector-name] strong', { hasText: name }).waitFor()
}

export const focusedName = (page: Page): Promise<string | null> =>
  page.locator('[role=gridcell][data-focus]:visible [data-testid=cell-name]').textContent()

/** All keys go down before anything can be drawn, as with a person who is faster than a busy machine. */
export const pressAtOnce = (
  page: Page,
  keys: readonly { readonly key: string; readonly ctrlKey?: true }[],
): Promise<void> =>
  page.evaluate(all => {
    for (const key of all)
      document.activeElement?.dispatchEvent(new KeyboardEvent('keydown', { ...key, bubbles: true, cancelable: true }))
  }, keys)

/** One of the views in the side bar. */
export async function goTo(page: Page, language: Language, view: ViewId): Promise<void> {
  await page
    .getByRole('navigation', { name: said(language).shell.navigation })
    .getByRole('button', { name: said(language).commands[commandOfView[view]], exact: true })
    .click()
}
/** What shows a view: its name is the one in the side bar. */
export const commandOfView = {
  grid: 'showGrid',
  history: 'showHistory',
  rules: 'showRules',
  queue: 'showQueue',
  profiles: 'showProfiles',
  settings: 'showSettings',
} as const satisfies Record<ViewId, CommandId>

export interface NewProfile {
  readonly name: string
  readonly platform?: 'wechat' | 'qq'
  readonly appid: string
  readonly secret: string
  readonly baseUrl: string
}

/** Fills in the form for a new profile and saves it. */
export async function addProfile(page: Page, language: Language, profile: NewProfile): Promise<void> {
  const words = said(language).profiles
  const first = page.getByRole('button', { name: said(language).common.addProfile })
  // An empty window has no side bar but asks for a profile by itself.
  if (await first.isVisible()) await first.click()
  else await goTo(page, language, 'profiles')
  await page
    .getByRole('navigation', { name: words.list })
    .getByRole('button', { name: said(language).common.addProfile })
    .click()
  const form = page.getByRole('form', { name: said(language).common.addProfile })
  await form.getByLabel(words.name).fill(profile.name)
  // The word that the platform's switch shows is the platform's own name.
  if (profile.platform === 'qq') await form.getByText('QQ', { exact: false }).first().click()
  await form.getByLabel(miniProgram.label[language]).fill(profile.appid)
  await form.getByLabel(words['secret.appSecret'], { exact: false }).last().fill(profile.secret)
  await form.getByText(words.advancedHelp, { exact: true }).click()
  await form.getByLabel(words.baseUrl).fill(profile.baseUrl)
  await form.getByRole('button', { name: said(language).common.save, exact: true }).click()
}

export const planDialog = (page: Page, language: Language): Locator =>
  page.getByRole('dialog').filter({ hasText: said(language).drop.title })

/** Chromium loses a key that comes by its protocol while it still ends a drag: it is pressed until it is heard. */
export async function giveUpPlan(page: Page, language: Language): Promise<void> {
  const dialog = planDialog(page, language)
  await expect
    .poll(async () => {
      if (await dialog.isVisible()) await page.keyboard.press('Escape')
      return dialog.isVisible()
    })
    .toBe(false)
}

/** The plan is complete, so that its numbers are the last. */
export async function planned(page: Page): Promise<void> {
  await page.locator('[data-testid=plan-costs]').waitFor()
  await page.locator('[data-testid=plan-reading]').waitFor({ state: 'hidden' })
}

/** Exactly these profiles are used for the batch that is being planned. */
export async function pickProfiles(page: Page, names: readonly string[]): Promise<void> {
  const buttons = await page.locator('[data-testid=plan-profile]').all()
  // First what is wanted: without any profile there would be no plan.
  for (const isWanted of [true, false]) {
    for (const button of buttons) {
      const text = (await button.textContent()) ?? ''
      const isOn = (await button.getAttribute('aria-pressed')) === 'true'
      const wants = names.some(name => text.startsWith(name))
      if (wants === isWanted && isOn !== wants) await button.click()
    }
  }
}

/** Starts what is planned by the key that the button shows, and waits for its batch to be the open one. */
export async function startPlan(page: Page): Promise<void> {
  await planned(page)
  await page.locator('[data-testid=plan] button[type=submit]').focus()
  await page.keyboard.press('Enter')
  await page.locator('[data-testid=plan]').waitFor({ state: 'hidden' })
}

/** Back to the whole batch, with nothing filtered, selected or open. */
export async function startOver(page: Page, language: Language): Promise<void> {
  await closeAll(page)
  await page
    .locator('[data-testid=side-item]', { hasText: said(language).common.all })
    .first()
    .click()
  await page.getByRole('grid').focus()
}

/** Closes dialogs, also one above another, and drops what is selected. */
export async function closeAll(page: Page): Promise<void> {
  for (let open = 0; open < 3; open += 1) await page.keyboard.press('Escape')
  await page.locator('[role=dialog]').waitFor({ state: 'hidden' })
}
