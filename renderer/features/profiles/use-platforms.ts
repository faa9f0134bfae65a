import { useCallback, useEffect, useState } from 'react'
import type { IpcProblem } from '../../../shared/ipc.ts'
import type { PlatformInfo } from '../../../shared/platforms.ts'
import { attempt } from '../../base/bridge.ts'

export type Platforms =
  | { readonly kind: 'loading' }
  | { readonly kind: 'failed'; readonly problem: IpcProblem; readonly retry: () => void }
  | { readonly kind: 'known'; readonly platforms: readonly [PlatformInfo, ...PlatformInfo[]] }

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
  const [first, ...others] = platforms ?? []
  if (first !== undefined) return { kind: 'known', platforms: [first, ...others] }
  if (problem !== null) return { kind: 'failed', problem, retry: () => void load() }
  return { kind: 'loading' }
}
