import { Button, Checkbox, Loader, Modal, NumberInput, SegmentedControl, TextInput } from '@mantine/core'
import { type ReactElement, useMemo } from 'react'
import { callCeiling, mostFrames } from '../../../shared/limits.ts'
import { rulesProfile } from '../../../shared/rules.ts'
import type { Input } from '../../../shared/screening.ts'
import { formatNumber, useWords, wordsOf } from '../../base/i18n/index.ts'
import { useApp } from '../../state/app.ts'
import {
  assetCount,
  chooseProfiles,
  dispatchPlan,
  isReading,
  isToPlanAgain,
  maxReuseDays,
  maxTilesAllowed,
  namePlan,
  planShown,
  profilesAsked,
  setMaxCalls,
  setMaxFrames,
  setMaxTiles,
  setOptions,
  setReuseDays,
  usePlan,
} from '../../state/plan.ts'
import classes from './drop.module.css'
import { EncodingsChoice } from './encodings-choice.tsx'
import { Costs } from './plan-costs.tsx'
import { Documents } from './plan-documents.tsx'
import { Problems } from './plan-problems.tsx'
import { discardPlan, startPlan } from './planning.ts'
import { useReadingText } from './reading-text.ts'
import { refusedText } from './refusals.ts'
import { RulesChoice } from './rules-choice.tsx'
import { TablesChoice } from './tables-choice.tsx'
import { words } from './words.ts'

export function PlanDialog(): ReactElement {
  const t = useWords('drop', words)
  const inputs = usePlan(state => state.inputs)
  // While nothing is shown yet, the place for it says so.
  const isGrowing = usePlan(state => planShown(state) !== null && isReading(state))
  const arriving = usePlan(state => state.arriving)
  const reading = useReadingText(arriving)
  const sent = usePlan(state => state.sent)
  return (
    <Modal
      opened={inputs !== null}
      onClose={discardPlan}
      closeOnEscape={!sent}
      withCloseButton={!sent}
      title={
        <span className={classes.planTitle} data-testid="plan-title">
          {t('title')}
          <span className="dim">{inputs === null ? '' : inputsName(inputs)}</span>
          {isGrowing && (
            <span className={classes.planReading} data-testid="plan-reading" role="status">
              <Loader size={12} /> {reading}
            </span>
          )}
        </span>
      }
      size={760}
      lockScroll={false}
      closeOnClickOutside={false}
    >
      <form
        className={classes.plan}
        data-testid="plan"
        data-arriving={arriving}
        onSubmit={event => {
          event.preventDefault()
          void startPlan()
        }}
      >
        <Choices />
        <Costs />
        <Documents />
        <Problems />
        <Footer />
      </form>
    </Modal>
  )
}

function inputsName(inputs: readonly Input[]): string {
  const t = wordsOf('drop', words)
  const first = inputs[0]
  if (first === undefined) return ''
  const name =
    first.kind === 'path'
      ? (first.path.split(/[\\/]/).findLast(part => part !== '') ?? first.path)
      : first.kind === 'text'
        ? t('pastedText')
        : t('pastedImage')
  return inputs.length === 1 ? name : t('inputs', { first: name, count: formatNumber(inputs.length) })
}

function Choices(): ReactElement {
  const t = useWords('drop', words)
  const options = usePlan(state => state.options)
  const name = usePlan(state => state.name)
  const refused = usePlan(state => state.refused)
  return (
    <div className={classes.planChoices}>
      <ProfileChoice />
      <RulesChoice />
      <div className={classes.planLine}>
        <TextInput
          className="grow"
          label={t('name')}
          placeholder={t('namePlaceholder')}
          value={name}
          maxLength={120}
          onChange={event => dispatchPlan(namePlan, event.currentTarget.value)}
        />
        <div>
          <span className={classes.planLabel} id="plan-image-mode">
            {t('imageMode')}
          </span>
          <SegmentedControl
            aria-labelledby="plan-image-mode"
            value={options.imageMode}
            data={(['auto', 'fit', 'tile', 'both'] as const).map(mode => ({ value: mode, label: t(`mode.${mode}`) }))}
            onChange={imageMode => dispatchPlan(setOptions, { imageMode })}
          />
        </div>
      </div>
      <TablesChoice />
      <EncodingsChoice />
      {refused.length > 0 && (
        <p className={classes.planRefused} role="status">
          {refusedText(refused)}
        </p>
      )}
      <MoreOptions />
    </div>
  )
}

