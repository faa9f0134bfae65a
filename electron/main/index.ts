import { join } from 'node:path'
import { startApplication } from './application.ts'
import { unpacked } from './policies/packaged-path.ts'

/** Entry of the main process; the built file lies in out/main. The engine is loaded while the window is opening. */
const out = join(import.meta.dirname, '..')

startApplication(
  {
    preload: join(out, 'preload', 'index.cjs'),
    rendererDir: join(out, 'renderer'),
    samplesDir: unpacked(join(out, '..', 'resources', 'samples')),
    // Within the archive, whose integrity is checked.
    rulesDir: join(out, '..', 'resources', 'rules'),
    imagingWorker: unpacked(join(out, 'main', 'imaging-worker.js')),
    documentWorker: unpacked(join(out, 'main', 'document-worker.js')),
    licences: unpacked(join(out, 'main', 'licences.txt')),
  },
  async options => (await import('../engine/app/engine.ts')).openEngine(options),
)
