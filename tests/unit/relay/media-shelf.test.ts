import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openMediaShelf } from '../../../electron/engine/relay/media-shelf.ts'
import { openRelayStore } from '../../../electron/engine/relay/store.ts'
import { png } from '../intake/harness.ts'
import { fixedClock, temporaryDir } from '../ledger/fixture.ts'

const hour = 3_600_000

test('what is uploaded again while its expired copy is swept is there for the platform', async () => {
  const folder = join(temporaryDir(), 'media')
  const store = openRelayStore(join(folder, '..', 'relay.sqlite'), { eventsPerDay: 1 })
  const clock = fixedClock(Date.UTC(2026, 10, 21))
  const shelf = await openMediaShelf({ folder, rows: store.media, clock, lifeMs: hour, quotaBytes: 1e6 })
  await shelf.put(png)
  clock.set(clock.now() + hour)
  const sweeps = [shelf.sweep(), shelf.sweep()]
  const again = await shelf.put(png)
  await Promise.all(sweeps)
  if (again.kind !== 'shelved') throw new Error(again.kind)
  const taken = await shelf.take(again.row.id)
  expect(await taken?.file.readFile()).toEqual(png)
  await taken?.file.close()

  clock.set(clock.now() + hour)
  await shelf.sweep()
  expect(readdirSync(folder)).toEqual([])
  await store.close()
})
