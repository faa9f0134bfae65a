import { IconDownload } from '@tabler/icons-react'
import { type ReactElement, type ReactNode, useEffect, useState } from 'react'
import { useWords } from '../../base/i18n/index.ts'
import { isField } from '../../base/keys.ts'
import { isDraggedOut } from '../../state/drag-out.ts'
import { usePlan } from '../../state/plan.ts'
import classes from './drop.module.css'
import { transferOf } from './inputs.ts'
import { planTransfer } from './planning.ts'
import { words } from './words.ts'

/** The whole window takes drops and pastes, whatever is shown in it. */
export function DropZone(props: { readonly children: ReactNode }): ReactElement {
  const t = useWords('drop', words)
  const isPlanning = usePlan(state => state.inputs !== null)
  const [isOver, setOver] = useState(false)

  useEffect(() => {
    // Enter and leave come for every element on the way; only the balance says whether the pointer is in the window.
    let depth = 0
    // A text or a link of the window itself is none of our material, nor are files that were dragged out of it.
    let isOwn = false
    const isForField = ({ target, dataTransfer: data }: DragEvent): boolean =>
      !hasFiles(data) && target instanceof Element && isField(target)
    const isForUs = (event: DragEvent): boolean =>
      !isDraggedOut() && (hasFiles(event.dataTransfer) || (!isOwn && !isForField(event)))
    const onDragStart = () => {
      isOwn = true
    }
    // The end of a drag is not told when what was dragged has gone; but nothing can be pressed while it lasts.
    const onDragEnd = () => {
      isOwn = false
    }
    const onDragEnter = (event: DragEvent) => {
      if (!hasFiles(event.dataTransfer) || isDraggedOut()) return
      event.preventDefault()
      depth += 1
      setOver(true)
    }
    const onDragLeave = (event: DragEvent) => {
      if (!hasFiles(event.dataTransfer)) return
      depth = Math.max(0, depth - 1)
      if (depth === 0) setOver(false)
    }
    const onDragOver = (event: DragEvent) => {
      if (isForField(event)) return
      event.preventDefault()
      if (event.dataTransfer !== null) event.dataTransfer.dropEffect = isForUs(event) ? 'copy' : 'none'
    }
    const onDrop = (event: DragEvent) => {
      depth = 0
      setOver(false)
      if (isForField(event)) return
      // Without this the browser would leave the window for the file.
      event.preventDefault()
      if (event.dataTransfer !== null && isForUs(event)) void planTransfer(transferOf(event.dataTransfer, 'drop'))
    }
    const onPaste = (event: ClipboardEvent) => {
      if (isField(document.activeElement) || event.clipboardData === null) return
      event.preventDefault()
      void planTransfer(transferOf(event.clipboardData, 'paste'))
    }
    window.addEventListener('dragstart', onDragStart)
    window.addEventListener('dragend', onDragEnd)
    window.addEventListener('pointerdown', onDragEnd)
    window.addEventListener('dragenter', onDragEnter)
    window.addEventListener('dragleave', onDragLeave)
    window.addEventListener('dragover', onDragOver)
    window.addEventListener('drop', onDrop)
    window.addEventListener('paste', onPaste)
    return () => {
      window.removeEventListener('dragstart', onDragStart)
      window.removeEventListener('dragend', onDragEnd)
      window.removeEventListener('pointerdown', onDragEnd)
      window.removeEventListener('dragenter', onDragEnter)
      window.removeEventListener('dragleave', onDragLeave)
      window.removeEventListener('dragover', onDragOver)
      window.removeEventListener('drop', onDrop)
      window.removeEventListener('paste', onPaste)
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
