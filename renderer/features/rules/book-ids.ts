import { useRuleDesk } from '../../state/rule-desk.ts'

/** What a text names its book, as far as it does. */
export function bookIdIn(yaml: string): readonly string[] {
  const [, id] = /^book:[ \t]*([a-z0-9][a-z0-9-]*)/m.exec(yaml) ?? []
  return id === undefined ? [] : [id]
}

/** Those of all books, and of drafts that will be books. */
export function takenIds(): readonly string[] {
  const { books, drafts } = useRuleDesk.getState()
  return [...(books ?? []).map(({ id }) => id), ...drafts.flatMap(({ yaml }) => bookIdIn(yaml))]
}
