import { ActionIcon } from '@mantine/core'
import { IconCopy } from '@tabler/icons-react'
import { type ReactElement, type ReactNode, useEffect, useRef } from 'react'
import { isStale, type RuleHit, type RuleText } from '../../../../shared/rules.ts'
import { invoke } from '../../../base/bridge.ts'
import { localDay } from '../../../base/days.ts'
import { formatNumber, formatTime, useLanguage, useWords } from '../../../base/i18n/index.ts'
import { words as common } from '../../../base/i18n/words.ts'
import { tellDone } from '../../../base/notices.ts'
import { findingIcons } from '../../../base/verdict.tsx'
import { KeyHint } from '../../../state/key-hint.tsx'
import { beginFine, dispatchViewState, lightHit, useViewState } from '../../../state/view-state.ts'
import { notFine } from './fine.ts'
import { FineForm } from './fine-form.tsx'
import classes from './rules.module.css'
import { words } from './words.ts'

/** One place where a rule applies, with all that a person needs in order to believe it. */
export function RuleCard(props: {
  readonly hit: RuleHit
  readonly asset: number
  /** Says all of the rule, also while it is not lit. */
  readonly isWhole: boolean
  readonly place: 'inspector' | 'loupe'
}): ReactElement {
  const { hit, asset, isWhole, place } = props
  const c = useWords('common', common)
  const language = useLanguage()
  const isLit = useViewState(state => state.hit === hit.id)
  // What the loupe covers asks nothing.
  const isFining = useViewState(state => state.hit === hit.id && state.fining && state.loupe === (place === 'loupe'))
  const host = useRef<HTMLLIElement>(null)
  useEffect(() => {
    if (isLit) host.current?.scrollIntoView({ block: 'nearest' })
  }, [isLit])
  const { text, waiver } = hit
  const Icon = findingIcons[text.severity]
  return (
    <li
      ref={host}
      className={classes.card}
      data-testid="rule-card"
      data-finding={text.severity}
      data-fine={waiver !== null || undefined}
      data-lit={isLit || undefined}
    >
      <button
        type="button"
        className={classes.title}
        aria-pressed={isLit}
        onClick={() => dispatchViewState(lightHit, isLit ? null : hit.id)}
      >
        <span className={classes.severity}>
          <Icon size={14} stroke={2} aria-hidden /> {c(`severity.${text.severity}`)}
        </span>{' '}
        <strong>{text.title[language]}</strong>
      </button>
      <Context hit={hit} />
      {(isWhole || isLit) && <Rule text={text} bookVersion={hit.bookVersion} />}
      {waiver !== null ? (
        <Waived waiver={waiver} asset={asset} />
      ) : isFining ? (
        <FineForm hit={hit} asset={asset} />
      ) : (
        <FineButton hit={hit} isLit={isLit} />
      )}
    </li>
  )
}

function FineButton({ hit, isLit }: { readonly hit: RuleHit; readonly isLit: boolean }): ReactElement {
  const t = useWords('ruleCards', words)
  return (
    <button type="button" className={classes.fine} onClick={() => dispatchViewState(beginFine, hit.id)}>
      {t('fine')} {isLit && <KeyHint command="fineHere" />}
    </button>
  )
}

/** The words as they stand, in what stands around them. */
function Context({ hit }: { readonly hit: RuleHit }): ReactElement {
  const t = useWords('ruleCards', words)
  if (hit.range === null && hit.matched === '') return <p className="dim">{t('missing')}</p>
  const place =
    hit.line === null || hit.column === null
      ? t('whole')
      : t('at', { line: formatNumber(hit.line), column: formatNumber(hit.column) })
  return (
    <p className={`${classes.context} selectable`}>
      <span className="dim">{oneLine(hit.before)}</span>
      <mark>{oneLine(hit.matched)}</mark>
      <span className="dim">{oneLine(hit.after)}</span> <span className={classes.place}>{place}</span>
    </p>
  )
}

