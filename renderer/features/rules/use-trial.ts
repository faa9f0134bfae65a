import { useEffect, useRef, useState } from 'react'
import type { IpcProblem } from '../../../shared/ipc.ts'
import type { BookTrial } from '../../../shared/rules.ts'
import { attempt } from '../../base/bridge.ts'

/** What was asked, and what it came to. */
export interface KnownTrial {
  readonly yaml: string
  readonly text: string
  readonly trial: BookTrial
}

export interface Trial {
  /** The newest answer, which may be to what stood there a moment ago. */
  readonly last: KnownTrial | null
  readonly problem: IpcProblem | null
  /** The newest answer is to what stands there now. */
  readonly isCurrent: boolean
}

const pauseMs = 250

interface Wanted {
  readonly yaml: string
  readonly text: string
}

/** What a book would do, asked anew as one types: after a pause, one question at a time, and only the newest of those that wait. */
export function useTrial(yaml: string | null, text: string): Trial {
  const [last, setLast] = useState<KnownTrial | null>(null)
  const [problem, setProblem] = useState<IpcProblem | null>(null)
  const wanted = useRef<Wanted | null>(null)
  const isAsking = useRef(false)
  const isGone = useRef(false)

  useEffect(() => {
    isGone.current = false
    return () => {
      isGone.current = true
    }
  }, [])

  useEffect(() => {
    wanted.current = null
    if (yaml === null) return
    const ask = async () => {
      if (isAsking.current) return
      isAsking.current = true
      for (let next = wanted.current; next !== null && !isGone.current; next = wanted.current) {
        wanted.current = null
        const answer = await attempt('rules.try', next)
        if (isGone.current) break
        if ('value' in answer) setLast({ ...next, trial: answer.value })
        setProblem('problem' in answer ? answer.problem : null)
      }
      isAsking.current = false
    }
    const timer = setTimeout(() => {
      wanted.current = { yaml, text }
      void ask()
    }, pauseMs)
    return () => clearTimeout(timer)
  }, [yaml, text])

  return { last, problem, isCurrent: last !== null && last.yaml === yaml && last.text === text }
}
