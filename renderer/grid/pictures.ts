/**
 * Thumbnails that were shown lately, as the elements that hold them: whoever scrolls back finds them there, without asking
 * the main process and without decoding them again.
 */
export interface Pictures {
  /** A picture that is there already. */
  known(url: string): HTMLImageElement | undefined
  /** Fetches one; `then` hears of it, or null when there is none. What is returned gives up. */
  load(url: string, then: (image: HTMLImageElement | null) => void): () => void
}

export function createPictures(given: { readonly capacity: number }): Pictures {
  // A Map keeps its keys in the order they were set, so the first is the one unused for longest.
  const kept = new Map<string, HTMLImageElement>()

  function keep(url: string, image: HTMLImageElement): void {
    kept.delete(url)
    kept.set(url, image)
    for (const oldest of kept.keys()) {
      if (kept.size <= given.capacity) break
      kept.delete(oldest)
    }
  }

  return {
    known(url) {
      const image = kept.get(url)
      if (image !== undefined) keep(url, image)
      return image
    },
    load(url, then) {
      const image = document.createElement('img')
      let isWanted = true
      image.className = 'cell-image'
      image.alt = ''
      image.decoding = 'async'
      image.draggable = false
      image.addEventListener('load', () => {
        if (!isWanted) return
        keep(url, image)
        then(image)
      })
      image.addEventListener('error', () => {
        if (isWanted) then(null)
      })
      image.src = url
      return () => {
        isWanted = false
        // The main process has others to make.
        if (!image.complete) image.src = ''
      }
    },
  }
}
