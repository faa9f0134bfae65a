import type { ListPreview } from '../../../shared/rules.ts'
import { isBookId } from './new-book.ts'

export interface ListChoice {
  readonly id: string
  readonly title: string
  readonly columns: ListPreview['columns']
}

/** What keeps a choice from being read in; each names a sentence under `importError.`. */
export function mistakesIn(
  choice: ListChoice,
  taken: readonly string[],
): {
  readonly words: boolean
  readonly title: boolean
  readonly id: 'id' | 'taken' | null
} {
  return {
    words: choice.columns.words === undefined,
    title: choice.title.trim() === '',
    id: !isBookId(choice.id) ? 'id' : taken.includes(choice.id) ? 'taken' : null,
  }
}
