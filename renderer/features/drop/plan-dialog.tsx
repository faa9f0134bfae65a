import { Button, Checkbox, Loader, Modal, NumberInput, SegmentedControl, TextInput } from '@mantine/core'
import { IconAlertTriangle, IconClock, IconPhoto, IconScissors, IconTypography, IconVolume } from '@tabler/icons-react'
import { type ReactElement, type ReactNode, useMemo, useState } from 'react'
import { failureText } from '../../../shared/failures.ts'
import { problemText } from '../../../shared/problems.ts'
import { detailText } from '../../../shared/remarks/index.ts'
import { routeText } from '../../../shared/routes.ts'
import type { Input, Plan, ScreenOptions } from '../../../shared/screening.ts'
import {
  formatBytes,
  formatDuration,
  formatMoment,
  formatNumber,
  useLanguage,
  useWords,
  wordsOf,
} from '../../base/i18n/index.ts'
import { VirtualList } from '../../base/virtual-list.tsx'
import { useApp } from '../../state/app.ts'
import {
  actPlan,
  assetCount,
  chooseProfiles,
  hasTable,
  isReading,
  isToPlanAgain,
  maxReuseDays,
  namePlan,
  planShown,
  setOptions,
  setReuseDays,
  usePlan,
} from '../../state/plan.ts'
import { giveUpPlan, startPlan } from './planning.ts'
import { refusedText } from './refuse.ts'
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
      onClose={giveUpPlan}
      closeOnEscape={!sent}
      withCloseButton={!sent}
      title={
        <span className="plan-title">
          {t('title')}
          <span className="dim">{inputs === null ? '' : inputsName(inputs)}</span>
          {isGrowing && (
            <span className="plan-reading" role="status">
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
        className="plan"
        data-arriving={arriving}
        onSubmit={event => {
          event.preventDefault()
          void startPlan()
        }}
      >
        <Choices />
        <Costs />
        <Problems />
        <Foot />
      </form>
    </Modal>
  )
}

function readingText(arriving: number): string {
  const t = wordsOf('drop', words)
  return arriving > 0 ? t('arriving', { count: formatNumber(arriving) }) : t('reading')
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
  const language = useLanguage()
  const profiles = useApp(state => state.profiles)
  const chosen = usePlan(state => state.profiles)
  const options = usePlan(state => state.options)
  const name = usePlan(state => state.name)
  const inputs = usePlan(state => state.inputs)
  const plan = usePlan(planShown)
  const refused = usePlan(state => state.refused)
  const isTable = useMemo(() => inputs !== null && hasTable(inputs), [inputs])
  const unchosen = plan === null ? [] : tablesWithoutColumn(plan)
  const toggle = (id: string) =>
    actPlan(
      chooseProfiles,
      chosen.includes(id)
        ? chosen.filter(other => other !== id)
        : profiles.map(profile => profile.id).filter(other => chosen.includes(other) || other === id),
    )
  return (
    <div className="plan-choices">
      <fieldset className="plan-profiles">
        <legend>
          {t('profiles')} <span className="dim">{t('profilesHint')}</span>
        </legend>
        {profiles.map(profile => (
          <button
            type="button"
            key={profile.id}
            aria-pressed={chosen.includes(profile.id)}
            className="plan-profile"
            onClick={() => toggle(profile.id)}
          >
            {profile.name}
            {profile.practice && <span className="mark mark-practice">{t('practice')}</span>}
          </button>
        ))}
        {chosen.length === 0 && <p className="plan-warning">{t('noProfile')}</p>}
      </fieldset>
      <div className="plan-line">
        <TextInput
          className="grow"
          label={t('name')}
          placeholder={t('namePlaceholder')}
          value={name}
          maxLength={120}
          onChange={event => actPlan(namePlan, event.currentTarget.value)}
        />
        <div>
          <span className="plan-label" id="plan-image-mode">
            {t('imageMode')}
          </span>
          <SegmentedControl
            aria-labelledby="plan-image-mode"
            value={options.imageMode}
            data={(['auto', 'fit', 'tile', 'both'] as const).map(mode => ({ value: mode, label: t(`mode.${mode}`) }))}
            onChange={imageMode => actPlan(setOptions, { imageMode })}
          />
        </div>
      </div>
      {(isTable || hasColumn(options) || unchosen.length > 0) && (
        <div className="plan-line">
          <TextInput
            className="grow"
            label={t('textColumn')}
            placeholder={t('columnHint')}
            value={options.textColumn ?? ''}
            onChange={event => actPlan(setOptions, { textColumn: orNull(event.currentTarget.value) })}
          />
          <TextInput
            className="grow"
            label={t('urlColumn')}
            placeholder={t('columnHint')}
            value={options.urlColumn ?? ''}
            onChange={event => actPlan(setOptions, { urlColumn: orNull(event.currentTarget.value) })}
          />
        </div>
      )}
      {refused.length > 0 && (
        <p className="plan-refused" role="status">
          {refusedText(refused)}
        </p>
      )}
      {unchosen.slice(0, 3).map(({ path, code, detail }) => (
        <p key={path} className="plan-columns" role="status">
          {failureText(code, language)} <b>{path}</b>{' '}
          <span className="plan-columns-list">{detailText(detail, language)}</span>
        </p>
      ))}
      <details className="plan-more">
        <summary>{t('options')}</summary>
        <div className="plan-options">
          <Checkbox
            label={t('waitForQuota')}
            checked={options.waitForQuota}
            onChange={event => actPlan(setOptions, { waitForQuota: event.currentTarget.checked })}
          />
          <Checkbox
            label={t('urlList')}
            checked={options.urlList}
            onChange={event => actPlan(setOptions, { urlList: event.currentTarget.checked })}
          />
          <Checkbox
            label={t('notesUnchecked')}
            checked={options.notes === 'unchecked'}
            onChange={event => actPlan(setOptions, { notes: event.currentTarget.checked ? 'unchecked' : 'keep' })}
          />
          <NumberInput
            label={t('reuseDays')}
            min={0}
            max={maxReuseDays}
            clampBehavior="strict"
            allowDecimal={false}
            value={options.reuseDays}
            onChange={value => actPlan(setReuseDays, value)}
          />
        </div>
      </details>
    </div>
  )
}

/** Once chosen, a column stays within reach, also for a table that lies in a folder. */
const hasColumn = ({ textColumn, urlColumn }: ScreenOptions): boolean => textColumn !== null || urlColumn !== null

/** Tables that wait for somebody to name a column; `detail` lists those that there are. */
const tablesWithoutColumn = (plan: Plan) =>
  plan.problems.flatMap(({ path, code, detail }) =>
    code === 'column_not_chosen' || code === 'column_unknown' || code === 'column_ambiguous'
      ? [{ path, code, detail }]
      : [],
  )

const orNull = (value: string): string | null => (value === '' ? null : value)

function Costs(): ReactElement {
  const t = useWords('drop', words)
  const language = useLanguage()
  const plan = usePlan(planShown)
  const problem = usePlan(state => state.problem)
  const arriving = usePlan(state => state.arriving)
  const isAsked = usePlan(state => state.profiles.length > 0)
  const profiles = useApp(state => state.profiles)
  if (problem !== null) {
    return (
      <div className="plan-problem" role="alert">
        <IconAlertTriangle size={16} aria-hidden />
        <span>
          {problemText(problem.code, language)} <code>{detailText(problem.detail, language)}</code>
        </span>
      </div>
    )
  }
  // Without a profile nothing is being worked out.
  if (plan === null && !isAsked) return <div className="plan-waiting" />
  if (plan === null) {
    return (
      <div className="plan-waiting" role="status">
        <Loader size={16} /> {readingText(arriving)}
      </div>
    )
  }
  const nameOf = (id: string) => profiles.find(profile => profile.id === id)?.name ?? id
  return (
    <section className="plan-costs" aria-live="off">
      <div className="plan-figures">
        <Figure
          icon={<IconPhoto size={15} />}
          value={plan.assets.image}
          word={t('images', { count: plan.assets.image })}
        />
        <Figure
          icon={<IconTypography size={15} />}
          value={plan.assets.text}
          word={t('texts', { count: plan.assets.text })}
        />
        {plan.assets.audio > 0 && (
          <Figure
            icon={<IconVolume size={15} />}
            value={plan.assets.audio}
            word={t('audios', { count: plan.assets.audio })}
          />
        )}
        <div className="plan-figure">
          <b>{formatBytes(plan.bytes)}</b> {t('size')}
        </div>
        <div className="plan-figure plan-time">
          <IconClock size={15} aria-hidden />
          {plan.durationMs === null ? (
            <b className="plan-warning">{t('finishNever')}</b>
          ) : (
            <>
              {plan.durationMs < 60_000 ? (
                <b>{t('finishSoon')}</b>
              ) : (
                <>
                  {t('finish')} <b>{formatDuration(plan.durationMs)}</b>
                </>
              )}
              <span className="dim">{t('finishAt', { time: formatMoment(Date.now() + plan.durationMs) })}</span>
            </>
          )}
        </div>
      </div>
      {(plan.tiledImages > 0 || plan.reused > 0 || plan.controls > 0) && (
        <p className="plan-notes dim">
          {plan.tiledImages > 0 && (
            <span>
              <IconScissors size={13} aria-hidden /> {t('tiled', { count: formatNumber(plan.tiledImages) })}
            </span>
          )}
          {plan.controls > 0 && <span>{t('controls', { count: formatNumber(plan.controls) })}</span>}
          {plan.reused > 0 && <span>{t('reused', { count: formatNumber(plan.reused) })}</span>}
        </p>
      )}
      {plan.calls.length > 0 && (
        <table className="plan-calls">
          <thead>
            <tr>
              <th>{t('profiles')}</th>
              <th>{t('calls.endpoint')}</th>
              <th>{t('calls.parts')}</th>
              <th>{t('calls.perMinute')}</th>
              <th>{t('calls.quota')}</th>
            </tr>
          </thead>
          <tbody>
            {plan.calls.map(call => (
              <tr key={`${call.profile} ${call.endpoint}`}>
                <td>{nameOf(call.profile)}</td>
                <td>
                  <code>{call.endpoint}</code>
                </td>
                <td className="figures">{formatNumber(call.parts)}</td>
                <td className="figures">{call.perMinute === null ? t('unlimited') : formatNumber(call.perMinute)}</td>
                <td className="figures">
                  {call.quotaLeft === null ? (
                    t('unknown')
                  ) : call.quotaLeft < call.parts ? (
                    <span className="plan-warning">
                      {t('calls.short', { count: formatNumber(call.parts - call.quotaLeft) })}
                    </span>
                  ) : (
                    formatNumber(call.quotaLeft)
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      <Ways ways={plan.ways} />
    </section>
  )
}

const plural = { image: 'images', text: 'texts', audio: 'audios' } as const

/** Which way the assets take, where there was a choice. */
function Ways(props: { readonly ways: Plan['ways'] }): ReactElement | null {
  const t = useWords('drop', words)
  const language = useLanguage()
  const profiles = useApp(state => state.profiles)
  const chosen = props.ways.filter(way => way.why !== 'only_way')
  if (chosen.length === 0) return null
  return (
    <ul className="plan-ways">
      {chosen.map(way => (
        <li key={`${way.profile} ${way.kind} ${way.way} ${way.why}`}>
          <b className="figures">{formatNumber(way.assets)}</b> {t(plural[way.kind], { count: way.assets })} ·{' '}
          {t(`way.${way.way}`)}{' '}
          <span className="dim">
            {`${profiles.find(profile => profile.id === way.profile)?.name ?? way.profile} · ${routeText(way.why, language)}`}
          </span>
        </li>
      ))}
    </ul>
  )
}

function Figure(props: { readonly icon: ReactNode; readonly value: number; readonly word: string }): ReactElement {
  return (
    <div className="plan-figure">
      <span aria-hidden>{props.icon}</span>
      <b className="figures">{formatNumber(props.value)}</b> {props.word}
    </div>
  )
}

function Problems(): ReactElement | null {
  const t = useWords('drop', words)
  const language = useLanguage()
  const plan = usePlan(planShown)
  const [isOpen, setOpen] = useState(true)
  if (plan === null || plan.problemCount === 0) return null
  const { problems, problemCount } = plan
  return (
    <details className="plan-problems" open={isOpen} onToggle={event => setOpen(event.currentTarget.open)}>
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
            <div className="plan-problem-row" title={`${problem.path}\n${reason}`}>
              <span className="plan-problem-path">{problem.path}</span>
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

function Foot(): ReactElement {
  const t = useWords('drop', words)
  const plan = usePlan(planShown)
  const chosen = usePlan(state => state.profiles)
  const starting = usePlan(state => state.starting)
  const sent = usePlan(state => state.sent)
  const hasProblem = usePlan(state => state.problem !== null)
  const isAgain = usePlan(isToPlanAgain)
  const arriving = usePlan(state => state.arriving)
  const profiles = useApp(state => state.profiles)
  const isPractice = profiles.some(profile => profile.practice && chosen.includes(profile.id))
  // Of a plan that failed it is not known.
  const isEmpty = !hasProblem && plan?.done === true && arriving === 0 && assetCount(plan) === 0
  const cannot = ((plan === null || isEmpty) && !isAgain) || chosen.length === 0
  return (
    <div className="row row-end">
      {isEmpty && <span className="plan-warning grow">{t('nothing')}</span>}
      <Button variant="default" disabled={sent} onClick={giveUpPlan}>
        {t('close')}
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
