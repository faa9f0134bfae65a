import { IconDownload } from '@tabler/icons-react'
import { type ReactElement, type ReactNode, useEffect, useState } from 'react'
import { useWords, wordsOf } from '../i18n/index.ts'
import { placeOf } from '../review/keys.ts'
import { tell } from '../shell/notices.ts'
import { usePlan } from '../stores/plan.ts'
import './drop.css'
import { inputsOf } from './inputs.ts'
import { offer } from './planning.ts'
import { words } from './words.ts'

/** The whole window takes drops and pastes, whatever is shown in it. */
export function DropZone(props: { readonly children: ReactNode }): ReactElement {
  const t = useWords('drop', words)
  const isPlanning = usePlan(state => state.inputs !== null)
  const [isOver, setOver] = useState(false)

  useEffect(() => {
    // Enter and leave come for every element on the way; only the balance says whether the pointer is in the window.
    let depth = 0
    const entered = (event: DragEvent) => {
      if (!isOurs(event.dataTransfer)) return
      event.preventDefault()
      depth += 1
      setOver(true)
    }
    const left = (event: DragEvent) => {
      if (!isOurs(event.dataTransfer)) return
      depth = Math.max(0, depth - 1)
      if (depth === 0) setOver(false)
    }
    const over = (event: DragEvent) => {
      event.preventDefault()
      if (event.dataTransfer !== null) event.dataTransfer.dropEffect = 'copy'
    }
    const dropped = (event: DragEvent) => {
      // Without this the browser would leave the window for the file.
      event.preventDefault()
      depth = 0
      setOver(false)
      if (event.dataTransfer !== null) void take(event.dataTransfer)
    }
    const pasted = (event: ClipboardEvent) => {
      if (placeOf(document.activeElement) === 'field' || event.clipboardData === null) return
      event.preventDefault()
      void take(event.clipboardData)
    }
    window.addEventListener('dragenter', entered)
    window.addEventListener('dragleave', left)
    window.addEventListener('dragover', over)
    window.addEventListener('drop', dropped)
    window.addEventListener('paste', pasted)
    return () => {
      window.removeEventListener('dragenter', entered)
      window.removeEventListener('dragleave', left)
      window.removeEventListener('dragover', over)
      window.removeEventListener('drop', dropped)
      window.removeEventListener('paste', pasted)
    }
  }, [])

  return (
    <>
      {props.children}
      {isOver && (
        <div className="drop-veil" aria-hidden>
          <div className="drop-veil-box">
            <IconDownload size={28} stroke={1.5} />
            {t(isPlanning ? 'drop.more' : 'drop.here')}
          </div>
        </div>
      )}
    </>
  )
}

const isOurs = (data: DataTransfer | null): boolean => data?.types.some(type => type === 'Files') ?? false

async function take(data: DataTransfer): Promise<void> {
  const given = await inputsOf(data)
  if (given.inputs.length === 0 && given.refused.length > 0) {
    const t = wordsOf('drop', words)
    tell(t('refused', { count: given.refused.length, name: given.refused[0] ?? '' }))
    return
  }
  offer(given)
}
