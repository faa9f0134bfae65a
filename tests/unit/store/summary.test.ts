import { expect, test } from 'vitest'
import { openLedger, options, practiceProfile } from '../ledger/fixture.ts'

test('a summary names the first of ten thousand inputs, and tells the same inputs from others', async () => {
  const { database, commands, queries } = openLedger()
  const given = Array.from({ length: 10_000 }, (_, index) => `/material/${index}.png`)
  const start = (id: string, inputs: readonly string[]) =>
    database.commit(() =>
      commands.createBatch({ id, name: id, profiles: [practiceProfile], inputs, options, practice: true, owner: '' }),
    )
  await start('b_1', given)
  await start('b_2', given)
  await start('b_3', given.slice(1))
  const [first, again, other] = ['b_1', 'b_2', 'b_3'].map(id => queries.summary(id)?.inputs)

  expect(first).toMatchObject({ count: 10_000, first: given.slice(0, 50) })
  expect(again).toEqual(first)
  expect(other?.key).not.toBe(first?.key)
  // It is sent ten times a second.
  expect(JSON.stringify(queries.summary('b_1')).length).toBeLessThan(5_000)
  expect(queries.batch('b_1')?.inputs).toEqual(given)
})
