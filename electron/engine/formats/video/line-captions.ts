/** Captions of one field of television (ANSI/CTA-608-E): two bytes a frame, letters or a command, for two channels in turn. */

import type { CaptionsSink } from './captions.ts'

export interface LineCaptions {
  /** Without their parity. */
  take(first: number, second: number, seconds: number): void
  end(): void
}

/** Where they differ from ASCII. */
const basic = new Map(
  [...'*á\\é^í_ó`ú{ç|÷}Ñ~ñ\x7f█'].flatMap((letter, at, all) => (at % 2 === 0 ? [[letter, all[at + 1] ?? '']] : [])),
)
const special = '®°½¿™¢£♪à\xa0èâêîôû'
const extended = ["ÁÉÓÚÜü‘¡*'—©℠•“”ÀÂÇÈÊËëÎÏïÔÙùÛ«»", 'ÃãÍÌìÒòÕõ{}\\^_|~ÄäÖöß¥¤¦ÅåØø┌┐└┘']

interface Channel {
  readonly sink: CaptionsSink
  text: string
  since: number
  /** Lines are put together unseen and shown at once. */
  isHeld: boolean
}

export function createLineCaptions(sink: () => CaptionsSink): LineCaptions {
  const channels = [0, 1].map((): Channel => ({ sink: sink(), text: '', since: 0, isHeld: false }))
  let current = channels[0] as Channel
  /** Commands are sent twice. */
  let before = 0
  /** What receivers are told of the programme, in the second field, shows nothing. */
  let isForReceivers = false

  const show = (channel: Channel, seconds: number) => {
    channel.sink.words(channel.text, seconds)
    channel.text = ''
  }
  const write = (letters: string, seconds: number) => {
    if (current.text.trim() === '') current.since = seconds
    current.text += letters
  }
  const command = (code: number, seconds: number) => {
    const { since, isHeld } = current
    switch (code) {
      case 0x20:
        current.isHeld = true
        break
      case 0x21:
        current.text = current.text.slice(0, -1)
        break
      case 0x2e:
      case 0x2f:
        show(current, seconds)
        current.isHeld = true
        break
      case 0x2c:
        if (!isHeld) show(current, since)
        break
      case 0x2d:
        show(current, since)
        break
      case 0x25:
      case 0x26:
      case 0x27:
      case 0x29:
      case 0x2a:
      case 0x2b:
        if (!isHeld) show(current, since)
        current.isHeld = false
        break
      // To the end of the line, flashing, and the like.
      default:
    }
  }
  const control = (first: number, second: number, seconds: number) => {
    current = channels[(first >> 3) & 1] as Channel
    const code = first & 0x17
    if (second >= 0x40) write('\n', seconds)
    else if (code === 0x11 && second >= 0x30) write(special[second - 0x30] ?? '', seconds)
    else if (code === 0x11) write(' ', seconds)
    else if (code === 0x12 || code === 0x13) {
      // A plain letter stands before it, for receivers that do not know this one.
      current.text = current.text.slice(0, -1)
      write(extended[code - 0x12]?.[second - 0x20] ?? '', seconds)
    } else if ((code === 0x14 || code === 0x15) && second < 0x30) command(second, seconds)
    else if (code === 0x17 && second <= 0x23) write(' ', seconds)
    // Letters of other scripts.
    else if (code === 0x17 && second <= 0x2a) current.sink.unread(seconds)
  }
  return {
    take: (first, second, seconds) => {
      if (first >= 0x10 && first < 0x20) {
        isForReceivers = false
        const both = first * 256 + second
        const isAgain = both === before
        before = isAgain ? 0 : both
        if (!isAgain && second >= 0x20) control(first, second, seconds)
        return
      }
      before = 0
      if (first > 0 && first < 0x10) isForReceivers = first < 0x0f
      else if (!isForReceivers)
        for (const byte of [first, second].filter(each => each >= 0x20)) {
          const letter = String.fromCharCode(byte)
          write(basic.get(letter) ?? letter, seconds)
        }
    },
    end: () => {
      for (const channel of channels) show(channel, channel.since)
    },
  }
}
