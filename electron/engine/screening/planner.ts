import type { Plan, ScreenOptions } from '../../../shared/screening.ts'
import { isEncodingOpen } from '../../../shared/uncertain-texts.ts'
import type { Clock } from '../base/clock.ts'
import { createTaskPool } from '../base/concurrency/task-pool.ts'
import type { Found } from '../formats/source.ts'
import type { Imaging } from '../imaging/imaging.ts'
import type { Pacer } from '../pacer/contract.ts'
import type { StoreReader } from '../store/ports.ts'
import type { AssetServices } from './asset.ts'
import { ceilingsOf, overCeiling } from './ceilings.ts'
import { type Content, type Cut, cutOf, isBesideAccount, isPicture, reuseKeyOf } from './content.ts'
import type { Controls } from './controls/controls.ts'
import { countParts, sumOfParts } from './count-parts.ts'
import { foundIn } from './found-in.ts'
import type { Lane } from './lane.ts'
import type { PlannedPreview, PlannedWalk } from './material.ts'
import { createTally, type PlanProblem, type Tally } from './plan-tally.ts'

export interface PlanServices {
  readonly clock: Clock
  readonly reader: Pick<StoreReader, 'isReusable'>
  readonly pacer: Pacer
  readonly imaging: Imaging
  readonly read: AssetServices['read']
  /** Null where no control checks are made. */
  readonly controls: Pick<Controls, 'due'> | null
  readonly walk: PlannedWalk
  readonly preview: PlannedPreview
}

/** What a batch would be: the plan's id, and the lanes and options of the start. */
export interface PlannedBatch {
  readonly id: string
  readonly lanes: readonly Lane[]
  readonly options: ScreenOptions
}

/** Assets that are read at the same time. */
const atOnce = 8

/**
 * Reads the inputs and works out what screening them would cost, without making a check call. `onProgress` is called whenever the plan
 * has grown; the plan is drawn up only when `latest` is called, with what is known by then. The last plan is `done`.
 */
export async function makePlan(
  services: PlanServices,
  { id, lanes, options }: PlannedBatch,
  onProgress: (latest: () => Plan) => void,
  signal: AbortSignal,
): Promise<Plan> {
  const tally = createTally(services, id, signal)
  const reuse = createReuseForecast(services, options)
  const tasks = createTaskPool(atOnce)
  let broken: { readonly error: unknown } | null = null
  for await (const found of services.walk(signal, tally.noteTable)) {
    const task = inspect(services, found, lanes, { options, tally, reuse, signal })
      .catch(error => {
        broken ??= { error }
      })
      .finally(() => onProgress(() => tally.plan(false)))
    tasks.add(task)
    await tasks.whenFree()
    if (broken !== null) break
  }
  await tasks.drain()
  if (broken !== null) throw (broken as { readonly error: unknown }).error
  const plan = tally.plan(true)
  onProgress(() => plan)
  return plan
}

async function inspect(
  services: PlanServices,
  found: Found,
  lanes: readonly Lane[],
  {
    options,
    tally,
    reuse,
    signal,
  }: {
    readonly options: ScreenOptions
    readonly tally: Tally
    readonly reuse: (content: Content, lane: Lane, cut: Cut) => Promise<boolean>
    readonly signal: AbortSignal
  },
): Promise<void> {
  let isReported = false
  /** Once for a file, however many profiles meet it and for whatever reasons: files are counted. */
  const report = (code: PlanProblem['code'], detail: string) => {
    if (isReported) return
    isReported = true
    tally.report({ path: found.path, code, detail })
  }
  if (found.skipped !== null) return report('skipped', found.skipped)
  const content = found.failure ?? (await services.read(JSON.stringify(found.source), options, signal))
  if (content.kind === 'failure') {
    report(content.code, content.detail)
    const isOpen = isEncodingOpen(content.code, content.detail)
    const beginning = isOpen ? await services.preview(found.source, signal) : null
    if (beginning === null) return
    const { file, readings } = beginning
    tally.noteUncertain({ path: found.path, file, readings })
    return
  }
  tally.countAsset(content)
  const countedByCut = new Map<string, Awaited<ReturnType<typeof countParts>>>()
  const calls = { text: 0, image: 0, media: 0 }
  let leftOut = ''
  for (const lane of lanes) {
    const cut = cutOf(content, lane, lanes, options)
    if (cut.kind === 'failure') {
      if (cut.code !== 'kind_not_taken' || !isBesideAccount(lane, lanes)) report(cut.code, cut.detail)
      continue
    }
    tally.countRoute(lane, content.kind, cut)
    if (await reuse(content, lane, cut)) {
      tally.countReused()
      continue
    }
    const known = countedByCut.get(cut.key)
    const counted = known ?? (await countParts(services.imaging, content, cut, options, signal))
    countedByCut.set(cut.key, counted)
    const { counts: parts, failure } = counted
    // What somebody can allow comes before what nobody can change here.
    const why = overCeiling(sumOfParts(parts), ceilingsOf(lane, options)) ?? failure
    if (why !== null) report(why.code, why.detail)
    if (failure?.code === 'left_out') leftOut ||= failure.detail
    if (known === undefined && isPicture(content) && parts.image > 1) tally.countTiled()
    await tally.countCalls(lane, cut, parts)
    // What rules look at is no call.
    if (lane.needs === 'account') for (const kind of partKinds) calls[kind] += parts[kind]
  }
  const inDocument = foundIn(content)
  if (inDocument !== null) tally.noteDocument({ path: found.path, found: inDocument, calls, leftOut })
}

const partKinds = ['text', 'image', 'media'] as const

/** Whether a batch would reuse an outcome: one of an earlier batch, or one of its own that comes before. */
function createReuseForecast(
  { clock, reader }: PlanServices,
  options: ScreenOptions,
): (content: Content, lane: Lane, cut: Cut) => Promise<boolean> {
  const seen = new Set<string>()
  return async (content, lane, cut) => {
    if (options.reuseDays === 0) return false
    const key = reuseKeyOf(content, lane, cut, options)
    const now = clock.now()
    const isSeen = seen.has(key)
    // Before the store is asked: of identical assets one is counted.
    seen.add(key)
    return isSeen || reader.isReusable(key, now - options.reuseDays * 86_400_000, now)
  }
}
