import { type FailureCode, failureCodes, isFailureCode } from '../../../shared/failures.ts'
import {
  type GridDecision,
  type GridFinding,
  type GridOutcome,
  gridDecisions,
  gridFlags,
  gridKinds,
  gridOutcomes,
  gridRules,
} from '../../../shared/grid.ts'
import { type Bits, hasBit } from './bits.ts'
import type { Table } from './table.ts'

export type GridKind = (typeof gridKinds)[number]
export type GridFlag = keyof typeof gridFlags

/** What the grid shows. Inside one axis any of the values will do, all axes must hold; an empty axis asks for nothing. */
export interface Filter {
  readonly outcome: readonly GridOutcome[]
  readonly decision: readonly GridDecision[]
  readonly label: readonly number[]
  readonly kind: readonly GridKind[]
  /** Folders, with everything below them. */
  readonly folder: readonly string[]
  readonly reason: readonly FailureCode[]
  readonly flag: readonly GridFlag[]
  /** The worst that rules found. */
  readonly finding: readonly GridFinding[]
  /** Rules by `ruleKey`, fine or not; looked up by the main process; see `ruled` of `matching`. */
  readonly rule: readonly string[]
  /** Looked up by the main process; see `hits` of `matching`. */
  readonly query: string
  /** Looked up by the main process; see `alike` of `matching`. */
  readonly like: Like | null
}

/** The asset that the others look like, and the filter that this one took the place of. */
export interface Like {
  readonly asset: number
  readonly name: string
  readonly before: Filter
}

export const everything: Filter = {
  outcome: [],
  decision: [],
  label: [],
  kind: [],
  folder: [],
  reason: [],
  flag: [],
  finding: [],
  rule: [],
  query: '',
  like: null,
}

export const axes = ['outcome', 'decision', 'label', 'kind', 'folder', 'reason', 'flag', 'finding', 'rule'] as const
export type Axis = (typeof axes)[number]

export const isEverything = (filter: Filter): boolean =>
  filter.query === '' && filter.like === null && axes.every(axis => filter[axis].length === 0)

/** Adds a value to an axis, or takes it away. */
export function toggled<A extends Axis>(filter: Filter, axis: A, value: Filter[A][number]): Filter {
  const values: readonly Filter[Axis][number][] = filter[axis]
  return {
    ...filter,
    [axis]: values.includes(value) ? values.filter(other => other !== value) : [...values, value],
  }
}

/** A rule by its book, as `cn-advertising/absolute-best`: a book's id has no slash, a rule's may. */
export const ruleKey = (rule: { readonly book: string; readonly rule: string }): string => `${rule.book}/${rule.rule}`
export function ruleOfKey(key: string): { readonly book: string; readonly rule: string } {
  const slash = key.indexOf('/')
  return { book: key.slice(0, slash), rule: key.slice(slash + 1) }
}

/** What the main process found: positions of the query, and of the rules; null without one. */
export interface Found {
  readonly hits: Bits | null
  readonly ruled: Bits | null
  /** What looks alike; null where nobody asked. */
  readonly alike?: { readonly bits: Bits } | null
}

/** Positions that the filter lets through, rising. */
export function matching(table: Table, filter: Filter, { hits, ruled, alike = null }: Found): Uint32Array {
  const outcomes = maskOf(filter.outcome, value => gridOutcomes.indexOf(value))
  const decisions = maskOf(filter.decision, value => gridDecisions.indexOf(value))
  const kinds = maskOf(filter.kind, value => gridKinds.indexOf(value))
  const findings = maskOf(filter.finding, value => gridRules.indexOf(value))
  const flags = filter.flag.length === 0 ? 0 : filter.flag.reduce((mask, flag) => mask | gridFlags[flag], 0)
  const labels = filter.label.length === 0 ? null : new Set(filter.label)
  const reasons = filter.reason.length === 0 ? null : new Set(filter.reason.map(code => failureCodes.indexOf(code) + 1))
  const folders = filter.folder.length === 0 ? null : foldersBelow(table.folders, filter.folder)
  const found = new Uint32Array(table.length)
  let count = 0
  for (let position = 0; position < table.length; position += 1) {
    if (((outcomes >> (table.outcome[position] ?? 0)) & 1) === 0) continue
    if (((decisions >> (table.decision[position] ?? 0)) & 1) === 0) continue
    if (((kinds >> (table.kind[position] ?? 0)) & 1) === 0) continue
    if (((findings >> (table.rules[position] ?? 0)) & 1) === 0) continue
    if (flags !== 0 && ((table.flags[position] ?? 0) & flags) === 0) continue
    if (labels !== null && !labels.has(table.label[position] ?? 0)) continue
    if (reasons !== null && !reasons.has(table.reason[position] ?? 0)) continue
    if (folders !== null && folders[table.folder[position] ?? 0] !== 1) continue
    if (hits !== null && !hasBit(hits, position)) continue
    if (ruled !== null && !hasBit(ruled, position)) continue
    if (alike !== null && !hasBit(alike.bits, position)) continue
    found[count] = position
    count += 1
  }
  return found.slice(0, count)
}

/** How many assets the filter lets through; null for one that has words or rules, which the main process looks up. */
export const countOf = (table: Table, filter: Filter): number | null =>
  filter.query === '' && filter.rule.length === 0 ? matching(table, filter, { hits: null, ruled: null }).length : null

function maskOf<Value>(values: readonly Value[], indexOf: (value: Value) => number): number {
  return values.length === 0 ? -1 : values.reduce((mask, value) => mask | (1 << indexOf(value)), 0)
}

