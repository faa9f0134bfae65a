/**
 * LZMA and LZMA2 (the LZMA specification of the LZMA SDK 9.20 and 23.01, which is in the public domain), from a source that is read
 * piece by piece into a sink. Holds no more than the dictionary. Throws `DamagedData` for whatever is not so packed.
 */
export class DamagedData extends Error {}

/** The next piece of what is packed; empty at its end. */
export type ByteSource = () => Uint8Array
/** Takes what was unpacked; the bytes are overwritten afterwards. False where no more is wanted. */
export type ByteSink = (bytes: Uint8Array) => boolean

type Unpacker = (source: ByteSource, sizeBytes: number, sink: ByteSink) => void

/** What unpacks LZMA with these five bytes of properties; null where they are none, or its dictionary is larger than that. */
export function lzmaOf(properties: Uint8Array, maxDictionaryBytes: number): Unpacker | null {
  const [first = 255] = properties
  if (properties.length < 5 || first >= 9 * 5 * 5) return null
  const dictionaryBytes = new DataView(properties.buffer, properties.byteOffset).getUint32(1, true)
  if (dictionaryBytes > maxDictionaryBytes) return null
  return (source, sizeBytes, sink) => {
    const decoder = new Decoder(source, sink, Math.min(dictionaryBytes, sizeBytes))
    decoder.setProperties(first)
    decoder.beginRange()
    decoder.unpack(sizeBytes)
    decoder.flush()
  }
}

/** The same of LZMA2 with its one byte of properties. */
export function lzma2Of(properties: Uint8Array, maxDictionaryBytes: number): Unpacker | null {
  const [bits = 255] = properties
  if (bits > 40) return null
  const dictionaryBytes = bits === 40 ? 0xffffffff : (2 | (bits & 1)) * 2 ** ((bits >> 1) + 11)
  if (dictionaryBytes > maxDictionaryBytes) return null
  return (source, sizeBytes, sink) => unpackChunks(source, sizeBytes, sink, dictionaryBytes)
}

function unpackChunks(source: ByteSource, sizeBytes: number, sink: ByteSink, dictionaryBytes: number): void {
  const decoder = new Decoder(source, sink, Math.min(dictionaryBytes, sizeBytes))
  let wantsDictionary = true
  let wantsProperties = true
  while (decoder.written < sizeBytes && decoder.isWanted) {
    const control = decoder.byte()
    if (control === 0) break
    if (control === 1 || control >= 0xe0) {
      wantsDictionary = false
      decoder.resetDictionary()
    }
    if (wantsDictionary) throw new DamagedData()
    if (control < 0x80) {
      if (control > 2) throw new DamagedData()
      decoder.copy(Math.min(decoder.short() + 1, sizeBytes - decoder.written))
      continue
    }
    const count = ((control & 0x1f) << 16) + decoder.short() + 1
    // How long it is packed: the range decoder takes what it needs.
    decoder.short()
    if (control >= 0xc0) {
      decoder.setProperties(decoder.byte())
      wantsProperties = false
    } else if (wantsProperties) {
      throw new DamagedData()
    } else if (control >= 0xa0) {
      decoder.resetState()
    }
    decoder.beginRange()
    decoder.unpack(Math.min(count, sizeBytes - decoder.written))
  }
  decoder.flush()
}

const half = 1024
const states = 12
/** Where the probabilities of each kind stand in one table. */
const at = (() => {
  let next = 0
  const table = (size: number) => {
    const start = next
    next += size
    return start
  }
  const lengths = () => ({ choice: table(2), low: table(16 << 3), middle: table(16 << 3), high: table(256) })
  return {
    match: table(states << 4),
    rep: table(states),
    repG0: table(states),
    repG1: table(states),
    repG2: table(states),
    rep0Long: table(states << 4),
    slots: table(4 << 6),
    special: table(128),
    align: table(16),
    matchLength: lengths(),
    repLength: lengths(),
    literals: next,
  }
})()
type LengthTable = typeof at.matchLength

class Decoder {
  written = 0
  isWanted = true
  readonly #source: ByteSource
  readonly #sink: ByteSink
  #piece: Uint8Array = new Uint8Array(0)
  #next = 0
  #range = 0
  #code = 0
  #probs = new Uint16Array(0)
  #lc = 0
  #lpMask = 0
  #pbMask = 0
  #state = 0
  #rep0 = 0
  #rep1 = 0
  #rep2 = 0
  #rep3 = 0
  readonly #dictionary: Uint8Array
  #position = 0
  #flushed = 0
  /** How far back a match may reach. */
  #filled = 0
  /** Where its dictionary began, from which positions count. */
  #origin = 0

