import { openEngine } from '../../../electron/engine/app/engine.ts'
import { profileSchema } from '../../../shared/profile.ts'
import { defaultOptions } from '../../../shared/screening.ts'

/** A workstation in a process of its own, so that it can be killed: screens a folder and tells of its batch on standard output. */
const { dataDir, folder, profile, env } = JSON.parse(process.argv[2] ?? '{}')
const engine = await openEngine({
  dataDir,
  store: { get: () => undefined, set: () => undefined, delete: () => undefined },
  vault: { strength: 'none', encrypt: async () => new Uint8Array(), decrypt: async () => '' },
  env,
  samplesDir: folder,
  rulesDir: folder,
})
const tell = async () => {
  const { awaiting, pass, risky } = (await engine.batches.get(run.id)).tally
  process.stdout.write(`${JSON.stringify({ batch: run.id, awaiting, judged: pass + risky })}\n`)
}
const run = await engine.screen({
  inputs: [folder],
  profiles: [profileSchema.parse(profile)],
  options: { ...defaultOptions, reuseDays: 0 },
  name: null,
})
engine.on('batch', tell)
await tell()
