import { makeFakeBridge } from './fake-bridge.ts'
import { fakeOptionsFrom } from './fake-state.ts'

// `?assets=100000&state=running&language=en&theme=dark`; the window is loaded after the bridge is there, as by the preload.
globalThis.prescreen = makeFakeBridge(fakeOptionsFrom(location.search))
await import('../../../renderer/main.tsx')
