import type { Failure } from '../../../../shared/conclusion.ts'
import type { ListedEntry, UnpackTarget } from './listing.ts'

/** An archive that is listed and unpacked in a child process, as its reader has it open. */
export interface PackedArchive {
  readonly kind: 'packed archive'
  readonly entries: readonly PackedEntry[]
  /** What its author wrote to who opens it. */
  readonly comment: string | null
  /** Writes what entries hold to new files; the answers are in the order of the targets. */
  unpack(targets: readonly UnpackTarget[]): Promise<readonly (Failure | null)[]>
}

export type PackedEntry = Omit<ListedEntry, 'index'>
