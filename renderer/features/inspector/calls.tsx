import { ActionIcon } from '@mantine/core'
import { IconCopy } from '@tabler/icons-react'
import { type ReactElement, useState } from 'react'
import { failureText } from '../../../shared/failures.ts'
import { labelOf } from '../../../shared/labels.ts'
import { detailText } from '../../../shared/remarks/index.ts'
import type { AssetDetail, CheckView } from '../../../shared/screening.ts'
import { announce } from '../../base/announce.ts'
import { invoke } from '../../base/bridge.ts'
import { formatNumber, formatTime, useLanguage, useWords } from '../../base/i18n/index.ts'
import { OutcomeMark } from '../../base/verdict.tsx'
import { useBatch } from '../../state/app.ts'
import { dispatchViewState, lightPart, useViewState } from '../../state/view-state.ts'
import classes from './inspector.module.css'
import { partName } from './part-name.ts'
import { hitsOf, partsOf, platformChecks } from './parts.ts'
import { Section } from './section.tsx'
import { words } from './words.ts'

/** Enough to see what happened; an asset in a thousand tiles does not fill the page with them. */
const shownAtFirst = 12

/** Every call with what support asks for: endpoint, code, rid, trace id, time and attempts. What was found comes first. */
export function Calls(props: { readonly detail: AssetDetail }): ReactElement {
  const { detail } = props
  const t = useWords('inspector', words)
  const [isWhole, setWhole] = useState(false)
  const urgency = (check: CheckView) =>
    check.verdict === 'risky' ? 0 : check.verdict === 'review' ? 1 : check.reason !== null ? 2 : 3
  const checks = platformChecks(detail).toSorted((a, b) => urgency(a) - urgency(b))
  const shown = isWhole ? checks : checks.slice(0, shownAtFirst)
  return (
    <Section title={t('calls')}>
      {checks.length === 0 && <p className="dim">{t('noCalls')}</p>}
      <ul className={classes.calls}>
        {shown.map(check => (
          <Call key={check.id} check={check} detail={detail} />
        ))}
      </ul>
      {shown.length < checks.length && (
        <button type="button" className="quiet" onClick={() => setWhole(true)}>
          {t('moreCalls', { count: formatNumber(checks.length - shown.length) })}
        </button>
      )}
    </Section>
  )
}

function Call(props: { readonly check: CheckView; readonly detail: AssetDetail }): ReactElement {
  const { check, detail } = props
  const t = useWords('inspector', words)
  const language = useLanguage()
  const batch = useBatch()
  const isLit = useViewState(state => hitsOf(partsOf(detail))[state.part]?.name === check.part)
  const profile = batch?.profiles.find(known => known.id === check.profile)
  const light = () => {
    const hits = hitsOf(partsOf(detail))
    const index = hits.findIndex(part => part.name === check.part)
    if (index !== -1) dispatchViewState(lightPart, index)
  }
  const copy = async () => {
    const done = await invoke('asset.copyEvidence', { asset: detail.id, check: check.id })
    if (done !== undefined) announce(t('copyOne'))
  }
  const outcome =
    check.verdict ?? (check.reason !== null ? 'unchecked' : check.state === 'awaiting' ? 'awaiting' : 'pending')
  return (
    <li className={classes.call} data-testid="call" data-lit={isLit || undefined} data-outcome={outcome}>
      <div className={classes.callHead}>
        <button type="button" className={classes.callPart} onClick={light}>
          {partName(check.part)}
        </button>
        <OutcomeMark outcome={outcome} plain />
        {check.label !== null && check.label !== 0 && (
          <span>
            {labelOf(check.label)[language]} <code>{check.label}</code>
          </span>
        )}
        {check.score !== null && <span className="figures">{check.score}</span>}
        <span className="grow" />
        <ActionIcon variant="subtle" color="gray" size="xs" aria-label={t('copyOne')} onClick={() => void copy()}>
          <IconCopy size={13} />
        </ActionIcon>
      </div>
      {check.reason !== null && (
        <p className={classes.resultReason}>
          {failureText(check.reason, language)}
          {check.detail !== null && <code className="selectable">{detailText(check.detail, language)}</code>}
        </p>
      )}
      <dl className={`${classes.callFacts} selectable`}>
        <Fact name={profile?.name ?? check.profile} value={`${check.endpoint} ${check.version}`} />
        {check.errcode !== null && <Fact name="errcode" value={String(check.errcode)} />}
        {check.rid !== null && <Fact name="rid" value={check.rid} />}
        {check.traceId !== null && <Fact name="trace_id" value={check.traceId} />}
        {check.line !== null && check.range !== null && (
          <Fact name={t('atLine', { line: formatNumber(check.line) })} value={`${check.range[0]}–${check.range[1]}`} />
        )}
        <Fact
          name={formatTime(check.at)}
          value={[
            check.ms === null ? '' : t('ms', { ms: formatNumber(check.ms) }),
            check.attempts > 1 || check.reason !== null
              ? t('attempts', { count: check.attempts, shown: formatNumber(check.attempts) })
              : '',
            check.reusedFrom === null ? '' : t('reused', { id: check.reusedFrom }),
          ]
            .filter(part => part !== '')
            .join(' · ')}
        />
      </dl>
      {check.reply !== null && (
        <details className={classes.callReply}>
          <summary>{t('reply')}</summary>
          <pre className="selectable">{check.reply}</pre>
        </details>
      )}
    </li>
  )
}

function Fact(props: { readonly name: string; readonly value: string }): ReactElement {
  return (
    <div>
      <dt>{props.name}</dt>
      <dd>{props.value}</dd>
    </div>
  )
}
