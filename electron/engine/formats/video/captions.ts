/** Captions inside pictures (CEA-608 and CEA-708), as words with their seconds. */

import type { FilmWords } from './film.ts'
import { createLineCaptions } from './line-captions.ts'
import { createWindowCaptions } from './window-captions.ts'

/** What one frame brings, three bytes each: what is in it, and two bytes of that. */
export interface FrameCaptions {
  readonly seconds: number
  readonly triplets: Uint8Array
}

export interface ReadCaptions {
  readonly words: readonly FilmWords[]
  /** Seconds between which there are letters that cannot be read; null for none. */
  readonly unread: { readonly from: number; readonly to: number } | null
}

/** Takes what a decoder of captions reads. */
export interface CaptionsSink {
  words(text: string, seconds: number): void
  unread(seconds: number): void
}

/** `frames` in any order: they are stored in that of decoding. */
export function readCaptions(frames: readonly FrameCaptions[]): ReadCaptions {
  let unread: { from: number; to: number } | null = null
  const tracks: FilmWords[][] = []
  const sink = (): CaptionsSink => {
    const found: FilmWords[] = []
    tracks.push(found)
    return {
      words: (text, seconds) => {
        const shown = text
          .replaceAll(/[ \t]+/g, ' ')
          .replaceAll(/ ?\n[\n ]*/g, '\n')
          .trim()
        if (shown !== '') found.push({ text: shown, seconds })
      },
      unread: seconds => {
        unread = { from: unread?.from ?? seconds, to: seconds }
      },
    }
  }
  const fields = [createLineCaptions(sink), createLineCaptions(sink)]
  const windows = createWindowCaptions(sink)
  for (const { seconds, triplets } of [...frames].sort((one, other) => one.seconds - other.seconds)) {
    for (let at = 0; at + 3 <= triplets.length; at += 3) {
      const [head = 0, first = 0, second = 0] = triplets.subarray(at, at + 3)
      if ((head & 4) === 0) continue
      const type = head & 3
      if (type < 2) fields[type]?.take(first & 0x7f, second & 0x7f, seconds)
      else windows.take(type === 3, first, second, seconds)
    }
  }
  for (const each of [...fields, windows]) each.end()
  return { words: onceOf(tracks).flat(), unread }
}

/** The newer kind repeats what the older one says, for which televisions could not show it. */
function onceOf(tracks: readonly (readonly FilmWords[])[]): readonly (readonly FilmWords[])[] {
  const known = new Set<string>()
  return tracks.filter(words => {
    const letters = words
      .map(({ text }) => text)
      .join('')
      .replaceAll(/\s/g, '')
    const isNew = !known.has(letters)
    known.add(letters)
    return isNew
  })
}
