import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { monotonicFactory } from 'ulid'
import { Agent } from 'undici'
import type { IpcProblem } from '../../../shared/ipc.ts'
import { Problem } from '../../../shared/problems.ts'
import { type Clock, systemClock } from '../base/clock.ts'
import { detailOf } from '../base/detail.ts'
import { createConnector } from '../base/trusted-roots.ts'
import type { Registry } from '../checkers/create-registry.ts'
import { registry } from '../checkers/registry.ts'
import { createFilms } from '../films/films.ts'
import { createDocuments } from '../formats/documents/documents.ts'
import { createImaging } from '../imaging/imaging.ts'
import { createUnpacked } from '../intake/unpacked.ts'
import { createLibrary } from '../library/library.ts'
import { createDrawing } from '../screening/drawing.ts'
import { createMaterial } from '../screening/material.ts'
import type { Store } from '../store/ports.ts'
import { openAccounts } from './accounts.ts'
import type { EngineOptions, HeadlessEngine } from './api.ts'
import { createAssets } from './assets.ts'
import { createDoctor } from './doctor.ts'
import { engineOf } from './facade.ts'
import { createLookAlikes } from './look-alikes.ts'
import { createOwner, unpackedFolder } from './owner.ts'
import { createPictures } from './pictures.ts'
import { createProfiles } from './profiles.ts'
import { createQueueStatus } from './queue-status.ts'
import { openRecords } from './records.ts'
import { createRules } from './rules.ts'
import { openScreening } from './screening.ts'
import { reviewerOf } from './settings.ts'
import { asProblem, openPacer } from './storage.ts'

export interface EngineExtras {
  readonly clock?: Clock
  /** The sources of verdicts; the product's own unless another is given. */
  readonly registry?: Registry
  /** Where practice profiles are answered; started on loopback when first needed, and closed with the engine. */
  readonly sandboxUrl?: string
  /** What `-` reads. */
  readonly stdin?: AsyncIterable<Uint8Array>
  /** Calls of one app to one endpoint that are out at a time. */
  readonly connections?: number
  /** How long to wait for a connection, a reply's head and its body. */
  readonly timeouts?: typeof timeouts
  /** False for a test that counts the calls of a batch: no control checks are made. */
  readonly controls?: boolean
  /** Stands in front of the store, as a test does that makes it slow. */
  readonly aroundStore?: (store: Store) => Store
}

/** For so long after it was given up a push may still correct its result. */
const latePushesMs = 86_400_000
const timeouts = { connectMs: 10_000, headersTimeoutMs: 30_000, bodyTimeoutMs: 30_000 }

