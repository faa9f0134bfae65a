import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { codec } from '../../../electron/standin/codec.ts'

test('whatever can be cloned arrives as its clone', () => {
  const values = fc.anything({
    withBigInt: true,
    withDate: true,
    withMap: true,
    withSet: true,
    withTypedArray: true,
    withSparseArray: true,
    withObjectString: false,
    withBoxedValues: false,
    withNullPrototype: true,
  })
  fc.assert(
    fc.property(values, value => {
      expect(codec.decode(codec.encode(value))).toStrictEqual(structuredClone(value))
    }),
  )
})

test('what is shared or circular stays so', () => {
  const shared = { name: 'one' }
  const value: { first: object; second: object; self?: object; views: Uint8Array[] } = {
    first: shared,
    second: shared,
    views: [],
  }
  value.self = value
  const buffer = new ArrayBuffer(8)
  value.views = [new Uint8Array(buffer, 0, 4), new Uint8Array(buffer, 4, 4)]
  const arrived = codec.decode(codec.encode(value)) as typeof value
  expect(arrived.first).toBe(arrived.second)
  expect(arrived.self).toBe(arrived)
  expect(arrived.views[0]?.buffer).toBe(arrived.views[1]?.buffer)
})

describe('columns of numbers', () => {
  const kinds = [Uint8Array, Uint32Array, Int32Array, Float64Array] as const
  /** Numbers of which neighbours often are as far apart as the neighbours before, with what doubles alone can be. */
  const stretches = fc.array(
    fc.oneof(
      fc.record({
        from: fc.oneof(fc.integer(), fc.constantFrom(0, -0, 2 ** 32 - 2, 2 ** 52 - 2, 2 ** 53)),
        step: fc.constantFrom(0, 1, -1, 7, 2 ** 31),
        count: fc.integer({ min: 1, max: 60 }),
      }),
      fc.record({ from: fc.double(), step: fc.constantFrom(0, 0.1), count: fc.integer({ min: 1, max: 40 }) }),
    ),
    { maxLength: 6 },
  )

  test.each(kinds.map(Kind => ({ name: Kind.name, Kind })))('in $name arrive as they were', ({ Kind }) => {
    fc.assert(
      fc.property(stretches, parts => {
        const values = parts.flatMap(({ from, step, count }) =>
          Array.from({ length: count }, (_, at) => from + step * at),
        )
        const column = Kind.from(values)
        const arrived = codec.decode(codec.encode(column))
        expect(arrived).toStrictEqual(column)
        expect([...(arrived as Float64Array)].map(value => Object.is(value, -0))).toEqual(
          [...column].map(value => Object.is(value, -0)),
        )
      }),
    )
  })

  test('of which each is as far from the one before as that from its own take no room', () => {
    const ids = Float64Array.from({ length: 100_000 }, (_, at) => 7 + at)
    const folders = Uint32Array.from({ length: 100_000 }, (_, at) => Math.floor(at / 500))
    expect(codec.encode({ ids, folders }).length).toBeLessThan(20_000)
  })

  test('share what they shared', () => {
    const all = new Uint8Array(4096)
    const half = new Uint8Array(all.buffer, 0, 2048)
    const arrived = codec.decode(codec.encode({ all, half })) as { all: Uint8Array; half: Uint8Array }
    expect(arrived.half.buffer).toBe(arrived.all.buffer)
    expect(arrived).toStrictEqual({ all, half })
  })
})

test('a key named __proto__ is a key', () => {
  const value = JSON.parse('{"__proto__": {"polluted": true}}')
  const arrived = codec.decode(codec.encode(value)) as object
  expect(Object.keys(arrived)).toEqual(['__proto__'])
  expect(Reflect.get(arrived, 'polluted')).toBeUndefined()
})

test.each([
  ['a function', () => 1],
  ['a symbol', Symbol('x')],
  ['a promise', Promise.resolve()],
])('%s cannot be cloned', (_what, value) => {
  expect(() => codec.encode({ value })).toThrow('could not be cloned')
})
