import { callCauses, noCalls } from '../../../shared/call-causes.ts'
import type { AssetKind, EndpointId } from '../../../shared/domain.ts'
import type { PlannedDocument } from '../../../shared/planned-documents.ts'
import type { Plan, PlannedRoute, PlannedTable } from '../../../shared/screening.ts'
import type { UncertainText } from '../../../shared/uncertain-texts.ts'
import type { Endpoint } from '../checkers/platform.ts'
import type { SeenTable } from '../formats/tables/table.ts'
import type { Pacer, PaceStatus } from '../pacer/contract.ts'
import { inForce } from '../pacer/limit.ts'
import type { Content, Cut } from './content.ts'
import type { Controls } from './controls/controls.ts'
import type { PartCounts } from './count-parts.ts'
import { type Lane, paceLimitOf } from './lane.ts'

export type PlanProblem = Plan['problems'][number]

/** What a plan has counted so far. */
export interface Tally {
  plan(done: boolean): Plan
  report(problem: PlanProblem): void
  countAsset(content: Content): void
  /** What is said of a table later takes the place of what was said first. */
  noteTable(file: string, path: string, table: SeenTable): void
  noteDocument(document: PlannedDocument): void
  noteUncertain(text: UncertainText): void
  countTiled(): void
  countReused(): void
  countRoute(lane: Lane, kind: AssetKind, cut: Cut): void
  /** The calls for an asset's parts; the first calls of an endpoint include its control check. */
  countCalls(lane: Lane, cut: Cut, parts: PartCounts): Promise<void>
}

/** How many problems, documents and tables a plan lists. */
const listedProblems = 1000
const listedDocuments = 1000
const listedTables = 100
const listedUncertain = 100

export function createTally(
  services: {
    readonly pacer: Pick<Pacer, 'status'>
    /** Null where no control checks are made. */
    readonly controls: Pick<Controls, 'due'> | null
  },
  id: string,
  signal: AbortSignal,
): Tally {
  const assets: Record<AssetKind, number> = { image: 0, text: 0, audio: 0, document: 0, video: 0 }
  const problems: PlanProblem[] = []
  const documents: PlannedDocument[] = []
  const uncertain: UncertainText[] = []
  const calls = new Map<string, { readonly lane: Lane; readonly endpoint: Endpoint; parts: number }>()
  const tables = new Map<string, PlannedTable>()
  const routes = new Map<string, PlannedRoute>()
  /** Keys of the day's control checks that are among the calls. */
  const controls = new Set<string>()
  const causes = { ...noCalls }
  let problemCount = 0
  let documentCount = 0
  let uncertainCount = 0
  let bytes = 0
  let tiledImages = 0
  let reused = 0

  /** One where the day's control check has not been made; two profiles of one account share it. */
  const controlCalls = async (lane: Lane, endpoint: Endpoint) => {
    const due = (await services.controls?.due(lane, endpoint, signal)) ?? null
    if (due === null || controls.has(due)) return 0
    controls.add(due)
    return 1
  }

  return {
    plan: done => {
      const status = services.pacer.status()
      const planned = [...calls.values()].map(({ lane, endpoint, parts }) => {
        return { profile: lane.profile.id, endpoint: endpoint.id, parts, ...allowanceOf(lane, endpoint, status) }
      })
      return {
        id,
        done,
        problem: null,
        assets: { ...assets },
        bytes,
        problems: [...problems],
        problemCount,
        tables: [...tables.values()],
        documents: [...documents],
        documentCount,
        uncertain: [...uncertain],
        uncertainCount,
        tiledImages,
        reused,
        calls: planned,
        controls: controls.size,
        causes: { ...causes, controls: controls.size },
        ways: [...routes.values()],
        durationMs: durationOf(planned),
      }
    },
    report: problem => {
      problemCount += 1
      if (problems.length < listedProblems) problems.push(problem)
    },
    countAsset: content => {
      assets[content.kind] += 1
      bytes += content.bytes
    },
    noteTable: (file, path, table) => {
      const key = `${file}\n${table.sheet}`
      if (tables.has(key) || tables.size < listedTables) tables.set(key, { path, file, ...table })
    },
    noteDocument: document => {
      documentCount += 1
      if (documents.length < listedDocuments) documents.push(document)
    },
    noteUncertain: text => {
      uncertainCount += 1
      if (uncertain.length < listedUncertain) uncertain.push(text)
    },
    countTiled: () => {
      tiledImages += 1
    },
    countReused: () => {
      reused += 1
    },
    countRoute: (lane, kind, { way, why }) => {
      const key = `${lane.index} ${kind} ${way} ${why}`
      const known = routes.get(key) ?? { profile: lane.profile.id, kind, way, why, assets: 0 }
      routes.set(key, { ...known, assets: known.assets + 1 })
    },
    countCalls: async (lane, cut, parts) => {
      // Looked at on this machine: no call is made.
      if (lane.needs === 'nothing') return
      for (const cause of callCauses) causes[cause] += parts.causes[cause]
      for (const [endpoint, count] of [
        [cut.text, parts.text],
        [cut.image, parts.image],
        [cut.media, parts.media],
      ] as const) {
        if (endpoint === null || count === 0) continue
        const key = `${lane.index} ${endpoint.id}`
        const known = calls.get(key)
        const entry = known ?? { lane, endpoint, parts: 0 }
        calls.set(key, entry)
        entry.parts += count
        if (known !== undefined) continue
        const control = await controlCalls(lane, endpoint)
        entry.parts += control
      }
    },
  }
}

/** What is left of an endpoint's limits for a profile; null where no limit is known. */
export function allowanceOf(
  lane: Lane,
  endpoint: Endpoint,
  status: readonly PaceStatus[],
): { readonly perMinute: number | null; readonly quotaLeft: number | null } {
  const limit = paceLimitOf(lane.profile, endpoint)
  const known = status.find(each => each.key.appid === lane.profile.appid && each.key.endpoint === endpoint.id)
  return {
    perMinute: known?.perMinute ?? inForce(limit.perMinute, null, limit.sharePercent, 1),
    quotaLeft: quotaLeft(known?.perDay ?? inForce(limit.perDay, null, limit.sharePercent, 1), known),
  }
}

function quotaLeft(perDay: number | null, known: PaceStatus | undefined): number | null {
  if (perDay === null && known?.platformRemain == null) return null
  const ours = perDay === null ? Number.POSITIVE_INFINITY : Math.max(0, perDay - (known?.dayUsed ?? 0))
  return Math.min(ours, known?.platformRemain ?? Number.POSITIVE_INFINITY)
}

/** Endpoints work side by side, so the slowest decides; the first minute's calls are sent at once. */
function durationOf(
  calls: readonly { endpoint: EndpointId; parts: number; perMinute: number | null; quotaLeft: number | null }[],
): number | null {
  let longest = 0
  for (const { parts, perMinute, quotaLeft: left } of calls) {
    if (left !== null && parts > left) return null
    if (perMinute !== null && parts > perMinute)
      longest = Math.max(longest, Math.ceil((parts - perMinute) / perMinute) * 60_000)
  }
  return longest
}
