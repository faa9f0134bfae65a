/** Captions of digital television (ANSI/CTA-708-E): packets of services, each with letters and commands for its windows. */

import type { CaptionsSink } from './captions.ts'

export interface WindowCaptions {
  take(isStart: boolean, first: number, second: number, seconds: number): void
  end(): void
}

interface Service {
  readonly sink: CaptionsSink
  text: string
  since: number
}

/** How many bytes follow a command, from 0x80 and from 0x98 on. */
const following = [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 0, 0, 2, 3, 2, 0, 0, 0, 0, 4, 6, 6, 6, 6, 6, 6, 6, 6]
/** Commands behind which other words stand in the window, or another window. */
const turning = new Set([0x88, 0x89, 0x8a, 0x8b, 0x8c, 0x8f])
/** Where the next letter goes. */
const placing = 0x92
const further = new Map(
  [
    ...' \x20\xa0\x21…\x25Š\x2aŒ\x2c█\x30‘\x31’\x32“\x33”\x34•\x35™\x39š\x3aœ\x3c℠\x3dŸ\x3f⅛\x76⅜\x77⅝\x78⅞\x79│\x7a┐\x7b└\x7c─\x7d┘\x7e┌\x7f',
  ].flatMap((letter, at, all) => (at % 2 === 0 ? [[all[at + 1]?.charCodeAt(0) ?? 0, letter] as const] : [])),
)

export function createWindowCaptions(sink: () => CaptionsSink): WindowCaptions {
  const services = new Map<number, Service>()
  let packet: number[] = []
  let startedAt = 0

  const show = (service: Service, seconds: number) => {
    service.sink.words(service.text, seconds)
    service.text = ''
  }
  const finish = () => {
    if (packet.length > 0) readPacket(Uint8Array.from(packet), startedAt)
    packet = []
  }
  const readPacket = (bytes: Uint8Array, seconds: number) => {
    const end = Math.min(bytes.length, ((bytes[0] ?? 0) & 0x3f || 64) * 2)
    for (let at = 1; at < end; ) {
      const head = bytes[at] ?? 0
      const length = head & 0x1f
      const isFurther = head >> 5 === 7 && length > 0
      const number = isFurther ? (bytes[at + 1] ?? 0) & 0x3f : head >> 5
      at += isFurther ? 2 : 1
      // A service without a number fills what is left.
      if (number === 0) return
      const service = services.get(number) ?? { sink: sink(), text: '', since: 0 }
      services.set(number, service)
      readService(service, bytes.subarray(at, Math.min(at + length, end)), seconds)
      at += length
    }
  }
  const readService = (service: Service, bytes: Uint8Array, seconds: number) => {
    const write = (letters: string | undefined) => {
      if (service.text.trim() === '') service.since = seconds
      if (letters === undefined) service.sink.unread(seconds)
      else service.text += letters
    }
    for (let at = 0; at < bytes.length; ) {
      const code = bytes[at++] as number
      if (code === 0x08) service.text = service.text.slice(0, -1)
      else if (code === 0x0c) show(service, service.since)
      else if (code === 0x0d || code === 0x0e) write('\n')
      else if (code === 0x10) {
        const more = bytes[at++] ?? 0
        if (more < 0x20) at += more >> 3
        else if (more >= 0x80 && more < 0xa0) at += more < 0x88 ? 4 : more < 0x90 ? 5 : 1 + ((bytes[at] ?? 0) & 0x3f)
        else write(further.get(more))
      } else if (code === 0x18) {
        write(String.fromCharCode((bytes[at] ?? 0) * 256 + (bytes[at + 1] ?? 0)))
        at += 2
      } else if (code < 0x20) at += code < 0x10 ? 0 : code < 0x18 ? 1 : 2
      else if (code < 0x80 || code >= 0xa0) write(code === 0x7f ? '♪' : String.fromCharCode(code))
      else {
        if (turning.has(code) || code >= 0x98) show(service, seconds)
        else if (code === placing) write('\n')
        at += following[code - 0x80] ?? 0
      }
    }
  }
  return {
    take: (isStart, first, second, seconds) => {
      if (isStart) {
        finish()
        startedAt = seconds
      } else if (packet.length === 0) return
      packet.push(first, second)
      if (packet.length >= ((packet[0] ?? 0) & 0x3f || 64) * 2) finish()
    },
    end: () => {
      finish()
      for (const service of services.values()) show(service, service.since)
    },
  }
}
