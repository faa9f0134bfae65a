import { create } from 'zustand'
import type { DoctorStep } from '../../../shared/profile.ts'
import type { TokenStatus } from '../../../shared/queue.ts'
import { conclusionOf } from './doctor.ts'

/** How a profile stands: by its last test in this session, else by its token. */
export type Health = 'ok' | 'warnings' | 'failures' | 'unknown'

export const useTested = create<Readonly<Record<string, Exclude<Health, 'unknown'>>>>()(() => ({}))

export function noteTest(profile: string, steps: readonly DoctorStep[]): void {
  useTested.setState({ [profile]: conclusionOf(steps).kind })
}

/** What was tested is no more what is stored. */
export function forgetTest(profile: string): void {
  useTested.setState(({ [profile]: _, ...others }) => others, true)
}

export function healthOf(
  profile: string,
  tested: ReturnType<typeof useTested.getState>,
  tokens: readonly TokenStatus[],
): Health {
  const token = tokens.find(each => each.profile === profile)?.state
  // The platform has refused it since, whatever a test said.
  if (token === 'refused') return 'failures'
  return tested[profile] ?? (token === 'ok' ? 'ok' : 'unknown')
}
