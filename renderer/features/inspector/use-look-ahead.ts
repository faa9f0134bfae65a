import { useEffect } from 'react'
import { useApp } from '../../state/app.ts'
import { assetsAt, useGrid } from '../../state/grid/grid.ts'
import { comingNext } from '../../state/review-session.ts'
import { useViewState } from '../../state/view-state.ts'
import { coverOf, stageUrl } from './cover.ts'
import { leafAt, leavesOf } from './leaves.ts'
import { lookAhead } from './look-ahead.ts'

const untouched = { piece: null, part: -1, hit: null }

/** Has what comes next in the loupe read and decoded while one looks at what is there. */
export function useLookAhead(): void {
  const settings = useApp(state => state.settings)
  const asked = useViewState()
  const next = useGrid(state => assetsAt(state, comingNext(state, asked.reviewing)).join(' '))
  const stays = coverOf({ id: -1, results: [{ outcome: 'risky' }] }, settings, asked).canBeCovered
  // biome-ignore lint/correctness/useExhaustiveDependencies: which come next, and whether they will be covered, is all that counts
  useEffect(() => {
    const nobody = { ...useViewState.getState(), held: false, revealed: null, ...untouched }
    void lookAhead(next === '' ? [] : next.split(' ').map(Number), detail => {
      const leaf = leavesOf(detail)[leafAt(detail, nobody)]
      return leaf?.kind === 'picture'
        ? stageUrl(detail.id, coverOf(detail, settings, nobody), settings, null, leaf.piece?.name ?? null)
        : null
    })
  }, [next, stays])
}
