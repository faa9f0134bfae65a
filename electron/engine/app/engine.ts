import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { monotonicFactory } from 'ulid'
import { Agent } from 'undici'
import { type Outcome, outcomes } from '../../../shared/domain.ts'
import type { IpcProblem } from '../../../shared/ipc.ts'
import { Problem, type ProblemCode } from '../../../shared/problems.ts'
import type { Profile } from '../../../shared/profile.ts'
import { type Plan, type ScreenOptions, screenOptionsSchema } from '../../../shared/screening.ts'
import type { Settings } from '../../../shared/settings.ts'
import { type Clock, systemClock } from '../base/clock.ts'
import { createKeyedSemaphore } from '../base/concurrency/keyed-semaphore.ts'
import { detailOf } from '../base/detail.ts'
import { faultName } from '../base/fault.ts'
import { makeFolder } from '../base/make-folder.ts'
import { createRedactor } from '../base/redact.ts'
import { createConnector } from '../base/trusted-roots.ts'
import { throughCloud } from '../checkers/cloud-call/cloud-call.ts'
import { allPlatforms, platformOf } from '../checkers/registry.ts'
import { discreet } from '../checkers/with-redaction.ts'
import type { Source } from '../formats/source.ts'
import { createImaging, type Imaging } from '../imaging/imaging.ts'
import { pastedFolder } from '../intake/inputs.ts'
import { createAppender } from '../ledger/append.ts'
import type { StoredBatch } from '../ledger/rows.ts'
import { keyProblemOf, openSigningKey } from '../ledger/signing.ts'
import { createSealer } from '../ledger/signing-book.ts'
import { verifyDataDir } from '../ledger/verify.ts'
import { PacerError } from '../pacer/contract.ts'
import { countPermits } from '../pacer/count-permits.ts'
import { createCalendar } from '../pacer/day.ts'
import { createPacer } from '../pacer/pacer.ts'
import { createPracticeProfiles } from '../profiles/practice-profiles.ts'
import { createProfileBook, type ProfileBook } from '../profiles/profile-book.ts'
import { evidenceText } from '../reports/evidence.ts'
import { exportReport } from '../reports/export-report.ts'
import { readSpans } from '../reports/spans.ts'
import { verifyFiles } from '../reports/verify-files.ts'
import { createReview } from '../review/review.ts'
import type { Sandbox } from '../sandbox/start-sandbox.ts'
import { createAwaiting } from '../screening/awaiting.ts'
import { type Batches, createBatches, type ScreenRequest } from '../screening/batches.ts'
import { createControls } from '../screening/controls/controls.ts'
import { createOpenidPool, type Lane, textContextOf } from '../screening/lane.ts'
import { createMaterial } from '../screening/material.ts'
import { makePlan } from '../screening/planner.ts'
import { createPlans } from '../screening/plans.ts'
import { createQuotaReader } from '../screening/quota-readings.ts'
import { createRelays } from '../screening/relays.ts'
import type { RunServices } from '../screening/run.ts'
import { createSpanFinder } from '../screening/span-finder.ts'
import { testRelay } from '../screening/test-relay.ts'
import { createCommands } from '../store/commands.ts'
import { createControlReader } from '../store/controls.ts'
import { openDatabase, problemOf } from '../store/database.ts'
import { hashesOf } from '../store/hashes.ts'
import { createQueries, type LedgerQueries } from '../store/queries.ts'
import { prune } from '../store/retention.ts'
import { createTokenStore } from '../tokens/token-store.ts'
import { createTokens, type TokenRequest } from '../tokens/tokens.ts'
import type { Engine, EngineOptions } from './api.ts'
import { createDoctor } from './doctor.ts'
import { createEventHub } from './events.ts'
import { createGridFeed } from './grid-feed.ts'
import { createHistory } from './history.ts'
import { createOwner } from './owner.ts'
import { createPictures } from './pictures.ts'
import { createQueueStatus } from './queue-status.ts'
import { createSettings, evidentSettings } from './settings.ts'

export interface EngineExtras {
  readonly clock?: Clock
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
}

