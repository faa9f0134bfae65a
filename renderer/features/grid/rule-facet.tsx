import { type ReactElement, useEffect, useState } from 'react'
import { gridRules } from '../../../shared/grid.ts'
import type { RuleCount } from '../../../shared/rules.ts'
import { attempt } from '../../base/bridge.ts'
import { formatNumber, useLanguage, useWords } from '../../base/i18n/index.ts'
import { words as common } from '../../base/i18n/words.ts'
import { findingIcons } from '../../base/verdict.tsx'
import { ruleKey, toggled } from '../../state/grid/filter.ts'
import { dispatchGrid, setFilter, useGrid } from '../../state/grid/grid.ts'
import { Choice, Facet } from './facet.tsx'
import classes from './grid.module.css'
import { words } from './words.ts'

/** The worst that rules found; nothing to choose in a batch that no rule looked at. */
export function FindingFacet(): ReactElement | null {
  const t = useWords('grid', words)
  const c = useWords('common', common)
  const filter = useGrid(state => state.filter)
  const counts = useGrid(state => state.facets?.finding ?? null)
  const total = useGrid(state => state.table?.length ?? 0)
  if (counts === null || (counts.unknown === total && filter.finding.length === 0)) return null
  return (
    <Facet name={t('axis.finding')}>
      {gridRules.map(finding => (
        <Choice
          key={finding}
          isOn={filter.finding.includes(finding)}
          count={counts[finding]}
          toggle={() => dispatchGrid(setFilter, toggled(filter, 'finding', finding))}
        >
          {c(`finding.${finding}`)}
        </Choice>
      ))}
    </Facet>
  )
}

const rulesShown = 60

/** The rules that were found in the batch, asked for when the filter is opened; one that is chosen stays in reach. */
export function RuleFacet(): ReactElement | null {
  const t = useWords('grid', words)
  const language = useLanguage()
  const filter = useGrid(state => state.filter)
  const batch = useGrid(state => state.table?.batch ?? null)
  const [rules, setRules] = useState<readonly RuleCount[]>([])
  useEffect(() => {
    let isCurrent = true
    if (batch !== null)
      void attempt('grid.rules', { batch }).then(answer => {
        if (isCurrent && 'value' in answer) setRules(answer.value)
      })
    return () => {
      isCurrent = false
    }
  }, [batch])

  const known = new Map(rules.map(rule => [ruleKey(rule.text), rule]))
  const others = filter.rule.filter(key => !known.has(key))
  const shown = [...known].filter(([key], at) => at < rulesShown || filter.rule.includes(key))
  if (rules.length + others.length === 0) return null
  const toggle = (key: string) => dispatchGrid(setFilter, toggled(filter, 'rule', key))
  return (
    <Facet name={t('axis.rule')} isWide>
      {shown.map(([key, { text, assets, fine }]) => {
        const Icon = findingIcons[text.severity]
        const title = text.title[language]
        return (
          <Choice key={key} isOn={filter.rule.includes(key)} count={assets} toggle={() => toggle(key)}>
            <span className={classes.ruleName} data-finding={text.severity} title={`${title} · ${key}`}>
              <Icon size={13} stroke={2} aria-hidden />
              {fine === 0 ? title : t('ruleFine', { title, count: formatNumber(fine) })}
            </span>
          </Choice>
        )
      })}
      {others.map(key => (
        <Choice key={key} isOn count={0} toggle={() => toggle(key)}>
          {key}
        </Choice>
      ))}
      {known.size > shown.length && (
        <p className="dim">{t('moreRules', { count: formatNumber(known.size - shown.length) })}</p>
      )}
    </Facet>
  )
}
