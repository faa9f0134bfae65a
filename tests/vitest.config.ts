import { defineConfig } from 'vitest/config'
import { hangMs, stepHangMs } from './hang.ts'

/** Unit tests that change what a whole process has (the page's globals or those of WebAssembly's glue, mocked modules, the timers) and share it with no file. */
const alone = [
  'tests/unit/{app,renderer,main,cloud}/**/*.test.{ts,tsx}',
  'tests/unit/formats/{added-family,pdf}.test.ts',
]

export default defineConfig({
  test: {
    root: new URL('..', import.meta.url).pathname,
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: hangMs,
    hookTimeout: hangMs,
    expect: { poll: { timeout: stepHangMs } },
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['tests/unit/**/*.test.{ts,tsx}'],
          exclude: alone,
          isolate: false,
          setupFiles: 'tests/shared-worker.ts',
        },
      },
      { extends: true, test: { name: 'unit alone', include: alone } },
      { extends: true, test: { name: 'integration', include: ['tests/integration/**/*.test.ts'] } },
      {
        extends: true,
        test: {
          name: 'e2e',
          include: ['tests/e2e/**/*.test.ts'],
          globalSetup: 'tests/e2e/support/browser.ts',
        },
      },
    ],
  },
})