  constructor(source: ByteSource, sink: ByteSink, dictionaryBytes: number) {
    this.#source = source
    this.#sink = sink
    this.#dictionary = new Uint8Array(Math.max(4096, dictionaryBytes))
  }

  byte(): number {
    if (this.#next === this.#piece.length) {
      this.#piece = this.#source()
      this.#next = 0
      if (this.#piece.length === 0) throw new DamagedData()
    }
    return this.#piece[this.#next++] ?? 0
  }

  short(): number {
    const high = this.byte()
    return (high << 8) | this.byte()
  }

  setProperties(properties: number): void {
    if (properties >= 225) throw new DamagedData()
    this.#lc = properties % 9
    const lp = Math.trunc(properties / 9) % 5
    this.#lpMask = (1 << lp) - 1
    this.#pbMask = (1 << Math.trunc(properties / 45)) - 1
    this.#probs = new Uint16Array(at.literals + (0x300 << (this.#lc + lp)))
    this.resetState()
  }

  resetState(): void {
    this.#probs.fill(half)
    this.#state = 0
    this.#rep0 = this.#rep1 = this.#rep2 = this.#rep3 = 0
  }

  resetDictionary(): void {
    this.#filled = 0
    this.#origin = this.written
  }

  beginRange(): void {
    if (this.byte() !== 0) throw new DamagedData()
    this.#range = -1
    this.#code = 0
    for (let count = 0; count < 4; count++) this.#code = (this.#code << 8) | this.byte()
  }

  copy(count: number): void {
    for (let left = count; left > 0 && this.isWanted; left--) this.#put(this.byte())
  }

  flush(): void {
    if (this.isWanted && this.#position > this.#flushed) {
      this.isWanted = this.#sink(this.#dictionary.subarray(this.#flushed, this.#position))
    }
    this.#flushed = this.#position
  }

  unpack(count: number): void {
    const end = this.written + count
    const probs = this.#probs
    while (this.written < end && this.isWanted) {
      const posState = (this.written - this.#origin) & this.#pbMask
      const state = this.#state
      if (this.#bit(probs, at.match + (state << 4) + posState) === 0) {
        this.#literal(probs)
        continue
      }
      let length: number
      if (this.#bit(probs, at.rep + state) === 0) {
        this.#rep3 = this.#rep2
        this.#rep2 = this.#rep1
        this.#rep1 = this.#rep0
        length = this.#length(probs, at.matchLength, posState)
        this.#state = state < 7 ? 7 : 10
        this.#rep0 = this.#distance(probs, length)
        // The mark of an end that was not announced.
        if (this.#rep0 === -1) throw new DamagedData()
      } else if (this.#bit(probs, at.repG0 + state) === 0) {
        if (this.#bit(probs, at.rep0Long + (state << 4) + posState) === 0) {
          this.#state = state < 7 ? 9 : 11
          this.#repeat(1)
          continue
        }
        length = this.#length(probs, at.repLength, posState)
        this.#state = state < 7 ? 8 : 11
      } else {
        this.#rotate(probs, state)
        length = this.#length(probs, at.repLength, posState)
        this.#state = state < 7 ? 8 : 11
      }
      // A match that goes on behind the end is cut there.
      this.#repeat(Math.min(length + 2, end - this.written))
    }
  }

  #rotate(probs: Uint16Array, state: number): void {
    let distance = this.#rep1
    if (this.#bit(probs, at.repG1 + state) !== 0) {
      distance = this.#rep2
      if (this.#bit(probs, at.repG2 + state) !== 0) {
        distance = this.#rep3
        this.#rep3 = this.#rep2
      }
      this.#rep2 = this.#rep1
    }
    this.#rep1 = this.#rep0
    this.#rep0 = distance
  }

  #bit(probs: Uint16Array, index: number): number {
    const probability = probs[index] ?? half
    const bound = Math.imul(this.#range >>> 11, probability)
    let bit = 0
    if (this.#code >>> 0 < bound >>> 0) {
      this.#range = bound
      probs[index] = probability + ((2048 - probability) >> 5)
    } else {
      this.#range = (this.#range - bound) | 0
      this.#code = (this.#code - bound) | 0
      probs[index] = probability - (probability >> 5)
      bit = 1
    }
    if (this.#range >>> 0 < 0x1000000) {
      this.#range <<= 8
      this.#code = (this.#code << 8) | this.byte()
    }
    return bit
  }

  #tree(probs: Uint16Array, start: number, bits: number): number {
    let node = 1
    for (let left = bits; left > 0; left--) node = (node << 1) | this.#bit(probs, start + node)
    return node - (1 << bits)
  }

  #reverseTree(probs: Uint16Array, start: number, bits: number): number {
    let node = 1
    let value = 0
    for (let place = 0; place < bits; place++) {
      const bit = this.#bit(probs, start + node)
      node = (node << 1) | bit
      value |= bit << place
    }
    return value
  }

