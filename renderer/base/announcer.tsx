import type { ReactElement } from 'react'
import { useAnnouncement } from './announce.ts'

/** Two live regions that take turns, so that the same words said twice are read twice. */
export function Announcer(): ReactElement {
  const { text, count } = useAnnouncement()
  return (
    <div className="sr-only">
      <div role="status" aria-live="polite">
        {count % 2 === 0 ? text : ''}
      </div>
      <div role="status" aria-live="polite">
        {count % 2 === 1 ? text : ''}
      </div>
    </div>
  )
}
