import { globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { versionOf } from '../../../electron/engine/library/book-folder.ts'
import { buildIfStale } from '../../../electron/launch/build-if-stale.ts'
import { startNode } from '../../fixtures/engine/cli.ts'

const root = resolve(import.meta.dirname, '../../..')

/** `npm test` has just built it, and other tests are running what it built. */
const isBuilt = () => process.env.PRESCREEN_TEST_CLI !== undefined || buildIfStale(root)

test('the built command line screens the sample batch, imaging included, and never reaches for Electron', async () => {
  expect(isBuilt()).toBe(true)
  const dir = mkdtempSync(join(tmpdir(), 'prescreen-built-'))
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }))
  const guard = join(dir, 'guard.mjs')
  writeFileSync(
    guard,
    `import { registerHooks } from 'node:module'
     registerHooks({ resolve: (name, context, next) => {
       if (name === 'electron' || name === 'electron-store') throw new Error('electron was imported')
       return next(name, context)
     } })`,
  )
  const { status, stdout, stderr } = await startNode(
    [
      '--import',
      guard,
      join(root, 'out/main/cli.js'),
      'screen',
      join(root, 'resources/samples'),
      '--text-column',
      '文案',
      '--data-dir',
      join(dir, 'data'),
      '--json',
    ],
    { cwd: dir },
  ).ended
  expect(stderr).not.toContain('electron was imported')
  expect({ status, ...JSON.parse(stdout) }).toMatchObject({
    status: 2,
    assets: 24,
    pass: 16,
    review: 2,
    risky: 4,
    unchecked: 2,
  })
})

test('the built program knows each shipped rule book by its version', () => {
  expect(isBuilt()).toBe(true)
  const program = globSync('out/main/**/*.{js,json}', { cwd: root }).map(file => readFileSync(join(root, file), 'utf8'))
  const versions = globSync('resources/rules/*.yaml', { cwd: root }).map(file =>
    versionOf(readFileSync(join(root, file))),
  )
  expect(versions.length).toBeGreaterThan(0)
  expect(versions.filter(version => !program.some(text => text.includes(version)))).toEqual([])
})
