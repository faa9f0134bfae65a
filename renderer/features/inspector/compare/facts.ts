import { failureText } from '../../../../shared/failures.ts'
import type { GridOutcome } from '../../../../shared/grid.ts'
import { labelOf } from '../../../../shared/labels.ts'
import type { Language } from '../../../../shared/language.ts'
import { rulesProfile } from '../../../../shared/rules.ts'
import type { AssetDetail, ResultView } from '../../../../shared/screening.ts'
import { formatBytes, formatNumber } from '../../../base/i18n/index.ts'
import { partName } from '../part-name.ts'

/** What stands in one column of a comparison. */
export interface Pane {
  /** The asset's id or the profile's. */
  readonly key: string
  readonly detail: AssetDetail
  /** With what every profile said: a picture that one of them found something in is covered under each. */
  readonly whole: AssetDetail
}

/** What the platforms said; of rules alone, what they did, which otherwise have a row of their own. */
export function judged({ results }: AssetDetail): readonly ResultView[] {
  const platforms = results.filter(({ profile }) => profile !== rulesProfile)
  return platforms.length === 0 ? results : platforms
}

/** Only what this profile said of the asset. */
export function underProfile(detail: AssetDetail, profile: string): AssetDetail {
  const checks = detail.checks.filter(check => check.profile === profile)
  const ids = new Set(checks.map(({ id }) => id))
  const isRules = profile === rulesProfile
  return {
    ...detail,
    results: detail.results.filter(result => result.profile === profile),
    checks,
    spans: detail.spans.filter(({ check }) => ids.has(check)),
    ruled: isRules ? detail.ruled : null,
    rules: isRules ? detail.rules : null,
  }
}

export const factIds = [
  'verdict',
  'labels',
  'confidence',
  'finding',
  'reason',
  'evidence',
  'decision',
  'note',
  'pixels',
  'bytes',
  'name',
  'folder',
] as const
export type FactId = (typeof factIds)[number]

export interface Fact {
  readonly id: FactId
  /** A text for each pane, '' where there is none. */
  readonly values: readonly string[]
  readonly differs: boolean
}

/** Of one asset under its profiles these are the same by what they are. */
const ofAssets: readonly FactId[] = ['decision', 'note', 'pixels', 'bytes', 'name', 'folder']

/** What is known of each pane, with what differs; a fact that no pane has is left out. */
export function factsOf(
  panes: readonly Omit<Pane, 'whole'>[],
  of: 'assets' | 'profiles',
  words: {
    readonly language: Language
    readonly outcome: (outcome: GridOutcome) => string
    readonly finding: (detail: AssetDetail) => string
    readonly decision: (detail: AssetDetail) => string
    readonly profile: (id: string) => string
  },
): readonly Fact[] {
  return factIds
    .filter(id => of === 'assets' || !ofAssets.includes(id))
    .map(id => {
      const values = panes.map(({ detail }) => textOf(id, detail, words))
      return { id, values, differs: new Set(values).size > 1 }
    })
    .filter(({ values }) => values.some(value => value !== ''))
}

type Words = Parameters<typeof factsOf>[2]

function textOf(id: FactId, detail: AssetDetail, words: Words): string {
  const { language } = words
  const each = (results: readonly ResultView[], text: (result: ResultView) => string) =>
    results.map(text).filter(Boolean).join(' · ')
  switch (id) {
    case 'verdict': {
      const said = judged(detail)
      const named = said.length > 1
      return each(said, ({ profile, outcome, state }) => {
        const text = words.outcome(outcome ?? (state === 'awaiting' ? 'awaiting' : 'pending'))
        return named ? `${words.profile(profile)} ${text}` : text
      })
    }
    case 'labels':
      return each(detail.results, ({ labels }) => labels.map(code => `${labelOf(code)[language]} ${code}`).join(' · '))
    case 'confidence':
      // Of a no-hit it says nothing that anybody could use.
      return each(detail.results, ({ score, outcome }) =>
        score === null || outcome === 'pass' ? '' : formatNumber(score),
      )
    case 'finding':
      return detail.ruled === null ? '' : words.finding(detail)
    case 'reason':
      return each(judged(detail), ({ reason }) => (reason === null ? '' : failureText(reason, language)))
    case 'evidence':
      return evidenceOf(detail, words)
    case 'decision':
      return words.decision(detail)
    case 'note':
      return detail.note ?? ''
    case 'pixels':
      return detail.width === null || detail.height === null
        ? ''
        : `${formatNumber(detail.width)} × ${formatNumber(detail.height)}`
    case 'bytes':
      return detail.bytes === null ? '' : formatBytes(detail.bytes)
    case 'name':
      return detail.path.slice(detail.path.lastIndexOf('/') + 1)
    case 'folder':
      return detail.path.slice(0, Math.max(0, detail.path.lastIndexOf('/')))
  }
}

/** So many are read at a glance. */
const most = 4

/** Where something was found, and the rules' own words. */
function evidenceOf(detail: AssetDetail, { language, outcome }: Words): string {
  const found = detail.checks
    .filter(({ profile, verdict }) => profile !== rulesProfile && verdict !== null && verdict !== 'pass')
    .map(({ part, verdict, rid }) =>
      [partName(part), verdict === null ? '' : outcome(verdict), rid ?? ''].filter(Boolean).join(' '),
    )
  const rules = (detail.ruled?.hits ?? [])
    .filter(({ waiver }) => waiver === null)
    .map(({ text, matched }) => `${text.title[language]}: ${matched}`)
  const all = [...found, ...rules]
  return [...all.slice(0, most), ...(all.length > most ? [`+${all.length - most}`] : [])].join('\n')
}