const oneLine = (text: string): string => text.replace(/\s*\n\s*/gu, ' ⏎ ')

function Rule({ text, bookVersion }: { readonly text: RuleText; readonly bookVersion: string }): ReactElement {
  const t = useWords('ruleCards', words)
  const language = useLanguage()
  const { citation, why, suggestion } = text
  const law = [citation.source[language], citation.article].filter(part => part !== '').join(' ')
  return (
    <dl className={`${classes.rule} selectable`}>
      <Fact name={t('basis')}>
        <span>{law}</span>
        {citation.quote !== null && <blockquote lang="zh">{citation.quote}</blockquote>}
        <span className={classes.reading} data-reading={citation.reading}>
          {readingText(text, t)}
        </span>
      </Fact>
      {why !== null && <Fact name={t('why')}>{why[language]}</Fact>}
      {suggestion !== null && (
        <Fact name={t('suggestion')}>
          <span className={classes.suggestion}>
            <b>{suggestion[language]}</b>
            <ActionIcon
              variant="subtle"
              color="gray"
              size="xs"
              aria-label={t('copySuggestion')}
              onClick={() => void copy(suggestion[language], t('copied'))}
            >
              <IconCopy size={13} />
            </ActionIcon>
          </span>
        </Fact>
      )}
      <Fact name={t('book')}>
        <Provenance text={text} bookVersion={bookVersion} />
      </Fact>
    </dl>
  )
}

type Say = ReturnType<typeof useWords<(typeof words)['zh']>>

/** How the statute was seen, where and when; what was not seen says so. */
function readingText({ citation }: RuleText, t: Say): string {
  // A list of the house has no article that anybody could have read.
  if (citation.article === '' && citation.quote === null) return t('reading.house')
  const how = t(`reading.${citation.reading}`)
  return [
    citation.readAt === '' ? how : t('readAt', { how, where: citation.readAt }),
    ...(citation.readOn === null ? [] : [t('readOn', { day: citation.readOn })]),
  ].join(' · ')
}

function Provenance({ text, bookVersion }: { readonly text: RuleText; readonly bookVersion: string }): ReactElement {
  const t = useWords('ruleCards', words)
  const facts = [
    t('bookVersion', { book: `${text.book}/${text.rule}`, version: bookVersion.slice(0, 8) }),
    t(`state.${text.state}`),
    ...(text.owner === null ? [] : [t('owner', { owner: text.owner })]),
    ...(text.inForce.until === null ? [] : [t('until', { day: text.inForce.until })]),
  ]
  return (
    <>
      <span className="dim" title={bookVersion}>
        {facts.join(' · ')}
      </span>
      {isStale(text, localDay(Date.now())) && (
        <span className={classes.stale}>{t('staleRule', { day: text.review ?? '' })}</span>
      )}
    </>
  )
}

function Waived(props: { readonly waiver: NonNullable<RuleHit['waiver']>; readonly asset: number }): ReactElement {
  const { waiver, asset } = props
  const t = useWords('ruleCards', words)
  return (
    <div className={classes.waived} data-testid="waived">
      <strong>
        {t('fine')} · {t(`reach.${waiver.reach}`)}
      </strong>
      <span className="selectable">{waiver.reason}</span>
      <span className="dim">
        {t('fineBy', { reviewer: waiver.reviewer || t('unnamed'), time: formatTime(waiver.at) })}
      </span>
      <button type="button" className={classes.fine} onClick={() => void notFine(waiver, asset)}>
        {t('takeBack')}
      </button>
    </div>
  )
}

function Fact(props: { readonly name: string; readonly children: ReactNode }): ReactElement {
  return (
    <div>
      <dt>{props.name}</dt>
      <dd>{props.children}</dd>
    </div>
  )
}

async function copy(text: string, done: string): Promise<void> {
  if ((await invoke('clipboard.write', { text })) !== undefined) tellDone(done)
}
