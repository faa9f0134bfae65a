import { utilityProcess } from 'electron'
import type { StartChild } from '../engine/base/child-process.ts'
import { endChild } from './policies/end-child.ts'

/**
 * Starts a child that decodes what others made as one of Electron's utility processes: with the RunAsNode fuse off, `fork` would start
 * this application once more instead of a Node process.
 */
export const startDecodingProcess: StartChild = workerFile => {
  const child = utilityProcess.fork(workerFile, [], {
    env: handedDown(process.env),
    serviceName: 'Prescreen Decoding',
    stdio: 'ignore',
  })
  let hasExited = false
  child.once('exit', () => {
    hasExited = true
  })
  return {
    post: message => {
      if (!hasExited) child.postMessage(message)
    },
    onMessage: listener => void child.on('message', listener),
    onExit: listener => void child.once('exit', code => listener(String(code))),
    kill: () => {
      if (!hasExited) endChild(child, process.platform, pid => process.kill(pid, 'SIGKILL'))
    },
  }
}

/** Secrets may be in the environment (`--secret-env`); a process that decodes hostile files gets none of them. */
function handedDown(env: NodeJS.ProcessEnv): Record<string, string> {
  const needed =
    /^(PATH|HOME|LANG|LC_\w+|TZ|TMPDIR|TEMP|TMP|FONTCONFIG_\w+|XDG_\w+|SYSTEMROOT|WINDIR|USERPROFILE|LOCALAPPDATA|PRESCREEN_HEVC|PRESCREEN_FFMPEG)$/i
  const entries = Object.entries(env).flatMap(([name, value]): [string, string][] =>
    value !== undefined && needed.test(name) ? [[name, value]] : [],
  )
  // Two heaps instead of one for each core: libvips' large buffers return to the system.
  return { ...Object.fromEntries(entries), MALLOC_ARENA_MAX: '2' }
}
