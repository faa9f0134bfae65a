import { noCalls } from '../../../shared/call-causes.ts'
import { Problem } from '../../../shared/problems.ts'
import type { Profile } from '../../../shared/profile.ts'
import type { Input, Plan, ScreenOptions } from '../../../shared/screening.ts'
import { keepInputs } from '../intake/inputs.ts'
import type { ScreenRequest } from './batches.ts'

/** Plans that the window shows while they are made, until they are started or discarded. */
export interface Plans {
  /** Returns at once with an empty plan. */
  create(request: {
    readonly inputs: readonly Input[]
    readonly profiles: readonly Profile[]
    readonly options: ScreenOptions
  }): Plan
  discard(plan: string): void
  /** Ends the plan and returns the request that it was made for, complete however early this is called. `not_found` when there is none. */
  take(plan: string): Promise<ScreenRequest>
  close(): void
}

export function createPlans(services: {
  newId(): string
  /** The folder for pasted material. */
  readonly pastedFolder: string
  make(id: string, request: ScreenRequest, onProgress: (latest: () => Plan) => void, signal: AbortSignal): Promise<Plan>
  /** A plan has grown; `latest` draws it up. */
  news(plan: string, latest: () => Plan): void
  asProblem(error: unknown): Problem
}): Plans {
  const entries = new Map<string, { readonly request: Promise<ScreenRequest>; readonly stop: AbortController }>()
  const discard = (id: string) => {
    entries.get(id)?.stop.abort(new Problem('cancelled'))
    entries.delete(id)
  }
  return {
    create: ({ inputs, profiles, options }) => {
      const id = `plan_${services.newId()}`
      const stop = new AbortController()
      const empty: Plan = { ...emptyPlan, id }
      let latest = () => empty
      const show = (plan: () => Plan) => {
        latest = plan
        services.news(id, () => latest())
      }
      const request = keepInputs(inputs, services.pastedFolder).then(paths => ({
        inputs: paths,
        profiles,
        options,
        name: null,
      }))
      entries.set(id, { request, stop })
      request
        .then(kept => services.make(id, kept, show, stop.signal))
        .catch(error => {
          if (stop.signal.aborted) return
          const { code, detail } = services.asProblem(error)
          const last = latest
          show(() => ({ ...last(), done: true, problem: { code, detail } }))
        })
      return empty
    },
    discard,
    take: async id => {
      const entry = entries.get(id)
      if (entry === undefined) throw new Problem('not_found', id)
      discard(id)
      return entry.request
    },
    close: () => {
      for (const id of [...entries.keys()]) discard(id)
    },
  }
}

const emptyPlan: Omit<Plan, 'id'> = {
  done: false,
  problem: null,
  assets: { image: 0, text: 0, audio: 0, document: 0, video: 0 },
  bytes: 0,
  problems: [],
  problemCount: 0,
  tables: [],
  documents: [],
  documentCount: 0,
  uncertain: [],
  uncertainCount: 0,
  tiledImages: 0,
  reused: 0,
  calls: [],
  controls: 0,
  causes: noCalls,
  ways: [],
  durationMs: 0,
}
