import { resolve } from 'node:path'
import type { Found, Source } from '../formats/source.ts'

export function fileSource(path: string, sheet: string | null = null): Source {
  return { kind: 'file', path: resolve(path), ...(sheet === null ? {} : { sheet }) }
}

/** One thing that intake came across; what is not named of it is null. */
export function found(
  root: string,
  path: string,
  source: Source,
  what: Partial<Pick<Found, 'kind' | 'bytes' | 'failure' | 'skipped' | 'note'>>,
): Found {
  const { kind = null, bytes = null, failure = null, skipped = null, note = null } = what
  return { source, root, path, kind, bytes, failure, skipped, note }
}
