import { join } from 'node:path'
import type { IpcProblem } from '../../../shared/ipc.ts'
import type { Language } from '../../../shared/language.ts'
import { Problem } from '../../../shared/problems.ts'
import type { QueueStatus } from '../../../shared/queue.ts'
import { reasonsOf } from '../../../shared/reasons.ts'
import { rulesProfile } from '../../../shared/rules.ts'
import { defaultOptions } from '../../../shared/screening.ts'
import type { Clock } from '../base/clock.ts'
import { describeChromium } from '../chromium/describe.ts'
import { readableFormats } from '../formats/find-format.ts'
import type { Imaging } from '../imaging/imaging.ts'
import { pastedFolder } from '../intake/inputs.ts'
import type { Pacer } from '../pacer/contract.ts'
import { exportReport } from '../reports/export-report.ts'
import { verifyFiles } from '../reports/verify-files.ts'
import { createReview } from '../review/review.ts'
import type { Batches } from '../screening/batches.ts'
import type { Material } from '../screening/material.ts'
import { makePlan } from '../screening/planner.ts'
import { createPlans } from '../screening/plans.ts'
import { createSpanFinder } from '../screening/span-finder.ts'
import type { Accounts } from './accounts.ts'
import type { Engine, EngineOptions, HeadlessEngine } from './api.ts'
import type { createAssets } from './assets.ts'
import type { LookAlikeFinder } from './look-alikes.ts'
import type { createPictures } from './pictures.ts'
import type { createProfiles } from './profiles.ts'
import type { Records } from './records.ts'
import type { Screening } from './screening.ts'
import { reviewerOf } from './settings.ts'
import { asProblem } from './storage.ts'

export interface EngineParts {
  readonly options: EngineOptions
  readonly clock: Clock
  readonly startProblems: readonly IpcProblem[]
  readonly records: Records
  readonly accounts: Accounts
  readonly screening: Screening
  readonly pacer: Pacer
  readonly imaging: Imaging
  readonly material: Material
  readonly profiles: ReturnType<typeof createProfiles>
  readonly pictures: ReturnType<typeof createPictures>
  readonly assets: ReturnType<typeof createAssets>
  readonly lookAlikes: LookAlikeFinder
  readonly rules: Engine['rules']
  readonly booksFor: HeadlessEngine['booksFor']
  readonly looksFor: HeadlessEngine['looksFor']
  readonly bookVersions: HeadlessEngine['bookVersions']
  newId(): string
  queueStatus(): Promise<QueueStatus>
  /** Ends everything; called once. */
  close(): Promise<void>
}

