/** What the coded pictures of a film carry besides themselves, packet by packet: captions as words, the rest left out by its name. */

import { type Remark, remark, sumRemarks } from '../../../../shared/remarks/index.ts'
import type { DocumentFile } from '../documents/document.ts'
import { type BesidePicture, packetReaderOf } from './beside-pictures.ts'
import { type FrameCaptions, readCaptions } from './captions.ts'
import type { FilmWords } from './film.ts'
import { library, openInput } from './film-library.ts'

export interface InPictures {
  readonly words: readonly FilmWords[]
  readonly omitted: readonly Remark[]
  readonly notes: readonly Remark[]
}

/** More than a film of four hours has. */
const mostCaptionBytes = 50_000_000

/** `id` is the track's number in the file. Null for a coding that no Chromium decodes. Throws where its packets cannot be told apart. */
export async function readPictures(file: DocumentFile, id: number): Promise<InPictures | null> {
  const { EncodedPacketSink } = await library()
  using input = await openInput(file)
  const track = (await input.getVideoTracks()).find(each => each.id === id)
  const config = await track?.getDecoderConfig()
  const read = packetReaderOf(
    (await track?.getCodec()) ?? null,
    config?.description == null ? null : bytesOf(config.description),
  )
  const found = new Map<string, BesidePicture>()
  const captions: FrameCaptions[] = []
  let captionBytes = 0
  if (track === undefined || read === null) return null
  for await (const { data, timestamp } of new EncodedPacketSink(track).packets()) {
    for (const beside of read(data)) {
      if (beside.kind !== 'captions') {
        found.set(JSON.stringify(beside), beside)
        continue
      }
      // What is not valid fills.
      if (!beside.triplets.some((byte, at) => at % 3 === 0 && (byte & 4) !== 0)) continue
      captionBytes += beside.triplets.length
      if (captionBytes > mostCaptionBytes) throw new RangeError('too many captions')
      captions.push({ seconds: Math.max(0, timestamp), triplets: beside.triplets.slice() })
    }
  }
  const { words, unread } = readCaptions(captions)
  const omitted = [...found.values()].flatMap(remarksOf)
  if (unread !== null) omitted.push(remark('film_captions', { name: `${clock(unread.from)}–${clock(unread.to)}` }))
  const others = [...found.values()].filter(({ kind }) => kind === 'private').length
  return { words, omitted: sumRemarks(omitted), notes: others === 0 ? [] : [remark('film_private', { count: others })] }
}

function remarksOf(beside: BesidePicture): readonly Remark[] {
  if (beside.kind === 'transparent') return [remark('film_transparent')]
  return beside.kind === 'unknown' ? [remark('film_part', { name: beside.name })] : []
}

function bytesOf(source: ArrayBufferView | ArrayBufferLike): Uint8Array {
  return ArrayBuffer.isView(source)
    ? new Uint8Array(source.buffer, source.byteOffset, source.byteLength)
    : new Uint8Array(source)
}

/** `1:02`. */
function clock(seconds: number): string {
  return `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, '0')}`
}
