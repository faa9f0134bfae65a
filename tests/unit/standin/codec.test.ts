import fc from 'fast-check'
import { expect, test } from 'vitest'
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
