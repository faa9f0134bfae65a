import type { Input } from '../../shared/screening.ts'
import { bridge } from '../bridge.ts'

/** What was dropped or pasted, as the main process takes it, and the names of what cannot be taken. */
export interface Given {
  readonly inputs: readonly Input[]
  readonly refused: readonly string[]
}

/** Files and folders by their paths; a picture without one (dragged out of a browser) by its bytes. */
export async function inputsOf(data: DataTransfer): Promise<Given> {
  // The items are gone once the event is over, so everything is taken out of them before the first wait.
  const files = [...data.items].filter(item => item.kind === 'file').map(item => item.getAsFile())
  const text = data.getData('text/plain')
  const inputs: Input[] = []
  const refused: string[] = []
  for (const file of files) {
    if (file === null) continue
    const path = bridge.pathOf(file)
    if (path !== '') inputs.push({ kind: 'path', path })
    else if (file.type.startsWith('image/')) {
      inputs.push({ kind: 'image', name: file.name, bytes: new Uint8Array(await file.arrayBuffer()) })
    } else refused.push(file.name)
  }
  if (inputs.length === 0 && refused.length === 0 && text.trim() !== '') inputs.push({ kind: 'text', text })
  return { inputs, refused }
}
