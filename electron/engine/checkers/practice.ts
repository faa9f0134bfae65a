import type { Said } from '../../../shared/problems.ts'
import type { Profile } from '../../../shared/profile.ts'
import type { Practice, PracticeApp } from '../sandbox/practice.ts'

/** A platform's practice profile: there without an account, and answered by the platform's own routes in the sandbox. */
export interface PracticeProfileFacts {
  readonly names: Said
  readonly app: PracticeApp
  /** Where the platform's profiles hold more than others. */
  readonly profile: Partial<Pick<Profile, 'openids' | 'controlKeyword' | 'fields'>>
  /** Loads the routes, only when somebody practises. */
  load(): Promise<Practice>
}
