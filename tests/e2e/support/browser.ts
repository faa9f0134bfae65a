import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type BrowserContext, chromium } from 'playwright'
import { debuggingEndpoint, launchBrowser } from '../../../electron/standin/browser.ts'
import { findOnPath } from '../../fixtures/engine/chromium.ts'

/** Vitest's global setup: one browser for all programs that the tests start; each has its own context in it. */
export async function setup(): Promise<() => Promise<void>> {
  const userDataDir = mkdtempSync(join(tmpdir(), 'prescreen-e2e-browser-'))
  const context = await launch(userDataDir)
  // The workers that vitest starts from here on inherit it, and so does what they start.
  process.env.PRESCREEN_STANDIN_BROWSER = debuggingEndpoint(userDataDir) ?? undefined
  return async () => {
    await context.close()
    rmSync(userDataDir, { recursive: true, force: true, maxRetries: 5 })
  }
}

/**
 * Chromium without windows of its own around the pages, where it is installed: it draws no tab strip and no tool bar with each page, and takes less than half
 * of the processor's time. Tests of the stand-in and of what is read aloud start the whole browser.
 */
function launch(userDataDir: string): Promise<BrowserContext> {
  const headlessShell = findOnPath(['chromium-headless-shell', 'chrome-headless-shell'])
  if (headlessShell === null) {
    const bounds = { x: null, y: null, width: 800, height: 600 }
    return launchBrowser({ userDataDir, locale: 'en-US', bounds }, 'debugged')
  }
  return chromium.launchPersistentContext(userDataDir, {
    timeout: 0,
    executablePath: headlessShell,
    // Without a UTF-8 locale it loses files whose names are not ASCII.
    env: { ...process.env, LC_ALL: 'C.UTF-8' },
    chromiumSandbox: process.getuid?.() !== 0,
    ignoreDefaultArgs: ['--hide-scrollbars'],
    args: ['--remote-debugging-port=0', '--disable-gpu', '--lang=en-US', '--no-pings'],
  })
}
