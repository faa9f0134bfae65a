import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { words as ruleCards } from '../../renderer/features/inspector/rules/words.ts'
import { words as reports } from '../../renderer/features/reports/words.ts'
import type { App } from './support/app.ts'
import { createDesk } from './support/desk.ts'
import {
  cellNamed,
  choose,
  finished,
  pickProfiles,
  planDialog,
  planned,
  said,
  startPlan,
  tabCounts,
} from './support/user.ts'

/** Copy without an account: one person drops it, reads why it is held up, and finds one place fine. */

const desk = createDesk()
const words = said('en')
const cards = ruleCards.en
let app: App

beforeAll(async () => {
  app = await desk.start({ rules: true })
})
afterAll(() => desk.clear())

test('copy is checked by rules without an account, and what somebody finds fine counts no more', async () => {
  const { page } = app
  const folder = desk.folder({
    'poster.txt': '本店咖啡口感最佳。',
    'notice.txt': '门店今天照常营业，欢迎光临。',
  })
  await app.drop([folder])
  await planned(page)
  // Nobody but rules is asked, and the plan says what that is worth.
  await pickProfiles(page, [])
  const dialog = planDialog(page, 'en')
  await dialog.getByText(words.drop.rulesAlone).waitFor()
  await dialog.getByText(words.common.notLegalAdvice, { exact: false }).first().waitFor()
  await startPlan(page)
  await finished(page)
  expect(await tabCounts(page)).toMatchObject({ risky: 1, rules_only: 1, pass: 0 })
  await page.locator('[data-testid=status-rules-only]').waitFor()

  // By keyboard alone: to each hit, into its card, why it is fine, and it counts no more. How many rules object is the books' affair.
  await choose(page, 'poster.txt')
  await page.locator('[data-testid=rules][data-finding=forbidden]').waitFor()
  const count = await page.locator('[data-testid=rule-card]').count()
  const lit = page.locator('[data-testid=rule-card][data-lit]')
  for (let at = 0; at < count; at += 1) {
    await page.keyboard.press('h')
    await page.locator('[data-testid=rule-mark][data-lit]').first().waitFor()
    await lit.getByText('Advertising Law', { exact: false }).first().waitFor()
    await page.keyboard.press('f')
    const reason = lit.getByLabel(cards.fineReason)
    await page.keyboard.press('Control+Enter')
    await lit.getByText(cards.fineReasonMissing).waitFor()
    await reason.pressSequentially(`A quotation of customer ${at}`)
    await page.keyboard.press('Control+Enter')
    await page.locator('[data-testid=waived]').getByText(`A quotation of customer ${at}`).waitFor()
  }
  await page.locator('[data-testid=rules][data-finding=none]').waitFor()
  await expect.poll(() => cellNamed(page, 'poster.txt').getAttribute('data-outcome')).toBe('rules_only')
  await expect.poll(() => tabCounts(page)).toMatchObject({ risky: 0, rules_only: 2, pass: 0 })

  // Found again by the rule, and taken back.
  await page.getByRole('button', { name: words.grid.filter }).click()
  await page.locator('[data-testid=choice]', { hasText: 'Absolute term' }).first().waitFor()
  await page.keyboard.press('Escape')
  const forbidden = page.locator('[data-testid=rule-card][data-finding=forbidden]')
  await forbidden.getByRole('button', { name: cards.takeBack }).first().click()
  await expect.poll(() => tabCounts(page)).toMatchObject({ risky: 1, rules_only: 1 })

  // What is handed back to whoever wrote it: each place by its rule, with the article, and what was found fine apart.
  const file = join(desk.folder(), 'hits.html')
  await page.keyboard.press('Control+e')
  const report = page.getByRole('dialog', { name: reports.en.title })
  await report.getByRole('radio', { name: reports.en['format.html'] }).click()
  app.answerDialog('save', [file])
  await report.getByRole('button', { name: words.commands.export, exact: true }).click()
  await report.getByText(reports.en.done, { exact: true }).waitFor()
  await page.keyboard.press('Escape')
  const html = readFileSync(file, 'utf8')
  expect(html).toContain('poster.txt')
  expect(html).toContain('Advertising Law')
  expect(html).toContain('第九条（三）')
  expect(html).toContain('A quotation of customer')
  expect(html).toContain('not legal advice')
})
