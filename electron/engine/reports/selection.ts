import { z } from 'zod'
import { type ControlView, mergeControls } from '../../../shared/controls.ts'
import { type GridOutcome, gridDecisions, gridFlags, gridOutcomes } from '../../../shared/grid.ts'
import type { HistoryFilter, ParsedInput } from '../../../shared/ipc.ts'
import type { Language } from '../../../shared/language.ts'
import { Problem } from '../../../shared/problems.ts'
import { rulesProfile } from '../../../shared/rules.ts'
import type { BatchProfile, BatchSummary } from '../../../shared/screening.ts'
import type { ReportSnapshot } from '../store/ports.ts'
import type { HistoryFact, ReportRow } from '../store/records.ts'
import { type RuleFound, rulesFoundIn } from './by-rule.ts'
import { filterWords, spanWords } from './filter-words.ts'
import { reportWords } from './words.ts'

/** What a report is of: a batch, some assets of one, or whatever a filter finds in all of them. */
export interface Selection {
  readonly subject: ReportSubject
  /** How it was chosen, in words; null for a whole batch. */
  readonly filter: string | null
  /** Rows of its table. */
  readonly total: number
  rows(): AsyncIterable<readonly ReportRow[]>
  /** One of its batches. */
  batchOf(id: string): BatchSummary
  /** Counts and lists for a cover; reads every asset once. */
  survey(): Promise<Survey>
  /** The rules that were found in its assets. */
  rules(): Promise<readonly RuleFound[]>
}

export interface ReportSubject {
  readonly name: string
  /** Null across history. */
  readonly batch: BatchSummary | null
  /** How many batches it has rows of. */
  readonly batches: number
  readonly practice: 'none' | 'some' | 'all'
  readonly profiles: readonly BatchProfile[]
  readonly reviewers: readonly string[]
  /** Whether a batch of it was checked by rules, whose results have no rows beside a platform's. */
  readonly isRuled: boolean
  /** What stands behind the no-hits of its batches. */
  readonly controls: readonly ControlView[]
}

export interface Survey {
  /** Assets by outcome, by decision and by label, the last in falling order. */
  readonly outcomes: Readonly<Record<GridOutcome, number>>
  readonly decisions: Readonly<Record<(typeof gridDecisions)[number], number>>
  readonly labels: readonly { readonly label: number; readonly count: number }[]
  readonly lists: Readonly<Record<ListName, AssetList>>
  /** Every asset, the most urgent first: what a table for people goes by. */
  byRisk(): Iterable<{ readonly asset: number; readonly outcome: GridOutcome }>
}
export type ListName = 'risky' | 'review' | 'unchecked' | 'noted' | 'disagreement'

/** The first assets of a list, and how many there are. */
export interface AssetList {
  readonly ids: readonly number[]
  readonly total: number
}

type Scope = ParsedInput<'reports.export'>['scope']

export async function selectionOf(
  snapshot: ReportSnapshot,
  scope: Scope,
  language: Language,
  breathe: () => Promise<void>,
): Promise<Selection> {
  if (scope.of !== 'history') return ofBatch(snapshot, scope)
  const { of: _, ...filter } = scope
  return acrossHistory(snapshot, filter, language, breathe)
}

async function ofBatch(snapshot: ReportSnapshot, scope: Exclude<Scope, { of: 'history' }>): Promise<Selection> {
  await snapshot.requireUntouched(scope.batch)
  const batch = await snapshot.summary(scope.batch)
  if (batch === null) throw new Problem('not_found', scope.batch)
  const assets = scope.of === 'assets' ? scope.assets : null
  const wanted = assets === null ? null : new Set(assets)
  return {
    subject: {
      name: batch.name,
      batch,
      batches: 1,
      practice: batch.practice ? 'all' : 'none',
      profiles: batch.profiles,
      reviewers: await snapshot.reviewers(batch.id),
      isRuled: isRuled(batch),
      controls: batch.controls,
    },
    filter: scope.of === 'assets' ? scope.filter : null,
    total: await snapshot.count(batch.id, assets),
    rows: () => snapshot.rows(batch.id, assets),
    batchOf: () => batch,
    rules: () => rulesFoundIn(snapshot, [batch.id], wanted === null ? null : asset => wanted.has(asset)),
    survey: async () => {
      const columns = await snapshot.columns(batch.id)
      const count = createCounter()
      // The grid shows the worst label alone; several parts and profiles may have found several.
      const labels = new Map<number, Set<number>>()
      for await (const page of snapshot.labels(batch.id))
        for (const { asset, label } of page) labels.set(asset, (labels.get(asset) ?? new Set()).add(label))
      columns.id.forEach((asset, index) => {
        if (wanted !== null && !wanted.has(asset)) return
        count.add({
          asset,
          outcome: gridOutcomes[columns.outcome[index] ?? 0] ?? 'pending',
          decision: gridDecisions[columns.decision[index] ?? 0] ?? 'undecided',
          flags: columns.flags[index] ?? 0,
          labels: [...(labels.get(asset) ?? [])],
        })
      })
      return count.survey()
    },
  }
}

const isRuled = ({ profiles }: BatchSummary) => profiles.some(({ platform }) => platform === rulesProfile)

const labelsSchema = z.array(z.number())

