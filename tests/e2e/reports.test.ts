import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'csv-parse/sync'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { words as grid } from '../../renderer/features/grid/words.ts'
import { words as history } from '../../renderer/features/history/words.ts'
import { words as reports } from '../../renderer/features/reports/words.ts'
import type { App } from './support/app.ts'
import { createDesk } from './support/desk.ts'
import { choose, closeAll, goTo, said, trySample } from './support/user.ts'

const desk = createDesk()
const words = said('en')
let app: App

beforeAll(async () => {
  app = await desk.start({ rules: true })
  await trySample(app.page, 'en')
})
afterAll(() => desk.clear())
beforeEach(() => closeAll(app.page))

describe('reports', () => {
  test('export what the grid shows as CSV, practice in every row, with the decisions', async () => {
    const { page } = app
    await choose(page, '会员短信-GBK.txt')
    await page.keyboard.press('x')
    await page.locator('[role=gridcell][data-decision="reject"]').waitFor()
    const file = join(desk.folder(), 'spring.csv')
    app.answerDialog('save', [file])
    await page.keyboard.press('Control+e')
    const dialog = page.getByRole('dialog', { name: reports.en.title })
    await dialog.getByText(/^prescreen Sample batch \d{4}-\d\d-\d\d\.xlsx$/).waitFor()
    await dialog.getByRole('radio', { name: /CSV/ }).click()
    await dialog.getByText(/^prescreen Sample batch \d{4}-\d\d-\d\d\.csv$/).waitFor()
    await dialog.getByRole('button', { name: words.commands.export, exact: true }).click()
    await dialog.getByText(reports.en.done, { exact: true }).waitFor()
    await dialog.getByRole('button', { name: words.common.showInFolder }).click()
    expect((await app.report('show-item')).path).toBe(file)
    await dialog.getByRole('button', { name: reports.en.open, exact: true }).click()
    expect((await app.report('open-path')).path).toBe(file)
    await dialog.getByRole('button', { name: words.common.close }).last().click()

    const rows = parse<Record<string, string>>(readFileSync(file), { columns: true, bom: true })
    expect(rows).toHaveLength(24)
    const shown = await page
      .locator('[role=gridcell]:visible')
      .evaluateAll(all =>
        all.map(
          cell =>
            [
              cell.querySelector('[data-testid=cell-name]')?.getAttribute('title') ?? '',
              cell.getAttribute('data-outcome'),
            ] as const,
        ),
      )
    // The grid shows the worst of platform and rules, a row of the table what each of them said.
    const outcomeOf = ({ rules, verdict }: Record<string, string>) =>
      rules === 'forbidden' ? 'risky' : rules === 'evidence' && verdict === 'pass' ? 'review' : verdict
    for (const [path, outcome] of shown) {
      const row = rows.find(each => each.path === path)
      expect([path, row === undefined ? null : outcomeOf(row)]).toEqual([path, outcome])
    }
    expect(rows.filter(row => row.verdict === 'pass' && row.rules === 'forbidden')).toHaveLength(1)
    expect(rows.every(row => row.profile?.includes('practice'))).toBe(true)
    expect(rows.find(row => row.path?.endsWith('会员短信-GBK.txt'))?.decision).toBe('reject')
  })

  test('export only what is filtered, and nothing when the dialog is dismissed', async () => {
    const { page } = app
    await page.locator('[data-testid=outcome-tab][data-outcome="unchecked"]').click()
    const file = join(desk.folder(), 'unchecked.csv')
    await page.keyboard.press('Control+e')
    const dialog = page.getByRole('dialog', { name: reports.en.title })
    await dialog.getByRole('radio', { name: /CSV/ }).click()
    app.answerDialog('save', null)
    await dialog.getByRole('button', { name: words.commands.export, exact: true }).click()
    await dialog.getByRole('button', { name: words.commands.export, exact: true }).waitFor()
    app.answerDialog('save', [file])
    await dialog.getByRole('radio', { name: new RegExp(reports.en['scope.filter']) }).click()
    await dialog.getByRole('button', { name: words.commands.export, exact: true }).click()
    await dialog.getByText(reports.en.done, { exact: true }).waitFor()
    const rows = parse<Record<string, string>>(readFileSync(file), { columns: true, bom: true })
    expect(rows.map(row => row.verdict)).toEqual(['unchecked', 'unchecked'])
    expect(rows.every(row => row.reason !== '')).toBe(true)
    await page.keyboard.press('Escape')
    await page.getByRole('button', { name: words.grid.clearFilter }).click()
  })
})

