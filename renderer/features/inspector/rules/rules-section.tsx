import { type ReactElement, useEffect, useState } from 'react'
import { failureText } from '../../../../shared/failures.ts'
import { detailText } from '../../../../shared/remarks/index.ts'
import { type RulesView, ruleSeverities } from '../../../../shared/rules.ts'
import type { AssetDetail } from '../../../../shared/screening.ts'
import { formatNumber, useLanguage, useWords } from '../../../base/i18n/index.ts'
import { words as common } from '../../../base/i18n/words.ts'
import { FindingMark } from '../../../base/verdict.tsx'
import { useViewState } from '../../../state/view-state.ts'
import { Section } from '../section.tsx'
import { countsOf, firstOfEach, inOrder, rulesResult } from './hits.ts'
import { RuleCard } from './rule-card.tsx'
import classes from './rules.module.css'
import { words } from './words.ts'

/** Enough to read; an asset with a thousand hits does not fill the page with them. */
const cardsAtFirst = 20

/** What rules say of the asset: beside the platforms' verdicts and never among them. */
export function RulesSection(props: { readonly detail: AssetDetail }): ReactElement {
  const { detail } = props
  const t = useWords('ruleCards', words)
  const { ruled } = detail
  return (
    <Section title={t('rules')}>
      {ruled === null ? (
        <p className="dim">{t('notRuled')}</p>
      ) : (
        <div data-testid="rules" data-finding={ruled.finding ?? 'unknown'}>
          <Head ruled={ruled} />
          <NotLookedAt detail={detail} ruled={ruled} />
          <Cards key={detail.id} detail={detail} ruled={ruled} />
          <p className={classes.disclaimer}>{t('disclaimer', { words: t('notLegalAdvice') })}</p>
        </div>
      )}
    </Section>
  )
}

function Head({ ruled }: { readonly ruled: RulesView }): ReactElement {
  const t = useWords('ruleCards', words)
  const c = useWords('common', common)
  const counts = countsOf(ruled.hits)
  const said = [
    ...ruleSeverities
      .toReversed()
      .filter(severity => counts[severity] > 0)
      .map(severity => `${c(`severity.${severity}`)} ${formatNumber(counts[severity])}`),
    ...(counts.fine > 0 ? [t('fineCount', { count: formatNumber(counts.fine) })] : []),
  ]
  return (
    <p className={classes.head} role="status">
      <FindingMark finding={ruled.finding ?? 'unknown'} />
      {said.length > 0 && <span className="figures">{said.join(' · ')}</span>}
      {ruled.finding === 'none' && said.length === 0 && <span className="dim">{t('none')}</span>}
      {ruled.finding === 'notice' && <span className="dim">{t('onlyNotice')}</span>}
    </p>
  )
}

/** Why rules say nothing, or not all there is to say. */
function NotLookedAt(props: { readonly detail: AssetDetail; readonly ruled: RulesView }): ReactElement | null {
  const { detail, ruled } = props
  const t = useWords('ruleCards', words)
  const language = useLanguage()
  const result = rulesResult(detail)
  const reason = result?.reason ?? null
  if (reason === null) return ruled.finding === null ? <p className={classes.notLooked}>{t('pending')}</p> : null
  if (reason === 'kind_not_taken') return <p className={classes.said}>{t('picture')}</p>
  return (
    <p className={classes.notLooked}>
      {t(ruled.hits.length === 0 ? 'notLooked' : 'partly')} {failureText(reason, language)}
      {result?.detail != null && result.detail !== '' && (
        <code className="selectable">{detailText(result.detail, language)}</code>
      )}
    </p>
  )
}

function Cards(props: { readonly detail: AssetDetail; readonly ruled: RulesView }): ReactElement {
  const { detail, ruled } = props
  const t = useWords('ruleCards', words)
  const [wanted, setWanted] = useState(cardsAtFirst)
  const lit = useViewState(state => state.hit)
  const hits = inOrder(ruled.hits)
  const first = firstOfEach(hits)
  // A hit that is lit by its mark or by key is always among those that are there.
  const needed = hits.findIndex(({ id }) => id === lit) + 1
  useEffect(() => setWanted(count => Math.max(count, needed)), [needed])
  const count = Math.max(wanted, needed)
  return (
    <>
      {hits.length > 0 && (
        <ol className={classes.cards}>
          {hits.slice(0, count).map(hit => (
            <RuleCard key={hit.id} hit={hit} asset={detail.id} isWhole={first.has(hit.id)} place="inspector" />
          ))}
        </ol>
      )}
      {hits.length > count && (
        <button type="button" className="quiet" onClick={() => setWanted(count + 100)}>
          {t('moreCards', { count: formatNumber(Math.min(100, hits.length - count)) })}
        </button>
      )}
      {ruled.more > 0 && <p className={classes.notLooked}>{t('more', { count: formatNumber(ruled.more) })}</p>}
    </>
  )
}
