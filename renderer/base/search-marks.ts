/** Marks what was searched for where it is read, without touching what is read: ranges over the text as it stands. */

/** Places of the query's words in a text, as the search finds them: whatever their case and width, in UTF-16 units. */
export function placesOf(text: string, query: string): readonly (readonly [start: number, end: number])[] {
  const read = plain(text)
  // A character that is written with more or fewer units otherwise would shift all places behind it.
  if (read.length !== text.length) return []
  const places = wordsOf(query).flatMap(word => {
    const found: (readonly [number, number])[] = []
    for (let at = read.indexOf(word); at !== -1; at = read.indexOf(word, at + word.length)) {
      found.push([at, at + word.length])
    }
    return found
  })
  return places.toSorted(([a], [b]) => a - b)
}

const plain = (text: string): string => text.normalize('NFKC').toLowerCase()
const wordsOf = (query: string): readonly string[] => [
  ...new Set(
    plain(query)
      .split(/[^\p{L}\p{N}\p{M}]+/u)
      .filter(word => word !== ''),
  ),
]

const name = 'search-hit'
/** More are not on screen. */
const markedAtMost = 2_000

/** Marks the query within the elements of `root` that the selector names, now and as they change, until it is stopped. */
export function markHits(root: Element, selector: string, query: string): () => void {
  if (wordsOf(query).length === 0) return () => undefined
  const marks = CSS.highlights.get(name) ?? new Highlight()
  CSS.highlights.set(name, marks)
  let own: Range[] = []
  const clear = () => {
    for (const range of own) marks.delete(range)
    own = []
  }
  const mark = () => {
    clear()
    for (const element of root.querySelectorAll(selector)) {
      const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT)
      for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
        for (const [start, end] of placesOf(node.textContent ?? '', query)) {
          if (own.length >= markedAtMost) return
          const range = document.createRange()
          range.setStart(node, start)
          range.setEnd(node, end)
          own.push(range)
          marks.add(range)
        }
      }
    }
  }
  let frame = 0
  const observer = new MutationObserver(() => {
    cancelAnimationFrame(frame)
    frame = requestAnimationFrame(mark)
  })
  observer.observe(root, { subtree: true, childList: true, characterData: true })
  mark()
  return () => {
    observer.disconnect()
    cancelAnimationFrame(frame)
    clear()
  }
}
