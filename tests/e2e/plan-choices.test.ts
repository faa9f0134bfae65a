import { join } from 'node:path'
import { afterAll, afterEach, expect, test } from 'vitest'
import { commandOf } from '../../shared/commands.ts'
import { encodingNames } from '../../shared/uncertain-texts.ts'
import { pdfOf, words as pdfWords, type Written } from '../unit/formats/pdf-file.ts'
import { docxOf, relationships, wordBody } from '../unit/formats/zip-file.ts'
import { createDesk } from './support/desk.ts'
import { poster } from './support/pictures.ts'
import { cellNamed, finished, giveUpPlan, planDialog, planned, said, startPlan, tabCounts } from './support/user.ts'

const desk = createDesk()
afterEach(() => desk.clear())
afterAll(() => desk.clear())

const words = said('en')
const shown = (id: string) => `<w:p><w:r><w:drawing><a:blip r:embed="${id}"/></w:drawing></w:r></w:p>`
/** Two characters each in GBK, of which nothing is certain. */
const rush = Uint8Array.of(0xc7, 0xc0, 0xb9, 0xba)
const fresh = Uint8Array.of(0xd0, 0xc2, 0xc6, 0xb7)

async function brief(): Promise<Uint8Array> {
  const names = ['a', 'b', 'c']
  const media = await Promise.all(
    names.map(async (name, seed) => [`word/media/${name}.png`, await poster({ seed })] as const),
  )
  return docxOf(['A quiet cup of spring tea.'], {
    'word/document.xml': wordBody(
      `<w:p><w:r><w:t>A quiet cup of spring tea.</w:t></w:r></w:p>${names.map((_, at) => shown(`r${at + 1}`)).join('')}`,
    ),
    'word/_rels/document.xml.rels': relationships(
      ...names.map(name => ['image', `media/${name}.png`] as [string, string]),
    ),
    ...Object.fromEntries(media),
  })
}

/** So many pages that reading them takes some seconds. */
function book(pages: number): Uint8Array {
  const numbers = Array.from({ length: pages }, (_, at) => 10 + 2 * at)
  const objects: Record<number, Written> = {
    1: '<</Type/Catalog/Pages 2 0 R>>',
    2: `<</Type/Pages/Count ${pages}/Kids[${numbers.map(number => `${number} 0 R`).join(' ')}]>>`,
    3: '<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>',
  }
  for (const number of numbers) {
    objects[number] =
      `<</Type/Page/Parent 2 0 R/MediaBox[0 0 400 400]/Resources<</Font<</F1 3 0 R>>>>/Contents ${number + 1} 0 R>>`
    objects[number + 1] = { dictionary: '', data: pdfWords('spring tea').repeat(200) }
  }
  return pdfOf(objects)
}

test('encodings and calls are settled in the plan, and afterwards for what was left; a long reading is given up at once', async () => {
  const folder = desk.folder({ 'rush.txt': rush, 'fresh.txt': fresh, 'brief.docx': await brief() })
  const { page, drop } = await desk.start()
  const plan = planDialog(page, 'en')

  await drop([join(desk.folder({ 'book.pdf': book(1800) }), 'book.pdf')])
  await expect.poll(() => plan.textContent()).toMatch(/book\.pdf, page \d/)
  await giveUpPlan(page, 'en')

  await drop([folder])
  await planned(page)
  const rows = plan.locator('[data-testid=plan-encoding]')
  await expect.poll(() => rows.count()).toBe(3)
  const own = rows.filter({ hasText: 'rush.txt' })
  await own.getByRole('combobox').click()
  await page.getByRole('option', { name: encodingNames.gb18030 }).click()
  await expect.poll(() => own.locator('[data-testid=plan-encoding-preview]').textContent()).toBe('抢购')
  await plan.getByText(words.drop.options, { exact: true }).click()
  await plan.getByLabel(words.drop.maxCalls).fill('2')
  await expect.poll(() => plan.locator('[data-testid=plan-problems]').textContent()).toContain('up to 4, at most 2')
  await startPlan(page)
  await finished(page)
  expect(await tabCounts(page)).toMatchObject({ pass: 1, unchecked: 2 })

  const inspector = page.locator('[data-testid=inspector]')
  const command = (id: 'allowCalls' | 'stateEncoding') => inspector.getByRole('button', { name: commandOf(id).name.en })
  await cellNamed(page, 'brief.docx').click()
  await command('allowCalls').click()
  await expect.poll(() => tabCounts(page)).toMatchObject({ pass: 2, unchecked: 1 })
  await cellNamed(page, 'fresh.txt').click()
  await command('stateEncoding').click()
  const dialog = page.getByRole('dialog', { name: words.common.chooseEncoding })
  await dialog.getByRole('radio', { name: encodingNames.gb18030 }).check()
  expect(await dialog.textContent()).toContain('新品')
  await dialog.getByRole('button', { name: words.common.checkAgain }).click()
  await expect.poll(() => tabCounts(page)).toMatchObject({ pass: 3 })
})
