import { randomBytes } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { monotonicFactory } from 'ulid'
import { Agent } from 'undici'
import { type Outcome, outcomes } from '../../shared/domain.ts'
import { type FailureCode, failureCodes } from '../../shared/failures.ts'
import type { IpcProblem } from '../../shared/ipc.ts'
import { Problem } from '../../shared/problems.ts'
import type { Profile } from '../../shared/profile.ts'
import { type BatchSummary, type Plan, type ScreenOptions, screenOptionsSchema } from '../../shared/screening.ts'
import type { Settings } from '../../shared/settings.ts'
import type { Engine, EngineOptions } from './api.ts'
import { type Clock, systemClock } from './clock.ts'
import { discreet } from './discreet-platform.ts'
import { createDoctor } from './doctor.ts'
import { createEventHub } from './events.ts'
import { createGridFeed } from './grid-feed.ts'
import { createHistory } from './history.ts'
import { createImaging, type Imaging } from './imaging/imaging.ts'
import { defaultName, keepInputs, pastedFolder } from './inputs.ts'
import type { Source } from './intake/source.ts'
import { createAppender } from './ledger/append.ts'
import { createCommands } from './ledger/commands.ts'
import { openDatabase, problemOf } from './ledger/database.ts'
import { createQueries, type LedgerQueries } from './ledger/queries.ts'
import { prune } from './ledger/retention.ts'
import type { StoredBatch } from './ledger/rows.ts'
import { keyProblemOf, openSigningKey } from './ledger/signing.ts'
import { createSealer } from './ledger/signing-book.ts'
import { verifyDataDir } from './ledger/verify.ts'
import { PacerError } from './pacer/contract.ts'
import { createPacer } from './pacer/pacer.ts'
import { createPictures } from './pictures.ts'
import { throughCloud } from './platforms/cloud-call/cloud-call.ts'
import { allPlatforms, platformOf } from './platforms/registry.ts'
import { createPracticeProfiles } from './profiles/practice-profiles.ts'
import { createProfileBook, type ProfileBook } from './profiles/profile-book.ts'
import { createQueueStatus, tokenFailures } from './queue-status.ts'
import { createRedactor } from './redact.ts'
import { evidenceText } from './reports/evidence.ts'
import { exportReport } from './reports/export-report.ts'
import { readSpans } from './reports/spans.ts'
import { verifyFiles } from './reports/verify-files.ts'
import { createReview } from './review/review.ts'
import { type Sandbox, startSandbox } from './sandbox/start-sandbox.ts'
import { nameAgain } from './screening/again-name.ts'
import { type AssetServices, createRoom } from './screening/asset.ts'
import { createAwaiting, type Settled } from './screening/awaiting.ts'
import { createOpenidPool, type Lane, textContextOf } from './screening/lane.ts'
import { createMaterial } from './screening/material.ts'
import { makePlan } from './screening/planner.ts'
import { createQuotaReader } from './screening/quota-readings.ts'
import { createRelays } from './screening/relays.ts'
import { type BatchRun, runBatch } from './screening/run.ts'
import { createSpanFinder } from './screening/span-finder.ts'
import { testRelay } from './screening/test-relay.ts'
import { createSettings, evidentSettings } from './settings.ts'
import { createTokenStore } from './tokens/token-store.ts'
import { createTokens, type TokenRequest } from './tokens/tokens.ts'

export interface EngineExtras {
  readonly clock?: Clock
  /** Where practice profiles are answered; started on loopback when first needed, and closed with the engine. */
  readonly sandboxUrl?: string
  /** What `-` reads. */
  readonly stdin?: AsyncIterable<Uint8Array>
  /** Concurrent connections to one host. */
  readonly connections?: number
  /** How long to wait for a connection, a reply's head and its body. */
  readonly timeouts?: typeof timeouts
}

/** A request as the command line makes it: paths or `-`, profiles by value, so that one for a single run need not be stored. */
export interface ScreenRequest {
  readonly inputs: readonly string[]
  readonly profiles: readonly Profile[]
  readonly options: ScreenOptions
  readonly name: string | null
}