  #literal(probs: Uint16Array): void {
    const before = this.#filled > 0 ? this.#byteAt(0) : 0
    const context = (((this.written - this.#origin) & this.#lpMask) << this.#lc) + (before >> (8 - this.#lc))
    const start = at.literals + 0x300 * context
    let symbol = 1
    if (this.#state >= 7) {
      let match = this.#byteAt(this.#rep0)
      while (symbol < 0x100) {
        const matchBit = (match >> 7) & 1
        match <<= 1
        const bit = this.#bit(probs, start + ((1 + matchBit) << 8) + symbol)
        symbol = (symbol << 1) | bit
        if (bit !== matchBit) break
      }
    }
    while (symbol < 0x100) symbol = (symbol << 1) | this.#bit(probs, start + symbol)
    this.#put(symbol & 0xff)
    const state = this.#state
    this.#state = state < 4 ? 0 : state < 10 ? state - 3 : state - 6
  }

  #length(probs: Uint16Array, table: LengthTable, posState: number): number {
    if (this.#bit(probs, table.choice) === 0) return this.#tree(probs, table.low + (posState << 3), 3)
    if (this.#bit(probs, table.choice + 1) === 0) return 8 + this.#tree(probs, table.middle + (posState << 3), 3)
    return 16 + this.#tree(probs, table.high, 8)
  }

  #distance(probs: Uint16Array, length: number): number {
    const slot = this.#tree(probs, at.slots + (Math.min(length, 3) << 6), 6)
    if (slot < 4) return slot
    const bits = (slot >> 1) - 1
    const base = (2 | (slot & 1)) << bits
    if (slot < 14) return base + this.#reverseTree(probs, at.special + base - slot, bits)
    let direct = 0
    for (let left = bits - 4; left > 0; left--) {
      this.#range >>>= 1
      const isBelow = this.#code >>> 0 < this.#range >>> 0
      if (!isBelow) this.#code = (this.#code - this.#range) | 0
      direct = (direct << 1) | (isBelow ? 0 : 1)
      if (this.#range >>> 0 < 0x1000000) {
        this.#range <<= 8
        this.#code = (this.#code << 8) | this.byte()
      }
    }
    return (base + (direct << 4) + this.#reverseTree(probs, at.align, 4)) | 0
  }

  /** The byte `distance` before the last one. */
  #byteAt(distance: number): number {
    const index = this.#position - distance - 1
    return this.#dictionary[index < 0 ? index + this.#dictionary.length : index] ?? 0
  }

  #put(byte: number): void {
    this.#dictionary[this.#position++] = byte
    this.written++
    if (this.#filled < this.#dictionary.length) this.#filled++
    if (this.#position === this.#dictionary.length) this.#wrap()
  }

  #wrap(): void {
    this.flush()
    this.#position = 0
    this.#flushed = 0
  }

  #repeat(length: number): void {
    const distance = this.#rep0 >>> 0
    if (distance >= this.#filled) throw new DamagedData()
    const dictionary = this.#dictionary
    let from = this.#position - distance - 1
    if (from < 0) from += dictionary.length
    if (this.#position + length < dictionary.length && from + length <= dictionary.length) {
      let to = this.#position
      for (let left = length; left > 0; left--) dictionary[to++] = dictionary[from++] ?? 0
      this.#position = to
      this.written += length
      this.#filled = Math.min(this.#filled + length, dictionary.length)
      return
    }
    for (let left = length; left > 0; left--) {
      this.#put(dictionary[from++] ?? 0)
      if (from === dictionary.length) from = 0
    }
  }
}
