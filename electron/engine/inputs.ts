import { createHash } from 'node:crypto'
import { mkdir, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import type { Input } from '../../shared/screening.ts'

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
    const file = join(folder, input.kind === 'text' ? `${hash}.txt` : `${hash}-${basename(input.name) || 'image'}`)
    await writeFile(file, bytes)
    paths.push(file)
  }
  return paths
}

/** What a batch is called when nobody has named it. */
export function defaultName(inputs: readonly string[]): string {
  const [first = ''] = inputs
  const name = first === '-' ? 'stdin' : basename(first) || first
  return inputs.length <= 1 ? name : `${name} +${inputs.length - 1}`
}
