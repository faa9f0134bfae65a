import { inputLimits } from '../../../shared/input-limits.ts'
import type { Plan } from '../../../shared/screening.ts'
import { attempt, bridge, invoke } from '../../base/bridge.ts'
import { tellProblem } from '../../base/notices.ts'
import { dispatch, openBatch, upsertBatch, useApp } from '../../state/app.ts'
import { saveSettings } from '../../state/load.ts'
import {
  addInputs,
  assetCount,
  beginPlanning,
  beginPlanningMore,
  beginStarting,
  closePlan,
  dispatchPlan,
  failPlan,
  growPlan,
  isToPlanAgain,
  planShown,
  profilesAsked,
  sendPlan,
  takePlan,
  usePlan,
} from '../../state/plan.ts'
import { keepPlannedTime } from '../../state/planned-times.ts'
import { type InputSlice, readTransfer, refusalOf, type Transfer } from './inputs.ts'
import { showRefusal, showRefused } from './refusals.ts'
import { usualChoice } from './usual-choice.ts'
import { waitUntil } from './wait-until.ts'

/** From a drop to a batch: plans again whenever what is asked for changes, and starts. */

/** How many dialogs have been closed: what was still being read for one of them belongs to no other. */
let closed = 0

/** Puts what was dropped or pasted into the plan, the first of it while the rest is still being read. */
export async function planTransfer(transfer: Transfer): Promise<void> {
  const refusal = refusalOf(transfer)
  if (refusal !== null) {
    showRefusal(refusal)
    return
  }
  if (!(await isReadyFor(transfer.files.length))) return
  const own = closed
  let arriving = 0
  for await (const { left, ...given } of readTransfer(transfer)) {
    if (own !== closed) return
    addToPlan(given, left - arriving)
    arriving = left
  }
  const { inputs, refused, arriving: others } = usePlan.getState()
  if (own !== closed || inputs === null || inputs.length > 0 || others > 0) return
  // Nothing could be taken: a sentence says so, and there is nothing to plan.
  dispatchPlan(closePlan, null)
  showRefused(refused)
}

/** Files and folders that are known by their paths: chosen in a dialog, or named when the program was started. */
export async function planPaths(paths: readonly string[], asked: 'usual' | 'rules' = 'usual'): Promise<void> {
  if (paths.length === 0 || !(await isReadyFor(paths.length))) return
  addToPlan({ inputs: paths.map(path => ({ kind: 'path', path })), refused: [] }, 0, asked)
}

/** A plan needs profiles; and what comes while a batch is being started makes the next one. Says why when there will be no plan. */
async function isReadyFor(more: number): Promise<boolean> {
  await waitUntil(useApp, state => state.ready)
  await waitUntil(usePlan, state => !state.starting)
  const { broken } = useApp.getState()
  const { inputs, arriving } = usePlan.getState()
  const count = (inputs?.length ?? 0) + arriving + more
  if (broken !== null) tellProblem(broken)
  else if (count > inputLimits.atOnce) showRefusal({ reason: 'tooMany', count })
  else return true
  return false
}

function addToPlan(given: InputSlice, arriving: number, asked: 'usual' | 'rules' = 'usual'): void {
  const { settings, profiles: all } = useApp.getState()
  const { reuseDays, ruleScopes } = settings
  const choice = asked === 'rules' ? { profiles: [], rules: true } : usualChoice(settings, all)
  dispatchPlan(addInputs, { ...given, arriving, ...choice, ruleScopes, reuseDays })
}

export async function openDialog(what: 'files' | 'folder', asked: 'usual' | 'rules' = 'usual'): Promise<void> {
  const paths = await invoke('dialog.open', { what })
  if (paths !== undefined) await planPaths(paths, asked)
}

export async function startSample(): Promise<void> {
  const batch = await invoke('batches.sample', {})
  if (batch === undefined) return
  dispatch(upsertBatch, batch)
  dispatch(openBatch, batch.id)
}

// Each request has a number, so that an answer that was overtaken is thrown away.
let asked = 0

/** What is asked for has changed: no plan for anything else may be started. */
function invalidatePlan(begin: typeof beginPlanning): void {
  const { plan: former } = usePlan.getState()
  asked += 1
  if (former !== null) void bridge.invoke('plan.discard', { plan: former.id })
  dispatchPlan(begin, null)
}

