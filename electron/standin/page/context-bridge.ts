/**
 * `contextBridge`: values are copied, functions are proxied, prototypes stay behind. Self-contained (see script.ts).
 */
export function createContextBridge() {
  const copy = (value: unknown, depth = 0): unknown => {
    if (depth > 1000) throw new TypeError('Electron contextBridge recursion depth exceeded.')
    if (typeof value === 'symbol') throw new TypeError('An object could not be cloned.')
    if (typeof value === 'function') {
      return (...args: unknown[]) => {
        try {
          return copy(value(...args.map(item => copy(item))))
        } catch (error) {
          throw copyError(error)
        }
      }
    }
    if (typeof value !== 'object' || value === null) return value
    if (value instanceof Promise) {
      return value.then(
        result => copy(result),
        error => Promise.reject(copyError(error)),
      )
    }
    if (value instanceof Blob || value instanceof Element) return value
    if (value instanceof Error) return copyError(value)
    if (Array.isArray(value)) return value.map(item => copy(item, depth + 1))
    const isPlainData =
      ArrayBuffer.isView(value) ||
      value instanceof ArrayBuffer ||
      value instanceof Date ||
      value instanceof Map ||
      value instanceof Set ||
      value instanceof RegExp
    if (isPlainData) return structuredClone(value)
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, copy(item, depth + 1)]))
  }
  const copyError = (error: unknown): Error => new Error(error instanceof Error ? error.message : String(error))
  const freeze = (value: unknown): unknown => {
    if (typeof value === 'object' && value !== null && !ArrayBuffer.isView(value)) {
      for (const item of Object.values(value)) freeze(item)
      Object.freeze(value)
    }
    return value
  }
  return {
    exposeInMainWorld(key: string, api: unknown) {
      if (key in globalThis) throw new Error('Cannot bind an API on top of an existing property on the window object')
      Object.defineProperty(globalThis, key, { value: freeze(copy(api)), enumerable: true })
    },
  }
}
