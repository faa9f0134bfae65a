/** Puts values in the place of variables and of colours for light and dark, which the renderer does not know, as browsers do. */

import { colour } from './lists.ts'

/** With one that holds another, and that one a third. */
const deepest = 4
const used = /var\(\s*(--[\w-]+)\s*(?:,\s*((?:[^()]|\([^()]{0,200}\)){0,200}))?\)/g
/** In these, what has no value is taken from the element around. */
const inherited = /((?:^|[\s;{"'])(?:fill|stroke|color)\s*(?:=\s*["']|:)\s*)$/
const rule = /(?:^|[>}\s])(?::root|svg)\s*\{([^{}]*)\}/g
const definition = /(?<![\w-])(--[\w-]+)\s*:\s*([^;{}"'<&]*)/g
const comments = /<!--[\s\S]*?(?:-->|$)|\/\*[\s\S]*?(?:\*\/|$)/g

/** Those that are defined once, for the whole drawing, or not at all; others stay, and are on no list of what is drawn alike. */
export function withVariables(document: string): string {
  if (!document.includes('var(')) return document
  const told = document.replace(comments, ' ')
  const root = /<(?:[\w-]+:)?svg\b[^>]*>/.exec(told)?.[0] ?? ''
  const places = [/\bstyle\s*=\s*(["'])(.*?)\1/s.exec(root)?.[2], ...[...told.matchAll(rule)].map(([, body]) => body)]
  const values = new Map(
    places
      .flatMap(place => [...(place ?? '').matchAll(definition)])
      .map(([, name = '', value = '']) => [name, value.trim()]),
  )
  // Counted in the raw document: a variable that also occurs in a comment is not certain to have that value.
  const times = new Map<string, number>()
  for (const [, name = ''] of document.matchAll(definition)) times.set(name, (times.get(name) ?? 0) + 1)
  let resolved = document
  for (let depth = 0; depth < deepest && resolved.includes('var('); depth++) {
    resolved = resolved.replace(
      used,
      (whole, name: string, otherwise: string | undefined, at: number, text: string) => {
        if (times.has(name)) return times.get(name) === 1 ? (values.get(name) ?? whole) : whole
        if (otherwise !== undefined) return otherwise.trim()
        return inherited.test(text.slice(Math.max(0, at - 40), at)) ? 'inherit' : whole
      },
    )
  }
  return resolved
}

const pair = new RegExp(`light-dark\\(\\s*(${colour})\\s*,\\s*(${colour})\\s*\\)`, 'gi')

/** The drawing as people with light and with dark windows see it; null where it is the same. */
export function inLightAndDark(document: string): { readonly light: string; readonly dark: string | null } {
  const light = document.replace(pair, '$1')
  return { light, dark: light === document ? null : document.replace(pair, '$2') }
}
