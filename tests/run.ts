/**
 * `npm test`: everything that must hold before a change lands, in the order in which it is cheapest to fail. Ends with one plain
 * line, `N passed, N failed, N skipped`; a lint or type run counts as one check.
 */
import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { z } from 'zod'

const root = join(import.meta.dirname, '..')
const bin = (name: string) => join(root, 'node_modules', '.bin', process.platform === 'win32' ? `${name}.cmd` : name)
const projects = [
  'shared',
  'electron/engine',
  'electron/cli',
  'electron/main',
  'electron/preload',
  'electron/standin',
  'electron/launch',
  'renderer',
  'tests',
]

interface Count {
  readonly passed: number
  readonly failed: number
  readonly skipped: number
}

const reportSchema = z.object({
  numPassedTests: z.number(),
  numFailedTests: z.number(),
  numPendingTests: z.number(),
  numTodoTests: z.number(),
})
const reports = mkdtempSync(join(tmpdir(), 'prescreen-tests-'))

function run(command: string, args: readonly string[]): Promise<number> {
  return new Promise(resolve => {
    const child = spawn(command, args, { cwd: root, stdio: 'inherit', shell: process.platform === 'win32' })
    child.on('error', () => resolve(1))
    child.on('exit', code => resolve(code ?? 1))
  })
}

async function check(name: string, command: string, args: readonly string[]): Promise<Count> {
  process.stdout.write(`\n— ${name}\n`)
  const ok = (await run(command, args)) === 0
  return { passed: ok ? 1 : 0, failed: ok ? 0 : 1, skipped: 0 }
}

async function vitest(name: string, config: string): Promise<Count> {
  process.stdout.write(`\n— ${name}\n`)
  const report = join(reports, `${config}.json`)
  const status = await run(bin('vitest'), [
    'run',
    '--config',
    `tests/${config}`,
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${report}`,
  ])
  const parsed = reportSchema.safeParse(readJson(report))
  if (!parsed.success) return { passed: 0, failed: 1, skipped: 0 }
  const { numPassedTests: passed, numFailedTests: failed, numPendingTests: pending, numTodoTests: todo } = parsed.data
  // A runner that ends badly without a failed test (a suite that does not load, an unhandled rejection) has failed all the same.
  return { passed, failed: failed === 0 && status !== 0 ? 1 : failed, skipped: pending + todo }
}

/** Real Electron, where there is a binary; elsewhere it says that it is skipped, and is not counted as passed. */
function smoke(): Promise<Count> {
  process.stdout.write('\n— real Electron\n')
  return new Promise(resolve => {
    const child = spawn(process.execPath, ['tests/electron/smoke.ts'], {
      cwd: root,
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    let output = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      output += text
      process.stdout.write(text)
    })
    child.on('close', code => {
      const isSkipped = /^skipped: /m.test(output)
      resolve({ passed: code === 0 && !isSkipped ? 1 : 0, failed: code === 0 ? 0 : 1, skipped: isSkipped ? 1 : 0 })
    })
  })
}

function readJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch {
    return null
  }
}

const counts: Count[] = []
counts.push(await check('lint and format', bin('biome'), ['check', '--error-on-warnings', '.']))
for (const project of projects) counts.push(await check(`types: ${project}`, bin('tsc'), ['-p', project]))
counts.push(await check('dead code', bin('knip'), []))
counts.push(await check('build', bin('electron-vite'), ['build', '--logLevel', 'warn']))
counts.push(await check('a browser for the window', process.execPath, ['electron/launch/ensure-browser.ts']))
counts.push(await vitest('unit and integration', 'vitest.config.ts'))
counts.push(await vitest('end to end, in a real browser window', 'vitest.e2e.config.ts'))
counts.push(await smoke())

rmSync(reports, { recursive: true, force: true })
const total = counts.reduce((sum, count) => ({
  passed: sum.passed + count.passed,
  failed: sum.failed + count.failed,
  skipped: sum.skipped + count.skipped,
}))
process.stdout.write(
  `\n${total.passed} passed, ${total.failed} failed${total.skipped > 0 ? `, ${total.skipped} skipped` : ''}\n`,
)
process.exitCode = total.failed === 0 ? 0 : 1
