import { execFile, fork } from 'node:child_process'
import { once } from 'node:events'
import process from 'node:process'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import type { ToChild } from '../../../electron/engine/imaging/messages.ts'
import { noise } from './pictures.ts'

const worker = fileURLToPath(new URL('../../../electron/engine/imaging/worker.ts', import.meta.url))

/** The system's GLib, as Electron on Linux has one; null where there is none. */
async function findGlib(): Promise<string | null> {
  if (process.platform !== 'linux') return null
  const listed = await promisify(execFile)('ldconfig', ['-p'], {
    env: { ...process.env, PATH: `${process.env.PATH}:/sbin:/usr/sbin` },
  }).catch(() => null)
  return listed?.stdout.includes('libgobject-2.0.so.0 ') ? 'libgobject-2.0.so.0' : null
}

test('beside another GLib, as inside Electron on Linux, sharp finds its own', async context => {
  const glib = await findGlib()
  if (glib === null) return context.skip('skipped: no libgobject-2.0.so.0 on this machine')
  const child = fork(worker, [], {
    env: { ...process.env, LD_PRELOAD: glib },
    execArgv: [],
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  })
  if (child.stderr === null) throw new Error('no standard error')
  const complaints = text(child.stderr)
  const bytes = await noise(900, 700).jpeg().toBuffer()
  const limits = { maxBytes: 1e9, maxPixels: 1e9, memoryMb: 2000 }
  const look = { sizePx: 100, blur: 'light', grey: true } as const
  child.send({ kind: 'job', file: { bytes }, task: { kind: 'thumbnail', options: look }, ...limits } satisfies ToChild)
  const [answer] = await once(child, 'message')
  child.disconnect()
  expect(answer).toMatchObject({ kind: 'thumbnail' })
  expect(await complaints).not.toMatch(/GLib|GObject|CRITICAL/)
})
