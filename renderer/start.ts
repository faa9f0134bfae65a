import { attempt, bridge, invoke } from './bridge.ts'
import { connectPlanning, offer } from './drop/planning.ts'
import { connectGrid } from './grid/live.ts'
import { i18n } from './i18n/index.ts'
import { connectInspector } from './inspector/load.ts'
import { connectKeys } from './review/listen.ts'
import { tellProblem } from './shell/notices.ts'
import { connectTitle } from './shell/title.ts'
import {
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
} from './stores/app.ts'
import { actSpan, countCalls } from './stores/span.ts'

/** Reads what the window needs, then listens. Each part that fails is told by itself; the others are there all the same. */
export async function start(): Promise<void> {
  connectGrid()
  connectInspector()
  connectPlanning()
  connectKeys()
  connectTitle()
  followLanguage()
  tellFaults()
  bridge.on('batch', batch => act(learnBatch, batch))
  bridge.on('queue', queue => act(learnQueue, queue))
  bridge.on('problem', tellProblem)
  bridge.on('spanProgress', progress => actSpan(countCalls, progress))
  // What came with the start waits until the profiles are known that it is to be planned for.
  const known = Promise.withResolvers<void>()
  bridge.on('opened', ({ paths }) => {
    void known.promise.then(() => offer({ inputs: paths.map(path => ({ kind: 'path', path })), refused: [] }))
  })
  await Promise.all([
    invoke('app.info', {}).then(info => {
      if (info === undefined) return
      act(learnInfo, info)
      for (const problem of info.startProblems) tellProblem(problem)
    }),
    invoke('settings.get', {}).then(settings => {
      if (settings !== undefined) act(learnSettings, settings)
    }),
    invoke('profiles.list', {}).then(profiles => {
      if (profiles !== undefined) act(learnProfiles, profiles)
    }),
    invoke('queue.status', {}).then(queue => {
      if (queue !== undefined) act(learnQueue, queue)
    }),
    attempt('batches.list', {}).then(answer => {
      if ('problem' in answer) {
        act(learnBroken, answer.problem)
        return
      }
      act(learnBatches, answer.value)
      // What is being worked on comes first, then the newest.
      const all = useApp.getState().batches
      const first = all.find(batch => batch.state === 'running') ?? all[0]
      if (first !== undefined) act(openBatch, first.id)
    }),
  ])
  useApp.setState({ ready: true })
  known.resolve()
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
  })
}
