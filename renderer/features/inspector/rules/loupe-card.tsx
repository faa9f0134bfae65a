import type { ReactElement } from 'react'
import type { AssetDetail } from '../../../../shared/screening.ts'
import { useWords } from '../../../base/i18n/index.ts'
import { useViewState } from '../../../state/view-state.ts'
import { RuleCard } from './rule-card.tsx'
import classes from './rules.module.css'
import { words } from './words.ts'

/** The card of the hit that is lit, beside the text in the loupe. */
export function LoupeCard(props: { readonly detail: AssetDetail }): ReactElement | null {
  const { detail } = props
  const t = useWords('ruleCards', words)
  const lit = useViewState(state => state.hit)
  const hit = detail.ruled?.hits.find(({ id }) => id === lit)
  if (hit === undefined) return null
  return (
    <section className={classes.loupe} aria-label={t('rules')}>
      <ol>
        <RuleCard key={hit.id} hit={hit} asset={detail.id} isWhole place="loupe" />
      </ol>
      <p className={classes.disclaimer}>{t('disclaimer', { words: t('notLegalAdvice') })}</p>
    </section>
  )
}