/** The engine with what the command line needs beyond the window: runs that it can wait for. */
export interface HeadlessEngine extends Engine {
  readonly profileBook: ProfileBook
  readonly redact: (text: string) => string
  plan(request: ScreenRequest, onProgress: (latest: () => Plan) => void, signal: AbortSignal): Promise<Plan>
  readonly screen: Batches['screen']
  readonly resume: Batches['resume']
  readonly recheckOlder: Batches['recheckOlder']
  readonly queries: LedgerQueries
}

/** For so long after it was given up a push may still correct its result. */
const latePushesMs = 86_400_000
/** Rows taken into the search index together, and how often: some 30 ms of a core each second while a flood of results comes in. */
const indexedAtOnce = 1_000
const indexingPauseMs = 1_000
const mostIndexedAtOnce = 5_000
/** Rows of the ledger whose hashes are taken in together. */
const hashedAtOnce = 10_000
const timeouts = { connectMs: 10_000, headersTimeoutMs: 30_000, bodyTimeoutMs: 30_000 }

/** Builds the engine from what it is given. Throws `Problem` when the data directory or the database cannot be used. */
export async function openEngine(options: EngineOptions, extras: EngineExtras = {}): Promise<HeadlessEngine> {
  const clock = extras.clock ?? systemClock
  const waits = extras.timeouts ?? timeouts
  const { headersTimeoutMs, bodyTimeoutMs } = waits
  const language = options.language ?? (() => 'zh')
  const startProblems: IpcProblem[] = []
  makeDataDir(options.dataDir)
  const settings = createSettings(options, startProblems)
  const database = openDatabase(join(options.dataDir, 'prescreen.sqlite'))
  const pacer = countPermits(openPacer(options.dataDir, clock, settings.get(), waits, startProblems))
  const redactor = createRedactor()
  const events = createEventHub(error => reportProblem(error))
  const dispatcher = new Agent({
    pipelining: 1,
    connect: createConnector(waits.connectMs),
    keepAliveTimeout: 30_000,
  })
  const tokens = createTokens({ clock, redactor, store: createTokenStore({ dataDir: options.dataDir, clock }) })
  // Version 0.1.0 kept tokens among the settings.
  if (options.store.get('tokens') !== undefined) options.store.delete('tokens')
  const gridFeed = createGridFeed(events, () => queries)
  const queries = createQueries(database, gridFeed.folders)
  const commands = createCommands(database, clock, gridFeed.touched)
  const appender = createAppender(database.raw, clock)
  const hashes = hashesOf(database.raw)
  const sealer = createSealer(database, appender, () => openSigningKey(options))
  const keyProblem = await keyProblemOf(options)
  if (keyProblem !== null) startProblems.push({ code: keyProblem.code, detail: keyProblem.detail })
  const newUlid = monotonicFactory(() => randomBytes(4).readUInt32BE() / 0xffffffff)
  const newId = () => newUlid(clock.now()).toLowerCase()

  const owner = createOwner(options.dataDir, newId())

  let imaging: Imaging | null = null
  const getImaging = () => {
    imaging ??= createImaging({
      ...(options.imagingWorker === undefined ? {} : { workerFile: options.imagingWorker }),
      ...(options.startImagingChild === undefined ? {} : { startChild: options.startImagingChild }),
    })
    return imaging
  }
  let sandbox: Promise<Sandbox> | null = null
  const sandboxUrl = async () => {
    if (extras.sandboxUrl !== undefined) return extras.sandboxUrl
    // Its HTTP server is read in for whoever practises.
    sandbox ??= import('../sandbox/start-sandbox.ts').then(({ startSandbox }) => startSandbox())
    return (await sandbox).url
  }
  /** Aborts when the engine closes: relays are followed and deadlines kept until then. */
  const listening = new AbortController()
  const material = createMaterial({ stdin: extras.stdin ?? null })

  const book = createProfileBook({
    store: options.store,
    vault: options.vault,
    env: options.env,
    practice: createPracticeProfiles(),
    language,
    newId: () => `p_${newId()}`,
    isWeakVaultAccepted: () => settings.get().weakVaultAccepted,
    onProblem: problem => startProblems.push(problem),
  })

  /** The last of each profile, by which the window is told how its token is. */
  const tokenRequests = new Map<string, TokenRequest>()
  const laneOf = async (profile: Profile, index: number, screenOptions: ScreenOptions): Promise<Lane> => {
    const direct = platformOf(profile.platform)
    const way = profile.cloud === null ? direct : throughCloud(direct, profile.cloud)
    const platform = discreet(way, redactor.redact)
    const baseUrl = profile.practice ? await sandboxUrl() : (profile.baseUrl ?? platform.baseUrl)
    const transport = { dispatcher, baseUrl, headersTimeoutMs, bodyTimeoutMs }
    const credentials = await book.credentials(profile)
    for (const openid of profile.openids) redactor.remember(openid)
    const tokenRequest = { platform, transport, appid: profile.appid, credentials }
    tokenRequests.set(profile.id, tokenRequest)
    return {
      index,
      profile,
      platform,
      transport,
      tokenRequest,
      openids: createOpenidPool(profile.openids),
      text: textContextOf(profile, screenOptions),
      publish: await relays.publisherOf(profile),
    }
  }
  const lanesOf = (profiles: readonly Profile[], screenOptions: ScreenOptions) =>
    Promise.all(profiles.map((profile, index) => laneOf(profile, index, screenOptions)))

  const checkServices = {
    clock,
    pacer,
    tokens,
    callSlots: createKeyedSemaphore(extras.connections ?? 64),
    random: Math.random,
  }
  const controls =
    extras.controls === false
      ? null
      : createControls({
          ...checkServices,
          database,
          commands,
          queries,
          reader: createControlReader(database.raw),
          get imaging() {
            return getImaging()
          },
          read: material.read,
          dayOf: createCalendar(settings.get().quotaZone, settings.get().quotaHour),
          lockFolder: join(options.dataDir, 'running'),
        })
  const relays = createRelays({
    clock,
    dispatcher,
    queries,
    keyOf: async profile => {
      const key = await book.relayKey(profile)
      if (key !== null) redactor.remember(key)
      return key
    },
    awaiting: () => awaiting,
    onStatus: () => queueNews(),
    onProblem: error => reportProblem(error),
    signal: listening.signal,
  })
  const awaiting = createAwaiting({
    clock,
    database,
    commands,
    queries,
    onAwaited: profile => relays.follow(profile),
    deadlineMs: () => settings.get().pushDeadlineMinutes * 60_000,
    onSettled: settled => batches.onSettled(settled),
    onProblem: error => reportProblem(error),
    signal: listening.signal,
  })
  const runServices: RunServices = {
    ...checkServices,
    awaiting,
    database,
    queries,
    commands,
    get imaging() {
      return getImaging()
    },
    read: material.read,
    underWay: new Map(),
    controls,
    walk: (inputs: readonly string[], batch: StoredBatch, signal: AbortSignal) =>
      material.walk(inputs, batch.options, signal),
  }

  const abandon = new AbortController()
  let closed = false

  const queueNews = () => events.soon('queue', '', () => queueStatus())
  const news = (batch: string) => {
    events.soon('batch', batch, () => batches.summaryOf(batch))
    queueNews()
  }
  const reportProblem = (error: unknown) => {
    const problem = asProblem(error)
    events.emit('problem', { code: problem.code, detail: problem.detail })
  }
  /** What another program submitted is awaited here from now on; with the profile's relay of today, should it have moved. */
  const expectPushes = (profiles: readonly Profile[]) => {
    for (const profile of profiles) relays.follow(book.get(profile.id) ?? profile)
    awaiting.watch()
  }

  const batches = createBatches({
    run: runServices,
    abandon,
    owner: owner.name,
    isAlive: owner.isAlive,
    newId,
    lanesOf,
    presentProfile: profile => book.get(profile.id) ?? profile,
    readQuotas: createQuotaReader({ clock, tokens, pacer, signal: abandon.signal }),
    expectPushes,
    seal: sealer.seal,
    news,
    reportProblem,
    asProblem,
  })

  const planOf: Parameters<typeof createPlans>[0]['make'] = async (id, request, onProgress, signal) => {
    const lanes = await lanesOf(request.profiles, request.options)
    const services = {
      clock,
      queries,
      pacer,
      imaging: getImaging(),
      controls,
      read: material.read,
      walk: (stop: AbortSignal) => material.walk(request.inputs, request.options, stop),
    }
    return makePlan(services, id, lanes, request.options, onProgress, signal)
  }
  const profilesById = (ids: readonly string[]) =>
    ids.map(id => {
      const profile = book.get(id)
      if (profile === null) throw new Problem('not_found', `profile ${id}`)
      return profile
    })

  const plans = createPlans({
    newId,
    pastedFolder: join(options.dataDir, pastedFolder),
    make: planOf,
    news: (plan, latest) => events.soon('plan', plan, latest),
    asProblem,
  })

  const queueStatus = createQueueStatus({
    clock,
    queries,
    pacer,
    book,
    relays,
    runs: batches.runs,
    lastProfiles: () => settings.get().lastProfiles,
    tokenState: profile => {
      const request = tokenRequests.get(profile)
      return request === undefined ? { state: 'none' } : tokens.state(request)
    },
    resultsDone: batches.resultsDone,
  })

  const review = createReview({
    database,
    commands,
    queries,
    reviewer: () => settings.get().reviewer || systemUser(options.env),
    newAct: newId,
    changed: news,
  })
  const pictures = createPictures({
    cacheDir: join(options.dataDir, 'cache'),
    imaging: getImaging,
    queries,
    download: material.downloadImage,
  })
  const history = createHistory(database.raw)

  /** A search sees what was written a moment ago, up to what can be taken in without being noticed; the rest follows by itself. */
  const indexNow = () => {
    if (queries.hasUnindexed()) database.raw.transaction(() => commands.index(mostIndexedAtOnce)).immediate()
  }
  const keepIndexing = async () => {
    for (;;) {
      await clock.sleep(indexingPauseMs, abandon.signal)
      if (queries.hasUnindexed()) await database.commit(() => commands.index(indexedAtOnce))
      if (hashes.behind() > 0) await database.commit(() => hashes.index(hashedAtOnce))
    }
  }
  // Many short runs leave much to be read at the next start, if nobody takes it in.
  if (hashes.behind() > hashedAtOnce / 10) await database.commit(() => hashes.index(hashedAtOnce))
  // Ends with the engine; what a full disk leaves in the queue is taken up at the next start.
  keepIndexing().catch(() => undefined)

  const doctor = createDoctor(checkServices, controls)

  /** The text that was screened; null when its file is gone or holds something else now. */
  const textOf = async (id: number): Promise<string | null> => {
    const asset = queries.asset(id)
    if (asset === null || asset.kind !== 'text') return null
    const content = await material.read(asset.source, batches.stored(asset.batch).options, AbortSignal.timeout(30_000))
    return content.kind === 'text' && content.sha256 === asset.sha256 ? content.text : null
  }
  const pruneOld = () => {
    const { keepYears } = settings.get()
    const before = new Date(clock.now())
    before.setFullYear(before.getFullYear() - keepYears)
    return prune(database, appender, sealer.key, before.getTime())
  }

  const engine: HeadlessEngine = {
    dataDir: options.dataDir,
    startProblems,
    settings: {
      get: settings.get,
      set: patch => {
        const before = settings.get()
        const after = settings.set(patch)
        const changed = evidentSettings.filter(name => JSON.stringify(before[name]) !== JSON.stringify(after[name]))
        if (changed.length > 0) {
          const values = Object.fromEntries(changed.map(name => [name, after[name]]))
          database.commit(() => commands.append('settings', null, { changed: values })).catch(reportProblem)
        }
        // While nothing runs, these are the profiles whose quota and token are shown.
        if (before.lastProfiles.join() !== after.lastProfiles.join()) queueNews()
        return after
      },
    },
    profileBook: book,
    redact: redactor.redact,
    queries,
    profiles: {
      list: book.list,
      save: async (draft, secret, relayKey = null) => {
        if (secret !== null) redactor.remember(secret)
        if (relayKey !== null) redactor.remember(relayKey)
        const saved = await book.save(draft, secret, relayKey)
        tokenRequests.delete(saved.id)
        relays.renew(saved)
        queueNews()
        await database.commit(() =>
          commands.append('profile', null, {
            event: 'save',
            id: saved.id,
            name: saved.name,
            platform: saved.platform,
            appid: saved.appid,
          }),
        )
        return saved
      },
      remove: async id => {
        book.remove(id)
        tokenRequests.delete(id)
        await database.commit(() => commands.append('profile', null, { event: 'remove', id }))
      },
      test: async (id, _language, signal) => {
        const [profile] = profilesById([id])
        if (profile === undefined) throw new Problem('not_found', id)
        const stop = signal ?? AbortSignal.timeout(120_000)
        const steps = await doctor(await laneOf(profile, 0, defaultOptions), stop)
        if (profile.relay === null) return steps
        return [...steps, ...(await testRelay(await relays.clientOf(profile), profile, stop))]
      },
    },
    platforms: () =>
      allPlatforms.map(platform => ({
        id: platform.id,
        zh: platform.name.zh,
        en: platform.name.en,
        baseUrl: platform.baseUrl,
        tokenModes: platform.tokenModes,
        endpoints: [
          ...new Map(
            platform.endpoints.map(endpoint => [endpoint.id, { id: endpoint.id, ...endpoint.limit }]),
          ).values(),
        ],
      })),
    plan: (request, onProgress, signal) => planOf('plan', request, onProgress, signal),
    screen: batches.screen,
    resume: batches.resume,
    recheckOlder: batches.recheckOlder,
    plans: {
      create: ({ profiles, ...request }) => plans.create({ ...request, profiles: profilesById(profiles) }),
      discard: plans.discard,
    },
    batches: {
      ...batches.actions,
      start: async (plan, name) => {
        const { id } = await batches.screen({ ...(await plans.take(plan)), name })
        return batches.actions.get(id)
      },
      sample: async () => {
        const [practice] = book.list()
        if (practice === undefined) throw new Problem('internal')
        const { id } = await batches.screen({
          inputs: [options.samplesDir],
          profiles: [practice],
          options: { ...defaultOptions, textColumn: sampleColumn },
          name: sampleNames[language()],
        })
        return batches.actions.get(id)
      },
    },
    grid: {
      columns: batch => {
        gridFeed.watch(batches.stored(batch).id)
        return queries.columns(batch, gridFeed.revision(batch))
      },
      rows: queries.rows,
      search: (batch, query) => {
        indexNow()
        return queries.search(batch, query)
      },
    },
    assets: {
      detail: async id => {
        const asset = queries.asset(id)
        const [row] = queries.rows([id])
        if (asset === null || row === undefined) throw new Problem('not_found', `asset ${id}`)
        const content =
          asset.kind === 'text'
            ? await material.read(asset.source, batches.stored(asset.batch).options, AbortSignal.timeout(30_000))
            : null
        const isSame = content?.kind === 'text' && (asset.sha256 === null || content.sha256 === asset.sha256)
        return {
          ...row,
          batch: asset.batch,
          sha256: asset.sha256,
          text: content?.kind === 'text' && isSame ? content.text.slice(0, longestText) : null,
          encoding: asset.encoding,
          reading: asset.reading,
          checks: queries.checks(id),
          spans: readSpans(queries, id),
          history: queries.reviews(id),
          earlier:
            asset.sha256 === null
              ? []
              : queries.earlier(asset.sha256, id).map(each => ({ ...each, outcome: outcomeOf(each.outcome) })),
        }
      },
      file: id => {
        const asset = queries.asset(id)
        if (asset === null) throw new Problem('not_found', `asset ${id}`)
        const source = JSON.parse(asset.source) as Source
        return 'path' in source ? source.path : null
      },
      evidence: (id, check) => evidenceText(queries, id, check),
      ...createSpanFinder({
        ...checkServices,
        database,
        queries,
        commands,
        textOf,
        laneOf: async (id, profile) => {
          const batch = batches.stored(id)
          const index = batch.profiles.findIndex(each => each.id === profile)
          const known = batch.profiles[index]
          if (known === undefined) throw new Problem('not_found', `profile ${profile}`)
          return laneOf(known, index, batch.options)
        },
      }),
      ...pictures,
    },
    review,
    queue: {
      status: queueStatus,
      pause: paused => {
        batches.pauseAll(paused)
        return queueStatus()
      },
    },
    history: {
      ...history,
      search: (query, limit) => {
        indexNow()
        return history.search(query, limit)
      },
    },
    reports: {
      export: async (scope, format, file, language, onProgress, signal, look) => {
        // A report has to be complete: all that a search could find is taken in first.
        const isSearch = scope.of === 'history' && scope.query !== null
        while (isSearch && queries.hasUnindexed()) await database.commit(() => commands.index(indexedAtOnce))
        return exportReport(
          {
            database,
            commands,
            clock,
            key: sealer.key,
            reasons: () => settings.get().reasons,
            thumbnail: pictures.thumbnail,
            textOf,
          },
          scope,
          format,
          file,
          language,
          onProgress,
          signal,
          look,
        )
      },
      verify: (files, signal) =>
        verifyFiles(files, { ledger: database.raw, ...(signal === undefined ? {} : { signal }) }),
    },
    ledger: {
      verify: signal => verifyDataDir(database.raw, signal === undefined ? {} : { signal }),
      prune: pruneOld,
    },
    on: events.on,
    busy: () => [...batches.runs.values()].some(run => !run.paused),
    close: async () => {
      if (closed) return
      closed = true
      listening.abort(new Problem('cancelled', detailOf('program_ends')))
      plans.close()
      await batches.close()
      abandon.abort(new Problem('cancelled', detailOf('program_ends')))
      events.close()
      await imaging?.close()
      await (await sandbox)?.close()
      await dispatcher.close()
      await material.close()
      pacer.close()
      await database.close()
      owner.close()
    },
  }
  // Nobody waits for it, and a disk that refuses does not keep the program from starting.
  void pruneOld().catch(reportProblem)
  if (options.takeUpUnfinished) {
    await batches.takeUpUnfinished(error => {
      const { code, detail } = asProblem(error)
      startProblems.push({ code, detail })
    })
  }
  // What was sent in an earlier run may have been answered meanwhile.
  const expecting = queries.expecting(clock.now() - latePushesMs)
  expectPushes(expecting.flatMap(({ batch, profile }) => queries.batch(batch)?.profiles[profile] ?? []))
  return engine
}

