/** Decodes every frame of a track, in the order in which they are shown. */

import type { EncodedPacket, EncodedPacketSink, InputVideoTrack } from 'mediabunny'

/** Seconds of the film between which nothing could be decoded. */
export interface Damage {
  readonly from: number
  readonly to: number
}

export interface Decoding {
  readonly frames: AsyncGenerator<VideoFrame, void, void>
  /** What was found out on the way. */
  readonly damage: readonly Damage[]
  /** Frames that the file holds and the decoder did not give. */
  missing(): number
}

/** Frames that wait to be looked at, and packets that wait to be decoded. */
const mostWaiting = 6
/** So often decoding begins anew behind damage. */
const mostDamage = 100

export function decodeAll(sink: EncodedPacketSink, track: InputVideoTrack, config: VideoDecoderConfig): Decoding {
  const damage: Damage[] = []
  let packets = 0
  let given = 0
  let shown = 0
  const count = (frame: VideoFrame) => {
    given += 1
    shown = frame.timestamp / 1e6
    return frame
  }

  async function* frames(): AsyncGenerator<VideoFrame, void, void> {
    let packet = await firstOf(sink, damage)
    while (packet !== null) {
      const stretch = createStretch(config)
      let latest: EncodedPacket = packet
      try {
        for await (const each of sink.packets(packet)) {
          latest = each
          if (!isHidden(config.codec, each)) packets += 1
          stretch.push(each)
          for await (const frame of stretch.take(mostWaiting)) yield count(frame)
        }
        await stretch.flush()
        for await (const frame of stretch.take(0)) yield count(frame)
        return
      } catch {
        for (const frame of stretch.close()) yield count(frame)
        packet = damage.length < mostDamage ? await sink.getNextKeyPacket(latest).catch(() => null) : null
        const to = packet?.timestamp ?? (await track.computeDuration().catch(() => latest.timestamp))
        damage.push({ from: shown, to: Math.max(shown, to) })
        // Between the damage and where it goes on nothing is expected.
        packets = given
      } finally {
        for (const frame of stretch.close()) frame.close()
      }
    }
  }
  return { frames: frames(), damage, missing: () => Math.max(0, packets - given) }
}

/** What stands before the first frame that can be decoded by itself is lost. */
async function firstOf(sink: EncodedPacketSink, damage: Damage[]): Promise<EncodedPacket | null> {
  const first = await sink.getFirstPacket()
  const key = first?.type === 'key' ? first : await sink.getFirstKeyPacket()
  if (first !== null && key?.timestamp !== first.timestamp)
    damage.push({ from: Math.max(0, first.timestamp), to: Math.max(0, key?.timestamp ?? first.timestamp) })
  return key
}

/** VP8 has frames that are only there for others to be made from (RFC 6386, 9.1). */
function isHidden(codec: string, { data }: EncodedPacket): boolean {
  return codec === 'vp8' && ((data[0] ?? 0) & 0x10) === 0
}

interface Stretch {
  push(packet: EncodedPacket): void
  /** Frames that are there, waiting for more while more than `most` are on their way. */
  take(most: number): AsyncGenerator<VideoFrame, void, void>
  flush(): Promise<void>
  /** Frames that nobody took. */
  close(): readonly VideoFrame[]
}

/** One decoder, from a frame that can be decoded by itself up to the end or to damage. */
function createStretch(config: VideoDecoderConfig): Stretch {
  const ready: VideoFrame[] = []
  let failed: unknown = null
  let wake: () => void = () => undefined
  const decoder = new VideoDecoder({
    output: frame => {
      ready.push(frame)
      wake()
    },
    error: error => {
      failed = error
      wake()
    },
  })
  decoder.ondequeue = () => wake()
  decoder.configure(config)
  return {
    push: packet => {
      if (failed !== null) throw failed
      decoder.decode(packet.toEncodedVideoChunk())
    },
    take: async function* (most) {
      for (;;) {
        for (let frame = ready.shift(); frame !== undefined; frame = ready.shift()) yield frame
        if (failed !== null) throw failed
        if (decoder.decodeQueueSize <= most || decoder.state === 'closed') return
        await new Promise<void>(resolve => {
          wake = resolve
        })
      }
    },
    flush: async () => {
      if (failed !== null) throw failed
      await decoder.flush()
    },
    close: () => {
      if (decoder.state !== 'closed') decoder.close()
      return ready.splice(0)
    },
  }
}
