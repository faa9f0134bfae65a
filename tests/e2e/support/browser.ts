import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { debuggingEndpoint, launchBrowser } from '../../../electron/standin/browser.ts'

/** Vitest's global setup: one browser for all programs that the tests start; each has its own context in it. */
export async function setup(): Promise<() => Promise<void>> {
  const userDataDir = mkdtempSync(join(tmpdir(), 'prescreen-e2e-browser-'))
  const bounds = { x: null, y: null, width: 800, height: 600 }
  const context = await launchBrowser({ userDataDir, locale: 'en-US', bounds }, 'debugged')
  // The workers that vitest starts from here on inherit it, and so does what they start.
  process.env.PRESCREEN_STANDIN_BROWSER = debuggingEndpoint(userDataDir) ?? undefined
  return async () => {
    await context.close()
    rmSync(userDataDir, { recursive: true, force: true, maxRetries: 5 })
  }
}
