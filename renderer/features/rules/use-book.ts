import { useEffect, useState } from 'react'
import type { IpcProblem } from '../../../shared/ipc.ts'
import type { BookDetail } from '../../../shared/rules.ts'
import { attempt } from '../../base/bridge.ts'

export type LoadedBook =
  | { readonly kind: 'none' }
  | { readonly kind: 'loading' }
  | { readonly kind: 'failed'; readonly problem: IpcProblem; readonly retry: () => void }
  | { readonly kind: 'known'; readonly detail: BookDetail }

/** A book with its text and its rules; read again when its file has become another. */
export function useBook(id: string | null, version: string | null): LoadedBook {
  const [loaded, setLoaded] = useState<LoadedBook>({ kind: 'loading' })
  const [tries, setTries] = useState(0)
  // biome-ignore lint/correctness/useExhaustiveDependencies: another version or try is what it is read again for
  useEffect(() => {
    if (id === null) {
      setLoaded({ kind: 'none' })
      return
    }
    let isWanted = true
    // Of the same book, what was read before stays on screen.
    setLoaded(former => (former.kind === 'known' && former.detail.info.id === id ? former : { kind: 'loading' }))
    void attempt('rules.book', { book: id }).then(answer => {
      if (!isWanted) return
      setLoaded(
        'value' in answer
          ? { kind: 'known', detail: answer.value }
          : { kind: 'failed', problem: answer.problem, retry: () => setTries(count => count + 1) },
      )
    })
    return () => {
      isWanted = false
    }
  }, [id, version, tries])
  // What was read for another book is nothing of this one, not even until it is read.
  if (loaded.kind === 'known' && loaded.detail.info.id !== id) return { kind: id === null ? 'none' : 'loading' }
  return loaded
}
