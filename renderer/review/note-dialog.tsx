import { Button, Modal, Textarea } from '@mantine/core'
import { type ReactElement, useEffect, useState } from 'react'
import { useWords } from '../i18n/index.ts'
import { words as common } from '../i18n/words.ts'
import { actLook, setNoting, useLook } from '../stores/look.ts'
import { saveNote } from './decide.ts'
import { words } from './words.ts'

export function NoteDialog(): ReactElement {
  const t = useWords('review', words)
  const c = useWords('common', common)
  const noting = useLook(state => state.noting)
  const [note, setNote] = useState('')
  useEffect(() => {
    if (noting !== null) setNote(noting.note)
  }, [noting])
  const close = () => actLook(setNoting, null)
  const save = () => {
    close()
    if (noting !== null) saveNote(noting.assets, note)
  }
  return (
    <Modal
      opened={noting !== null}
      onClose={close}
      // A click that missed would throw away what was written.
      closeOnClickOutside={noting === null || note === noting.note}
      title={t('noteTitle')}
      size="md"
      lockScroll={false}
    >
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
