import { type Answer, attempt, bridge, settled, told } from './base/bridge.ts'
import { i18n } from './base/i18n/index.ts'
import { tellProblem } from './base/notices.ts'
import { connectPlanning, offer } from './features/drop/planning.ts'
import { connectInspector } from './features/inspector/load.ts'
import { connectQuestion } from './features/review/decide.ts'
import { connectKeys } from './features/review/listen.ts'
import { first } from './first.ts'
import { connectTitle } from './frame/title.ts'
import {
  type AppState,
  act,
  learnBatch,
  learnBatches,
  learnBroken,
  learnInfo,
  learnProfiles,
  learnQueue,
  learnSettings,
  openBatch,
  useApp,
} from './state/app.ts'
import { connectGrid } from './state/grid/live.ts'
import { reloadProfiles } from './state/load.ts'
import { actSpan, countCalls } from './state/span.ts'

/** Reads what the window needs, then listens. Each part that fails is told by itself; the others are there all the same. */
export async function start(): Promise<void> {
  connectGrid()
  connectInspector()
  connectPlanning()
  connectKeys()
  connectQuestion()
  connectTitle()
  followLanguage()
  tellFaults()
  // The first answers may be older than these.
  const known = Promise.withResolvers<void>()
  bridge.on('batch', batch => void known.promise.then(() => act(learnBatch, batch)))
  bridge.on('queue', queue => void known.promise.then(() => act(learnQueue, queue)))
  bridge.on('problem', tellProblem)
  bridge.on('storeProgress', ({ share }) => useApp.setState({ storeShare: share }))
  bridge.on('spanProgress', progress => actSpan(countCalls, progress))
  bridge.on('opened', ({ paths }) => void offer(paths))
  const [info, settings, profiles, queue, batches] = await Promise.all([
    // Only now: from this call on the main process sends what happens.
    attempt('app.info', {}),
    settled('settings.get', () => first.settings),
    settled('profiles.list', () => first.profiles),
    settled('queue.status', () => first.queue),
    settled('batches.list', () => first.batches),
  ])
  learn(learnInfo, info)
  learn(learnSettings, settings)
  learn(learnProfiles, profiles)
  learn(learnQueue, queue)
  if ('value' in info) for (const problem of info.value.startProblems) tellProblem(problem)
  if ('problem' in batches) act(learnBroken, batches.problem)
  else {
    act(learnBatches, batches.value)
    // What is being worked on comes first, then the newest.
    const all = useApp.getState().batches
    const open = all.find(batch => batch.state === 'running') ?? all[0]
    if (open !== undefined) act(openBatch, open.id)
  }
  useApp.setState({ ready: true })
  known.resolve()
}

function learn<Value>(transition: (state: AppState, value: Value) => Partial<AppState>, answer: Answer<Value>): void {
  const value = told(answer)
  if (value !== undefined) act(transition, value)
}

/** What no one expected is told, and the window goes on. */
function tellFaults(): void {
  window.addEventListener('error', event => tellProblem({ code: 'internal', detail: event.message }))
  window.addEventListener('unhandledrejection', event =>
    tellProblem({ code: 'internal', detail: String(event.reason) }),
  )
}

function followLanguage(): void {
  useApp.subscribe(state => {
    const { language } = state.settings
    const wanted = language === 'system' ? (state.info?.language ?? null) : language
    if (wanted === null || wanted === i18n.language) return
    void i18n.changeLanguage(wanted)
    // The practice profiles have a name in each language.
    if (state.ready) void reloadProfiles()
  })
}
