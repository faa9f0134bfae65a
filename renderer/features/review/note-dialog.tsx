import { Button, Modal, Textarea } from '@mantine/core'
import { type ReactElement, useEffect, useRef, useState } from 'react'
import { mostUnits } from '../../../shared/ipc.ts'
import { useCommandNames } from '../../base/command-names.ts'
import { useWords } from '../../base/i18n/index.ts'
import { overLength } from '../../base/too-long.ts'
import { dispatchViewState, type Noting, setNoting, useViewState } from '../../state/view-state.ts'
import { saveNote } from './decide.ts'
import { words } from './words.ts'

export function NoteDialog(): ReactElement {
  const t = useWords('review', words)
  const name = useCommandNames()
  const noting = useViewState(state => state.noting)
  const [note, setNote] = useState('')
  /** What was written when the dialog was last left without saving. */
  const unsaved = useRef<Noting | null>(null)
  const [isKept, setKept] = useState(false)
  useEffect(() => {
    if (noting === null) return
    const kept = unsaved.current?.assets.join() === noting.assets.join() ? unsaved.current : null
    setNote((kept ?? noting).note)
    setKept(kept !== null)
  }, [noting])
  const close = (left: Noting | null) => {
    unsaved.current = left
    dispatchViewState(setNoting, null)
  }
  const over = overLength(note, mostUnits.note)
  const save = () => {
    if (over !== null) return
    close(null)
    if (noting !== null) saveNote(noting.assets, note)
  }
  return (
    <Modal
      opened={noting !== null}
      // Esc comes easily; only “Cancel” means that the words may go.
      onClose={() => close(noting !== null && note !== noting.note ? { ...noting, note } : null)}
      // A click that missed would throw away what was written.
      closeOnClickOutside={noting === null || note === noting.note}
      title={name('note')}
      size="md"
      lockScroll={false}
    >
      <Textarea
        aria-label={name('note')}
        description={t(isKept ? 'noteKept' : 'noteHint')}
        autosize
        minRows={3}
        maxRows={10}
        error={over === null ? null : t('tooLong', over)}
        value={note}
        data-autofocus
        onChange={event => setNote(event.currentTarget.value)}
        onKeyDown={event => {
          if (event.key === 'Enter' && (event.ctrlKey || event.metaKey) && !event.nativeEvent.isComposing) save()
        }}
      />
      <div className="row row-end">
        <Button variant="default" onClick={() => close(null)}>
          {t('cancel')}
        </Button>
        <Button onClick={save} disabled={over !== null}>
          {t('save')}
        </Button>
      </div>
    </Modal>
  )
}
