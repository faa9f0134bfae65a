import fc from 'fast-check'
import type { GridColumns, GridDelta } from '../../../../../shared/grid.ts'

/** Columns of a batch with what a test cares about; the rest is as of a fresh asset. */
export function columnsOf(
  assets: readonly Partial<
    Record<
      | 'outcome'
      | 'decision'
      | 'kind'
      | 'flags'
      | 'rules'
      | 'label'
      | 'score'
      | 'reason'
      | 'folder'
      | 'pathRank'
      | 'screenedAt'
      | 'content',
      number
    >
  >[],
  folders: readonly string[] = [''],
): GridColumns {
  return {
    batch: 'b_0000000000',
    revision: 1,
    id: Float64Array.from(assets, (_, at) => (at + 1) * 10),
    outcome: Uint8Array.from(assets, asset => asset.outcome ?? 0),
    decision: Uint8Array.from(assets, asset => asset.decision ?? 0),
    kind: Uint8Array.from(assets, asset => asset.kind ?? 1),
    flags: Uint8Array.from(assets, asset => asset.flags ?? 0),
    rules: Uint8Array.from(assets, asset => asset.rules ?? 0),
    label: Int32Array.from(assets, asset => asset.label ?? 0),
    score: Uint8Array.from(assets, asset => asset.score ?? 255),
    reason: Uint8Array.from(assets, asset => asset.reason ?? 0),
    folder: Uint32Array.from(assets, asset => asset.folder ?? 0),
    pathRank: Uint32Array.from(assets, (asset, at) => asset.pathRank ?? at),
    screenedAt: Uint32Array.from(assets, asset => asset.screenedAt ?? 0),
    content: Uint32Array.from(assets, asset => asset.content ?? 0),
    contentRest: Uint32Array.from(assets, asset => (asset.content ?? 0) * 7),
    folders,
  }
}

export function deltaOf(
  from: number,
  changes: readonly {
    readonly position: number
    readonly outcome?: number
    readonly decision?: number
    readonly rules?: number
    readonly content?: number
  }[],
): GridDelta {
  return {
    batch: 'b_0000000000',
    from,
    revision: from + 1,
    position: Uint32Array.from(changes, change => change.position),
    id: Float64Array.from(changes, change => (change.position + 1) * 10),
    outcome: Uint8Array.from(changes, change => change.outcome ?? 0),
    decision: Uint8Array.from(changes, change => change.decision ?? 0),
    kind: Uint8Array.from(changes, () => 1),
    flags: new Uint8Array(changes.length),
    rules: Uint8Array.from(changes, change => change.rules ?? 0),
    label: new Int32Array(changes.length),
    score: new Uint8Array(changes.length).fill(255),
    reason: new Uint8Array(changes.length),
    folder: new Uint32Array(changes.length),
    screenedAt: new Uint32Array(changes.length),
    content: Uint32Array.from(changes, change => change.content ?? 0),
    contentRest: Uint32Array.from(changes, change => (change.content ?? 0) * 7),
    folders: [],
  }
}

export const someAsset = fc.record({
  outcome: fc.nat(6),
  decision: fc.nat(4),
  kind: fc.nat(3),
  flags: fc.nat(31),
  rules: fc.nat(4),
  label: fc.constantFrom(0, 20001, 20002, 21000),
  score: fc.oneof(fc.nat(100), fc.constant(255)),
  reason: fc.nat(5),
  folder: fc.nat(3),
  pathRank: fc.nat(1_000_000),
  screenedAt: fc.nat(4_294_967_295),
})
