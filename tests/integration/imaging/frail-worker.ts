/** The imaging child as it is, except for files whose name says how it is to fail; the real one has no such door. */

import { existsSync, writeFileSync } from 'node:fs'
import process from 'node:process'

const send = process.send?.bind(process)

/** True the first time only, over all children: the mark lies beside the file. */
function first(path: string): boolean {
  if (existsSync(`${path}.seen`)) return false
  writeFileSync(`${path}.seen`, '')
  return true
}

process.on('message', (message: { kind: string; file?: { path?: string } }) => {
  const path = message.file?.path ?? ''
  if (path.includes('always-fatal')) process.kill(process.pid, 'SIGKILL')
  if (path.includes('once-fatal') && first(path)) process.kill(process.pid, 'SIGKILL')
  if (path.includes('hangs')) for (;;);
  if (path.includes('nonsense')) send?.({ kind: 'part', part: { kind: 'image', bytes: 'none' } })
  if (path.includes('dies-after-three') && first(path)) {
    let sent = 0
    process.send = (message: unknown) => {
      sent += 1
      if (sent === 4) process.kill(process.pid, 'SIGKILL')
      return send?.(message) ?? false
    }
  }
})

await import('../../../electron/engine/imaging/worker.ts')
