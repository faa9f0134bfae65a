import { create } from 'zustand'
import { defaultScreenOptions } from '../../shared/defaults.ts'
import type { Encoding } from '../../shared/encodings.ts'
import type { IpcProblem } from '../../shared/ipc.ts'
import { callCeiling, mostFrames } from '../../shared/limits.ts'
import { type RuleScope, rulesProfile } from '../../shared/rules.ts'
import type { Input, Plan, PlannedTable, ScreenOptions } from '../../shared/screening.ts'
import type { UncertainText } from '../../shared/uncertain-texts.ts'
import type { Scopes } from './rule-scopes.ts'

/** The drop that is being planned, before it becomes a batch. */
export interface PlanState {
  /** Null while no dialog is open. */
  readonly inputs: readonly Input[] | null
  /** Dropped files that nobody knows the path of yet; until there are none, no batch begins. */
  readonly arriving: number
  readonly refused: readonly string[]
  /** Accounts; what rules look at is `rules`. */
  readonly profiles: readonly string[]
  readonly rules: boolean
  readonly options: ScreenOptions
  readonly name: string
  readonly plan: Plan | null
  /** The plan of the inputs that were there first, shown until that of all has come as far. */
  readonly former: Plan | null
  /** Tables that were met so far; they stay while another plan is made, for their columns are being chosen. */
  readonly tables: readonly PlannedTable[]
  /** Texts whose encoding was open at first: they stay when somebody has said what they are in, who may say otherwise. */
  readonly uncertain: readonly UncertainText[]
  readonly problem: IpcProblem | null
  readonly starting: boolean
  /** Its batch is being made: it can be given up no more. */
  readonly sent: boolean
}

export const initialPlan: PlanState = {
  inputs: null,
  arriving: 0,
  refused: [],
  profiles: [],
  rules: false,
  options: defaultScreenOptions,
  name: '',
  plan: null,
  former: null,
  tables: [],
  uncertain: [],
  problem: null,
  starting: false,
  sent: false,
}

export const usePlan = create<PlanState>()(() => initialPlan)

export function dispatchPlan<Input>(
  transition: (state: PlanState, input: Input) => Partial<PlanState>,
  input: Input,
): void {
  usePlan.setState(state => transition(state, input))
}

/** What is dropped while the dialog is open joins what is there. */
export function addInputs(
  state: PlanState,
  given: {
    readonly inputs: readonly Input[]
    readonly refused: readonly string[]
    /** How many more, or fewer, are still arriving. */
    readonly arriving: number
    readonly profiles: readonly string[]
    readonly rules: boolean
    readonly ruleScopes: Scopes
    readonly reuseDays: number
  },
): Partial<PlanState> {
  if (state.inputs === null) {
    const { inputs, refused, arriving, profiles, rules, ruleScopes, reuseDays } = given
    const scopes = ruleScopes === null ? null : [...ruleScopes]
    const options = { ...defaultScreenOptions, guessColumns: true, reuseDays, rules: { books: null, scopes } }
    return { ...initialPlan, options, inputs, refused, arriving, profiles, rules }
  }
  return {
    inputs: given.inputs.length === 0 ? state.inputs : [...state.inputs, ...given.inputs],
    refused: [...state.refused, ...given.refused],
    arriving: state.arriving + given.arriving,
  }
}

export const setRules = (_: PlanState, rules: boolean): Partial<PlanState> => ({ rules })
export const setRuleScopes = (state: PlanState, scopes: RuleScope[] | null): Partial<PlanState> =>
  setOptions(state, { rules: { ...state.options.rules, scopes } })

/** Whom the batch asks: rules are one of them. */
export const profilesAsked = ({ profiles, rules }: Pick<PlanState, 'profiles' | 'rules'>): string[] => [
  ...profiles,
  ...(rules ? [rulesProfile] : []),
]

export const chooseProfiles = (_: PlanState, profiles: readonly string[]): Partial<PlanState> => ({ profiles })
export const setOptions = (state: PlanState, patch: Partial<ScreenOptions>): Partial<PlanState> => ({
  options: { ...state.options, ...patch },
})
export const namePlan = (_: PlanState, name: string): Partial<PlanState> => ({ name })
/** Everything that was counted counts no more. */
export const beginPlanning = (_: PlanState, __: null): Partial<PlanState> => ({
  plan: null,
  former: null,
  problem: null,
})
/** More of the same has come: what was counted is still true of it. */
export const beginPlanningMore = (state: PlanState, __: null): Partial<PlanState> => ({
  plan: null,
  former: planShown(state),
  problem: null,
})
export const failPlan = (_: PlanState, problem: IpcProblem): Partial<PlanState> => ({
  problem,
  starting: false,
  sent: false,
})
export const beginStarting = (_: PlanState, __: null): Partial<PlanState> => ({ starting: true, problem: null })
export const sendPlan = (_: PlanState, __: null): Partial<PlanState> => ({ sent: true })
export const closePlan = (_: PlanState, __: null): Partial<PlanState> => initialPlan

/** The first answer for these inputs. */
export const takePlan = (state: PlanState, plan: Plan): Partial<PlanState> => ({
  problem: null,
  ...learnt(state, plan),
})

/** More of it; what belongs to a plan that was given up is ignored. */
export const growPlan = (state: PlanState, plan: Plan): Partial<PlanState> =>
  state.plan?.id === plan.id ? learnt(state, plan) : {}

/** A plan that failed says why; once its batch is being made, that alone counts. */
function learnt(state: PlanState, plan: Plan): Partial<PlanState> {
  const tables = plan.done || plan.tables.length >= state.tables.length ? plan.tables : state.tables
  const met = new Set(state.uncertain.map(({ file }) => file))
  const more = plan.uncertain.filter(({ file }) => !met.has(file))
  const known = { plan, tables, uncertain: more.length === 0 ? state.uncertain : [...state.uncertain, ...more] }
  return plan.problem === null || state.sent ? known : { ...known, ...failPlan(state, plan.problem) }
}

