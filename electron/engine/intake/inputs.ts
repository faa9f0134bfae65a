import { createHash } from 'node:crypto'
import { mkdir } from 'node:fs/promises'
import { basename, join } from 'node:path'
import type { Input } from '../../../shared/screening.ts'
import { writeFileAtomically } from '../base/atomic-file.ts'

/** Folder of the data directory that pasted material is kept in. */
export const pastedFolder = 'pasted'

/** Pasted texts and pictures become files of the data directory, so that they are there after a restart. */
export async function keepInputs(inputs: readonly Input[], folder: string): Promise<string[]> {
  const paths: string[] = []
  for (const input of inputs) {
    if (input.kind === 'path') {
      paths.push(input.path)
      continue
    }
    const bytes = input.kind === 'text' ? Buffer.from(input.text.toWellFormed()) : input.bytes
    const hash = createHash('sha256').update(bytes).digest('hex').slice(0, 16)
    await mkdir(folder, { recursive: true })
    const file = join(folder, input.kind === 'text' ? `${hash}.txt` : `${hash}-${fileNameOf(input.name)}`)
    await writeFileAtomically(file, bytes)
    paths.push(file)
  }
  return paths
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are among what is refused.
const refusedByWindows = /[<>:"/\\|?*\u0000-\u001f]/g
/** Most file systems take 255 bytes or 255 UTF-16 units; the hash before it needs a few. */
const longestName = 200

/** Pages name their pictures freely. Keeps what every file system accepts, from the end, since the extension is there. */
export function fileNameOf(name: string): string {
  const characters = Array.from(basename(name).toWellFormed().replace(refusedByWindows, '_'))
  let bytes = 0
  let first = characters.length
  while (first > 0) {
    bytes += Buffer.byteLength(characters[first - 1] ?? '')
    if (bytes > longestName) break
    first -= 1
  }
  // Windows drops dots and spaces at the end.
  return (
    characters
      .slice(first)
      .join('')
      .replace(/[. ]+$/, '') || 'image'
  )
}

/** What a batch is called when nobody has named it. */
export function defaultName(inputs: readonly string[]): string {
  const [first = ''] = inputs
  const name = first === '-' ? 'stdin' : basename(first) || first
  return inputs.length <= 1 ? name : `${name} +${inputs.length - 1}`
}