/** What the window and the command line are given, made of the parts. */
export function engineOf(parts: EngineParts): HeadlessEngine {
  const { options, records, accounts, screening, profiles, pictures } = parts
  const { settings, store, events } = records
  const { batches } = screening
  const { textOf, ...assets } = parts.assets
  const makePlanOf = planMaker(parts)
  const plans = createPlans({
    newId: parts.newId,
    pastedFolder: join(options.dataDir, pastedFolder),
    make: (id, request, ...rest) => {
      // Whoever looks at a plan mostly starts it.
      screening.lanes.prepare(request.profiles, request.options)
      return makePlanOf(id, request, ...rest)
    },
    news: (plan, latest) => events.soon('plan', plan, latest),
    asProblem,
  })
  let closing: Promise<void> | null = null

  return {
    dataDir: options.dataDir,
    startProblems: parts.startProblems,
    formats: readableFormats(),
    settings,
    profileBook: accounts.book,
    redact: accounts.redactor.redact,
    store,
    profiles,
    platforms: accounts.registry.describe,
    plan: (request, onProgress, signal) => makePlanOf('plan', request, onProgress, signal),
    screen: batches.screen,
    resume: batches.resume,
    recheckOlder: batches.recheckOlder,
    plans: {
      create: request => plans.create({ ...request, profiles: profiles.byIds(request.profiles) }),
      discard: plans.discard,
    },
    batches: {
      ...batches.actions,
      start: async (plan, name) => {
        const { id } = await batches.screen({ ...(await plans.take(plan)), name })
        return batches.actions.get(id)
      },
      sample: async () => {
        const [practice] = accounts.book.list()
        if (practice === undefined) throw new Problem('internal')
        // What rules find is shown too, unless somebody wants no rules.
        const rules = settings.get().rules ? (accounts.book.get(rulesProfile) ?? []) : []
        const { id } = await batches.screen({
          inputs: [options.samplesDir],
          profiles: [practice].concat(rules),
          options: {
            ...defaultOptions,
            textColumn: sampleColumn,
            rules: { books: null, scopes: settings.get().ruleScopes },
          },
          name: sampleNames[options.language?.() ?? 'zh'],
        })
        return batches.actions.get(id)
      },
    },
    grid: gridOf(records, batches),
    assets: { ...assets, ...pictures, ...parts.lookAlikes, ...spanFinderOf(parts) },
    review: createReview({
      ...store,
      reviewer: reviewerOf(settings.get, options.env),
      newAct: parts.newId,
      changed: screening.news,
    }),
    rules: parts.rules,
    booksFor: parts.booksFor,
    looksFor: parts.looksFor,
    bookVersions: parts.bookVersions,
    describeChromium: async signal =>
      options.chromium == null ? null : await describeChromium(options.chromium, signal),
    queue: {
      status: parts.queueStatus,
      pause: paused => {
        batches.pauseAll(paused)
        return parts.queueStatus()
      },
    },
    history: store.history,
    reports: reportsOf(parts),
    ledger: {
      verify: signal => store.ledger.verify(signal === undefined ? {} : { signal }),
      prune: () => store.ledger.prune(yearsAgo(parts.clock, settings.get().keepYears)),
    },
    on: events.on,
    busy: () => [...batches.runs.values()].some(run => !run.paused),
    close: () => {
      if (closing === null) {
        plans.close()
        closing = parts.close()
      }
      return closing
    },
  }

  function reportsOf({ clock }: EngineParts): Engine['reports'] {
    const services = {
      store,
      clock,
      reasons: (language: Language) => reasonsOf(settings.get().reasons, language),
      thumbnail: pictures.thumbnail,
      textOf,
    }
    return {
      export: (...what) => exportReport(services, ...what),
      verify: (files, signal) =>
        verifyFiles(files, { ledger: store.ledger.view, ...(signal === undefined ? {} : { signal }) }),
    }
  }
}

/** Column of the sample table that holds its texts. */
export const sampleColumn = '文案'
const sampleNames = { zh: '示例批次', en: 'Sample batch' }

function planMaker(parts: EngineParts): Parameters<typeof createPlans>[0]['make'] {
  const { clock, pacer, imaging, material } = parts
  const { lanes, controls } = parts.screening
  return async (id, request, onProgress, signal) => {
    const services = {
      clock,
      reader: parts.records.store.reader,
      pacer,
      imaging,
      controls,
      preview: material.preview,
      ...material.survey(request.inputs, request.options),
    }
    const { profiles, options } = request
    return makePlan(services, { id, lanes: await lanes.plannedLanesOf(profiles, options), options }, onProgress, signal)
  }
}

function gridOf({ store, gridFeed }: Records, batches: Batches): Engine['grid'] {
  const { columns, sortKeys, rows, search, rulesOf, assetsOfRule } = store.reader
  return {
    columns: async (batch, options) => {
      gridFeed.watch((await batches.stored(batch)).id)
      return columns(batch, gridFeed.revision(batch), options)
    },
    sortKeys: async (batch, by) => sortKeys((await batches.stored(batch)).id, by),
    rows,
    search,
    rules: async batch => rulesOf((await batches.stored(batch)).id),
    ofRule: async (batch, book, rule) => Float64Array.from(await assetsOfRule(batch, book, rule)),
  }
}

function spanFinderOf({ records, screening, assets }: EngineParts): ReturnType<typeof createSpanFinder> {
  const { batches, lanes } = screening
  return createSpanFinder({
    ...screening.checks,
    ...records.store,
    textOf: assets.textOf,
    laneOf: async (id, profile) => {
      const batch = await batches.stored(id)
      const index = batch.profiles.findIndex(each => each.id === profile)
      const known = batch.profiles[index]
      if (known === undefined) throw new Problem('not_found', `profile ${profile}`)
      return lanes.laneOf(known, index, batch.options)
    },
  })
}

/** UTC milliseconds. */
function yearsAgo(clock: Clock, years: number): number {
  const date = new Date(clock.now())
  date.setFullYear(date.getFullYear() - years)
  return date.getTime()
}
