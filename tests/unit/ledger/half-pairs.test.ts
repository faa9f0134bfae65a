import { expect, test } from 'vitest'
import { verifyDataDir } from '../../../electron/engine/ledger/verify.ts'
import { indexAll, openLedger, options, practiceProfile, screened } from './fixture.ts'

/** Names of files on Windows, and texts that were cut, may hold half a surrogate pair, which SQLite stores as U+FFFD. */
const half = '\ud83d'

test('texts that hold half a surrogate pair are as the ledger says', async () => {
  const ledger = openLedger()
  const { database, commands } = ledger
  const id = 'b_half00000001'
  const profile = { ...practiceProfile, name: `演练${half}` }
  await database.commit(() => {
    const inputs = [`posters${half}`]
    commands.createBatch({
      id,
      name: `秋${half}`,
      profiles: [profile],
      inputs,
      options: { ...options, title: half },
      practice: true,
      owner: half,
    })
    commands.addSkipped(id, [{ path: `${half}.psd`, reason: 'unsupported_type' }])
    commands.rename(id, `秋季${half}`)
  })
  const { assets } = await screened(ledger, [{ path: `海报${half}.txt`, text: `限时${half}`, verdict: 'unchecked' }])
  const asset = assets[0] ?? 0
  await database.commit(() => commands.review(`act${half}`, `Lin${half}`, 'note', [{ asset, note: `见${half}邮件` }]))
  await database.commit(() => {
    commands.parkPush(`wechat:${half}`, half, `{"n":"${half}"}`)
    commands.setRelayPosition(`https://${half}.example`, 4)
  })
  indexAll(ledger)

  const { intact, en } = await verifyDataDir(ledger.dataDir)
  expect({ intact, en }).toEqual({ intact: true, en: expect.stringContaining('no change was found') })
})
