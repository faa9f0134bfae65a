/** What EXIF holds that somebody may have written, and the small picture that file managers show. */

import { textOf } from './behind.ts'
import { bytesOf, type DirectoryFile, numbersOf, openDirectories, readDirectory } from './directories.ts'

export interface ExifDetails {
  readonly words: string
  /** A JPEG; null where there is none. */
  readonly thumbnail: Uint8Array | null
  /** 1 to 8, as browsers read it. */
  readonly orientation: number
}

const tags = {
  description: 270,
  orientation: 274,
  exif: 0x8769,
  userComment: 0x9286,
  thumbnailAt: 0x201,
  thumbnailBytes: 0x202,
} as const
/** Windows' own title, comment, keywords and subject, in UTF-16. */
const windowsTags = [0x9c9b, 0x9c9c, 0x9c9e, 0x9c9f] as const

/** `block` begins with its byte order. What is damaged in it holds nothing that could be shown. */
export function readExif(block: Uint8Array): ExifDetails {
  const words: string[] = []
  let thumbnail: Uint8Array | null = null
  let orientation: number | null = null
  try {
    const file = openDirectories(block)
    orientation = orientationIn(file, file.first, true)
    const main = readDirectory(file, file.first)
    words.push(textOf(bytesOf(file, main.entries.get(tags.description))))
    for (const tag of windowsTags) words.push(new TextDecoder('utf-16le').decode(bytesOf(file, main.entries.get(tag))))
    const [inner] = numbersOf(file, main.entries.get(tags.exif))
    if (inner !== undefined)
      words.push(commentOf(bytesOf(file, readDirectory(file, inner).entries.get(tags.userComment)), file.little))
    if (main.next !== 0) {
      const { entries } = readDirectory(file, main.next)
      const [at] = numbersOf(file, entries.get(tags.thumbnailAt))
      const [length] = numbersOf(file, entries.get(tags.thumbnailBytes))
      if (at !== undefined && length !== undefined && length > 0) thumbnail = block.subarray(at, at + length)
    }
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
  }
  return {
    words: words
      .map(each => each.replace(/\0+/g, ' ').trim())
      .filter(each => each !== '')
      .join(' '),
    thumbnail,
    orientation: orientation ?? 1,
  }
}

/** The first that is one short number, here or in the inner directory; decoders of other programs take other kinds too. */
function orientationIn(file: DirectoryFile, at: number, isMain: boolean): number | null {
  const { view, little } = file
  try {
    for (let left = view.getUint16(at, little), entry = at + 2; left > 0; left--, entry += 12) {
      const tag = view.getUint16(entry, little)
      if (view.getUint32(entry + 4, little) !== 1) continue
      const type = view.getUint16(entry + 2, little)
      const value = type === 3 ? view.getUint16(entry + 8, little) : view.getUint32(entry + 8, little)
      if (tag === tags.orientation && type === 3 && value >= 1 && value <= 8) return value
      const inner = isMain && tag === tags.exif && type === 4 ? orientationIn(file, value, false) : null
      if (inner !== null) return inner
    }
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
  }
  return null
}

/** Eight bytes name its character code. */
function commentOf(comment: Uint8Array, little: boolean): string {
  const code = textOf(comment.subarray(0, 8))
  const text = comment.subarray(8)
  if (!code.startsWith('UNICODE')) return textOf(text)
  return new TextDecoder(little ? 'utf-16le' : 'utf-16be').decode(text)
}
