import { Button, Modal, Textarea } from '@mantine/core'
import { type ReactElement, useEffect, useState } from 'react'
import { rows } from '../grid/live.ts'
import { useWords } from '../i18n/index.ts'
import { words as common } from '../i18n/words.ts'
import { focusedAsset, useGrid } from '../stores/grid.ts'
import { actLook, setNoting, useLook } from '../stores/look.ts'
import { saveNote } from './decide.ts'
import { words } from './words.ts'

export function NoteDialog(): ReactElement {
  const t = useWords('review', words)
  const c = useWords('common', common)
  const isOpen = useLook(state => state.noting)
  const [note, setNote] = useState('')
  useEffect(() => {
    if (!isOpen) return
    const state = useGrid.getState()
    const asset = focusedAsset(state)
    // Of several assets the notes may differ, so nothing is offered to be overwritten.
    setNote(state.selected.count > 1 || asset === null ? '' : (rows.get(asset)?.note ?? ''))
  }, [isOpen])
  const close = () => actLook(setNoting, false)
  const save = () => {
    close()
    saveNote(note)
  }
  return (
    <Modal opened={isOpen} onClose={close} title={t('noteTitle')} size="md" lockScroll={false}>
      <Textarea
        aria-label={t('noteTitle')}
        description={t('noteHint')}
        autosize
        minRows={3}
        maxRows={10}
        maxLength={2000}
        value={note}
        data-autofocus
        onChange={event => setNote(event.currentTarget.value)}
        onKeyDown={event => {
          if (event.key === 'Enter' && (event.ctrlKey || event.metaKey) && !event.nativeEvent.isComposing) save()
        }}
      />
      <div className="row row-end">
        <Button variant="default" onClick={close}>
          {c('cancel')}
        </Button>
        <Button onClick={save}>{t('save')}</Button>
      </div>
    </Modal>
  )
}
