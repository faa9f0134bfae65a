/** What EXIF holds that somebody may have written, and the small picture that file managers show. */

import { textOf } from './behind.ts'
import { bytesOf, numbersOf, openDirectories, readDirectory } from './directories.ts'

export interface ExifDetails {
  readonly words: string
  /** A JPEG; null where there is none. */
  readonly thumbnail: Uint8Array | null
}

const tags = { description: 270, exif: 0x8769, userComment: 0x9286, thumbnailAt: 0x201, thumbnailBytes: 0x202 } as const
/** Windows' own title, comment, keywords and subject, in UTF-16. */
const windowsTags = [0x9c9b, 0x9c9c, 0x9c9e, 0x9c9f] as const

/** `block` begins with its byte order. What is damaged in it holds nothing that could be shown. */
export function readExif(block: Uint8Array): ExifDetails {
  const words: string[] = []
  let thumbnail: Uint8Array | null = null
  try {
    const file = openDirectories(block)
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
  }
}

/** Eight bytes name its character code. */
function commentOf(comment: Uint8Array, little: boolean): string {
  const code = textOf(comment.subarray(0, 8))
  const text = comment.subarray(8)
  if (!code.startsWith('UNICODE')) return textOf(text)
  return new TextDecoder(little ? 'utf-16le' : 'utf-16be').decode(text)
}
