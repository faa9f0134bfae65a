import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { describe, expect, test } from 'vitest'
import { gridOutcomes } from '../../../../shared/grid.ts'

const sheet = readFileSync(resolve(import.meta.dirname, '../../../../renderer/base/theme/tokens.css'), 'utf8')
const [light = '', dark = ''] = sheet.split(':root[data-mantine-color-scheme="dark"]')
const tokensOf = (text: string) =>
  new Map(Array.from(text.matchAll(/--([\w-]+): (#[0-9a-f]{6});/g), ([, name = '', value = '']) => [name, value]))

/** WCAG 2.2, relative luminance. */
function luminanceOf(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map(at => {
    const share = Number.parseInt(colour.slice(at, at + 2), 16) / 255
    return share <= 0.040_45 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}

function contrastOf(one: string, other: string): number {
  const [low = 0, high = 0] = [luminanceOf(one), luminanceOf(other)].sort((a, b) => a - b)
  return (high + 0.05) / (low + 0.05)
}

describe.each([
  ['light', tokensOf(light)],
  ['dark', tokensOf(dark)],
])('the %s colours', (_, tokens) => {
  const colour = (name: string) => tokens.get(name) ?? `no ${name}`

  test.each(gridOutcomes)('of %s can be read on every surface that it stands on', outcome => {
    for (const surface of ['surface', 'bg', `${outcome}-soft`])
      expect(contrastOf(colour(outcome), colour(surface)), surface).toBeGreaterThanOrEqual(4.5)
  })

  test('tell what only rules looked at from every other outcome, a platform’s no-hit first', () => {
    const others = gridOutcomes.filter(outcome => outcome !== 'rules_only').map(colour)
    expect(others).not.toContain(colour('rules_only'))
  })
})