function foldersBelow(folders: readonly string[], wanted: readonly string[]): Uint8Array {
  return Uint8Array.from(folders, folder =>
    wanted.some(top => folder === top || top === '' || folder.startsWith(`${top}/`)) ? 1 : 0,
  )
}

/** How many assets of the batch have each value of an axis. */
export interface Facets {
  readonly outcome: Readonly<Record<GridOutcome, number>>
  readonly decision: Readonly<Record<GridDecision, number>>
  readonly kind: Readonly<Record<GridKind, number>>
  readonly flag: Readonly<Record<GridFlag, number>>
  readonly finding: Readonly<Record<GridFinding, number>>
  readonly label: ReadonlyMap<number, number>
  readonly reason: ReadonlyMap<FailureCode, number>
  readonly folder: ReadonlyMap<string, number>
}

export function facetsOf(table: Table): Facets {
  const outcomes = new Uint32Array(gridOutcomes.length)
  const decisions = new Uint32Array(gridDecisions.length)
  const kinds = new Uint32Array(gridKinds.length)
  const findings = new Uint32Array(gridRules.length)
  const flags = new Uint32Array(256)
  const reasons = new Uint32Array(256)
  const folders = new Uint32Array(table.folders.length)
  const label = new Map<number, number>()
  for (let position = 0; position < table.length; position += 1) {
    add(outcomes, table.outcome[position])
    add(decisions, table.decision[position])
    add(kinds, table.kind[position])
    add(flags, table.flags[position])
    add(findings, table.rules[position])
    add(reasons, table.reason[position])
    add(folders, table.folder[position])
    const code = table.label[position] ?? 0
    if (code !== 0) label.set(code, (label.get(code) ?? 0) + 1)
  }
  const withFlag = (bit: number) => flags.reduce((sum, count, bits) => sum + ((bits & bit) === 0 ? 0 : count), 0)
  return {
    outcome: {
      pending: outcomes[0] ?? 0,
      awaiting: outcomes[1] ?? 0,
      pass: outcomes[2] ?? 0,
      rules_only: outcomes[3] ?? 0,
      unchecked: outcomes[4] ?? 0,
      review: outcomes[5] ?? 0,
      risky: outcomes[6] ?? 0,
    },
    decision: {
      undecided: decisions[0] ?? 0,
      approve: decisions[1] ?? 0,
      reject: decisions[2] ?? 0,
      escalate: decisions[3] ?? 0,
      defer: decisions[4] ?? 0,
    },
    kind: {
      unknown: kinds[0] ?? 0,
      image: kinds[1] ?? 0,
      text: kinds[2] ?? 0,
      audio: kinds[3] ?? 0,
      document: kinds[4] ?? 0,
      video: kinds[5] ?? 0,
    },
    flag: {
      reused: withFlag(gridFlags.reused),
      tiled: withFlag(gridFlags.tiled),
      disagreement: withFlag(gridFlags.disagreement),
      split: withFlag(gridFlags.split),
      noted: withFlag(gridFlags.noted),
      readerNotes: withFlag(gridFlags.readerNotes),
      olderReading: withFlag(gridFlags.olderReading),
    },
    finding: {
      unknown: findings[0] ?? 0,
      none: findings[1] ?? 0,
      notice: findings[2] ?? 0,
      evidence: findings[3] ?? 0,
      forbidden: findings[4] ?? 0,
    },
    label: new Map([...label].sort((a, b) => b[1] - a[1])),
    reason: new Map(
      failureCodes
        .map((code, at) => [code, reasons[at + 1] ?? 0] as const)
        .filter(([, count]) => count > 0)
        .sort((a, b) => b[1] - a[1]),
    ),
    folder: new Map(
      table.folders.map((folder, at) => [folder, folders[at] ?? 0] as const).filter(([, count]) => count > 0),
    ),
  }
}

function add(counts: Uint32Array, at: number | undefined): void {
  const index = at ?? 0
  counts[index] = (counts[index] ?? 0) + 1
}

/**
 * A filter as text, to be saved, exported and shared: `outcome=risky&decision=undecided&q=红包`. What looks alike is named in it, and is
 * not found again by that name.
 */
export function filterToText(filter: Filter): string {
  const text = new URLSearchParams()
  for (const axis of axes) for (const value of filter[axis]) text.append(axis, String(value))
  if (filter.query !== '') text.set('q', filter.query)
  if (filter.like !== null) text.set('like', filter.like.name)
  return text.toString()
}

/** The filter that a text describes; values that this version does not know are left out. */
export function filterFromText(text: string): Filter {
  const given = new URLSearchParams(text)
  const among = <Value extends string>(axis: Axis, known: readonly Value[]): readonly Value[] =>
    known.filter(value => given.getAll(axis).includes(value))
  return {
    outcome: among('outcome', gridOutcomes),
    decision: among('decision', gridDecisions),
    kind: among('kind', gridKinds),
    flag: among('flag', flagNames),
    finding: among('finding', gridRules),
    rule: given.getAll('rule').filter(key => /^[^/]+\/./.test(key)),
    label: given
      .getAll('label')
      .map(Number)
      .filter(label => Number.isInteger(label)),
    folder: given.getAll('folder'),
    reason: given.getAll('reason').filter(isFailureCode),
    query: given.get('q') ?? '',
    like: null,
  }
}

export const flagNames = [
  'reused',
  'tiled',
  'disagreement',
  'split',
  'noted',
  'readerNotes',
  'olderReading',
] as const satisfies readonly GridFlag[]
