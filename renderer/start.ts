import { type Answer, attempt, bridge, invokeSafely, unwrapOrNotify } from './base/bridge.ts'
import { i18n } from './base/i18n/index.ts'
import { tellProblem } from './base/notices.ts'
import { first } from './first.ts'
import { contributions } from './frame/contributions.ts'
import {
  type AppState,
  dispatch,
  openBatch,
  setBatches,
  setBroken,
  setInfo,
  setProfiles,
  setQueue,
  setSettings,
  upsertBatch,
  useApp,
} from './state/app.ts'
import { provideCommands } from './state/commands.ts'
import { provideDialogs } from './state/dialogs.ts'
import { goTo } from './state/landing.ts'
import { reloadProfiles } from './state/load.ts'
import { countCalls, dispatchSpan } from './state/span.ts'

/** Reads what the window needs, then listens. Each part that fails is reported by itself; the others load all the same. */
export async function start(): Promise<void> {
  for (const { commands, asksDialog, connect } of contributions) {
    provideCommands(commands ?? {})
    if (asksDialog !== undefined) provideDialogs(asksDialog)
    connect?.()
  }
  followLanguage()
  notifyUncaughtErrors()
  // The first answers may be older than these.
  const known = Promise.withResolvers<void>()
  bridge.on('batch', batch => void known.promise.then(() => dispatch(upsertBatch, batch)))
  bridge.on('queue', queue => void known.promise.then(() => dispatch(setQueue, queue)))
  bridge.on('problem', tellProblem)
  bridge.on('goTo', goTo)
  bridge.on('storeProgress', ({ share }) => useApp.setState({ storeShare: share }))
  bridge.on('spanProgress', progress => dispatchSpan(countCalls, progress))
  const [info, settings, profiles, queue, batches] = await Promise.all([
    // Only now: from this call on the main process sends what happens.
    attempt('app.info', {}),
    invokeSafely('settings.get', () => first.settings),
    invokeSafely('profiles.list', () => first.profiles),
    invokeSafely('queue.status', () => first.queue),
    invokeSafely('batches.list', () => first.batches),
  ])
  storeAnswer(setInfo, info)
  storeAnswer(setSettings, settings)
  storeAnswer(setProfiles, profiles)
  storeAnswer(setQueue, queue)
  if ('value' in info) for (const problem of info.value.startProblems) tellProblem(problem, { stays: true })
  if ('problem' in batches) dispatch(setBroken, batches.problem)
  else {
    dispatch(setBatches, batches.value)
    // What is being worked on comes first, then the newest.
    const all = useApp.getState().batches
    const open = all.find(batch => batch.state === 'running') ?? all[0]
    if (open !== undefined) dispatch(openBatch, open.id)
  }
  useApp.setState({ ready: true })
  known.resolve()
}

function storeAnswer<Value>(
  transition: (state: AppState, value: Value) => Partial<AppState>,
  answer: Answer<Value>,
): void {
  const value = unwrapOrNotify(answer)
  if (value !== undefined) dispatch(transition, value)
}

/** Errors that nothing has caught are shown, and the window goes on. */
function notifyUncaughtErrors(): void {
  window.addEventListener('error', event => {
    // No error: sizes that were set while sizes were told, which are told with the next frame.
    if (!event.message.startsWith('ResizeObserver loop')) tellProblem({ code: 'internal', detail: event.message })
  })
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