/** Counts before anything is written: how many rows there are and whether some are practice is said in front. */
async function acrossHistory(
  snapshot: ReportSnapshot,
  filter: HistoryFilter,
  language: Language,
  breathe: () => Promise<void>,
): Promise<Selection> {
  const found = snapshot.history(filter)
  const batches = new Map<string, BatchSummary>()
  const readBatch = async (id: string) => {
    await snapshot.requireUntouched(id)
    const batch = await snapshot.summary(id)
    if (batch === null) throw new Error(`there is no batch ${id}`)
    batches.set(id, batch)
    return batch
  }
  const profiles = new Map<string, BatchProfile>()
  const reviewers = new Set<string>()
  const count = createCounter()
  const assets = createIdSet()
  let total = 0
  let practised = 0
  let last = { asset: 0, labels: new Set<number>() }
  const add = (fact: HistoryFact, batch: BatchSummary) => {
    const profile = batch.profiles[fact.profile]
    if (profile === undefined) throw new Error(`batch ${fact.batch} has no profile ${fact.profile}`)
    total += 1
    if (profile.practice) practised += 1
    profiles.set(profile.id, profile)
    const labels = fact.labels === '[]' ? [] : labelsSchema.parse(JSON.parse(fact.labels))
    if (last.asset !== fact.asset) {
      last = { asset: fact.asset, labels: new Set(labels) }
      assets.add(fact.asset)
      if (fact.reviewer) reviewers.add(fact.reviewer)
      count.add({ ...fact, decision: fact.decision ?? 'undecided', labels })
    } else {
      const known = last.labels
      const more = labels.filter(label => !known.has(label))
      for (const label of more) known.add(label)
      count.addLabels(more)
    }
  }
  for await (const page of found.facts()) {
    for (const fact of page) add(fact, batches.get(fact.batch) ?? (await readBatch(fact.batch)))
    await breathe()
  }
  const named = filter.profile === null ? null : (profiles.get(filter.profile)?.name ?? filter.profile)
  return {
    subject: {
      name: `${reportWords[language].history} · ${spanWords(filter)}`,
      batch: null,
      batches: batches.size,
      practice: practised === 0 ? 'none' : practised === total ? 'all' : 'some',
      profiles: [...profiles.values()],
      reviewers: [...reviewers].sort(),
      isRuled: [...batches.values()].some(isRuled),
      controls: mergeControls([...batches.values()].flatMap(batch => batch.controls)),
    },
    filter: filterWords(filter, named, language),
    total,
    rows: found.rows,
    batchOf: id => {
      const batch = batches.get(id)
      if (batch === undefined) throw new Error(`the report has no batch ${id}`)
      return batch
    },
    survey: async () => count.survey(),
    rules: () => rulesFoundIn(snapshot, [...batches.keys()], assets.has),
  }
}

/** Ids of a million assets in as many bits. */
function createIdSet() {
  let bits = new Uint8Array(1 << 16)
  return {
    add: (id: number) => {
      const at = id >> 3
      if (at >= bits.length) {
        const longer = new Uint8Array(2 ** Math.ceil(Math.log2(at + 1)))
        longer.set(bits)
        bits = longer
      }
      bits[at] = (bits[at] ?? 0) | (1 << (id & 7))
    },
    has: (id: number): boolean => ((bits[id >> 3] ?? 0) & (1 << (id & 7))) !== 0,
  }
}

interface Counted {
  readonly asset: number
  readonly outcome: GridOutcome
  readonly decision: (typeof gridDecisions)[number]
  readonly flags: number
  readonly labels: readonly number[]
}

/** What one HTML file lists at most: beyond that no browser opens it with pleasure. */
const mostItems = 10_000

/** What is still open stands with what is not checked. */
const riskOrder = ['risky', 'review', 'unchecked', 'pending', 'awaiting', 'rules_only', 'pass'] as const

function createCounter() {
  const outcomes = { pending: 0, awaiting: 0, pass: 0, rules_only: 0, unchecked: 0, review: 0, risky: 0 }
  const decisions = { undecided: 0, approve: 0, reject: 0, escalate: 0, defer: 0 }
  const labels = new Map<number, number>()
  const ids: Record<GridOutcome, number[]> = {
    pending: [],
    awaiting: [],
    pass: [],
    rules_only: [],
    unchecked: [],
    review: [],
    risky: [],
  }
  const lists = {
    risky: createList(),
    review: createList(),
    unchecked: createList(),
    noted: createList(),
    disagreement: createList(),
  }
  const addLabels = (more: readonly number[]) => {
    for (const label of more) labels.set(label, (labels.get(label) ?? 0) + 1)
  }
  return {
    add: ({ asset, outcome, decision, flags, labels: own }: Counted) => {
      outcomes[outcome] += 1
      ids[outcome].push(asset)
      decisions[decision] += 1
      addLabels(own)
      if (outcome === 'risky' || outcome === 'review') lists[outcome].add(asset)
      else if (outcome !== 'pass' && outcome !== 'rules_only') lists.unchecked.add(asset)
      else if ((flags & (gridFlags.readerNotes | gridFlags.olderReading)) !== 0) lists.noted.add(asset)
      if ((flags & gridFlags.disagreement) !== 0) lists.disagreement.add(asset)
    },
    addLabels,
    survey: (): Survey => ({
      outcomes,
      decisions,
      labels: [...labels].map(([label, count]) => ({ label, count })).sort((a, b) => b.count - a.count),
      lists: {
        risky: lists.risky.list(),
        review: lists.review.list(),
        unchecked: lists.unchecked.list(),
        noted: lists.noted.list(),
        disagreement: lists.disagreement.list(),
      },
      *byRisk() {
        for (const outcome of riskOrder) for (const asset of ids[outcome]) yield { asset, outcome }
      },
    }),
  }
}

function createList() {
  const ids: number[] = []
  let total = 0
  return {
    list: (): AssetList => ({ ids, total }),
    add: (id: number) => {
      total += 1
      if (ids.length < mostItems) ids.push(id)
    },
  }
}
