import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, expect, test } from 'vitest'
import { docxOf, relationships, wordBody } from '../unit/formats/zip-file.ts'
import { createDesk } from './support/desk.ts'
import { poster } from './support/pictures.ts'
import { cellNamed, finished, planDialog, planned, said, startPlan, tabCounts } from './support/user.ts'

const desk = createDesk()
const words = said('en')
afterEach(() => desk.clear())
afterAll(() => desk.clear())

const shown = (id: string) => `<w:p><w:r><w:drawing><a:blip r:embed="${id}"/></w:drawing></w:r></w:p>`

test('a document is planned by what is in it, and opens at the picture that was flagged, from which one leafs on', async () => {
  const document = docxOf(['A quiet cup of spring tea.'], {
    'word/document.xml': wordBody(
      `<w:p><w:r><w:t>A quiet cup of spring tea.</w:t></w:r></w:p>${shown('r1')}${shown('r2')}`,
    ),
    'word/_rels/document.xml.rels': relationships(['image', 'media/a.png'], ['image', 'media/b.png']),
    'word/media/a.png': await poster({ seed: 1 }),
    'word/media/b.png': await poster({ seed: 2, isRisky: true }),
  })
  const folder = desk.folder({ 'brief.docx': document })
  const { page, drop } = await desk.start()
  await drop([join(folder, 'brief.docx')])
  await planned(page)
  const line = planDialog(page, 'en').locator('[data-testid=plan-document]')
  expect(await line.textContent()).toMatch(/brief\.docx.*words 1, pictures 2.*26 characters, 2 pictures/)

  await startPlan(page)
  await finished(page)
  expect(await tabCounts(page)).toMatchObject({ risky: 1 })
  await cellNamed(page, 'brief.docx').click()
  const inspector = page.locator('[data-testid=inspector]')
  const current = inspector.locator('[data-testid=leaf][aria-current=page]')
  await expect.poll(() => current.textContent()).toBe('picture 2')
  expect(
    await inspector.locator('[data-testid=leaf]').evaluateAll(leaves => leaves.map(leaf => leaf.dataset.outcome)),
  ).toEqual(['pass', 'pass', 'risky'])
  // It is covered as any picture that was flagged, and is that one.
  const picture = inspector.locator('[data-testid=stage] img').first()
  expect(await picture.getAttribute('src')).toMatch(/^\/thumbnail\/.*piece=picture%202/)
  await page.keyboard.press('Shift+P')
  await expect.poll(() => current.textContent()).toBe('picture 1')
  await page.keyboard.press('Shift+P')
  await expect.poll(() => inspector.locator('[data-testid=text-stage]').textContent()).toContain('A quiet cup')
  await page.keyboard.press('t')
  await expect.poll(() => current.textContent()).toBe('picture 2')
})

test('a film opens at the frame that was flagged, on a time line of those that differ', async () => {
  const folder = desk.folder({ 'clip.webm': readFileSync(join(import.meta.dirname, '../fixtures/films/clip.webm')) })
  const { page, drop } = await desk.start()
  await drop([join(folder, 'clip.webm')])
  await planned(page)
  expect(await planDialog(page, 'en').locator('[data-testid=plan-document]').textContent()).toMatch(
    /clip\.webm.*1 film/,
  )
  await planDialog(page, 'en').getByText(words.drop.options, { exact: true }).click()
  await planDialog(page, 'en').getByLabel(words.drop.maxFrames).fill('1')
  await startPlan(page)
  await finished(page)
  expect(await tabCounts(page)).toMatchObject({ unchecked: 1 })
  await cellNamed(page, 'clip.webm').click()
  const inspector = page.locator('[data-testid=inspector]')
  // More frames differ than were allowed: the others are asked about under a limit of its own.
  await inspector.getByText('2 more calls').waitFor()
  await inspector.getByRole('button', { name: 'Check all 3 frames' }).click()
  await expect.poll(() => tabCounts(page)).toMatchObject({ risky: 1, unchecked: 0 })
  const current = inspector.locator('[data-testid=leaf][aria-current=page]')
  await expect.poll(() => current.textContent()).toBe('frame 2')
  const dots = inspector.locator('[data-testid=time-frame]')
  expect(await dots.evaluateAll(all => all.map(dot => dot.dataset.outcome))).toEqual(['pass', 'risky', 'pass'])
  await dots.nth(2).click()
  await expect.poll(() => current.textContent()).toBe('frame 3')
  // Decoded once more, to be seen.
  const picture = inspector.locator('[data-testid=stage] img').first()
  await expect
    .poll(() => picture.evaluate(img => img instanceof HTMLImageElement && img.naturalWidth))
    .toBeGreaterThan(0)
})

test("a page is drawn by the window's own browser, and opens at the view that was flagged", async () => {
  // What the sandbox finds in pictures, as shapes of the page.
  const mark = '<rect width="72" height="72"/><rect x="12" y="12" width="48" height="48" fill="#f0a"/>'
  const folder = desk.folder({
    'offer.html': `<!doctype html><title>Tea</title><p>A quiet cup of spring tea.</p><svg width="90" height="90">${mark}</svg>`,
  })
  const { page, drop } = await desk.start()
  await drop([join(folder, 'offer.html')])
  await planned(page)
  const line = planDialog(page, 'en').locator('[data-testid=plan-document]')
  expect(await line.textContent()).toMatch(/offer\.html.*1 picture/)
  await startPlan(page)
  await finished(page)
  expect(await tabCounts(page)).toMatchObject({ risky: 1 })
  await cellNamed(page, 'offer.html').click()
  const inspector = page.locator('[data-testid=inspector]')
  const current = inspector.locator('[data-testid=leaf][aria-current=page]')
  await expect.poll(() => current.textContent()).toBe('view 1')
})
