/** Asked of every object by promises, tests and inspectors; absence is the right answer. */
const harmless: ReadonlySet<string> = new Set(['then', 'toJSON', 'asymmetricMatch', 'nodeType', '$$typeof', 'default'])

/** An object that throws by name on anything it does not have, where Electron would have had it. */
export function strict<T extends object>(name: string, object: T): T {
  return new Proxy(object, {
    get(target, key, receiver) {
      if (typeof key === 'string' && !(key in target) && !harmless.has(key)) throw notImplemented(`${name}.${key}`)
      return Reflect.get(target, key, receiver)
    },
    set(target, key, value, receiver) {
      if (typeof key === 'string' && !(key in target) && !key.startsWith('_')) throw notImplemented(`${name}.${key}`)
      return Reflect.set(target, key, value, receiver)
    },
  })
}

export function notImplemented(name: string): Error {
  return new Error(`${name} is not implemented in the stand-in for Electron`)
}
