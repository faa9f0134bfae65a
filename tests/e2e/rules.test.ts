import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright'
import { afterAll, afterEach, describe, expect, test } from 'vitest'
import type { App } from './support/app.ts'
import { createDesk, opened } from './support/desk.ts'
import { choose, finished, goTo, planned, said, startPlan, tabCounts } from './support/user.ts'

const desk = createDesk()
const words = said('en')
afterEach(() => desk.clear())
afterAll(() => desk.clear())

/** A window with a batch in it, and so with a side bar. */
async function withBatch(files: Readonly<Record<string, string>>): Promise<App> {
  const app = await desk.start({ rules: true })
  await app.drop([desk.folder(files)])
  await planned(app.page)
  await startPlan(app.page)
  await finished(app.page)
  return app
}

const standing = (page: Page) => page.getByTestId('standing')
const book = (page: Page, name: string) => page.getByTestId('book').filter({ hasText: name })
const editor = (page: Page) => page.getByRole('textbox', { name: words.rules.editor })

describe('a word list', () => {
  test('is looked at, tried on past batches and put in force, and then finds its words', async () => {
    const list = desk.folder({
      'banned.csv': '词语,级别,说明\n绒绒兔,禁止,竞品的名字\n,,\n绒绒兔,禁止,再来一次\n喵,提示,口吻\n',
    })
    const app = await withBatch({ 'a.txt': '绒绒兔联名上新', 'b.txt': 'spring tea' })
    const { page } = app
    await goTo(page, 'en', 'rules')
    app.answerDialog('open', [join(list, 'banned.csv')])
    await page.getByRole('button', { name: words.rules.importList }).click()
    const dialog = page.getByRole('dialog', { name: words.rules.importTitle })
    // The guess is shown, and can be changed.
    expect(await dialog.getByLabel(words.rules['column.words']).first().inputValue()).toBe('词语')
    expect(await dialog.getByLabel(words.rules.bookTitle, { exact: true }).inputValue()).toBe('banned')
    await dialog.getByRole('button', { name: words.rules.importNext }).click()
    const warnings = dialog.getByTestId('book-problem')
    await warnings.first().waitFor()
    const said = (await warnings.allTextContents()).join('\n')
    expect(said).toContain('Row 3 is blank')
    expect(said).toContain('Row 4')
    expect(said).toContain('stands in row 2 already')
    expect(said).toContain('a single character, 喵')

    await dialog.getByRole('button', { name: words.rules.importTake }).click()
    const putInForce = page.getByRole('button', { name: words.rules.putInForce, exact: true })
    await standing(page).filter({ hasText: words.rules['why.untried'] }).waitFor()
    expect(await putInForce.isDisabled()).toBe(true)
    await page.getByRole('tabpanel').getByRole('button', { name: words.rules.pastStart }).click()
    await page.getByTestId('past-found').filter({ hasText: 'Texts checked: 2. Flagged: 1.' }).waitFor()
    await standing(page).filter({ hasText: words.rules['why.unsaved'] }).waitFor()
    await page.getByRole('button', { name: words.common.save, exact: true }).click()
    await standing(page).filter({ hasText: words.rules.ready }).waitFor()
    expect(await book(page, 'banned').getAttribute('data-state')).toBe('not_in_force')
    await putInForce.click()
    const asked = page.getByRole('dialog')
    expect(await asked.textContent()).toContain('Of 2 earlier texts it would flag 1.')
    await asked.getByRole('button', { name: words.rules.putInForce }).click()
    await book(page, 'banned').filter({ hasText: words.rules['state.in_force'] }).waitFor()

    await app.drop([desk.folder({ 'c.txt': '我们的绒绒兔回来了', 'd.txt': 'summer tea' })])
    await planned(page)
    await startPlan(page)
    await finished(page)
    expect(await tabCounts(page)).toMatchObject({ risky: 1 })
    await choose(page, 'c.txt')
    await page.getByTestId('rule-mark').filter({ hasText: '绒绒兔' }).first().waitFor()
  })
})

describe('a book that is being written', () => {
  test('says at its lines what is wrong, and marks what it finds, as one types', async () => {
    const { page } = await withBatch({ 'a.txt': 'spring tea' })
    await goTo(page, 'en', 'rules')
    await page.getByRole('button', { name: words.rules.newBook }).click()
    await page.getByRole('region', { name: words.rules.problems }).filter({ hasText: words.rules.noProblems }).waitFor()
    const tryOut = page.getByRole('textbox', { name: words.rules.tryOut })
    await tryOut.pressSequentially('这款全网最低价')
    await page.getByText('Hits: 1').waitFor()
    expect(await page.locator('mark').allTextContents()).toEqual(['全网最低价'])

    const text = await editor(page).inputValue()
    await editor(page).fill(text.replace('severity: evidence', 'severty: evidence'))
    const problems = page.getByTestId('book-problem')
    await problems.filter({ hasText: 'severity' }).first().waitFor()
    await standing(page).filter({ hasText: words.rules['why.faulty'] }).waitFor()
    // An example that does not come out as it should is named.
    await editor(page).fill(text.replace('hit: [这款全网最低价]', 'hit: [这款全网最便宜]'))
    await problems.filter({ hasText: '这款全网最便宜' }).first().waitFor()
    await problems.getByRole('button').first().press('Enter')
    const chosen = await editor(page).evaluate(area =>
      area instanceof HTMLTextAreaElement ? area.value.slice(area.selectionStart, area.selectionEnd) : '',
    )
    expect(chosen).toContain('最便宜')
  })

  test('keeps what was typed when one leaves, loads the window again, and when the file changes meanwhile', async () => {
    const app = await withBatch({ 'a.txt': 'spring tea' })
    await goTo(app.page, 'en', 'rules')
    await app.page.getByRole('button', { name: words.rules.newBook }).click()
    await app.page.getByRole('button', { name: words.common.save, exact: true }).click()
    await book(app.page, 'House rules').filter({ hasText: words.rules['state.not_in_force'] }).waitFor()
    const file = join(app.dataDir, 'rules', 'house-rules.yaml')
    const first = readFileSync(file, 'utf8')

    await editor(app.page).fill(`${first}# mine\n`)
    await goTo(app.page, 'en', 'grid')
    await goTo(app.page, 'en', 'rules')
    await book(app.page, 'House rules').filter({ hasText: words.rules.unsavedMark }).waitFor()
    expect(await editor(app.page).inputValue()).toContain('# mine')

    // Another program writes.
    writeFileSync(file, `${first}# theirs\n`)
    const loaded = app.page.waitForEvent('load')
    await app.page.evaluate(() => void window.prescreen.invoke('window.reload', {}))
    await loaded
    const page = await app.currentPage()
    await opened(page)
    await goTo(page, 'en', 'rules')
    await book(page, 'House rules').click()
    await page.getByText(words.rules.changedTitle).waitFor()
    expect(await page.getByRole('button', { name: words.common.save, exact: true }).isDisabled()).toBe(true)
    await page.getByRole('button', { name: words.rules.compare }).click()
    expect(await page.getByRole('textbox', { name: words.rules.theirs }).inputValue()).toContain('# theirs')
    expect(await page.getByRole('textbox', { name: words.rules.mine }).inputValue()).toContain('# mine')
    await page.getByRole('button', { name: words.rules.takeMine }).click()
    await page.getByRole('button', { name: words.common.save, exact: true }).click()
    await book(page, 'House rules').filter({ hasText: words.rules.unsavedMark }).waitFor({ state: 'detached' })
    expect(readFileSync(file, 'utf8')).toBe(`${first}# mine\n`)
  })
})
