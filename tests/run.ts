/**
 * `npm test`: everything that must hold before a change lands, in the order in which it is cheapest to fail. Ends with a table of
 * what took how long and one plain line, `N passed, N failed, N skipped`; a lint or type run counts as one check.
 */
import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { z } from 'zod'

const root = join(import.meta.dirname, '..')
const bin = (name: string) => join(root, 'node_modules', '.bin', process.platform === 'win32' ? `${name}.cmd` : name)
interface Count {
  readonly passed: number
  readonly failed: number
  readonly skipped: number
}

interface Part extends Count {
  readonly name: string
  readonly seconds: number
}

const reportSchema = z.object({
  numPassedTests: z.number(),
  numFailedTests: z.number(),
  numPendingTests: z.number(),
  numTodoTests: z.number(),
  testResults: z.array(
    z.object({
      name: z.string(),
      status: z.string(),
      assertionResults: z.array(z.object({ fullName: z.string(), status: z.string() })),
    }),
  ),
})
const reports = mkdtempSync(join(tmpdir(), 'prescreen-tests-'))
const isWindows = process.platform === 'win32'

// What Node has compiled once need not be compiled by each of the hundreds of processes that the tests start.
process.env.NODE_COMPILE_CACHE ??= join(root, 'node_modules', '.cache', 'compile')
// And the command line is the one that was just built (tests/fixtures/engine/cli.ts).
process.env.PRESCREEN_TEST_CLI = join(root, 'out', 'main', 'cli.js')

/** The exit status; what the command says is shown as it comes. */
function run(command: string, args: readonly string[]): Promise<number> {
  return new Promise(resolve => {
    const child = spawn(command, args, { cwd: root, stdio: 'inherit', shell: isWindows })
    child.on('error', () => resolve(1))
    child.on('exit', code => resolve(code ?? 1))
  })
}

/** The exit status and all that the command said, for commands that run side by side. */
function runQuietly(command: string, args: readonly string[]): Promise<{ status: number; output: string }> {
  return new Promise(resolve => {
    const child = spawn(command, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'], shell: isWindows })
    let output = ''
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        output += text
      })
    }
    child.on('error', error => resolve({ status: 1, output: String(error) }))
    child.on('close', code => resolve({ status: code ?? 1, output }))
  })
}

const parts: Part[] = []
/** Named once more at the end, where somebody looks who has the end of a long log only. */
const failures: string[] = []

async function part(name: string, count: () => Promise<Count>): Promise<void> {
  const started = performance.now()
  const counted = await count()
  parts.push({ name, ...counted, seconds: (performance.now() - started) / 1000 })
}

async function check(name: string, command: string, args: readonly string[]): Promise<void> {
  await part(name, async () => {
    const { status, output } = await runQuietly(command, args)
    process.stdout.write(`\n— ${name}\n${output}`)
    if (status !== 0) failures.push(name)
    return { passed: status === 0 ? 1 : 0, failed: status === 0 ? 0 : 1, skipped: 0 }
  })
}

/** As many at a time as there are cores. */
async function sideBySide(checks: readonly (() => Promise<void>)[]): Promise<void> {
  const left = checks.values()
  const worker = async () => {
    for (const next of left) await next()
  }
  await Promise.all(Array.from({ length: availableParallelism() }, worker))
}

/** One project of vitest.config.ts, so that the table tells what each takes. */
async function vitest(name: string, project: string): Promise<void> {
  process.stdout.write(`\n— ${name}\n`)
  await part(name, async () => {
    const report = join(reports, `${name}.json`)
    const status = await run(bin('vitest'), [
      'run',
      '--config=tests/vitest.config.ts',
      `--project=${project}`,
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${report}`,
    ])
    const parsed = reportSchema.safeParse(readJson(report))
    if (!parsed.success) {
      failures.push(`${name}: no report`)
      return { passed: 0, failed: 1, skipped: 0 }
    }
    const { numPassedTests: passed, numFailedTests: failed, numPendingTests: pending, numTodoTests: todo } = parsed.data
    failures.push(...failedIn(parsed.data.testResults))
    // A runner that ends badly without a failed test (a suite that does not load, an unhandled rejection) has failed all the same.
    return { passed, failed: failed === 0 && status !== 0 ? 1 : failed, skipped: pending + todo }
  })
}

/** Real Electron, where there is a binary; elsewhere it says that it is skipped, and is not counted as passed. */
async function smoke(): Promise<void> {
  await part('real Electron', async () => {
    const { status, output } = await runQuietly(process.execPath, ['tests/electron/smoke.ts'])
    process.stdout.write(`\n— real Electron\n${output}`)
    const isSkipped = /^skipped: /m.test(output)
    return { passed: status === 0 && !isSkipped ? 1 : 0, failed: status === 0 ? 0 : 1, skipped: isSkipped ? 1 : 0 }
  })
}

/** The tests that failed, and files that failed without one. */
function failedIn(files: z.output<typeof reportSchema>['testResults']): readonly string[] {
  return files
    .filter(({ status }) => status === 'failed')
    .flatMap(({ name, assertionResults }) => {
      const tests = assertionResults.filter(({ status }) => status === 'failed')
      const file = relative(root, name)
      return tests.length === 0 ? [file] : tests.map(({ fullName }) => `${file}: ${fullName}`)
    })
}

function readJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch {
    return null
  }
}

await sideBySide([
  () => check('lint and format', bin('biome'), ['check', '--error-on-warnings', '.']),
  () => check('dead code', bin('knip'), []),
  // What has not changed since the last run is not checked again: tsconfig.json says where that is remembered.
  () => check('types', bin('tsc'), ['-b', '--builders', '1', '--checkers', '2']),
])
await check('build', bin('electron-vite'), ['build', '--logLevel', 'warn'])
await check('a browser for the window', process.execPath, ['electron/launch/ensure-browser.ts'])
await vitest('unit', 'unit')
await vitest('unit alone', 'unit alone')
await vitest('integration', 'integration')
await vitest('end to end', 'e2e')
await smoke()

rmSync(reports, { recursive: true, force: true })
const total = parts.reduce<Count>(
  (sum, { passed, failed, skipped }) => ({
    passed: sum.passed + passed,
    failed: sum.failed + failed,
    skipped: sum.skipped + skipped,
  }),
  { passed: 0, failed: 0, skipped: 0 },
)
const lines = parts.map(({ name, seconds, ...count }) => `${seconds.toFixed(1).padStart(7)} s  ${name}: ${tell(count)}`)
if (failures.length > 0) process.stdout.write(`\nFailed:\n${failures.map(each => `  ${each}`).join('\n')}\n`)
process.stdout.write(`\n${lines.join('\n')}\n\n${tell(total)}\n`)
process.exitCode = total.failed === 0 ? 0 : 1

function tell({ passed, failed, skipped }: Count): string {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`
}
