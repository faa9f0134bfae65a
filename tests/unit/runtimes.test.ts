import { globSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { expect, test } from 'vitest'

const root = resolve(import.meta.dirname, '../..')

interface Project {
  readonly references?: readonly { readonly path: string }[]
  readonly compilerOptions: { readonly types?: readonly string[]; readonly lib?: readonly string[] }
}
const projectOf = (folder: string): Project => JSON.parse(readFileSync(join(root, folder, 'tsconfig.json'), 'utf8'))

const folders = globSync('{shared,renderer,tests,electron/*}/tsconfig.json', { cwd: root }).map(file =>
  file.replaceAll('\\', '/').replace('/tsconfig.json', ''),
)

test('npm run typecheck goes through every project there is', () => {
  const { references = [] } = projectOf('.')
  expect(references.map(({ path }) => path.replace('./', '')).toSorted()).toEqual(folders.toSorted())
})

test('a runtime has its own types alone: no Node in the window, no page in the engine', () => {
  const has = (folder: string, name: string) => {
    const { types = [], lib = [] } = projectOf(folder).compilerOptions
    return types.includes(name) || lib.includes(name)
  }
  const withNode = folders.filter(folder => has(folder, 'node'))
  const withPage = folders.filter(folder => has(folder, 'dom'))
  expect(withNode.toSorted()).toEqual(
    ['electron/cli', 'electron/engine', 'electron/launch', 'electron/main', 'electron/standin', 'tests'].toSorted(),
  )
  expect(withPage.toSorted()).toEqual(
    ['electron/media', 'electron/preload', 'electron/standin', 'renderer', 'tests'].toSorted(),
  )
})