/** Says what the texts at a path are in, or with null those of all the batch; null takes it back. */
export function stateEncoding(
  state: PlanState,
  { path, encoding }: { readonly path: string | null; readonly encoding: Encoding | null },
): Partial<PlanState> {
  const others = state.options.encodings.filter(each => each.path !== path)
  return setOptions(state, { encodings: encoding === null ? others : [...others, { path, encoding }] })
}

/** What an encoding is stated for: all texts, those of a folder, or one; with one of them, which shows how they would read. */
export type EncodingScope = { readonly text: UncertainText; readonly count: number } & (
  | { readonly of: 'all'; readonly path: null }
  | { readonly of: 'folder' | 'file'; readonly path: string }
)

/** All at first where there are several; then each folder that holds several, where there is another, and its texts. */
export function encodingScopes(texts: readonly UncertainText[]): readonly EncodingScope[] {
  const folders = new Map<string, UncertainText[]>()
  for (const text of texts) {
    const folder = text.file.replace(/[/\\][^/\\]*$/u, '')
    folders.set(folder, [...(folders.get(folder) ?? []), text])
  }
  const scopes = [...folders].flatMap(([path, within]): EncodingScope[] => {
    const [text] = within
    const own = within.map(each => ({ of: 'file', path: each.file, text: each, count: 1 }) as const)
    const isNamed = text !== undefined && within.length > 1 && folders.size > 1
    return isNamed ? [{ of: 'folder', path, text, count: within.length }, ...own] : own
  })
  const [text] = texts
  return text !== undefined && texts.length > 1
    ? [{ of: 'all', path: null, text, count: texts.length }, ...scopes]
    : scopes
}

/** Whether there is only one thing to do about the problem: to plan once more. */
export const isToPlanAgain = ({ problem, plan }: Pick<PlanState, 'problem' | 'plan'>): boolean =>
  problem !== null && (plan === null || plan.problem !== null)

/** As the engine takes it: more would be refused, also of the half of a number that is being typed. */
export const maxReuseDays = 365
export const setReuseDays = (state: PlanState, days: number | string): Partial<PlanState> =>
  typeof days === 'number' && Number.isInteger(days) && days >= 0 && days <= maxReuseDays
    ? setOptions(state, { reuseDays: days })
    : {}

/** As the engine takes it. */
export const maxTilesAllowed = 1000
export const setMaxTiles = (state: PlanState, tiles: number | string): Partial<PlanState> =>
  typeof tiles === 'number' && Number.isInteger(tiles) && tiles >= 1 && tiles <= maxTilesAllowed
    ? setOptions(state, { maxTiles: tiles })
    : {}

export const setMaxFrames = (state: PlanState, frames: number | string): Partial<PlanState> =>
  typeof frames === 'number' && Number.isInteger(frames) && frames >= 1 && frames <= mostFrames
    ? setOptions(state, { maxFrames: frames })
    : {}

/** Calls that one asset may take; '' leaves it to the profiles. */
export const setMaxCalls = (state: PlanState, calls: number | string): Partial<PlanState> =>
  calls === ''
    ? setOptions(state, { maxCallsPerAsset: null })
    : typeof calls === 'number' && Number.isInteger(calls) && calls >= 1 && calls <= callCeiling
      ? setOptions(state, { maxCallsPerAsset: calls })
      : {}

/** Another choice for one table; null leaves it to what is likely. */
export function chooseColumns(
  state: PlanState,
  given: {
    readonly table: Pick<PlannedTable, 'file' | 'sheet'>
    readonly columns: Pick<PlannedTable, 'textColumn' | 'urlColumn' | 'moreTextColumns'> | null
  },
): Partial<PlanState> {
  const { table, columns } = given
  const others = state.options.tables.filter(each => !isOf(each, table))
  const own =
    columns === null
      ? []
      : [{ path: table.file, sheet: table.sheet, ...columns, moreTextColumns: [...columns.moreTextColumns] }]
  return setOptions(state, { tables: [...others, ...own] })
}

/** The tables as they will be read, also while the plan that says so is still being made. */
export const tablesShown = (met: readonly PlannedTable[], chosen: ScreenOptions['tables']): readonly PlannedTable[] =>
  met.map(table => {
    const own = chosen.find(each => isOf(each, table))
    if (own === undefined) return table
    const { textColumn, urlColumn, moreTextColumns } = own
    return { ...table, textColumn, urlColumn, moreTextColumns, isWanted: textColumn !== null || urlColumn !== null }
  })

const isOf = (
  choice: ScreenOptions['tables'][number],
  { file, sheet }: Pick<PlannedTable, 'file' | 'sheet'>,
): boolean => choice.path === file && choice.sheet === sheet

export const assetCount = ({ assets }: Plan): number => Object.values(assets).reduce((sum, count) => sum + count, 0)
const looked = (plan: Plan): number => assetCount(plan) + plan.problemCount

/** What there is to show: null until something has been looked at, and never less than was shown before. */
export function planShown({ plan, former }: Pick<PlanState, 'plan' | 'former'>): Plan | null {
  if (former !== null && (plan === null || (!plan.done && looked(plan) < looked(former)))) return former
  return plan !== null && (plan.done || looked(plan) > 0) ? plan : null
}

/** Whether anything is still to be found out. */
export const isReading = ({ arriving, plan }: Pick<PlanState, 'arriving' | 'plan'>): boolean =>
  arriving > 0 || plan === null || !plan.done
