import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import process from 'node:process'
import { findBrowser, isExecutable } from '../engine/chromium/find-browser.ts'

/** What the end-to-end suite needs of the machine: a browser, and on Linux a font that has Chinese characters. */
export type BrowserState =
  | { readonly kind: 'ready'; readonly path: string }
  | { readonly kind: 'missing'; readonly sentence: string }

/** Finds a browser; where we are root on Debian or its kin, installs one. */
export function ensureBrowser(): BrowserState {
  const before = findBrowser({ platform: process.platform, env: process.env, isExecutable })
  if (before.kind === 'bad-override') {
    return { kind: 'missing', sentence: `PRESCREEN_BROWSER names ${before.path}, which cannot be run.` }
  }
  const mayInstall = process.platform === 'linux' && process.getuid?.() === 0 && existsSync('/etc/debian_version')
  const wanted = [
    ...(before.kind === 'found' ? [] : ['chromium']),
    ...(process.platform === 'linux' && !hasChineseFont() ? ['fonts-noto-cjk'] : []),
  ]
  if (mayInstall && wanted.length > 0) install(wanted)
  // Not every such system has it, and the whole browser does in its place.
  if (mayInstall && !isExecutable(headlessShell)) install(['chromium-headless-shell'])
  const after = findBrowser({ platform: process.platform, env: process.env, isExecutable })
  return after.kind === 'found' ? { kind: 'ready', path: after.path } : { kind: 'missing', sentence: missingBrowser }
}

/** Chromium without windows of its own, which takes less than half of the processor's time for each page of a test. */
const headlessShell = '/usr/bin/chromium-headless-shell'

export const missingBrowser =
  'No Chrome, Chromium or Edge was found: install one of them, or name one in PRESCREEN_BROWSER.'

function hasChineseFont(): boolean {
  const { status, stdout } = spawnSync('fc-list', [':lang=zh', 'family'], { encoding: 'utf8' })
  return status === 0 && stdout.trim() !== ''
}

function install(packages: readonly string[]): void {
  const options = { stdio: 'ignore', env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } } as const
  process.stdout.write(`Installing ${packages.join(' and ')} for the window tests …\n`)
  spawnSync('apt-get', ['update'], options)
  spawnSync('apt-get', ['install', '-y', '--no-install-recommends', ...packages], options)
}

if (import.meta.main) {
  const state = ensureBrowser()
  if (state.kind === 'missing') {
    process.stderr.write(`${state.sentence}\n`)
    process.exitCode = 1
  }
}
