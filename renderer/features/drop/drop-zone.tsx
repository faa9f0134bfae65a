import { IconDownload } from '@tabler/icons-react'
import { type ReactElement, type ReactNode, useEffect, useState } from 'react'
import { useWords } from '../../base/i18n/index.ts'
import { isField } from '../../base/keys.ts'
import { usePlan } from '../../state/plan.ts'
import classes from './drop.module.css'
import { hold } from './inputs.ts'
import { take } from './planning.ts'
import { words } from './words.ts'

/** The whole window takes drops and pastes, whatever is shown in it. */
export function DropZone(props: { readonly children: ReactNode }): ReactElement {
  const t = useWords('drop', words)
  const isPlanning = usePlan(state => state.inputs !== null)
  const [isOver, setOver] = useState(false)

  useEffect(() => {
    // Enter and leave come for every element on the way; only the balance says whether the pointer is in the window.
    let depth = 0
    // A text or a link of the window itself is none of our material. (Nothing in it can be dragged as a file.)
    let isOwn = false
    const isForField = ({ target, dataTransfer: data }: DragEvent): boolean =>
      !hasFiles(data) && target instanceof Element && isField(target)
    const isForUs = (event: DragEvent): boolean => hasFiles(event.dataTransfer) || (!isOwn && !isForField(event))
    const began = () => {
      isOwn = true
    }
    // The end of a drag is not told when what was dragged has gone; but nothing can be pressed while it lasts.
    const ended = () => {
      isOwn = false
    }
    const entered = (event: DragEvent) => {
      if (!hasFiles(event.dataTransfer)) return
      event.preventDefault()
      depth += 1
      setOver(true)
    }
    const left = (event: DragEvent) => {
      if (!hasFiles(event.dataTransfer)) return
      depth = Math.max(0, depth - 1)
      if (depth === 0) setOver(false)
    }
    const over = (event: DragEvent) => {
      if (isForField(event)) return
      event.preventDefault()
      if (event.dataTransfer !== null) event.dataTransfer.dropEffect = isForUs(event) ? 'copy' : 'none'
    }
    const dropped = (event: DragEvent) => {
      depth = 0
      setOver(false)
      if (isForField(event)) return
      // Without this the browser would leave the window for the file.
      event.preventDefault()
      if (event.dataTransfer !== null && isForUs(event)) void take(hold(event.dataTransfer, 'drop'))
    }
    const pasted = (event: ClipboardEvent) => {
      if (isField(document.activeElement) || event.clipboardData === null) return
      event.preventDefault()
      void take(hold(event.clipboardData, 'paste'))
    }
    window.addEventListener('dragstart', began)
    window.addEventListener('dragend', ended)
    window.addEventListener('pointerdown', ended)
    window.addEventListener('dragenter', entered)
    window.addEventListener('dragleave', left)
    window.addEventListener('dragover', over)
    window.addEventListener('drop', dropped)
    window.addEventListener('paste', pasted)
    return () => {
      window.removeEventListener('dragstart', began)
      window.removeEventListener('dragend', ended)
      window.removeEventListener('pointerdown', ended)
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
        <div className={classes.veil} aria-hidden>
          <div className={classes.veilBox}>
            <IconDownload size={28} stroke={1.5} />
            {t(isPlanning ? 'drop.more' : 'drop.here')}
          </div>
        </div>
      )}
    </>
  )
}

const hasFiles = (data: DataTransfer | null): boolean => data?.types.some(type => type === 'Files') ?? false
