import { Problem } from '../../../shared/problems.ts'
import type { Profile } from '../../../shared/profile.ts'
import { defaultOptions } from '../../../shared/screening.ts'
import { testRelay } from '../screening/test-relay.ts'
import type { Accounts } from './accounts.ts'
import type { Engine } from './api.ts'
import type { createDoctor } from './doctor.ts'
import type { Records } from './records.ts'
import type { Screening } from './screening.ts'

/** How long the test of a profile may take that nobody cancels. */
const testMs = 120_000

/** The stored profiles as people change and test them; every change is in the ledger, without secrets. */
export function createProfiles(services: {
  readonly records: Pick<Records, 'store' | 'events'>
  readonly accounts: Accounts
  readonly screening: Pick<Screening, 'lanes' | 'relays'>
  readonly doctor: ReturnType<typeof createDoctor>
}): Engine['profiles'] & { byIds(ids: readonly string[]): readonly Profile[] } {
  const { store, events } = services.records
  const { book, redactor } = services.accounts
  const { lanes, relays } = services.screening
  const known = (id: string): Profile => {
    const profile = book.get(id)
    if (profile === null) throw new Problem('not_found', `profile ${id}`)
    return profile
  }

  return {
    byIds: ids => ids.map(known),
    list: book.list,
    save: async (draft, secret, relayKey = null) => {
      for (const each of [secret, relayKey]) if (each !== null) redactor.remember(each)
      const saved = await book.save(draft, secret, relayKey)
      lanes.forget(saved.id)
      relays.renew(saved)
      events.changed('queue')
      const { id, name, platform, appid } = saved
      await store.writer.append('profile', null, { event: 'save', id, name, platform, appid })
      return saved
    },
    remove: async id => {
      book.remove(id)
      lanes.forget(id)
      await store.writer.append('profile', null, { event: 'remove', id })
    },
    test: async (id, signal = AbortSignal.timeout(testMs)) => {
      const profile = known(id)
      const steps = await services.doctor(await lanes.laneOf(profile, 0, defaultOptions), signal)
      if (profile.relay === null) return steps
      return [...steps, ...(await testRelay(await relays.clientOf(profile), profile, signal))]
    },
  }
}
