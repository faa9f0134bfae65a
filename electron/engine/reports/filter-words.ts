import type { HistoryFilter } from '../../../shared/ipc.ts'
import { labelOf } from '../../../shared/labels.ts'
import type { Language } from '../../../shared/language.ts'
import { isoTime } from './cells.ts'
import { decisionNames, outcomeNames, reportWords } from './words.ts'

/** A filter across history as a manifest and a cover name it; `profile` is its name, if it is known. */
export function filterWords(filter: HistoryFilter, profile: string | null, language: Language): string {
  const words = reportWords[language]
  const { outcomes, decision, label, query } = filter
  const named = decision === null || decision === 'undecided' ? words.undecided : decisionNames[language][decision]
  return [
    `${words.screened}: ${spanWords(filter)}`,
    profile === null ? null : `${words.profile}: ${profile}`,
    outcomes.length === 0
      ? null
      : `${words.outcomes}: ${outcomes.map(outcome => outcomeNames[language][outcome]).join(', ')}`,
    decision === null ? null : `${words.decisions}: ${named}`,
    label === null ? null : `${words.labels}: ${labelOf(label)[language]} ${label}`,
    query === null ? null : `${words.search}: ${query}`,
  ]
    .filter(part => part !== null)
    .join(' · ')
}

/** Days where the time begins and ends with one, else the very moments. */
export function spanWords({ fromMs, toMs }: Pick<HistoryFilter, 'fromMs' | 'toMs'>): string {
  const [from, to] = [isoTime(fromMs) ?? '', isoTime(toMs) ?? '']
  const isDays = isMidnight(fromMs) && isMidnight(toMs + 1)
  return isDays ? `${from.slice(0, 10)} – ${to.slice(0, 10)}` : `${from} – ${to}`
}

function isMidnight(ms: number): boolean {
  const time = new Date(ms)
  return time.getHours() + time.getMinutes() + time.getSeconds() + time.getMilliseconds() === 0
}