/** The engine with what the command line needs beyond the window: runs that it can wait for. */
export interface HeadlessEngine extends Engine {
  readonly profileBook: ProfileBook
  readonly redact: (text: string) => string
  plan(request: ScreenRequest, onProgress: (plan: Plan) => void, signal: AbortSignal): Promise<Plan>
  screen(request: ScreenRequest, onResult?: (asset: number, profile: number) => void): Promise<RunningBatch>
  /** `changes` hold for this run only: somebody who goes on may want to wait for the quota this time. */
  resume(
    batch: string,
    onResult?: (asset: number, profile: number) => void,
    changes?: Partial<Pick<ScreenOptions, 'waitForQuota'>>,
  ): Promise<RunningBatch>
  readonly queries: LedgerQueries
}

export interface RunningBatch {
  readonly id: string
  /** Resolves with the batch's last state; rejects when the disk fails. */
  readonly done: Promise<BatchSummary>
  /** Lets go, resumable; see `BatchRun.leave`. */
  interrupt(): void
}

/** For so long after it was given up a push may still correct its result. */
const latePushesMs = 86_400_000
/** Rows taken into the search index together, and how often: some 30 ms of a core each second while a flood of results comes in. */
const indexedAtOnce = 1_000
const indexingPauseMs = 1_000
const mostIndexedAtOnce = 5_000
/** How long calls that have left may take to come back when the program ends. */
const graceMs = 2_000
/** Parts that wait for their checks. */
const roomBytes = 192e6
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
  const pacer = openPacer(options.dataDir, clock, settings.get(), waits, startProblems)
  const redactor = createRedactor()
  const events = createEventHub()
  const dispatcher = new Agent({
    connections: extras.connections ?? 64,
    pipelining: 1,
    connect: { timeout: waits.connectMs },
    keepAliveTimeout: 30_000,
  })
  const tokens = createTokens({ clock, redactor, store: createTokenStore({ dataDir: options.dataDir, clock }) })
  // Version 0.1.0 kept tokens among the settings.
  if (options.store.get('tokens') !== undefined) options.store.delete('tokens')
  const gridFeed = createGridFeed(events, () => queries)
  const queries = createQueries(database, gridFeed.folders)
  const commands = createCommands(database, clock, gridFeed.touched)
  const appender = createAppender(database.raw, clock)
  const sealer = createSealer(database, appender, () => openSigningKey(options))
  const keyProblem = await keyProblemOf(options)
  if (keyProblem !== null) startProblems.push({ code: keyProblem.code, detail: keyProblem.detail })
  const newUlid = monotonicFactory(() => randomBytes(4).readUInt32BE() / 0xffffffff)
  const newId = () => newUlid(clock.now()).toLowerCase()
  const owner = `${process.pid}:${newId()}`

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
    sandbox ??= startSandbox()
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

  const checkServices = { clock, pacer, tokens, random: Math.random }
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
    onSettled: settled => onSettled(settled),
    onProblem: error => reportProblem(error),
    signal: listening.signal,
  })
  const assetServices: AssetServices = {
    ...checkServices,
    awaiting,
    database,
    queries,
    commands,
    get imaging() {
      return getImaging()
    },
    read: material.read,
    room: createRoom(roomBytes),
    underWay: new Map(),
  }
  const runServices = {
    ...assetServices,
    get imaging() {
      return getImaging()
    },
    redact: redactor.redact,
    walk: (inputs: readonly string[], batch: StoredBatch, signal: AbortSignal) =>
      material.walk(inputs, batch.options, signal),
  }

  const runs = new Map<string, BatchRun>()
  /** Runs until their batch is sealed, which writes to the data folder. */
  const unsealed = new Set<Promise<unknown>>()
  const abandon = new AbortController()
  const resultListeners = new Map<string, (asset: number, profile: number) => void>()
  let closed = false
  let resultsDone = 0

  /** Batches whose run the disk has ended, so that their state could not be written: nobody screens them, and they can be resumed. */
  const fallen = new Set<string>()
  const summaryOf = (id: string): BatchSummary | null => {
    const found = queries.summary(id)
    return found?.state === 'running' && fallen.has(id) ? { ...found, state: 'interrupted' } : found
  }
  const queueNews = () => events.soon('queue', '', () => queueStatus())
  const news = (batch: string) => {
    events.soon('batch', batch, () => summaryOf(batch))
    queueNews()
  }
  const stored = (id: string): StoredBatch => {
    const batch = queries.batch(id)
    if (batch === null) throw new Problem('not_found', id)
    return batch
  }
  const summary = (id: string): BatchSummary => {
    const found = summaryOf(id)
    if (found === null) throw new Problem('not_found', id)
    return found
  }

  const reportProblem = (error: unknown) => {
    const problem = asProblem(error)
    events.emit('problem', { code: problem.code, detail: problem.detail })
  }
  /** Pushes have concluded results: the window hears of it, and a batch for which nothing is left to wait for ends. */
  const onSettled = (settled: readonly Settled[]) => {
    for (const { batch, asset, profile } of settled) {
      resultListeners.get(batch)?.(asset, profile)
      if (!runs.has(batch)) news(batch)
    }
    for (const [id, run] of runs) if (!queries.hasAwaiting(id)) run.look()
    for (const id of new Set(settled.map(each => each.batch))) void endIfDone(id).catch(reportProblem)
  }
  /** A batch that nobody is screening, and that only waited for pushes, is done. */
  const endIfDone = async (id: string) => {
    const isOver = () => {
      const batch = queries.summary(id)
      const holder = queries.batch(id)?.owner ?? null
      return (
        !runs.has(id) &&
        (holder === null || holder === owner || !isAlive(holder)) &&
        batch !== null &&
        (batch.state === 'running' || batch.state === 'interrupted') &&
        batch.walked &&
        batch.notice === null &&
        !queries.hasOpen(id)
      )
    }
    if (closed || runs.has(id) || !isOver()) return
    await database.commit(() => {
      if (isOver()) commands.setState(id, 'done', null, null)
    })
    news(id)
  }

  /** What a batch came to is signed; a key that cannot be had costs it the signature, nothing else. */
  const seal = async (batch: string) => {
    if (!closed) await sealer.seal(batch).catch(reportProblem)
  }

  /** What another program submitted is awaited here from now on; with the profile's relay of today, should it have moved. */
  const expectPushes = (profiles: readonly Profile[]) => {
    for (const profile of profiles) relays.follow(book.get(profile.id) ?? profile)
    awaiting.watch()
  }

  const begin = async (
    batch: StoredBatch,
    onResult: ((asset: number, profile: number) => void) | undefined,
  ): Promise<RunningBatch> => {
    if (closed) throw new Problem('conflict', 'the engine is closing')
    const lanes = await lanesOf(batch.profiles, batch.options)
    for (const lane of lanes) void readQuotas(lane)
    if (queries.hasAwaiting(batch.id)) expectPushes(batch.profiles)
    const resultListener = (asset: number, profile: number) => {
      resultsDone += 1
      onResult?.(asset, profile)
      news(batch.id)
    }
    const run = runBatch(runServices, batch, lanes, {
      priority: batch.inputs.length === 1 && batch.inputs[0]?.includes(pastedFolder) ? 'interactive' : 'batch',
      abandon: abandon.signal,
      onResult: resultListener,
      onChange: () => news(batch.id),
    })
    runs.set(batch.id, run)
    fallen.delete(batch.id)
    resultListeners.set(batch.id, resultListener)
    const done = run.done
      .catch(error => {
        fallen.add(batch.id)
        reportProblem(error)
        throw asProblem(error)
      })
      .finally(async () => {
        await seal(batch.id)
        if (runs.get(batch.id) === run) runs.delete(batch.id)
        if (resultListeners.get(batch.id) === resultListener) resultListeners.delete(batch.id)
        news(batch.id)
      })
      .then(() => summary(batch.id))
    unsealed.add(done)
    done.catch(() => undefined).finally(() => unsealed.delete(done))
    return { id: batch.id, done, interrupt: () => run.leave('interrupted') }
  }

  const create = async (request: ScreenRequest): Promise<StoredBatch> => {
    const id = `b_${newId()}`
    const name = request.name ?? defaultName(request.inputs)
    // Absolute, so that a batch can be resumed from another folder.
    const inputs = request.inputs.map(input => (input === '-' ? input : resolve(input)))
    const practice = request.profiles.some(profile => profile.practice)
    await database.commit(() =>
      commands.createBatch({
        id,
        name,
        profiles: request.profiles,
        inputs,
        options: request.options,
        practice,
        owner,
      }),
    )
    return stored(id)
  }

  /** Takes the batch over from a process that is gone; another that is alive keeps it. */
  const claim = async (batch: StoredBatch): Promise<StoredBatch> => {
    await database.commit(() => {
      // Read under the write lock: of two programs that come at the same moment one must lose.
      const other = stored(batch.id).owner
      if (other !== null && other !== owner && isAlive(other)) {
        throw new Problem(
          'conflict',
          `${batch.id} is being screened by another program (process ${other.split(':')[0]})`,
        )
      }
      commands.setState(batch.id, 'running', null, owner)
    })
    return stored(batch.id)
  }
  /** A person asked for calls: what a person had to mend is taken for mended. */
  const tryAgain = async (profiles: readonly Profile[], screenOptions: ScreenOptions) => {
    for (const { profile, tokenRequest } of await lanesOf(profiles, screenOptions)) {
      tokens.retry(tokenRequest)
      pacer.release({ appid: profile.appid, endpoint: null })
    }
  }
  const takeUp: HeadlessEngine['resume'] = async (id, onResult, changes) => {
    const batch = stored(id)
    if (runs.has(id)) throw new Problem('conflict', `${id} is being screened already`)
    await tryAgain(batch.profiles, batch.options)
    const claimed = await claim(batch)
    await database.commit(() => commands.requeue(id, resumable))
    return begin({ ...claimed, options: { ...claimed.options, ...changes } }, onResult)
  }

  const readQuotas = createQuotaReader({ clock, tokens, pacer, signal: abandon.signal })

  const plans = new Map<string, { request: ScreenRequest; latest: Plan; stop: AbortController }>()
  const planOf = async (id: string, request: ScreenRequest, onProgress: (plan: Plan) => void, signal: AbortSignal) => {
    const lanes = await lanesOf(request.profiles, request.options)
    const services = {
      clock,
      queries,
      pacer,
      imaging: getImaging(),
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

  const queueStatus = createQueueStatus({
    clock,
    queries,
    pacer,
    book,
    relays,
    runs,
    underWay: assetServices.underWay,
    lastProfiles: () => settings.get().lastProfiles,
    tokenState: profile => {
      const request = tokenRequests.get(profile)
      return request === undefined ? { state: 'none' } : tokens.state(request)
    },
    resultsDone: () => resultsDone,
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
    }
  }
  // Ends with the engine; what a full disk leaves in the queue is taken up at the next start.
  keepIndexing().catch(() => undefined)

  const doctor = createDoctor(checkServices)

  /** The text that was screened; null when its file is gone or holds something else now. */
  const textOf = async (id: number): Promise<string | null> => {
    const asset = queries.asset(id)
    if (asset === null || asset.kind !== 'text') return null
    const content = await material.read(asset.source, stored(asset.batch).options, AbortSignal.timeout(30_000))
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
    screen: async (request, onResult) => {
      await tryAgain(request.profiles, request.options)
      return begin(await create(request), onResult)
    },
    resume: takeUp,
    plans: {
      create: request => {
        const id = `plan_${newId()}`
        const stop = new AbortController()
        const profiles = profilesById(request.profiles)
        const latest: Plan = {
          id,
          done: false,
          assets: { image: 0, text: 0, audio: 0 },
          bytes: 0,
          problems: [],
          problemCount: 0,
          tiledImages: 0,
          reused: 0,
          calls: [],
          ways: [],
          durationMs: 0,
        }
        const entry = {
          request: { inputs: [] as string[], profiles, options: request.options, name: null },
          latest,
          stop,
        }
        plans.set(id, entry)
        void keepInputs(request.inputs, join(options.dataDir, pastedFolder))
          .then(inputs => {
            entry.request.inputs.push(...inputs)
            return planOf(
              id,
              entry.request,
              plan => {
                entry.latest = plan
                events.soon('plan', id, () => entry.latest)
              },
              stop.signal,
            )
          })
          .catch(error => {
            if (stop.signal.aborted) return
            reportProblem(error)
            entry.latest = { ...entry.latest, done: true }
            events.soon('plan', id, () => entry.latest)
          })
        return latest
      },
      discard: id => {
        plans.get(id)?.stop.abort(new Problem('cancelled'))
        plans.delete(id)
      },
    },
    batches: {
      start: async (plan, name) => {
        const entry = plans.get(plan)
        if (entry === undefined) throw new Problem('not_found', plan)
        engine.plans.discard(plan)
        const { id } = await engine.screen({ ...entry.request, name })
        return summary(id)
      },
      sample: async () => {
        const [practice] = book.list()
        if (practice === undefined) throw new Problem('internal', 'no practice profile')
        const { id } = await engine.screen({
          inputs: [options.samplesDir],
          profiles: [practice],
          options: { ...defaultOptions, textColumn: sampleColumn },
          name: sampleNames[language()],
        })
        return summary(id)
      },
      list: () => queries.batchIds().map(summary),
      get: summary,
      pause: async id => {
        const run = runs.get(id)
        if (run === undefined) throw new Problem('conflict', 'the batch is not being screened')
        run.pause()
        await database.commit(() => commands.setState(id, 'paused', null, owner))
        news(id)
        return summary(id)
      },
      resume: async id => {
        const run = runs.get(id)
        if (run === undefined) await takeUp(id)
        else {
          run.resume()
          await database.commit(() => commands.setState(id, 'running', null, owner))
          news(id)
        }
        return summary(id)
      },
      cancel: async id => {
        const run = runs.get(id)
        if (run === undefined) {
          if (!queries.hasOpen(id)) throw new Problem('conflict', 'the batch has ended already')
          await claim(stored(id))
          while ((await database.commit(() => commands.endOpen(id, null, 'cancelled', ''))).length > 0);
          await database.commit(() => commands.setState(id, 'cancelled', null, null))
        } else {
          run.cancel()
          await run.done
          // Nobody may find it at work any more once this has returned.
          if (runs.get(id) === run) runs.delete(id)
        }
        news(id)
        return summary(id)
      },
      rename: async (id, name) => {
        stored(id)
        await database.commit(() => commands.rename(id, name))
        news(id)
        return summary(id)
      },
      recheck: async (id, assets) => {
        const batch = stored(id)
        const run = runs.get(id)
        if (run === undefined) await claim(batch)
        await database.commit(() => commands.requeue(id, assets === null ? failureCodes : { assets }))
        run?.look()
        if (run === undefined)
          await begin(
            { ...stored(id), options: assets === null ? batch.options : { ...batch.options, reuseDays: 0 } },
            undefined,
          )
        news(id)
        return summary(id)
      },
      again: async id => {
        const { name: former, inputs, profiles, options: before } = stored(id)
        const name = nameAgain(former, new Set(engine.batches.list().map(batch => batch.name)))
        // As the profiles are now: a secret or an openid may be another one.
        const now = profiles.map(profile => book.get(profile.id) ?? profile)
        const run = await engine.screen({ name, inputs, profiles: now, options: { ...before, reuseDays: 0 } })
        return summary(run.id)
      },
    },
    grid: {
      columns: batch => {
        gridFeed.watch(stored(batch).id)
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
            ? await material.read(asset.source, stored(asset.batch).options, AbortSignal.timeout(30_000))
            : null
        const isSame = content?.kind === 'text' && (asset.sha256 === null || content.sha256 === asset.sha256)
        return {
          ...row,
          batch: asset.batch,
          sha256: asset.sha256,
          text: content?.kind === 'text' && isSame ? content.text.slice(0, longestText) : null,
          encoding: asset.encoding,
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
          const batch = stored(id)
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
        for (const [id, run] of runs) {
          if (paused) run.pause()
          else run.resume()
          void database
            .commit(() => commands.setState(id, paused ? 'paused' : 'running', null, owner))
            .then(() => news(id))
        }
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
    busy: () => [...runs.values()].some(run => !run.paused),
    close: async () => {
      if (closed) return
      closed = true
      listening.abort(new Problem('cancelled', 'the program ends'))
      for (const plan of plans.values()) plan.stop.abort(new Problem('cancelled'))
      for (const run of runs.values()) run.leave(run.paused ? 'paused' : 'running')
      const timer = setTimeout(() => abandon.abort(new Problem('cancelled', 'the program ends')), graceMs)
      await Promise.allSettled(unsealed)
      clearTimeout(timer)
      abandon.abort(new Problem('cancelled', 'the program ends'))
      events.close()
      await imaging?.close()
      await (await sandbox)?.close()
      await dispatcher.close()
      await material.close()
      pacer.close()
      await database.close()
    },
  }
  // Nobody waits for it, and a disk that refuses does not keep the program from starting.
  void pruneOld().catch(reportProblem)
  if (options.takeUpUnfinished) {
    for (const batch of queries.unfinishedBatches()) {
      if (batch.state !== 'running' || (batch.owner !== null && isAlive(batch.owner))) continue
      // One that cannot be taken up stays where it is, and the next is tried.
      await claim(batch)
        .then(claimed => begin(claimed, undefined))
        .catch(error => startProblems.push({ code: asProblem(error).code, detail: asProblem(error).detail }))
    }
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

/** Reasons that may be gone by the time a batch is resumed; the others lie in the asset itself. */
const resumable: readonly FailureCode[] = [
  ...tokenFailures,
  'account_restricted',
  'api_not_authorised',
  'rate_minute',
  'quota_day',
  'openid_missing',
  'openid_inactive',
  'openid_foreign',
  'openid_invalid',
  'content_too_complex',
  'duplicate_submission',
  'platform_busy',
  'timeout',
  'no_network',
  'unreachable',
  'http_error',
  'redirect_refused',
  'malformed_reply',
  'push_overdue',
  'needs_relay',
  'relay_unreachable',
  'relay_busy',
  'relay_full',
  'relay_key_refused',
  'relay_app_unknown',
  'relay_not_one',
  'relay_expired',
  'preparation_failed',
  'url_failed',
  'cancelled',
  'interrupted',
  'internal_error',
]

function makeDataDir(dataDir: string): void {
  try {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 })
  } catch (error) {
    throw problemOf(error, dataDir)
  }
}

function openPacer(dataDir: string, clock: Clock, settings: Settings, waits: typeof timeouts, problems: IpcProblem[]) {
  try {
    const pacer = createPacer({
      file: join(dataDir, 'pacer.sqlite'),
      clock,
      dayZone: settings.quotaZone,
      dayHour: settings.quotaHour,
      maxCallMs: waits.connectMs + waits.headersTimeoutMs + waits.bodyTimeoutMs,
    })
    if (pacer.rebuilt) problems.push({ code: 'pacer_rebuilt', detail: '' })
    return pacer
  } catch (error) {
    if (!(error instanceof PacerError)) throw error
    throw new Problem(error.code === 'unwritable' ? 'not_writable' : 'database_newer', error.message, { cause: error })
  }
}

/** Whether the process that owned a batch still runs; our own past life with the same pid has another suffix. */
function isAlive(owner: string): boolean {
  const pid = Number(owner.split(':')[0])
  if (!Number.isInteger(pid) || pid === process.pid) return false
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}

function asProblem(error: unknown): Problem {
  const known = problemOf(error, 'prescreen.sqlite')
  return known instanceof Problem
    ? known
    : new Problem('internal', error instanceof Error ? error.message : String(error), { cause: error })
}

function systemUser(env: EngineOptions['env']): string {
  return env.USERNAME ?? env.USER ?? ''
}

function outcomeOf(outcome: string): Outcome | null {
  return outcomes.find(each => each === outcome) ?? null
}
