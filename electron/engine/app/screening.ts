import { EventEmitter } from 'node:events'
import { join } from 'node:path'
import type { Profile } from '../../../shared/profile.ts'
import type { Clock } from '../base/clock.ts'
import { createKeyedSemaphore } from '../base/concurrency/keyed-semaphore.ts'
import type { Imaging } from '../imaging/imaging.ts'
import type { Library } from '../library/library.ts'
import type { CountingPacer } from '../pacer/count-permits.ts'
import { createCalendar } from '../pacer/day.ts'
import { createAwaiting } from '../screening/awaiting.ts'
import { createBatches } from '../screening/batches.ts'
import { createControls } from '../screening/controls/controls.ts'
import type { Material } from '../screening/material.ts'
import { createQuotaReader } from '../screening/quota-readings.ts'
import { createRelays } from '../screening/relays.ts'
import type { RunServices } from '../screening/run.ts'
import type { Settled } from '../store/records.ts'
import type { Accounts } from './accounts.ts'
import { createLanes, type Outlet } from './lanes.ts'
import type { Owner } from './owner.ts'
import type { Records } from './records.ts'
import { asProblem } from './storage.ts'

/** What asks: lanes, awaited checks and their relays, control checks, batches. */
export function openScreening(
  records: Records,
  accounts: Accounts,
  given: {
    readonly clock: Clock
    readonly library: Library
    readonly pacer: CountingPacer
    readonly outlet: Outlet
    readonly imaging: Imaging
    readonly material: Material
    readonly owner: Owner
    readonly dataDir: string
    /** Calls of one app to one endpoint that are out at a time. */
    readonly connections: number
    readonly makesControls: boolean
    newId(): string
    /** Aborts when the engine closes: relays are followed and deadlines kept until then. */
    readonly listening: AbortSignal
    /** Aborts calls that are out. */
    readonly abandon: AbortController
  },
) {
  const { settings, store, events, reportProblem } = records
  const { reader, writer } = store
  const { clock, pacer, imaging, material, owner, abandon } = given
  const { tokens } = accounts

  // A check that is awaited wants its relay followed, and a push may end a batch: both come after what tells them.
  const pushes = new EventEmitter<{ awaited: [Profile]; settled: [readonly Settled[]] }>()
  const awaiting = createAwaiting({
    clock,
    reader,
    writer,
    onAwaited: profile => pushes.emit('awaited', profile),
    deadlineMs: () => settings.get().pushDeadlineMinutes * 60_000,
    onSettled: settled => pushes.emit('settled', settled),
    onProblem: reportProblem,
    signal: given.listening,
  })
  const relays = createRelays({
    clock,
    dispatcher: given.outlet.dispatcher,
    reader,
    keyOf: accounts.relayKey,
    awaiting: () => awaiting,
    onStatus: () => events.changed('queue'),
    onProblem: reportProblem,
    signal: given.listening,
  })
  pushes.on('awaited', relays.follow)
  const { booksFor, today } = given.library
  const local = { books: booksFor, today }
  const lanes = createLanes({ accounts, outlet: given.outlet, publisherOf: relays.publisherOf, local })

  const checks = { clock, pacer, tokens, callSlots: createKeyedSemaphore(given.connections), random: Math.random }
  const assets = { reader, writer, imaging, read: material.read }
  const controls = given.makesControls
    ? createControls({
        ...checks,
        ...assets,
        dayOf: createCalendar(settings.get().quotaZone, settings.get().quotaHour),
        lockFolder: join(given.dataDir, 'running'),
      })
    : null
  const run: RunServices = {
    ...checks,
    ...assets,
    awaiting,
    controls,
    walk: (inputs, batch, signal) => material.walk(inputs, batch.options, signal),
  }
  const news = (batch: string) => {
    events.changed('batch', batch)
    events.changed('queue')
  }
  /** What another program submitted is awaited here from now on; with the profile's relay of today, should it have moved. */
  const expectPushes = (profiles: readonly Profile[]) => {
    for (const profile of profiles) relays.follow(accounts.present(profile))
    awaiting.watch()
  }
  const batches = createBatches({
    run,
    order: records.order,
    abandon,
    owner: owner.name,
    isAlive: owner.isAlive,
    newId: given.newId,
    lanesOf: lanes.lanesOf,
    presentProfile: accounts.present,
    readQuotas: createQuotaReader({ clock, tokens, pacer, signal: abandon.signal }),
    expectPushes,
    seal: store.ledger.seal,
    news,
    reportProblem,
    asProblem,
  })
  pushes.on('settled', batches.onSettled)
  events.supply('batch', batches.summaryOf)
  return { relays, lanes, checks, controls, batches, news, expectPushes }
}

export type Screening = ReturnType<typeof openScreening>
