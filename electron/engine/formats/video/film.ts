/** What is in a film or a recording, whatever file it lies in. */

import type { Remark } from '../../../../shared/remarks/index.ts'

export interface Film {
  /** What ffmpeg calls its reader of such files. */
  readonly demuxer: 'mov' | 'matroska'
  readonly tracks: readonly FilmTrack[]
  /** In the order in which they are shown, with where that is. */
  readonly words: readonly FilmWords[]
  /** Pictures that go with it, such as a cover, by where they lie in the file. */
  readonly pictures: readonly FileRange[]
  readonly omitted: readonly Remark[]
  readonly notes: readonly Remark[]
}

export interface FilmTrack {
  /** As the file numbers them. */
  readonly id: number
  readonly kind: 'video' | 'audio'
  /** The file's own name for it, such as `avc1` or `V_VP9`. */
  readonly codec: string
}

export interface FilmWords {
  readonly text: string
  /** Null for what stands beside the film, such as its title. */
  readonly seconds: number | null
}

export interface FileRange {
  readonly start: number
  readonly end: number
}