export const defaultOptions: ScreenOptions = screenOptionsSchema.parse({})
/** Column of the sample table that holds its texts. */
export const sampleColumn = '文案'
const sampleNames = { zh: '示例批次', en: 'Sample batch' }

/** Longest text that the inspector shows. */
const longestText = 2_000_000

function makeDataDir(dataDir: string): void {
  try {
    makeFolder(dataDir)
  } catch (error) {
    throw problemOf(error, dataDir)
  }
}

function openPacer(dataDir: string, clock: Clock, settings: Settings, waits: typeof timeouts, problems: IpcProblem[]) {
  const file = join(dataDir, 'pacer.sqlite')
  try {
    const pacer = createPacer({
      file,
      clock,
      dayZone: settings.quotaZone,
      dayHour: settings.quotaHour,
      maxCallMs: waits.connectMs + waits.headersTimeoutMs + waits.bodyTimeoutMs,
    })
    if (pacer.rebuilt) problems.push({ code: 'pacer_rebuilt', detail: '' })
    return pacer
  } catch (error) {
    if (!(error instanceof PacerError)) throw error
    throw new Problem(pacerProblems[error.code], file, { cause: error })
  }
}

const pacerProblems = {
  unwritable: 'not_writable',
  newer: 'database_newer',
  foreign: 'database_corrupt',
  unreadable: 'database_corrupt',
} as const satisfies Record<PacerError['code'], ProblemCode>

function asProblem(error: unknown): Problem {
  if (error instanceof PacerError) return new Problem(pacerProblems[error.code], 'pacer.sqlite', { cause: error })
  const known = problemOf(error, 'prescreen.sqlite')
  return known instanceof Problem ? known : new Problem('internal', faultName(error), { cause: error })
}

function systemUser(env: EngineOptions['env']): string {
  return env.USERNAME ?? env.USER ?? ''
}

function outcomeOf(outcome: string): Outcome | null {
  return outcomes.find(each => each === outcome) ?? null
}
