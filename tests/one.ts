import { spawnSync } from 'node:child_process'
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import process from 'node:process'
import { buildIfStale } from '../electron/launch/build-if-stale.ts'

/**
 * `npm run test:one -- PATTERN`: the test files whose path has PATTERN in it, else the tests whose name has, each in its own project of
 * vitest.config.ts. What goes through the window is built first when it is older than its sources.
 */
const root = join(import.meta.dirname, '..')
const [pattern, ...rest] = process.argv.slice(2)
process.exitCode = pattern === undefined ? fail('usage: npm run test:one -- PATTERN') : one(pattern)

function one(wanted: string): number {
  const all = globSync('tests/{unit,integration,e2e}/**/*.test.{ts,tsx}', { cwd: root }).map(file =>
    file.replaceAll('\\', '/'),
  )
  const byPath = all.filter(file => file.includes(wanted))
  const files = byPath.length > 0 ? byPath : all.filter(file => readFileSync(join(root, file), 'utf8').includes(wanted))
  if (files.length === 0) return fail(`No test has "${wanted}" in its path or name.`)
  if (files.some(file => file.startsWith('tests/e2e/')) && !buildIfStale(root))
    return fail('The program could not be built.')
  const { status } = spawnSync(
    process.execPath,
    [
      join(root, 'node_modules/vitest/vitest.mjs'),
      'run',
      '--config=tests/vitest.config.ts',
      ...new Set(files.flatMap(projectsOf)),
      ...files,
      ...(byPath.length > 0 ? [] : ['--testNamePattern', wanted.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')]),
      ...rest,
    ],
    { cwd: root, stdio: 'inherit' },
  )
  return status ?? 1
}

/** A project without the files that are asked for costs nothing; one with a browser does. */
function projectsOf(file: string): readonly string[] {
  const folder = file.split('/')[1]
  return folder === 'unit' ? ['--project=unit', '--project=unit alone'] : [`--project=${folder}`]
}

function fail(sentence: string): number {
  process.stderr.write(`${sentence}\n`)
  return 1
}
