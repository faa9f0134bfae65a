import { type BookDraft, useRuleDesk } from '../../state/rule-desk.ts'

const place = 'rules.drafts'
const waitMs = 400

/** What is typed into books and not saved is kept for the next start, too: a window that is loaded again, or killed, loses none of it. */
export function connectDrafts(): void {
  useRuleDesk.setState({ drafts: draftsFrom(localStorage.getItem(place)) })
  let timer: ReturnType<typeof setTimeout> | null = null
  const keep = () => {
    if (timer !== null) clearTimeout(timer)
    timer = null
    const { drafts } = useRuleDesk.getState()
    try {
      if (drafts.length === 0) localStorage.removeItem(place)
      else localStorage.setItem(place, JSON.stringify(drafts))
    } catch {
      // Over the browser's limit of 10 MB. The window still has it, and the next start what was kept before.
    }
  }
  useRuleDesk.subscribe((state, before) => {
    if (state.drafts === before.drafts) return
    if (timer !== null) clearTimeout(timer)
    timer = setTimeout(keep, waitMs)
  })
  addEventListener('pagehide', keep)
}

/** Drafts as they were kept; whatever else it is, is none. */
export function draftsFrom(kept: string | null): readonly BookDraft[] {
  if (kept === null) return []
  try {
    const value: unknown = JSON.parse(kept)
    return Array.isArray(value) ? value.filter(isDraft) : []
  } catch {
    return []
  }
}

function isDraft(value: unknown): value is BookDraft {
  if (typeof value !== 'object' || value === null) return false
  const { key, yaml, stored, was } = value as Readonly<Record<string, unknown>>
  return (
    typeof key === 'string' &&
    typeof yaml === 'string' &&
    typeof stored === 'string' &&
    (was === null || typeof was === 'string')
  )
}