describe('an export that runs', () => {
  test('keeps its dialog, which alone can stop it, whatever else is asked for', async () => {
    const { page } = app
    const file = join(desk.folder(), 'long.pdf')
    await page.keyboard.press('Control+e')
    const dialog = page.getByRole('dialog', { name: reports.en.title })
    await dialog.getByRole('radio', { name: reports.en['format.pdf'] }).click()
    app.answerDialog('save', [file])
    // It cannot be over before it was seen to run.
    await app.paused(async () => {
      await dialog.getByRole('button', { name: words.commands.export, exact: true }).click()
      await dialog.getByText(/^Exporting|^Choose/).waitFor()
      app.command({ kind: 'menu', label: 'Search' })
      app.command({ kind: 'menu', label: 'About Prescreen' })
    })
    await dialog.getByText(reports.en.done, { exact: true }).waitFor()
    expect(await page.getByRole('dialog').count()).toBe(1)
    await page.keyboard.press('Escape')
    await dialog.waitFor({ state: 'hidden' })
    expect(readdirSync(join(file, '..'))).toContain('long.pdf')
  })
})

describe('other formats', () => {
  test.each([
    ['xlsx', 'PK'],
    ['html', '<!doctype html>'],
    ['pdf', '%PDF-'],
  ] as const)('%s is written whole, and nothing else beside it but its manifest', async (format, beginning) => {
    const { page } = app
    const folder = desk.folder()
    const file = join(folder, `report.${format}`)
    await page.keyboard.press('Control+e')
    const dialog = page.getByRole('dialog', { name: reports.en.title })
    await dialog.getByRole('radio', { name: reports.en[`format.${format}`] }).click()
    app.answerDialog('save', [file])
    await dialog.getByRole('button', { name: words.commands.export, exact: true }).click()
    await dialog.getByText(reports.en.done, { exact: true }).waitFor()
    await page.keyboard.press('Escape')
    await dialog.waitFor({ state: 'hidden' })
    const bytes = readFileSync(file)
    expect(bytes.subarray(0, beginning.length).toString('latin1').toLowerCase()).toBe(beginning.toLowerCase())
    expect(bytes.byteLength).toBeGreaterThan(5_000)
    const manifest = `report.${format}.manifest.json`
    expect(readdirSync(folder).filter(name => name !== manifest)).toEqual([`report.${format}`])
  })
})

