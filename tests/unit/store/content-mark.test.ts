import { expect, test } from 'vitest'
import { openLedger, options, practiceProfile } from '../ledger/fixture.ts'

const batch = 'b_1'

/** Assets of the same bytes, which two profiles found risky; `second` is what the milder of them said of each. */
async function marksOf(second: readonly { readonly labels: string; readonly score: number }[]): Promise<string[]> {
  const { database, commands, queries } = openLedger()
  const profiles = [practiceProfile, { ...practiceProfile, id: 'other' }]
  await database.commit(() =>
    commands.createBatch({ id: batch, name: '', profiles, inputs: [], options, practice: true, owner: '' }),
  )
  const addAsset = database.raw.prepare(
    `INSERT INTO assets (batch, position, path, source, source_key, kind, sha256, outcome, label, score)
     VALUES ('${batch}', ?, ?, '{}', ?, 'image', '${'3c'.repeat(32)}', 'risky', 20002, 95)`,
  )
  const addResult = database.raw.prepare(
    `INSERT INTO results (asset, profile, batch, state, outcome, labels, score, parts, checked)
     VALUES (?, ?, '${batch}', 'done', 'risky', ?, ?, 1, 1)`,
  )
  for (const [at, { labels, score }] of second.entries()) {
    const { lastInsertRowid } = addAsset.run(at, `${at}.png`, Buffer.from([at]))
    addResult.run(lastInsertRowid, 0, '[20002]', 95)
    addResult.run(lastInsertRowid, 1, labels, score)
  }
  const { content, contentRest, id } = queries.columns(batch, 0, { stacks: true })
  const delta = queries.cells(batch, [...id], 0, 1)
  expect([...delta.content]).toEqual([...content])
  expect([...delta.contentRest]).toEqual([...contentRest])
  return Array.from(content, (first, at) => `${first} ${contentRest[at]}`)
}

test('profiles that agree on the outcome but not on label or confidence make assets differ', async () => {
  const [first, again, label, score] = await marksOf([
    { labels: '[20001]', score: 80 },
    { labels: '[20001]', score: 80 },
    { labels: '[20006]', score: 80 },
    { labels: '[20001]', score: 60 },
  ])
  expect(again).toBe(first)
  expect(label).not.toBe(first)
  expect(score).not.toBe(first)
})
