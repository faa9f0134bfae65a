import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { createPlans } from '../../../electron/engine/screening/plans.ts'
import { Problem } from '../../../shared/problems.ts'
import type { Plan } from '../../../shared/screening.ts'
import { defaultOptions } from '../../../shared/screening.ts'

const folder = mkdtempSync(join(tmpdir(), 'prescreen-plans-'))
afterEach(() => rmSync(folder, { recursive: true, force: true }))

test('a plan that fails says why, together with what was counted until then', async () => {
  const told = Promise.withResolvers<Plan>()
  const plans = createPlans({
    newId: () => '1',
    pastedFolder: folder,
    make: async (id, _request, onProgress) => {
      onProgress(() => ({ ...plan, id, assets: { image: 3, text: 0, audio: 0, document: 0, video: 0 } }))
      throw new Problem('disk_full', 'ENOSPC')
    },
    news: (_id, latest) => {
      if (latest().done) told.resolve(latest())
    },
    asProblem: error => (error instanceof Problem ? error : new Problem('internal', String(error))),
  })
  const plan = plans.create({ inputs: [{ kind: 'path', path: folder }], profiles: [], options: defaultOptions })
  expect(plan.problem).toBeNull()
  expect(await told.promise).toMatchObject({
    id: 'plan_1',
    done: true,
    assets: { image: 3 },
    problem: { code: 'disk_full', detail: 'ENOSPC' },
  })
})
