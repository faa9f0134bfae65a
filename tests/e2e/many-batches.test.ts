import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import type { Page } from 'playwright'
import { afterEach, expect, test } from 'vitest'
import { registry } from '../../electron/engine/checkers/registry.ts'
import { createBuiltInProfiles } from '../../electron/engine/profiles/built-in-profiles.ts'
import { openDatabase } from '../../electron/engine/store/database.ts'
import { createDesk } from './support/desk.ts'
import { said } from './support/user.ts'

const desk = createDesk()
const words = said('en')
afterEach(() => desk.clear())

/** Years of work: batches that nobody has looked at for long. */
function seed(dataDir: string, count: number): void {
  const { raw } = openDatabase(join(dataDir, 'prescreen.sqlite'))
  const [practice] = createBuiltInProfiles(registry)
  const add = raw.prepare(
    `INSERT INTO batches (id, name, state, created_at, ended_at, walked, practice, profiles, inputs, options)
     VALUES (?, ?, 'done', ?, ?, 1, 1, ?, '[]', '{}')`,
  )
  raw.transaction(() => {
    for (let at = 0; at < count; at += 1) {
      const time = Date.now() - at * 3_600_000
      add.run(`b_${randomUUID()}`, `batch ${at}`, time, time, JSON.stringify([practice?.profile]))
    }
  })()
  raw.close()
}

/** What the page's process has worked since its start, in seconds of processor time: what else the machine does is not in it. */
async function workedBy(page: Page): Promise<number> {
  const session = await page.context().newCDPSession(page)
  await session.send('Performance.enable')
  const { metrics } = await session.send('Performance.getMetrics')
  const worked = metrics.find(({ name }) => name === 'ProcessTime')?.value ?? 0
  expect(worked).toBeGreaterThan(0)
  return worked
}

test('three thousand batches: the newest are beside the work, all are in the history, and nothing of the window stands still', async () => {
  const [fewDir, dataDir] = [desk.folder(), desk.folder()]
  seed(fewDir, 50)
  seed(dataDir, 3000)
  const { page: first, quit } = await desk.start({ dataDir: fewDir })
  await first.locator('[data-testid=batch]').first().waitFor()
  const few = await workedBy(first)
  await quit()
  const { page } = await desk.start({ dataDir })
  await page.locator('[data-testid=batch]').first().waitFor()
  expect(await page.locator('[data-testid=batch]').count()).toBe(50)
  const all = page.getByRole('button', { name: words.shell.allBatches })
  expect(await all.textContent()).toContain('3,000')

  // Most of it was once for batches that nobody sees; what is left is reading their names.
  expect(await workedBy(page)).toBeLessThan(3 * few)

  await all.click()
  await page.getByRole('button', { name: 'Open batch “batch 0”' }).waitFor()
  // An old one that is open is beside the work as well.
  await page.getByRole('textbox', { name: /Filter batches/ }).fill('batch 2999')
  await page.getByRole('button', { name: 'Open batch “batch 2999”' }).click()
  await page.locator('[data-testid=batch][aria-current="true"]', { hasText: 'batch 2999' }).waitFor()
  expect(await page.locator('[data-testid=batch]').count()).toBe(51)
})
