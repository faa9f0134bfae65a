import { inputLimits } from '../../../shared/input-limits.ts'
import type { Input } from '../../../shared/screening.ts'
import { bridge } from '../../base/bridge.ts'

/** What a drop or a paste holds, taken out while its event lasted. */
export interface Transfer {
  readonly source: 'drop' | 'paste'
  readonly files: readonly File[]
  readonly text: string
  /** A link, or a picture of a page that came without the picture. */
  readonly isAddress: boolean
}

/** What was dropped or pasted, as the main process takes it, and the names of what cannot be taken. */
export interface InputSlice {
  readonly inputs: readonly Input[]
  readonly refused: readonly string[]
}

/** Why nothing at all can be made of it. */
export type Refusal =
  | { readonly reason: 'nothing' | 'nothingPasted' | 'tooLong' }
  | { readonly reason: 'address'; readonly name: string }
  | { readonly reason: 'tooMany'; readonly count: number }

/** Nothing of it is there any more once the event is over. */
export const transferOf = (data: DataTransfer, source: Transfer['source']): Transfer => ({
  source,
  files: [...data.files],
  text: data.getData('text/plain'),
  isAddress: source === 'drop' && data.types.includes('text/uri-list'),
})

export function refusalOf({ source, files, text, isAddress }: Transfer): Refusal | null {
  if (files.length > inputLimits.atOnce) return { reason: 'tooMany', count: files.length }
  if (files.length > 0) return null
  // The address would be judged as a text, when what it leads to is meant.
  if (isAddress) return { reason: 'address', name: text.trim().slice(0, 200) }
  if (text.trim() === '') return { reason: source === 'drop' ? 'nothing' : 'nothingPasted' }
  return text.length > inputLimits.textLength ? { reason: 'tooLong' } : null
}

/** The window is never blocked for longer while paths are read. */
const yieldAfterMs = 60
/** After the first, which is wanted at once, so often: each makes the window draw anew. In Electron ten thousand paths take less. */
const sliceMs = 250

/**
 * Files and folders by their paths; a picture without one (dragged out of a browser) by its bytes. In slices; `left` is what is
 * still to be read, 0 in the last.
 */
export async function* readTransfer(transfer: Transfer): AsyncGenerator<InputSlice & { readonly left: number }> {
  let inputs: Input[] = []
  let refused: string[] = []
  let left = transfer.files.length
  const slice = () => {
    const taken = { inputs, refused, left }
    inputs = []
    refused = []
    return taken
  }

  const pictures: File[] = []
  let yieldAt = performance.now() + yieldAfterMs
  let due = yieldAt
  for (const file of transfer.files) {
    const path = bridge.pathOf(file)
    if (path === '' && file.type.startsWith('image/') && file.size <= inputLimits.pictureBytes) {
      pictures.push(file)
      continue
    }
    left -= 1
    if (path === '') refused.push(file.name)
    else inputs.push({ kind: 'path', path })
    const now = performance.now()
    if (now < yieldAt || left === 0) continue
    if (now >= due) {
      yield slice()
      due = now + sliceMs
    }
    await yieldToWindow()
    yieldAt = performance.now() + yieldAfterMs
  }
  for (const file of pictures) {
    const bytes = await file.arrayBuffer().catch(() => null)
    left -= 1
    if (bytes === null) refused.push(file.name)
    else inputs.push({ kind: 'image', name: file.name.slice(-inputLimits.nameLength), bytes: new Uint8Array(bytes) })
    if (left > 0) yield slice()
  }
  if (transfer.files.length === 0) inputs.push({ kind: 'text', text: transfer.text })
  yield slice()
}

/** Lets the window draw and handle events. Not by a frame: a minimised window has none. */
const yieldToWindow = (): Promise<void> =>
  new Promise(resolve => {
    setTimeout(resolve)
  })