describe('history', () => {
  test('lists every batch, draws what happened, finds across batches, and verifies the ledger', async () => {
    const { page } = app
    await goTo(page, 'en', 'history')
    await page
      .getByRole('button', { name: /Sample batch/ })
      .first()
      .waitFor()
    // The bar of verdicts says all of them, what the platform has yet to send as well.
    await page.getByRole('img', { name: /^no hit \d+, .*awaiting a push 0, pending 0$/ }).waitFor()
    await page.getByRole('tab', { name: history.en['tab.trends'] }).click()
    // All of it was practice, which is no trend unless somebody says so.
    await page.getByRole('button', { name: history.en.countPractice }).click()
    await page.locator('.recharts-surface').first().waitFor()
    await page.getByRole('button', { name: history.en.verify }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByText(history.en.intact).first().waitFor()
    await page.keyboard.press('Escape')
    // One search for all: in all batches it lists what it finds, and a hit is gone to.
    await page.getByRole('button', { name: words.commands.searchAll }).click()
    await page.getByRole('searchbox', { name: grid.en.search }).fill('金泡券')
    const found = page.getByRole('dialog', { name: grid.en.foundEverywhere })
    await found.getByText('会员短信-GBK.txt').first().waitFor()
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Enter')
    await page.locator('[role=gridcell][data-focus]', { hasText: '会员短信-GBK.txt' }).waitFor()
    await page.keyboard.press('Control+f')
    await page.getByTestId('search-scope').getByText(grid.en['scope.batch']).waitFor()
    await page.keyboard.press('Escape')
  })
})

describe('exported reports', () => {
  test('are verified in the window: what was changed is named, with what to do', async () => {
    const { page } = app
    const folder = desk.folder()
    const file = join(folder, 'proof.csv')
    await page.keyboard.press('Control+e')
    const exporting = page.getByRole('dialog', { name: reports.en.title })
    await exporting.getByRole('radio', { name: /CSV/ }).click()
    app.answerDialog('save', [file])
    await exporting.getByRole('button', { name: words.commands.export, exact: true }).click()
    await exporting.getByText(reports.en.done, { exact: true }).waitFor()
    await page.keyboard.press('Escape')
    await goTo(page, 'en', 'history')
    await page.getByRole('button', { name: history.en.verify }).click()
    const dialog = page.getByRole('dialog')
    app.answerDialog('open', [file])
    await dialog.getByRole('button', { name: history.en.reportsChoose }).click()
    await dialog.getByText(`proof.csv · ${history.en.reportIntact}`).waitFor()
    writeFileSync(file, readFileSync(file, 'utf8').replace(',risky,', ',pass,'))
    app.answerDialog('open', [file])
    await dialog.getByRole('button', { name: history.en.reportsChoose }).click()
    await dialog.getByText(`proof.csv · ${history.en.reportBroken}`).waitFor()
    await dialog.getByText(/Row \d+ was changed/).waitFor()
    await dialog.getByText(history.en['todo.changed']).waitFor()
    await page.keyboard.press('Escape')
    await goTo(page, 'en', 'grid')
  })
})

describe('settings, palette and menus', () => {
  test('change language and theme at once', async () => {
    const { page } = app
    await page.keyboard.press('Control+,')
    await page.getByRole('heading', { name: said('en').commands.showSettings, level: 1 }).waitFor()
    await page.getByText(said('en').common['theme.dark'], { exact: true }).click()
    await page.locator('html[data-mantine-color-scheme="dark"]').waitFor()
    await page.getByText('简体中文', { exact: true }).click()
    await page.getByRole('heading', { name: said('zh').commands.showSettings, level: 1 }).waitFor()
    expect(await page.locator('html').getAttribute('lang')).toBe('zh-CN')
    await page.getByText('English', { exact: true }).click()
    await page.getByRole('heading', { name: said('en').commands.showSettings, level: 1 }).waitFor()
    await page.getByText(said('en').common['theme.light'], { exact: true }).click()
    await page.locator('html[data-mantine-color-scheme="light"]').waitFor()
    await goTo(page, 'en', 'grid')
  })

  test('go anywhere from the palette', async () => {
    const { page } = app
    await page.keyboard.press('Control+k')
    await page.getByRole('dialog').getByRole('textbox').fill('queue')
    await page.keyboard.press('Enter')
    await page.getByRole('main').getByRole('heading', { level: 1, name: words.commands.showQueue }).waitFor()
    await goTo(page, 'en', 'grid')
  })

  test('show all keys in a help that filters', async () => {
    const { page } = app
    await page.getByRole('grid').focus()
    await page.keyboard.press('?')
    const dialog = page.getByRole('dialog')
    await dialog.getByText(words.commands.escalate).first().waitFor()
    await page.keyboard.press('Escape')
    await dialog.waitFor({ state: 'hidden' })
    await page.keyboard.press('F1')
    await dialog.waitFor()
  })

  test('do from the menu bar what the window does', async () => {
    const { page } = app
    app.command({ kind: 'menu', label: 'About Prescreen' })
    await page.getByRole('dialog', { name: words.commands.about }).waitFor()
    await page.keyboard.press('Escape')
    await page.getByRole('dialog').waitFor({ state: 'hidden' })
    app.command({ kind: 'menu', label: 'Search' })
    await expect.poll(() => page.evaluate(() => document.activeElement?.getAttribute('type'))).toBe('search')
    app.command({ kind: 'menu', label: 'Export…' })
    await page.getByRole('dialog', { name: reports.en.title }).waitFor()
  })
})