/** Builds the engine from what it is given. Throws `Problem` when the data directory or the database cannot be used. */
export async function openEngine(options: EngineOptions, extras: EngineExtras = {}): Promise<HeadlessEngine> {
  const { dataDir } = options
  const clock = extras.clock ?? systemClock
  const { connectMs, ...waits } = extras.timeouts ?? timeouts
  const newId = idSource(clock)
  const startProblems: IpcProblem[] = []
  const listening = new AbortController()
  const abandon = new AbortController()

  const records = await openRecords(options, clock, startProblems, abandon.signal, extras.aroundStore)
  const { settings, store, events } = records
  const { reader } = store
  const callMs = connectMs + waits.headersTimeoutMs + waits.bodyTimeoutMs
  const pacer = openPacer(dataDir, clock, settings.get(), callMs, startProblems)
  const owner = createOwner(dataDir, newId())
  const accounts = openAccounts(options, {
    clock,
    settings: settings.get,
    newId,
    startProblems,
    registry: extras.registry ?? registry,
    sandboxUrl: extras.sandboxUrl,
  })
  const { imaging, documents, films, drawing } = openDecoders(options, () => events.changed('queue'))
  const unpacked = createUnpacked(unpackedFolder(dataDir, owner), documents)
  const material = createMaterial({ stdin: extras.stdin ?? null, documents, films, unpacked, drawing })
  const dispatcher = new Agent({ pipelining: 1, connect: createConnector(connectMs), keepAliveTimeout: 30_000 })
  const library = createLibrary({
    dataDir,
    shippedDir: options.rulesDir,
    writer: store.writer,
    clock,
    reviewer: reviewerOf(settings.get, options.env),
    newAct: newId,
    signal: listening.signal,
  })
  for (const id of await library.damaged()) startProblems.push({ code: 'book_damaged', detail: id })
  const screening = openScreening(records, accounts, {
    library,
    clock,
    pacer,
    outlet: { dispatcher, ...waits },
    imaging,
    material,
    owner,
    dataDir,
    connections: extras.connections ?? 64,
    makesControls: extras.controls !== false,
    newId,
    listening: listening.signal,
    abandon,
  })
  const { batches, relays, lanes } = screening

  const queueStatus = createQueueStatus({
    clock,
    reader,
    pacer,
    book: accounts.book,
    relays,
    runs: batches.runs,
    order: records.order,
    documents,
    lastProfiles: () => settings.get().lastProfiles,
    tokenState: lanes.tokenState,
    resultsDone: batches.resultsDone,
  })
  events.supply('queue', queueStatus)

  const doctor = createDoctor(screening.checks, screening.controls)
  const engine = engineOf({
    options,
    clock,
    startProblems,
    newId,
    records,
    accounts,
    screening,
    pacer,
    imaging,
    material,
    queueStatus,
    profiles: createProfiles({ records, accounts, screening, doctor }),
    pictures: createPictures({ cacheDir: join(dataDir, 'cache'), imaging, reader, material }),
    lookAlikes: createLookAlikes({ clock, imaging, reader, writer: records.store.writer, imageOf: material.imageOf }),
    assets: createAssets({ reader, batches, material }),
    rules: createRules({ library, reader, material }),
    booksFor: library.booksFor,
    looksFor: library.looksFor,
    bookVersions: library.versions,
    close: async () => {
      listening.abort(new Problem('cancelled', detailOf('program_ends')))
      await batches.close()
      abandon.abort(new Problem('cancelled', detailOf('program_ends')))
      events.close()
      await Promise.all([imaging.close(), documents.close(), options.chromium?.close()])
      await library.close()
      await accounts.close()
      await dispatcher.close()
      await material.close()
      pacer.close()
      await store.close()
      owner.close()
    },
  })

  // Nobody waits for it, and a disk that refuses does not keep the program from starting.
  void engine.ledger.prune().catch(records.reportProblem)
  if (options.takeUpUnfinished) {
    await batches.takeUpUnfinished(error => {
      const { code, detail } = asProblem(error)
      startProblems.push({ code, detail })
    })
  }
  // What was sent in an earlier run may have been answered meanwhile.
  screening.expectPushes(await reader.expecting(clock.now() - latePushesMs))
  return engine
}

/** What decodes in children of its own, or in pages, and what draws in them. */
function openDecoders(
  { startDecodingChild, imagingWorker, documentWorker, chromium }: EngineOptions,
  onProgress: () => void,
) {
  const starting = startDecodingChild === undefined ? {} : { startChild: startDecodingChild }
  const entry = (workerFile: string | undefined) => (workerFile === undefined ? {} : { workerFile })
  const imaging = createImaging({ ...starting, ...entry(imagingWorker) })
  return {
    imaging,
    documents: createDocuments({ ...starting, ...entry(documentWorker), onProgress }),
    films: chromium == null ? null : createFilms(chromium),
    drawing: chromium == null ? null : createDrawing(chromium, imaging),
  }
}

/** Ids that sort by when they were made. */
function idSource(clock: Clock): () => string {
  const newUlid = monotonicFactory(() => randomBytes(4).readUInt32BE() / 0xffffffff)
  return () => newUlid(clock.now()).toLowerCase()
}
