import { useState } from 'react'
import type { CallInput, ReportPictures } from '../../../shared/ipc.ts'
import type { BatchSummary } from '../../../shared/screening.ts'
import { attempt } from '../../base/bridge.ts'
import { localDay, rangeOf } from '../../base/days.ts'
import { type Language, useLanguage } from '../../base/i18n/index.ts'
import { beginExport, chooseExport, dispatch, endExport } from '../../state/app.ts'
import { useGrid } from '../../state/grid/grid.ts'
import {
  type HistoryChoice,
  historyScope,
  type ScopeKind,
  scopeOf,
  scopesOf,
  usualPictures,
} from '../../state/scopes.ts'

type ExportInput = CallInput<'reports.export'>

/** Those for people first. */
export const formats = ['xlsx', 'pdf', 'html', 'csv', 'jsonl'] as const satisfies readonly ExportInput['format'][]
export type Format = (typeof formats)[number]

/** What is chosen in the dialog, and how it is changed. */
export interface ExportChoices {
  /** What there is to export, with how many assets; null where that is not counted. */
  readonly scopes: readonly { readonly kind: ScopeKind; readonly assets: number | null }[]
  readonly chosen: ScopeKind
  readonly setChosen: (kind: ScopeKind) => void
  readonly history: HistoryChoice
  readonly setHistory: (history: HistoryChoice) => void
  readonly format: Format
  readonly setFormat: (format: Format) => void
  readonly language: Language
  readonly setLanguage: (language: Language) => void
  /** Null for a format without pictures. */
  readonly pictures: ReportPictures | null
  readonly setPictures: (pictures: ReportPictures) => void
  /** The scope as the call wants it; null while it is none. */
  readonly scope: ExportInput['scope'] | null
}

/** Offers the batch's scopes and, from the history, that of all batches; the narrowest is chosen at first. */
export function useExportChoices(batch: BatchSummary | null, isHistory: boolean): ExportChoices {
  const current = useLanguage()
  const grid = useGrid()
  const scopes: ExportChoices['scopes'] = [
    ...(batch === null ? [] : scopesOf(batch, grid)),
    ...(isHistory ? [{ kind: 'history' as const, assets: null }] : []),
  ]
  const [chosen, setChosen] = useState<ScopeKind>(scopes.at(-1)?.kind ?? 'batch')
  const [history, setHistory] = useState<HistoryChoice>(lastMonth)
  const [format, setFormat] = useState<Format>('xlsx')
  const [language, setLanguage] = useState<Language>(current)
  // Until someone chooses, each format has its own.
  const [chosenPictures, setPictures] = useState<ReportPictures | null>(null)
  const usual = usualPictures(format)
  const pictures = usual === null ? null : (chosenPictures ?? usual)
  // A selection can vanish while the dialog is open; what was chosen must never silently become something else.
  const scope = scopes.some(({ kind }) => kind === chosen) ? requested() : null

  function requested(): ExportInput['scope'] | null {
    if (chosen === 'history') return historyScope(history)
    return batch === null ? null : scopeOf(chosen, batch, grid)
  }

  return {
    scopes,
    chosen,
    setChosen,
    history,
    setHistory,
    format,
    setFormat,
    language,
    setLanguage,
    pictures,
    setPictures,
    scope,
  }
}

export async function runExport({ scope, format, language, pictures }: ExportChoices): Promise<void> {
  if (scope === null) return
  dispatch(beginExport, null)
  const answer = await attempt('reports.export', { scope, format, language, pictures })
  if ('problem' in answer) dispatch(endExport, { kind: 'failed', problem: answer.problem })
  else if (answer.value === null) dispatch(chooseExport, null)
  else dispatch(endExport, { kind: 'done', ...answer.value })
}

function lastMonth(): HistoryChoice {
  const { fromMs, toMs } = rangeOf('month', Date.now())
  return {
    from: localDay(fromMs),
    to: localDay(toMs),
    outcomes: [],
    profile: null,
    decision: null,
    label: null,
    query: '',
  }
}
