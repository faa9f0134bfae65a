import { notifications } from '@mantine/notifications'
import { makeFakeBridge } from './fake-bridge.ts'
import { fakeOptionsFrom } from './fake-state.ts'
import { type Harmless, layoutFaults } from './layout-faults.ts'
import { viewFrom } from './views.ts'

// `?assets=100000&state=running&language=en&theme=dark&view=history`; the window is loaded after the bridge is there, as by the preload.
globalThis.prescreen = makeFakeBridge(fakeOptionsFrom(location.search))
await import('../../../renderer/main.tsx')
const { explain } = await import('../../../renderer/base/notices.ts')
const { useApp } = await import('../../../renderer/state/app.ts')
const { runCommand } = await import('../../../renderer/state/commands.ts')
const { useFinished } = await import('../../../renderer/state/finished.ts')
const { useGrid } = await import('../../../renderer/state/grid/grid.ts')
/** What a test does to the window from outside: by the commands that menu and keys have, and by the stores. */
const harness = {
  runCommand,
  useApp,
  useFinished,
  useGrid,
  explain,
  clearNotices: () => notifications.clean(),
  layoutFaults: (harmless: Harmless) => layoutFaults(harmless),
}
export type Harness = typeof harness
Reflect.set(globalThis, 'harness', harness)
const show = () => useApp.setState(viewFrom(location.search))
// At its start the window shows the grid, whatever was asked for.
if (useApp.getState().ready) show()
else {
  const stop = useApp.subscribe(({ ready }) => {
    if (!ready) return
    stop()
    show()
  })
}
