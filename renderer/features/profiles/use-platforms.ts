import { useCallback, useEffect, useState } from 'react'
import type { CallOutput, IpcProblem } from '../../../shared/ipc.ts'
import { attempt } from '../../base/bridge.ts'

export type PlatformInfo = CallOutput<'platforms.list'>[number]

export type Platforms =
  | { readonly kind: 'loading' }
  | { readonly kind: 'failed'; readonly problem: IpcProblem; readonly retry: () => void }
  | { readonly kind: 'known'; readonly platforms: readonly PlatformInfo[] }

/** What each platform offers. It never changes while the program runs, so it is asked for once. */
let known: readonly PlatformInfo[] | null = null

export function usePlatforms(): Platforms {
  const [problem, setProblem] = useState<IpcProblem | null>(null)
  const [platforms, setPlatforms] = useState(known)
  const load = useCallback(async () => {
    setProblem(null)
    const answer = await attempt('platforms.list', {})
    if ('problem' in answer) setProblem(answer.problem)
    else {
      known = answer.value
      setPlatforms(answer.value)
    }
  }, [])
  useEffect(() => {
    if (known === null) void load()
  }, [load])
  if (platforms !== null) return { kind: 'known', platforms }
  if (problem !== null) return { kind: 'failed', problem, retry: () => void load() }
  return { kind: 'loading' }
}
