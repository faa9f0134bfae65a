import { execFileSync } from 'node:child_process'
import { mkdirSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { wechatPracticeApp } from '../../electron/engine/checkers/wechat/practice/apps.ts'
import { problemText } from '../../shared/problems.ts'
import { createDesk, texts } from './support/desk.ts'
import { addProfile, finished, pickProfiles, planned, said, startPlan, tabCounts } from './support/user.ts'

/** The keychain and the disk fail while somebody works: the window says so, nothing passes, and nothing is lost. */

const desk = createDesk()
const words = said('en')
let mounted: string[] = []
afterEach(async () => {
  for (const folder of mounted) execFileSync('umount', ['-l', folder])
  mounted = []
  await desk.clear()
})

describe('a keychain', () => {
  test.each([
    ['that is locked', 'failing'],
    ['that is another than before', 'kwallet6'],
  ])('%s is named, nothing is screened, and once it is back the same profile works', async (_, keychain) => {
    const platform = await desk.sandbox()
    const [dataDir, folder] = [desk.folder(), desk.folder(texts(3))]
    const first = await desk.start({ dataDir })
    await addProfile(first.page, 'en', { ...wechatPracticeApp, name: 'Brand A', baseUrl: platform.url })
    await first.page.getByRole('heading', { name: 'Brand A', level: 2 }).waitFor()
    expect(await first.quit()).toBe(0)

    const locked = await desk.start({ dataDir, env: { PRESCREEN_STANDIN_KEYCHAIN: keychain } })
    await locked.drop([folder])
    await locked.page.locator('[data-testid=plan-profile]', { hasText: 'Brand A' }).waitFor()
    await pickProfiles(locked.page, ['Brand A'])
    await locked.page.getByText(problemText('vault_unavailable', 'en')).first().waitFor()
    expect(platform.stats()).toEqual([])
    expect(await locked.quit()).toBe(0)

    const { page, drop } = await desk.start({ dataDir })
    await drop([folder])
    await planned(page)
    await pickProfiles(page, ['Brand A'])
    await startPlan(page)
    await finished(page)
    expect(await tabCounts(page)).toMatchObject({ pass: 3, unchecked: 0 })
  })
})

describe('a full disk', () => {
  test('is told in a sentence, passes nothing, and the batch goes on when there is room again', async () => {
    const rows = 1_500
    const small = smallDisk('3m')
    if (small === null) return
    const platform = await desk.sandbox()
    const folder = desk.folder({
      'texts.csv': `text\n${Array.from({ length: rows }, (_, n) => `第${n}条${'说了很多话'.repeat(40)}\n`).join('')}`,
    })
    const profiles = [{ ...wechatPracticeApp, name: 'Brand A', baseUrl: platform.url }]
    const { page, drop } = await desk.start({ dataDir: small, profiles })
    await drop([folder])
    await planned(page)
    await pickProfiles(page, ['Brand A'])
    await startPlan(page)
    await page.getByText(problemText('disk_full', 'en')).first().waitFor()
    expect((await tabCounts(page)).pass).toBeLessThan(rows)
    expect(await page.locator('footer').textContent()).not.toContain(words.shell.clean)

    execFileSync('mount', ['-o', 'remount,size=128m', small])
    await page.getByRole('contentinfo').getByRole('button', { name: words.common.resume, exact: true }).click()
    await finished(page)
    expect(await tabCounts(page)).toMatchObject({ pass: rows, unchecked: 0 })
  })
})

/** A file system of this size for the data, with the browser's own files elsewhere; null where none can be made. */
function smallDisk(size: string): string | null {
  const folder = desk.folder({ 'browser/.keep': '' })
  const small = join(folder, 'data')
  mkdirSync(small)
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', small], { stdio: 'pipe' })
  } catch {
    process.stdout.write('mounting is not allowed here: a full disk is not tried in the window\n')
    return null
  }
  mounted.push(small)
  symlinkSync(join(folder, 'browser'), join(small, 'browser'))
  return small
}
