import { join } from 'node:path'
import type { IpcProblem } from '../../../shared/ipc.ts'
import { Problem, type ProblemCode } from '../../../shared/problems.ts'
import type { Settings } from '../../../shared/settings.ts'
import type { Clock } from '../base/clock.ts'
import { faultName } from '../base/fault.ts'
import { makeFolder } from '../base/make-folder.ts'
import { problemOf } from '../base/sqlite/problem-of.ts'
import { PacerError } from '../pacer/contract.ts'
import { countPermits } from '../pacer/count-permits.ts'
import { createPacer } from '../pacer/pacer.ts'

/** Throws a `Problem` that names the folder when it cannot be made. */
export function makeDataDir(dataDir: string): void {
  try {
    makeFolder(dataDir)
  } catch (error) {
    throw problemOf(error, dataDir)
  }
}

/** The pacer that all processes of the machine share. `maxCallMs`: how long a call may hold its permit. */
export function openPacer(
  dataDir: string,
  clock: Clock,
  settings: Settings,
  maxCallMs: number,
  problems: IpcProblem[],
): ReturnType<typeof countPermits> {
  const file = join(dataDir, 'pacer.sqlite')
  try {
    const pacer = createPacer({ file, clock, dayZone: settings.quotaZone, dayHour: settings.quotaHour, maxCallMs })
    if (pacer.rebuilt) problems.push({ code: 'pacer_rebuilt', detail: '' })
    return countPermits(pacer)
  } catch (error) {
    if (!(error instanceof PacerError)) throw error
    throw new Problem(pacerProblems[error.code], file, { cause: error })
  }
}

const pacerProblems = {
  unwritable: 'not_writable',
  newer: 'database_newer',
  foreign: 'database_corrupt',
  unreadable: 'database_corrupt',
} as const satisfies Record<PacerError['code'], ProblemCode>

/** Turns an error of the storage, or a bug, into the problem that people are shown. */
export function asProblem(error: unknown): Problem {
  if (error instanceof PacerError) return new Problem(pacerProblems[error.code], 'pacer.sqlite', { cause: error })
  const known = problemOf(error, 'prescreen.sqlite')
  return known instanceof Problem ? known : new Problem('internal', faultName(error), { cause: error })
}
