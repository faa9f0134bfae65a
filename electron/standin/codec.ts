/** What crosses between page and Node is text, so the structured clone that Electron makes is spelled out as text. */
export interface Codec {
  /** Throws as Electron does when something cannot be cloned. */
  encode(value: unknown): string
  decode(text: string): unknown
}

/** The codec of Node's side; the page has its own, made of the same two functions (see page/script.ts). */
export const codec: Codec = {
  encode: createEncoder(bytes => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64')),
  decode: createDecoder(text => new Uint8Array(Buffer.from(text, 'base64'))),
}

/**
 * Writes a value as the JSON of a list of nodes, which name each other by their index: what is shared or circular stays
 * so. Self-contained, because its source text also runs in the page.
 */
export function createEncoder(toBase64: (bytes: Uint8Array) => string): Codec['encode'] {
  const uncloneable = () => new Error('An object could not be cloned.')
  type Numbers = Uint8Array | Uint32Array | Int32Array | Float64Array
  const isOfNumbers = (view: ArrayBufferView): view is Numbers =>
    view instanceof Uint8Array ||
    view instanceof Uint32Array ||
    view instanceof Int32Array ||
    view instanceof Float64Array
  /** Beyond it the step from one to the next may not be exact. */
  const isExact = (value: number): boolean => Number.isInteger(value) && Math.abs(value) < 2 ** 52
  const bytesOfRun = 24
  /**
   * Numbers that rise or fall evenly as runs of count, first and step; null where that is not shorter. A browser takes longer over the
   * text of a message than over all that is done with it: a column of a million spelled out is seconds.
   */
  const runsOf = (values: Numbers): Float64Array | null => {
    const mostRuns = Math.floor(values.byteLength / bytesOfRun)
    const runs: number[] = []
    for (let at = 0; at < values.length; ) {
      if (runs.length / 3 >= mostRuns) return null
      const first = values[at] ?? 0
      const step = at + 1 < values.length ? (values[at + 1] ?? 0) - first : 0
      let end = at
      for (let value = first; end < values.length && values[end] === value; value += step) {
        if (!isExact(value) || Object.is(values[end], -0)) return null
        end += 1
      }
      // What equals nothing, not even itself.
      if (end === at) return null
      runs.push(end - at, first, step)
      at = end
    }
    return runs.length === 0 ? null : Float64Array.from(runs)
  }
  return value => {
    let clone: unknown
    try {
      clone = structuredClone(value)
    } catch {
      throw uncloneable()
    }
    const nodes: unknown[] = []
    const seen = new Map<object, number>()
    const put = (item: unknown): number => {
      if (typeof item === 'object' && item !== null) {
        const known = seen.get(item)
        if (known !== undefined) return known
        const index = nodes.push(null) - 1
        seen.set(item, index)
        nodes[index] = describe(item)
        return index
      }
      return nodes.push(describePrimitive(item)) - 1
    }
    const putBufferOf = (view: ArrayBufferView): number => {
      const known = seen.get(view.buffer)
      if (known !== undefined) return known
      const numbers = isOfNumbers(view) && view.byteLength === view.buffer.byteLength ? view : null
      const runs = numbers === null ? null : runsOf(numbers)
      if (numbers === null || runs === null) return put(view.buffer)
      const index =
        nodes.push(['runs', numbers.constructor.name, numbers.length, toBase64(new Uint8Array(runs.buffer))]) - 1
      seen.set(view.buffer, index)
      return index
    }
    const describePrimitive = (item: unknown): unknown => {
      if (item === undefined) return ['undefined']
      if (typeof item === 'bigint') return ['bigint', item.toString()]
      if (typeof item === 'number' && (!Number.isFinite(item) || Object.is(item, -0))) {
        return ['number', Object.is(item, -0) ? '-0' : String(item)]
      }
      return ['value', item]
    }
    const describe = (item: object): unknown => {
      if (Array.isArray(item)) {
        return ['array', item.length, Array.from(item.keys(), index => (index in item ? put(item[index]) : -1))]
      }
      if (item instanceof Date) return ['date', item.getTime()]
      if (item instanceof RegExp) return ['regexp', item.source, item.flags]
      if (item instanceof Map) return ['map', [...item].map(([key, entry]) => [put(key), put(entry)])]
      if (item instanceof Set) return ['set', [...item].map(put)]
      if (item instanceof Error) return ['error', item.name, item.message]
      if (item instanceof ArrayBuffer) return ['buffer', toBase64(new Uint8Array(item))]
      if (ArrayBuffer.isView(item)) {
        const length = 'length' in item ? (item as { length: number }).length : item.byteLength
        return ['view', item.constructor.name, putBufferOf(item), item.byteOffset, length]
      }
      if (Object.getPrototypeOf(item) !== Object.prototype) throw uncloneable()
      return ['object', Object.entries(item).map(([key, entry]) => [key, put(entry)])]
    }
    put(clone)
    return JSON.stringify(nodes)
  }
}

/** Reads what an encoder wrote. Self-contained, because its source text also runs in the page. */
export function createDecoder(fromBase64: (text: string) => Uint8Array): Codec['decode'] {
  const views: Record<string, new (buffer: ArrayBuffer, offset: number, length: number) => ArrayBufferView> = {
    Int8Array,
    Uint8Array,
    Uint8ClampedArray,
    Int16Array,
    Uint16Array,
    Int32Array,
    Uint32Array,
    Float32Array,
    Float64Array,
    BigInt64Array,
    BigUint64Array,
    DataView,
  }
  return text => {
    const nodes: unknown[][] = JSON.parse(text)
    const made = new Map<number, unknown>()
    const keep = <T>(index: number, value: T): T => {
      made.set(index, value)
      return value
    }
    const make = (index: number): unknown => {
      if (made.has(index)) return made.get(index)
      const [kind, first, second, third, fourth] = nodes[index] ?? []
      switch (kind) {
        case 'value':
          return first
        case 'undefined':
          return undefined
        case 'bigint':
          return BigInt(String(first))
        case 'number':
          return Number(first)
        case 'date':
          return keep(index, new Date(Number(first)))
        case 'regexp':
          return keep(index, new RegExp(String(first), String(second)))
        case 'error': {
          const error = keep(index, new Error(String(second)))
          error.name = String(first)
          return error
        }
        case 'buffer': {
          const bytes = fromBase64(String(first))
          return keep(index, bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength))
        }
        case 'runs': {
          const View = views[String(first)] as unknown as new (length: number) => Uint8Array | Float64Array
          const values = new View(Number(second))
          const bytes = fromBase64(String(third))
          const runs = new Float64Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength))
          let at = 0
          for (let run = 0; run < runs.length; run += 3) {
            const [from, step, end] = [runs[run + 1] ?? 0, runs[run + 2] ?? 0, at + (runs[run] ?? 0)]
            for (let value = from; at < end; at += 1, value += step) values[at] = value
          }
          return keep(index, values.buffer)
        }
        case 'view': {
          const View = views[String(first)]
          if (View === undefined) throw new Error('An object could not be cloned.')
          return keep(index, new View(make(Number(second)) as ArrayBuffer, Number(third), Number(fourth)))
        }
        case 'array': {
          const array = keep(index, new Array<unknown>(Number(first)))
          for (const [position, item] of (second as number[]).entries()) if (item >= 0) array[position] = make(item)
          return array
        }
        case 'map': {
          const map = keep(index, new Map<unknown, unknown>())
          for (const [key, entry] of first as [number, number][]) map.set(make(key), make(entry))
          return map
        }
        case 'set': {
          const set = keep(index, new Set<unknown>())
          for (const item of first as number[]) set.add(make(item))
          return set
        }
        default: {
          const object: Record<string, unknown> = keep(index, {})
          for (const [key, entry] of first as [string, number][]) {
            Object.defineProperty(object, key, {
              value: make(entry),
              writable: true,
              enumerable: true,
              configurable: true,
            })
          }
          return object
        }
      }
    }
    return make(0)
  }
}
