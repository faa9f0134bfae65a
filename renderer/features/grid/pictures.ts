import { createLruCache } from '../../state/grid/lru-cache.ts'
import classes from './grid.module.css'

/**
 * A cache of the thumbnails shown lately, as the elements that hold them: scrolling back neither asks the main process
 * nor decodes them again.
 */
export interface Pictures {
  /** A picture that is loaded already. */
  known(url: string): HTMLImageElement | undefined
  /** Fetches one and calls `then` with it, or with null when there is none. What is returned cancels the request. */
  load(url: string, then: (image: HTMLImageElement | null) => void): () => void
}

export function createPictures(given: { readonly capacity: number }): Pictures {
  const kept = createLruCache<string, HTMLImageElement>(given.capacity)

  return {
    known: kept.get,
    load(url, then) {
      const image = document.createElement('img')
      let isWanted = true
      image.className = classes.image ?? ''
      image.alt = ''
      image.decoding = 'async'
      image.draggable = false
      image.addEventListener('load', () => {
        if (!isWanted) return
        kept.set(url, image)
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
