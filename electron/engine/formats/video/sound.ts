/** The sound of a film as recordings that the platforms take, copied out of it without being decoded. */

import type { InputAudioTrack, OutputFormat } from 'mediabunny'
import { limits } from '../../../../shared/limits.ts'
import type { DocumentFile } from '../documents/document.ts'
import { library, openInput } from './film-library.ts'

/** In seconds of the film. */
export interface SoundPart {
  readonly from: number
  readonly to: number
}

/** Files for sound of its coding, of those that the platforms take (docs/protocol.md §3.2); null for other codings. */
async function fileFor(codec: string | null): Promise<OutputFormat | null> {
  const { AdtsOutputFormat, FlacOutputFormat, Mp3OutputFormat, OggOutputFormat, WavOutputFormat } = await library()
  if (codec === 'aac') return new AdtsOutputFormat()
  if (codec === 'mp3') return new Mp3OutputFormat()
  if (codec === 'opus' || codec === 'vorbis') return new OggOutputFormat()
  if (codec === 'flac') return new FlacOutputFormat()
  return codec === 'pcm-s16' || codec === 'pcm-u8' || codec === 'pcm-s24' ? new WavOutputFormat() : null
}

/** What one packet costs besides its bytes, at most, and the file around them. */
const packetBytes = 12
const fileBytes = 200_000
/** A word at a cut is whole on one side of it. */
const overlapS = 3

/** Parts of a track that are each within the platforms' limit of bytes; null for a coding that they do not take. */
export async function soundParts(file: DocumentFile, id: number): Promise<readonly SoundPart[] | null> {
  const { EncodedPacketSink } = await library()
  using input = await openInput(file)
  const track = await trackOf(input, id)
  if (track === null || (await fileFor(await track.getCodec())) === null) return null
  const whole = { from: Number.NEGATIVE_INFINITY, to: Number.POSITIVE_INFINITY }
  if (file.sizeBytes + fileBytes < limits.mediaMaxBytes / 2) return [whole]
  const parts: SoundPart[] = []
  /** When the latest packets began, and what they cost. */
  let recent: { readonly time: number; readonly bytes: number }[] = []
  let from = whole.from
  let bytes = 0
  for await (const packet of new EncodedPacketSink(track).packets(undefined, undefined, { metadataOnly: true })) {
    const cost = packet.byteLength + packetBytes
    if (bytes + cost > limits.mediaMaxBytes - fileBytes) {
      parts.push({ from, to: packet.timestamp })
      recent = recent.filter(({ time }) => time >= packet.timestamp - overlapS)
      from = recent[0]?.time ?? packet.timestamp
      bytes = recent.reduce((sum, each) => sum + each.bytes, 0)
    }
    bytes += cost
    recent.push({ time: packet.timestamp, bytes: cost })
    if (recent.length > 2000) recent = recent.filter(({ time }) => time >= packet.timestamp - overlapS)
  }
  parts.push({ from, to: whole.to })
  return parts
}

/** A part of a track as a file of its own. Throws where it cannot be read. */
export async function soundFile(file: DocumentFile, id: number, { from, to }: SoundPart): Promise<Uint8Array> {
  const { BufferTarget, EncodedAudioPacketSource, EncodedPacketSink, Output } = await library()
  using input = await openInput(file)
  const track = await trackOf(input, id)
  const codec = await track?.getCodec()
  const format = await fileFor(codec ?? null)
  if (track === null || codec == null || format === null) throw new Error('no sound')
  const decoderConfig = await track.getDecoderConfig()
  if (decoderConfig === null) throw new Error('no sound')
  const target = new BufferTarget()
  const output = new Output({ format, target })
  const source = new EncodedAudioPacketSource(codec)
  output.addAudioTrack(source)
  await output.start()
  const sink = new EncodedPacketSink(track)
  const first = Number.isFinite(from) ? await sink.getPacket(from) : await sink.getFirstPacket()
  if (first === null) throw new Error('no sound')
  for await (const packet of sink.packets(first)) {
    if (packet.timestamp >= to) break
    await source.add(packet.clone({ timestamp: Math.max(0, packet.timestamp - first.timestamp) }), { decoderConfig })
  }
  await output.finalize()
  if (target.buffer === null) throw new Error('no sound')
  return new Uint8Array(target.buffer)
}

async function trackOf(input: Awaited<ReturnType<typeof openInput>>, id: number): Promise<InputAudioTrack | null> {
  return (await input.getAudioTracks()).find(track => track.id === id) ?? null
}
