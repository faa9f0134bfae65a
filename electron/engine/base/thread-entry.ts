import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/**
 * The file that a thread begins with, or null where it is missing. In the bundle, the entry is a file of its own in the bundle's folder; the
 * module that asks (`from`, its `import.meta.url`) may be in a chunk one folder below. In the source it is beside that module.
 */
export function threadEntry(from: string, name: string): string | null {
  const places = from.endsWith('.ts') ? [`./${name}.ts`] : [`./${name}.js`, `../${name}.js`]
  return places.map(place => fileURLToPath(new URL(place, from))).find(existsSync) ?? null
}
