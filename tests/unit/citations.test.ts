import { globSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { expect, test } from 'vitest'

const root = resolve(import.meta.dirname, '../..')
const read = (file: string) => readFileSync(join(root, file), 'utf8')

test('every section of the protocol that a comment cites is there to be read', () => {
  const page = read('docs/protocol.md')
  const sections = new Set(
    Array.from(page.matchAll(/^## (\d+)\. |\*\*(\d+\.\d+)\b/gm), ([, chapter, section]) => chapter ?? section),
  )
  const files = globSync(['{shared,electron,renderer,tests}/**/*.{ts,tsx}', 'docs/*.md', '*.md'], { cwd: root })
  const missing = files.flatMap(file =>
    Array.from(read(file).matchAll(/§(\d+(?:\.\d+)*)/g))
      .filter(([, section]) => !sections.has(section))
      .map(([cited]) => `${file}: ${cited}`),
  )
  expect(missing).toEqual([])
})
