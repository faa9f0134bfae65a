import { attempt, bridge, invoke } from '../bridge.ts'
import { act, learnBatch, openBatch, useApp } from '../stores/app.ts'
import { saveSettings } from '../stores/load.ts'
import {
  actPlan,
  addInputs,
  beginPlanning,
  beginStarting,
  closePlan,
  failPlan,
  growPlan,
  takePlan,
  usePlan,
} from '../stores/plan.ts'
import type { Given } from './inputs.ts'

/** From a drop to a batch: plans again whenever what is asked for changes, and starts. */

export function offer(given: Given): void {
  if (given.inputs.length === 0 && given.refused.length === 0) return
  const { settings, profiles } = useApp.getState()
  const known = settings.lastProfiles.filter(id => profiles.some(profile => profile.id === id))
  const chosen = known.length > 0 ? known : profiles.slice(0, 1).map(profile => profile.id)
  actPlan(addInputs, { ...given, profiles: chosen, reuseDays: settings.reuseDays })
}

export async function openDialog(what: 'files' | 'folder'): Promise<void> {
  const paths = await invoke('dialog.open', { what })
  if (paths === undefined) return
  offer({ inputs: paths.map(path => ({ kind: 'path', path })), refused: [] })
}

export async function startSample(): Promise<void> {
  const batch = await invoke('batches.sample', {})
  if (batch === undefined) return
  act(learnBatch, batch)
  act(openBatch, batch.id)
}

// Each request has a number, so that an answer that was overtaken is thrown away.
let asked = 0

/** What is asked for has changed: no plan for anything else may be started. */
function forgetPlan(): void {
  const { plan: former } = usePlan.getState()
  asked += 1
  if (former !== null) void bridge.invoke('plan.discard', { plan: former.id })
  actPlan(beginPlanning, null)
}

async function plan(): Promise<void> {
  const { inputs, profiles, options } = usePlan.getState()
  asked += 1
  const own = asked
  if (inputs === null || inputs.length === 0 || profiles.length === 0) return
  const answer = await attempt('plan.create', { inputs: [...inputs], profiles: [...profiles], options })
  if (own === asked && 'value' in answer) actPlan(takePlan, answer.value)
  else if (own === asked && 'problem' in answer) actPlan(failPlan, answer.problem)
  else if ('value' in answer) void bridge.invoke('plan.discard', { plan: answer.value.id })
}

export async function startPlan(): Promise<void> {
  const { plan: ready, name, profiles, starting } = usePlan.getState()
  if (ready === null || starting || profiles.length === 0) return
  if (ready.done && ready.assets.image + ready.assets.text + ready.assets.audio === 0) return
  actPlan(beginStarting, null)
  const answer = await attempt('batches.start', { plan: ready.id, name: name.trim() === '' ? null : name.trim() })
  if ('problem' in answer) {
    actPlan(failPlan, answer.problem)
    return
  }
  asked += 1
  actPlan(closePlan, null)
  act(learnBatch, answer.value)
  act(openBatch, answer.value.id)
  await saveSettings({ lastProfiles: [...profiles] })
}

export function giveUpPlan(): void {
  const { plan: former } = usePlan.getState()
  asked += 1
  if (former !== null) void bridge.invoke('plan.discard', { plan: former.id })
  actPlan(closePlan, null)
}

const settleMs = 150
let timer: ReturnType<typeof setTimeout> | undefined

export function connectPlanning(): void {
  bridge.on('plan', event => actPlan(growPlan, event))
  usePlan.subscribe((state, before) => {
    if (state.inputs === null) {
      clearTimeout(timer)
      return
    }
    if (state.inputs === before.inputs && state.profiles === before.profiles && state.options === before.options) return
    forgetPlan()
    // The first plan at once; then, while someone is typing a column's name, not for every letter.
    clearTimeout(timer)
    timer = setTimeout(() => void plan(), before.inputs === null ? 0 : settleMs)
  })
}
