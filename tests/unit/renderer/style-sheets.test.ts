import { globSync, readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { describe, expect, test } from 'vitest'

/** The types of CSS modules know any name, so a misspelt one would be an element without a style and no error. */

const root = resolve(import.meta.dirname, '../../..')
const sources = globSync('renderer/**/*.{ts,tsx}', { cwd: root }).map(path => join(root, path))
const sheets = globSync('renderer/**/*.module.css', { cwd: root })

/** The classes of a sheet that are its own. */
function classesIn(sheet: string): ReadonlySet<string> {
  const selectors = readFileSync(join(root, sheet), 'utf8')
    .replace(/\/\*.*?\*\//gs, '')
    .replace(/\{[^{}]*\}/g, '{}')
    .replace(/:global\([^)]*\)/g, '')
  return new Set(Array.from(selectors.matchAll(/\.([a-z]\w*)/gi), ([, name = '']) => name))
}

/** The classes that components take from a sheet. */
function classesTaken(sheet: string): ReadonlySet<string> {
  const taken = new Set<string>()
  for (const source of sources) {
    const text = readFileSync(source, 'utf8')
    const [, local, path = ''] = /import (\w+) from '([^']*\.module\.css)'/.exec(text) ?? []
    if (local === undefined || resolve(dirname(source), path) !== join(root, sheet)) continue
    for (const [, name = ''] of text.matchAll(new RegExp(`\\b${local}\\.(\\w+)`, 'g'))) taken.add(name)
  }
  return taken
}

describe('a style sheet', () => {
  test.each(sheets)('%s has the classes that are taken from it, and no others', sheet => {
    expect([...classesTaken(sheet)].sort()).toEqual([...classesIn(sheet)].sort())
  })
})
