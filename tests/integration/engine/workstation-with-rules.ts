import { openEngine } from '../../../electron/engine/app/engine.ts'
import { createRegistry } from '../../../electron/engine/checkers/create-registry.ts'
import { registry as product } from '../../../electron/engine/checkers/registry.ts'
import { defaultOptions } from '../../../shared/screening.ts'
import { houseWords } from '../../fixtures/checkers/house-words.ts'

/** A workstation in a process of its own, so that it can be killed: screens a folder by the house's words, and tells of each result. */
const { dataDir, folder } = JSON.parse(process.argv[2] ?? '{}')
const engine = await openEngine(
  {
    dataDir,
    store: { get: () => undefined, set: () => undefined, delete: () => undefined },
    vault: { strength: 'none', encrypt: async () => new Uint8Array(), decrypt: async () => '' },
    env: {},
    samplesDir: folder,
    rulesDir: folder,
  },
  { controls: false, registry: createRegistry([...product.checkers, houseWords]) },
)
let results = 0
const profiles = engine.profiles.list().filter(({ id }) => id === 'house')
const request = { inputs: [folder], profiles, options: defaultOptions, name: null }
const run = await engine.screen(request, () => {
  results += 1
  process.stdout.write(`${JSON.stringify({ batch: run.id, results })}\n`)
})
await run.done