/** News of a plan may come before the answer that names it. */
let latestPlan: Plan | null = null

async function plan(): Promise<void> {
  const { inputs } = usePlan.getState()
  const profiles = profilesAsked(usePlan.getState())
  const { options } = usePlan.getState()
  asked += 1
  const own = asked
  if (inputs === null || inputs.length === 0 || profiles.length === 0) return
  const answer = await attempt('plan.create', { inputs: [...inputs], profiles, options })
  if (own === asked && 'value' in answer)
    dispatchPlan(takePlan, latestPlan?.id === answer.value.id ? latestPlan : answer.value)
  else if (own === asked && 'problem' in answer) dispatchPlan(failPlan, answer.problem)
  else if ('value' in answer) void bridge.invoke('plan.discard', { plan: answer.value.id })
}

/** Starts what is shown; where not all of it is known yet, as soon as it is. */
export async function startPlan(): Promise<void> {
  const shown = usePlan.getState()
  const seen = planShown(shown)
  if (shown.starting || profilesAsked(shown).length === 0) return
  if (isToPlanAgain(shown)) {
    // What it counted is not all: nothing is started before it has been seen.
    invalidatePlan(beginPlanning)
    void plan()
    return
  }
  if (shown.problem !== null) {
    // A plan that could not be started, or made, is gone; another attempt needs another.
    invalidatePlan(beginPlanningMore)
    void plan()
  }
  if (seen === null) return
  if (seen.done && shown.arriving === 0 && assetCount(seen) === 0) return
  dispatchPlan(beginStarting, null)
  const own = closed
  await waitUntil(
    usePlan,
    ({ inputs, problem, plan, arriving }) => inputs === null || problem !== null || (arriving === 0 && plan !== null),
  )
  const { inputs, plan: whole, problem, name, profiles } = usePlan.getState()
  // Discarded meanwhile; and what is dropped after that is another matter.
  if (own !== closed || inputs === null || problem !== null || whole === null) return
  dispatchPlan(sendPlan, null)
  const answer = await attempt('batches.start', { plan: whole.id, name: name.trim() === '' ? null : name.trim() })
  if ('problem' in answer) {
    dispatchPlan(failPlan, answer.problem)
    return
  }
  keepPlannedTime(answer.value.id, usePlan.getState().plan ?? whole)
  asked += 1
  closed += 1
  dispatchPlan(closePlan, null)
  dispatch(upsertBatch, answer.value)
  dispatch(openBatch, answer.value.id)
  await saveSettings({ lastProfiles: [...profiles] })
}

export function discardPlan(): void {
  const { plan: former, sent } = usePlan.getState()
  // The batch would begin all the same.
  if (sent) return
  asked += 1
  closed += 1
  if (former !== null) void bridge.invoke('plan.discard', { plan: former.id })
  dispatchPlan(closePlan, null)
}

const settleMs = 150
let timer: ReturnType<typeof setTimeout> | undefined

export function connectPlanning(): void {
  bridge.on('opened', ({ paths }) => void planPaths(paths))
  bridge.on('plan', event => {
    latestPlan = event
    dispatchPlan(growPlan, event)
  })
  usePlan.subscribe((state, before) => {
    if (state.inputs === null) {
      clearTimeout(timer)
      return
    }
    const isAskedOtherwise =
      state.profiles !== before.profiles || state.rules !== before.rules || state.options !== before.options
    const isMore = state.inputs !== before.inputs || (state.arriving === 0 && before.arriving > 0)
    if (!isAskedOtherwise && !isMore) return
    // The first of a drop is planned at once. The rest comes in many pieces and is planned when all of it is there.
    const isFirst = (before.inputs ?? []).length === 0
    if (!isAskedOtherwise && !isFirst && state.arriving > 0) return
    invalidatePlan(isAskedOtherwise ? beginPlanning : beginPlanningMore)
    // While someone is typing a number, not for every digit.
    clearTimeout(timer)
    timer = setTimeout(() => void plan(), isAskedOtherwise && before.inputs !== null ? settleMs : 0)
  })
}
