import { Button, Checkbox, Loader, Modal, NumberInput, SegmentedControl, TextInput } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'
import { type ReactElement, useMemo, useState } from 'react'
import { failureText } from '../../../shared/failures.ts'
import { detailText } from '../../../shared/remarks/index.ts'
import { rulesProfile } from '../../../shared/rules.ts'
import type { Input, Plan, ScreenOptions } from '../../../shared/screening.ts'
import { formatNumber, useLanguage, useWords, wordsOf } from '../../base/i18n/index.ts'
import { VirtualList } from '../../base/virtual-list.tsx'
import { useApp } from '../../state/app.ts'
import {
  assetCount,
  chooseProfiles,
  dispatchPlan,
  hasTable,
  isReading,
  isToPlanAgain,
  maxReuseDays,
  namePlan,
  planShown,
  profilesAsked,
  setOptions,
  setReuseDays,
  usePlan,
} from '../../state/plan.ts'
import classes from './drop.module.css'
import { Costs } from './plan-costs.tsx'
import { discardPlan, startPlan } from './planning.ts'
import { readingText } from './reading-text.ts'
import { refusedText } from './refusals.ts'
import { RulesChoice } from './rules-choice.tsx'
import { words } from './words.ts'

export function PlanDialog(): ReactElement {
  const t = useWords('drop', words)
  const inputs = usePlan(state => state.inputs)
  // While nothing is shown yet, the place for it says so.
  const isGrowing = usePlan(state => planShown(state) !== null && isReading(state))
  const arriving = usePlan(state => state.arriving)
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
              <Loader size={12} /> {readingText(arriving)}
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
      <ColumnChoice />
      {refused.length > 0 && (
        <p className={classes.planRefused} role="status">
          {refusedText(refused)}
        </p>
      )}
      <TablesWithoutColumn />
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

/** The columns of a table; nothing while no table is planned. */
function ColumnChoice(): ReactElement | null {
  const t = useWords('drop', words)
  const options = usePlan(state => state.options)
  const inputs = usePlan(state => state.inputs)
  const isMissing = usePlan(state => tablesWithoutColumn(planShown(state)).length > 0)
  const isTable = useMemo(() => inputs !== null && hasTable(inputs), [inputs])
  if (!isTable && !hasColumn(options) && !isMissing) return null
  return (
    <div className={classes.planLine}>
      <TextInput
        className="grow"
        label={t('textColumn')}
        placeholder={t('columnHint')}
        value={options.textColumn ?? ''}
        onChange={event => dispatchPlan(setOptions, { textColumn: orNull(event.currentTarget.value) })}
      />
      <TextInput
        className="grow"
        label={t('urlColumn')}
        placeholder={t('columnHint')}
        value={options.urlColumn ?? ''}
        onChange={event => dispatchPlan(setOptions, { urlColumn: orNull(event.currentTarget.value) })}
      />
    </div>
  )
}

/** The first tables that need a column to be named. */
function TablesWithoutColumn(): ReactElement {
  const language = useLanguage()
  const plan = usePlan(planShown)
  return (
    <>
      {tablesWithoutColumn(plan)
        .slice(0, 3)
        .map(({ path, code, detail }) => (
          <p key={path} className={classes.planColumns} role="status">
            {failureText(code, language)} <b>{path}</b>{' '}
            <span className={classes.planColumnsList}>{detailText(detail, language)}</span>
          </p>
        ))}
    </>
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
      </div>
    </details>
  )
}

/** Once chosen, a column stays within reach, also for a table that lies in a folder. */
const hasColumn = ({ textColumn, urlColumn }: ScreenOptions): boolean => textColumn !== null || urlColumn !== null

/** `detail` lists the columns that there are. */
const tablesWithoutColumn = (plan: Plan | null) =>
  (plan?.problems ?? []).flatMap(({ path, code, detail }) =>
    code === 'column_not_chosen' || code === 'column_unknown' || code === 'column_ambiguous'
      ? [{ path, code, detail }]
      : [],
  )

const orNull = (value: string): string | null => (value === '' ? null : value)

function Problems(): ReactElement | null {
  const t = useWords('drop', words)
  const language = useLanguage()
  const plan = usePlan(planShown)
  const [isOpen, setOpen] = useState(true)
  if (plan === null || plan.problemCount === 0) return null
  const { problems, problemCount } = plan
  return (
    <details
      className={classes.planProblems}
      data-testid="plan-problems"
      open={isOpen}
      onToggle={event => setOpen(event.currentTarget.open)}
    >
      <summary>
        <IconAlertTriangle size={14} aria-hidden />{' '}
        {t('problems', { count: problemCount, shown: formatNumber(problemCount) })}
        {problemCount > problems.length && (
          <span className="dim"> · {t('problemsFirst', { count: formatNumber(problems.length) })}</span>
        )}
      </summary>
      <VirtualList
        count={problems.length}
        rowHeight={26}
        height={Math.min(156, problems.length * 26)}
        label={t('problems', { count: problemCount, shown: formatNumber(problemCount) })}
        row={index => {
          const problem = problems[index]
          if (problem === undefined) return null
          const reason =
            problem.code === 'skipped'
              ? skipText(problem.detail)
              : `${failureText(problem.code, language)} ${detailText(problem.detail, language)}`
          return (
            <div className={classes.planProblemRow} title={`${problem.path}\n${reason}`}>
              <span>{problem.path}</span>
              <span className="dim">{reason}</span>
            </div>
          )
        }}
      />
    </details>
  )
}

const skipReasons = ['hidden', 'system', 'duplicate'] as const

function skipText(detail: string): string {
  const t = wordsOf('drop', words)
  const known = skipReasons.find(reason => reason === detail)
  return known === undefined ? t('skipped') : t(`skipped.${known}`)
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
    <div className="row row-end">
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
