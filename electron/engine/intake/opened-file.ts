import { basename } from 'node:path'
import type { Failure } from '../../../shared/conclusion.ts'
import { fileFailure, type OpenFile, openFile } from '../base/open-file.ts'
import { type Examined, examine } from '../formats/examine.ts'
import type { IntakeLimits } from '../formats/source.ts'

/** An open file and what it is; who has it closes the handle. */
export interface OpenedFile {
  readonly kind: 'opened'
  readonly path: string
  readonly file: OpenFile
  readonly openedAtMs: number
  readonly examined: Examined
}

/** Opens a file and sees what it is. Nothing stays open on a failure to open it, or when `signal` aborts, which alone is thrown. */
export async function openAndExamine(
  path: string,
  limits: IntakeLimits,
  signal: AbortSignal,
): Promise<OpenedFile | Failure> {
  const openedAtMs = Date.now()
  const file = await openFile(path)
  if (file.kind === 'failure') return file
  try {
    return { kind: 'opened', path, file, openedAtMs, examined: await examine(file, basename(path), limits) }
  } catch (error) {
    if (signal.aborted) {
      await file.handle.close()
      throw error
    }
    return { kind: 'opened', path, file, openedAtMs, examined: fileFailure(error) }
  }
}
