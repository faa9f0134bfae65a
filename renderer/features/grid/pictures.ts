import { createRecent } from '../../state/grid/recent.ts'

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
  const kept = createRecent<string, HTMLImageElement>(given.capacity)

  return {
    known: kept.get,
    load(url, then) {
      const image = document.createElement('img')
      let isWanted = true
      image.className = 'cell-image'
      image.alt = ''
      image.decoding = 'async'
      image.draggable = false
      image.addEventListener('load', () => {
        if (!isWanted) return
        kept.keep(url, image)
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
