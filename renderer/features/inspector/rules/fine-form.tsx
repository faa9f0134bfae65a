import { Button, SegmentedControl, Textarea } from '@mantine/core'
import { type ReactElement, useId, useLayoutEffect, useRef, useState } from 'react'
import { mostUnits } from '../../../../shared/ipc.ts'
import { problemText } from '../../../../shared/problems.ts'
import { type RuleHit, type WaiverReach, waiverReaches } from '../../../../shared/rules.ts'
import { useLanguage, useWords } from '../../../base/i18n/index.ts'
import { overLength } from '../../../base/too-long.ts'
import { dispatchViewState, endFine } from '../../../state/view-state.ts'
import { fine } from './fine.ts'
import classes from './rules.module.css'
import { words } from './words.ts'

/** Why the words are fine, and how far that goes. Nothing is fine without a reason. */
export function FineForm({ hit, asset }: { readonly hit: RuleHit; readonly asset: number }): ReactElement {
  const t = useWords('ruleCards', words)
  const language = useLanguage()
  const [reach, setReach] = useState<WaiverReach>('once')
  const [reason, setReason] = useState('')
  const [error, setError] = useState<string | null>(null)
  const [isSaving, setSaving] = useState(false)
  const reachId = useId()
  const field = useRef<HTMLTextAreaElement>(null)

  // Asked for by a key or a click: typing can begin at once, and afterwards the keys go where they went before.
  useLayoutEffect(() => {
    const before = document.activeElement
    const card = field.current?.closest('li')?.querySelector('button')
    field.current?.focus()
    field.current?.closest('form')?.scrollIntoView({ block: 'nearest' })
    return () =>
      (before instanceof HTMLElement && before.isConnected && before !== document.body ? before : card)?.focus()
  }, [])

  const over = overLength(reason, mostUnits.waiverReason)
  const save = async () => {
    if (over !== null) return
    if (reason.trim() === '') {
      setError(t('fineReasonMissing'))
      return
    }
    setSaving(true)
    const answer = await fine(hit, asset, { reach, reason })
    setSaving(false)
    if ('problem' in answer) setError(problemText(answer.problem.code, language))
  }
  const leave = () => dispatchViewState(endFine, null)
  return (
    <form
      className={classes.form}
      data-testid="fine-form"
      onSubmit={event => {
        event.preventDefault()
        void save()
      }}
      onKeyDown={event => {
        if (event.nativeEvent.isComposing) return
        if (event.key === 'Escape') {
          event.preventDefault()
          leave()
        }
        if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) void save()
      }}
    >
      <Textarea
        ref={field}
        size="xs"
        label={t('fineReason')}
        placeholder={t('fineReasonHint')}
        autosize
        minRows={2}
        maxRows={6}
        value={reason}
        error={over === null ? error : t('tooLong', over)}
        onChange={event => {
          setReason(event.currentTarget.value)
          setError(null)
        }}
      />
      <div>
        <span className={classes.label} id={reachId}>
          {t('fineReach')}
        </span>
        <SegmentedControl
          fullWidth
          aria-labelledby={reachId}
          value={reach}
          data={waiverReaches.map(value => ({ value, label: t(`reach.${value}`) }))}
          onChange={value => setReach(waiverReaches.find(known => known === value) ?? reach)}
        />
        <p className={classes.help}>{t(`reachHelp.${reach}`)}</p>
      </div>
      <div className={classes.buttons}>
        <Button variant="default" onClick={leave}>
          {t('cancel')}
        </Button>
        <Button type="submit" loading={isSaving} disabled={over !== null}>
          {t('fineSave')}
        </Button>
      </div>
    </form>
  )
}
