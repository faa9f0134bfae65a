import { inputLimits } from '../../../shared/input-limits.ts'
import type { Input } from '../../../shared/screening.ts'
import { bridge } from '../../base/bridge.ts'

/** What a drop or a paste holds, taken out while its event lasted. */
export interface Held {
  readonly way: 'drop' | 'paste'
  readonly files: readonly File[]
  readonly text: string
  /** A link, or a picture of a page that came without the picture. */
  readonly isAddress: boolean
}

/** What was dropped or pasted, as the main process takes it, and the names of what cannot be taken. */
export interface Given {
  readonly inputs: readonly Input[]
  readonly refused: readonly string[]
}

/** Why nothing at all can be made of it. */
export type Refusal =
  | { readonly why: 'nothing' | 'nothingPasted' | 'tooLong' }
  | { readonly why: 'address'; readonly name: string }
  | { readonly why: 'tooMany'; readonly count: number }

/** Nothing of it is there any more once the event is over. */
export const hold = (data: DataTransfer, way: Held['way']): Held => ({
  way,
  files: [...data.files],
  text: data.getData('text/plain'),
  isAddress: way === 'drop' && data.types.includes('text/uri-list'),
})

export function refusalOf({ way, files, text, isAddress }: Held): Refusal | null {
  if (files.length > inputLimits.atOnce) return { why: 'tooMany', count: files.length }
  if (files.length > 0) return null
  // Its words would be judged, and whoever dropped it means what it leads to.
  if (isAddress) return { why: 'address', name: text.trim().slice(0, 200) }
  if (text.trim() === '') return { why: way === 'drop' ? 'nothing' : 'nothingPasted' }
  return text.length > inputLimits.textLength ? { why: 'tooLong' } : null
}

/** Nobody waits longer for the window while paths are read. */
const restMs = 60
/** After the first, which is wanted at once, so often: each makes the window draw anew. In Electron ten thousand paths take less. */
const sliceMs = 250

/**
 * Files and folders by their paths; a picture without one (dragged out of a browser) by its bytes. In slices; `left` is what is
 * still to be read, 0 in the last.
 */
export async function* readHeld(held: Held): AsyncGenerator<Given & { readonly left: number }> {
  let inputs: Input[] = []
  let refused: string[] = []
  let left = held.files.length
  const slice = () => {
    const taken = { inputs, refused, left }
    inputs = []
    refused = []
    return taken
  }

  const pictures: File[] = []
  let rest = performance.now() + restMs
  let due = rest
  for (const file of held.files) {
    const path = bridge.pathOf(file)
    if (path === '' && file.type.startsWith('image/') && file.size <= inputLimits.pictureBytes) {
      pictures.push(file)
      continue
    }
    left -= 1
    if (path === '') refused.push(file.name)
    else inputs.push({ kind: 'path', path })
    const now = performance.now()
    if (now < rest || left === 0) continue
    if (now >= due) {
      yield slice()
      due = now + sliceMs
    }
    await free()
    rest = performance.now() + restMs
  }
  for (const file of pictures) {
    const bytes = await file.arrayBuffer().catch(() => null)
    left -= 1
    if (bytes === null) refused.push(file.name)
    else inputs.push({ kind: 'image', name: file.name.slice(-inputLimits.nameLength), bytes: new Uint8Array(bytes) })
    if (left > 0) yield slice()
  }
  if (held.files.length === 0) inputs.push({ kind: 'text', text: held.text })
  yield slice()
}

/** Lets the window draw and hear. Not by a frame: a window that is minimised has none. */
const free = (): Promise<void> =>
  new Promise(resolve => {
    setTimeout(resolve)
  })