function ProfileChoice(): ReactElement {
  const t = useWords('drop', words)
  const all = useApp(state => state.profiles)
  const profiles = useMemo(() => all.filter(({ id }) => id !== rulesProfile), [all])
  const chosen = usePlan(state => state.profiles)
  const rules = usePlan(state => state.rules)
  const toggle = (id: string): void =>
    dispatchPlan(
      chooseProfiles,
      chosen.includes(id)
        ? chosen.filter(other => other !== id)
        : profiles.map(profile => profile.id).filter(other => chosen.includes(other) || other === id),
    )
  return (
    <fieldset className={classes.planProfiles}>
      <legend>
        {t('profiles')} <span className="dim">{t('profilesHint')}</span>
      </legend>
      {profiles.map(profile => (
        <button
          type="button"
          key={profile.id}
          aria-pressed={chosen.includes(profile.id)}
          className={classes.planProfile}
          data-testid="plan-profile"
          onClick={() => toggle(profile.id)}
        >
          {profile.name}
          {profile.practice && <span className="mark mark-practice">{t('practice')}</span>}
        </button>
      ))}
      {chosen.length === 0 && !rules && <p className={classes.planWarning}>{t('noProfile')}</p>}
    </fieldset>
  )
}

function MoreOptions(): ReactElement {
  const t = useWords('drop', words)
  const options = usePlan(state => state.options)
  return (
    <details className={classes.planMore}>
      <summary>{t('options')}</summary>
      <div className={classes.planOptions}>
        <Checkbox
          label={t('waitForQuota')}
          checked={options.waitForQuota}
          onChange={event => dispatchPlan(setOptions, { waitForQuota: event.currentTarget.checked })}
        />
        <Checkbox
          label={t('urlList')}
          checked={options.urlList}
          onChange={event => dispatchPlan(setOptions, { urlList: event.currentTarget.checked })}
        />
        <Checkbox
          label={t('notesUnchecked')}
          checked={options.notes === 'unchecked'}
          onChange={event => dispatchPlan(setOptions, { notes: event.currentTarget.checked ? 'unchecked' : 'keep' })}
        />
        <NumberInput
          label={t('reuseDays')}
          min={0}
          max={maxReuseDays}
          clampBehavior="strict"
          allowDecimal={false}
          value={options.reuseDays}
          onChange={value => dispatchPlan(setReuseDays, value)}
        />
        <NumberInput
          label={t('maxTiles')}
          min={1}
          max={maxTilesAllowed}
          clampBehavior="strict"
          allowDecimal={false}
          value={options.maxTiles}
          onChange={value => dispatchPlan(setMaxTiles, value)}
        />
        <NumberInput
          label={t('maxFrames')}
          min={1}
          max={mostFrames}
          clampBehavior="strict"
          allowDecimal={false}
          value={options.maxFrames}
          onChange={value => dispatchPlan(setMaxFrames, value)}
        />
        <NumberInput
          label={t('maxCalls')}
          placeholder={t('mode.auto')}
          min={1}
          max={callCeiling}
          clampBehavior="strict"
          allowDecimal={false}
          value={options.maxCallsPerAsset ?? ''}
          onChange={value => dispatchPlan(setMaxCalls, value)}
        />
      </div>
    </details>
  )
}

function Footer(): ReactElement {
  const t = useWords('drop', words)
  const plan = usePlan(planShown)
  const chosen = usePlan(state => state.profiles)
  const isAsked = usePlan(state => profilesAsked(state).length > 0)
  const starting = usePlan(state => state.starting)
  const sent = usePlan(state => state.sent)
  const hasProblem = usePlan(state => state.problem !== null)
  const isAgain = usePlan(isToPlanAgain)
  const arriving = usePlan(state => state.arriving)
  const profiles = useApp(state => state.profiles)
  const isPractice = profiles.some(profile => profile.practice && chosen.includes(profile.id))
  // Unknown for a plan that failed.
  const isEmpty = !hasProblem && plan?.done === true && arriving === 0 && assetCount(plan) === 0
  const cannot = ((plan === null || isEmpty) && !isAgain) || !isAsked
  return (
    <div className={`row row-end ${classes.planFooter}`}>
      {isEmpty && <span className={`${classes.planWarning} grow`}>{t('nothing')}</span>}
      <Button variant="default" disabled={sent} onClick={discardPlan}>
        {t('cancel')}
      </Button>
      <Button
        type="submit"
        data-autofocus
        loading={starting}
        // Not really disabled: it has the focus from the beginning, so that Enter starts as soon as there is a plan.
        {...(cannot ? { 'data-disabled': true } : {})}
        aria-disabled={cannot}
        rightSection={<kbd className="key key-on-accent">Enter</kbd>}
      >
        {t(isAgain ? 'again' : isPractice ? 'startPractice' : 'start')}
      </Button>
    </div>
  )
}
