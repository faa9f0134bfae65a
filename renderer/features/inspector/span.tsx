import { Button, Progress } from '@mantine/core'
import { IconFocus2 } from '@tabler/icons-react'
import type { ReactElement } from 'react'
import { failureText } from '../../../shared/failures.ts'
import { problemText } from '../../../shared/problems.ts'
import { detailText } from '../../../shared/remarks/index.ts'
import type { AssetDetail } from '../../../shared/screening.ts'
import type { StillFlagged } from '../../../shared/spans.ts'
import { announce } from '../../base/announce.ts'
import { attempt, invoke } from '../../base/bridge.ts'
import { formatNumber, useLanguage, useWords, wordsOf } from '../../base/i18n/index.ts'
import { OutcomeMark } from '../../base/verdict.tsx'
import {
  affordable,
  askPrice,
  beginSearch,
  dispatchSpan,
  endSpan,
  failPrice,
  failSearch,
  noSpan,
  offerPrice,
  stopSearch,
  useSpan,
} from '../../state/span.ts'
import classes from './inspector.module.css'
import { refresh } from './load-detail.ts'
import { Section } from './section.tsx'
import { words } from './words.ts'

/** For a flagged text: which smallest part of it the platform still flags. Costs calls, so it asks first. */
export function SpanSection(props: { readonly detail: AssetDetail }): ReactElement | null {
  const { detail } = props
  const t = useWords('inspector', words)
  const isFlagged = detail.checks.some(
    check => check.range !== null && (check.verdict === 'risky' || check.verdict === 'review'),
  )
  if (detail.text === null || !isFlagged) return null
  return (
    <Section title={t('span')}>
      {detail.spans.map(span => (
        <FoundSpan key={span.check} span={span} text={detail.text} />
      ))}
      <SpanFinder detail={detail} />
    </Section>
  )
}

/** Longest piece of the text that is quoted; all of it is marked above. */
const quotedLength = 160

function FoundSpan(props: { readonly span: StillFlagged; readonly text: string | null }): ReactElement {
  const { span } = props
  const t = useWords('inspector', words)
  const quoted = props.text?.slice(span.range[0], span.range[1]) ?? ''
  return (
    <figure className={classes.spanFound}>
      <figcaption>
        <OutcomeMark outcome={span.verdict} plain /> {t('spanStill')}
      </figcaption>
      {quoted !== '' && (
        <blockquote className="selectable" data-verdict={span.verdict}>
          {quoted.length > quotedLength ? `${quoted.slice(0, quotedLength)}…` : quoted}
        </blockquote>
      )}
      <p className="dim">
        {t('spanCost', { calls: formatNumber(span.calls) })} {span.complete ? '' : t('spanIncomplete')}
      </p>
      <p className="dim">{t('spanCaution')}</p>
    </figure>
  )
}

function SpanFinder(props: { readonly detail: AssetDetail }): ReactElement {
  const { detail } = props
  const t = useWords('inspector', words)
  const language = useLanguage()
  const state = useSpan()
  if (state.kind === 'searching' && state.asset !== detail.id) {
    return (
      <div className="row">
        <span className="dim">{t('spanElsewhere')}</span>
        <Stop stopping={state.stopping} />
      </div>
    )
  }
  const own = state.kind !== 'none' && state.asset === detail.id ? state : null
  if (own?.kind === 'offered' && own.price !== null) {
    const { calls, quotaLeft } = own.price
    const can = affordable(own.price)
    return (
      <div className={classes.spanOffer}>
        <p>{t('spanPrice', { calls: formatNumber(calls) })}</p>
        <p className={can === 'yes' ? 'dim' : classes.spanShort}>
          {quotaLeft === null
            ? t('spanQuotaUnknown')
            : t(can === 'yes' ? 'spanQuota' : can === 'in_part' ? 'spanQuotaShort' : 'spanQuotaNone', {
                left: formatNumber(quotaLeft),
              })}
        </p>
        <div className="row">
          <Button disabled={can === 'no'} data-autofocus onClick={() => void runSearch(detail.id)}>
            {t('spanStart')}
          </Button>
          <Button variant="default" onClick={() => dispatchSpan(noSpan, null)}>
            {t('cancel')}
          </Button>
        </div>
      </div>
    )
  }
  if (own?.kind === 'searching') {
    return (
      <div className={classes.spanOffer}>
        <p role="status">
          {own.stopping
            ? t('stopping')
            : t('spanWorking', { calls: formatNumber(own.calls), most: formatNumber(own.price.calls) })}
        </p>
        <Progress.Root size="sm">
          <Progress.Section value={(own.calls / own.price.calls) * 100} aria-label={t('spanProgress')} />
        </Progress.Root>
        <Stop stopping={own.stopping} />
      </div>
    )
  }
  return (
    <>
      {own?.kind === 'offered' && <p className="dim">{t('spanNothing')}</p>}
      {own?.kind === 'failed' && (
        <p className={own.problem.code === 'cancelled' ? 'dim' : classes.resultReason} role="status">
          {own.problem.code === 'cancelled' ? t('spanStopped') : problemText(own.problem.code, language)}
          {own.problem.detail !== '' && <code className="selectable">{detailText(own.problem.detail, language)}</code>}
        </p>
      )}
      {own?.kind === 'ended' && own.search.kind === 'not_found' && (
        <p className={classes.resultReason} role="status">
          {own.search.reason === 'not_flagged_now'
            ? t('spanNotNow')
            : own.search.reason === 'cancelled'
              ? t('spanStopped')
              : failureText(own.search.reason, language)}
        </p>
      )}
      <Button
        variant="default"
        loading={own?.kind === 'pricing'}
        leftSection={<IconFocus2 size={14} aria-hidden />}
        onClick={() => void requestPrice(detail.id)}
      >
        {t(detail.spans.length > 0 ? 'spanAgain' : 'spanFind')}
      </Button>
    </>
  )
}

function Stop(props: { readonly stopping: boolean }): ReactElement {
  const t = useWords('inspector', words)
  return (
    <Button
      variant="default"
      disabled={props.stopping}
      onClick={() => {
        dispatchSpan(stopSearch, null)
        void invoke('asset.cancelSpan', {})
      }}
    >
      {t('spanStop')}
    </Button>
  )
}

const say = wordsOf('inspector', words)

async function requestPrice(asset: number): Promise<void> {
  dispatchSpan(askPrice, asset)
  const answer = await attempt('asset.spanPrice', { asset })
  if ('value' in answer) dispatchSpan(offerPrice, { asset, price: answer.value })
  else dispatchSpan(failPrice, { asset, problem: answer.problem })
}

async function runSearch(asset: number): Promise<void> {
  dispatchSpan(beginSearch, null)
  const state = useSpan.getState()
  if (state.kind !== 'searching') return
  const answer = await attempt('asset.findSpan', { asset, check: state.price.check })
  if ('problem' in answer) {
    dispatchSpan(failSearch, { asset, problem: answer.problem })
    return
  }
  dispatchSpan(endSpan, { asset, search: answer.value })
  announce(say(answer.value.kind === 'found' ? 'spanFound' : 'spanNotFound'))
  refresh(asset)
}
