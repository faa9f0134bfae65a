/** Sound in codings that the platforms do not take, converted to AAC by the ffmpeg that is installed, where one is. None is shipped. */

import { execFile } from 'node:child_process'
import { env } from 'node:process'
import { limits } from '../../../../shared/limits.ts'
import { isExecutable, placesOnPath } from '../../base/executables.ts'
import type { SoundPart } from './sound.ts'

/** What ffmpeg is to take out of a file. */
export interface SoundSource {
  readonly path: string
  /** The reader of files that it is to use, so that no list of other files is followed. */
  readonly demuxer: 'mov' | 'matroska' | 'amr'
  /** Its way to name a stream, without the file's number. */
  readonly stream: string
}

export interface Converted extends SoundPart {
  readonly start: number
  readonly end: number
}

const rate = 44_100
const samplesEach = 1024
const overlapS = 3
/** Of what comes out: some two hours. */
const mostBytes = 100_000_000
const timeoutMs = 300_000

/** `PRESCREEN_FFMPEG` names one, or `off`; else it is looked for where programs are. */
function ffmpegFile(): string | null {
  const named = env.PRESCREEN_FFMPEG ?? ''
  if (named === 'off') return null
  return (named === '' ? placesOnPath(['ffmpeg', 'ffmpeg.exe'], env.PATH) : [named]).find(isExecutable) ?? null
}

/** The whole sound in AAC (ADTS), the same bytes each time; null without ffmpeg, and where it finds any fault in the file. */
export async function convertSound({ path, demuxer, stream }: SoundSource): Promise<Uint8Array | null> {
  const program = ffmpegFile()
  if (program === null) return null
  const guards = ['-nostdin', '-v', 'error', '-xerror', '-max_alloc', '500000000', '-protocol_whitelist', 'file,pipe']
  const from = [
    '-err_detect',
    'explode',
    '-f',
    demuxer,
    '-i',
    `file:${path}`,
    '-map',
    `0:${stream}`,
    '-map_metadata',
    '-1',
  ]
  const to = [
    '-threads',
    '1',
    '-fflags',
    '+bitexact',
    '-flags:a',
    '+bitexact',
    '-c:a',
    'aac',
    '-b:a',
    '96k',
    '-ac',
    '2',
    '-ar',
    String(rate),
  ]
  const options = {
    encoding: 'buffer',
    maxBuffer: mostBytes,
    timeout: timeoutMs,
    killSignal: 'SIGKILL',
    windowsHide: true,
  } as const
  return await new Promise(resolve => {
    execFile(program, [...guards, ...from, ...to, '-f', 'adts', 'pipe:1'], options, (error, output, complaints) =>
      resolve(error === null && complaints.length === 0 && output.length > 0 ? output : null),
    )
  })
}

/** Where to cut it so that each part is within the platforms' limit; a word at a cut is whole on one side of it. */
export function partsOf(sound: Uint8Array): readonly Converted[] {
  const parts: Converted[] = []
  /** Where each of the latest frames begins. */
  const starts: number[] = []
  let first = 0
  for (let at = 0; at + 7 <= sound.length; ) {
    const length = (((sound[at + 3] ?? 0) & 3) << 11) | ((sound[at + 4] ?? 0) << 3) | ((sound[at + 5] ?? 0) >> 5)
    if (length < 7) break
    if (at + length - (starts[first] ?? 0) > limits.mediaMaxBytes) {
      parts.push(partOf(starts, first, starts.length, at))
      first = Math.max(0, starts.length - Math.ceil((overlapS * rate) / samplesEach))
    }
    starts.push(at)
    at += length
  }
  return [...parts, partOf(starts, first, starts.length, sound.length)]
}

function partOf(starts: readonly number[], first: number, last: number, end: number): Converted {
  const seconds = (frame: number) => (frame * samplesEach) / rate
  return { start: starts[first] ?? 0, end, from: seconds(first), to: seconds(last) }
}
