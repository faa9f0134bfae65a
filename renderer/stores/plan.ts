import { create } from 'zustand'
import { defaultScreenOptions } from '../../shared/defaults.ts'
import type { IpcProblem } from '../../shared/ipc.ts'
import type { Input, Plan, ScreenOptions } from '../../shared/screening.ts'

/** The drop that is being planned, before it becomes a batch. */
export interface PlanState {
  /** Null while no dialog is open. */
  readonly inputs: readonly Input[] | null
  readonly refused: readonly string[]
  readonly profiles: readonly string[]
  readonly options: ScreenOptions
  readonly name: string
  readonly plan: Plan | null
  readonly problem: IpcProblem | null
  readonly starting: boolean
}

export const initialPlan: PlanState = {
  inputs: null,
  refused: [],
  profiles: [],
  options: defaultScreenOptions,
  name: '',
  plan: null,
  problem: null,
  starting: false,
}

export const usePlan = create<PlanState>()(() => initialPlan)

export function actPlan<Input>(transition: (state: PlanState, input: Input) => Partial<PlanState>, input: Input): void {
  usePlan.setState(state => transition(state, input))
}

/** What is dropped while the dialog is open joins what is there. */
export function addInputs(
  state: PlanState,
  given: {
    readonly inputs: readonly Input[]
    readonly refused: readonly string[]
    readonly profiles: readonly string[]
    readonly reuseDays: number
  },
): Partial<PlanState> {
  if (state.inputs === null) {
    const options = { ...defaultScreenOptions, reuseDays: given.reuseDays }
    return { ...initialPlan, options, inputs: given.inputs, refused: given.refused, profiles: given.profiles }
  }
  return { inputs: [...state.inputs, ...given.inputs], refused: [...state.refused, ...given.refused] }
}

export const chooseProfiles = (_: PlanState, profiles: readonly string[]): Partial<PlanState> => ({ profiles })
export const setOptions = (state: PlanState, patch: Partial<ScreenOptions>): Partial<PlanState> => ({
  options: { ...state.options, ...patch },
})
export const namePlan = (_: PlanState, name: string): Partial<PlanState> => ({ name })
export const beginPlanning = (_: PlanState, __: null): Partial<PlanState> => ({ plan: null, problem: null })
export const failPlan = (_: PlanState, problem: IpcProblem): Partial<PlanState> => ({ problem, starting: false })
export const beginStarting = (_: PlanState, __: null): Partial<PlanState> => ({ starting: true, problem: null })
export const closePlan = (_: PlanState, __: null): Partial<PlanState> => initialPlan

/** The first answer for these inputs. */
export const takePlan = (_: PlanState, plan: Plan): Partial<PlanState> => ({ plan, problem: null })

/** More of it; what belongs to a plan that was given up is ignored. */
export const growPlan = (state: PlanState, plan: Plan): Partial<PlanState> =>
  state.plan?.id === plan.id ? { plan } : {}

/** Tables have columns to choose; only then are they asked about. */
export const hasTable = (inputs: readonly Input[]): boolean =>
  inputs.some(input => input.kind === 'path' && /\.(csv|tsv|xlsx)$/i.test(input.path))
