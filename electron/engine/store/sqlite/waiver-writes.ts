import { Problem } from '../../../../shared/problems.ts'
import { ruleSeverities, type WaiverReach, waiverReaches } from '../../../../shared/rules.ts'
import type { HitRecord, WaiverRecord } from '../../ledger/rows.ts'
import type { FineWords, Waived } from '../records.ts'
import type { HitWrites } from './hit-writes.ts'
import type { WriteContext } from './write-context.ts'

type Reached = Pick<
  HitRecord,
  'batch' | 'asset' | 'book' | 'rule' | 'words' | 'severity' | 'range_start' | 'before' | 'after'
>

export interface Waiving {
  /** By which waiver the hit is fine, the one that reaches farthest; null where none is in force. */
  waiverOf(hit: Reached): number | null
}

/** Which waivers are in force for a hit. */
export function createWaiving({
  raw,
}: Pick<WriteContext, 'raw'>): Waiving & { inForce(hit: Reached): readonly WaiverRecord[] } {
  const candidates = raw.prepare<[string, string, string], WaiverRecord>(
    'SELECT * FROM waivers WHERE book = +? AND rule = +? AND words = +? AND ended_at IS NULL ORDER BY id',
  )
  const inForce = (hit: Reached) =>
    candidates
      .all(hit.book, hit.rule, hit.words)
      .filter(waiver => reaches(waiver, hit))
      .sort((one, other) => farOf(other.reach) - farOf(one.reach))
  return { inForce, waiverOf: hit => inForce(hit)[0]?.id ?? null }
}

function farOf(reach: WaiverReach): number {
  return waiverReaches.indexOf(reach)
}

/** A rule that has become more severe since was not meant. */
function reaches(waiver: WaiverRecord, hit: Reached): boolean {
  if (ruleSeverities.indexOf(hit.severity) > ruleSeverities.indexOf(waiver.severity)) return false
  switch (waiver.reach) {
    case 'always':
      return true
    case 'batch':
      return waiver.batch === hit.batch
    case 'once':
      return waiver.asset === hit.asset && waiver.range_start === hit.range_start && waiver.around === aroundOf(hit)
  }
}

/** Tells a place from the same place of another text. */
function aroundOf({ before, after }: Pick<HitRecord, 'before' | 'after'>): string {
  return JSON.stringify([before, after])
}

/** What people find fine, and take back. */
export function createWaiverWrites(
  { raw, clock, appender }: WriteContext,
  { waiverOf, inForce }: ReturnType<typeof createWaiving>,
  { concludeAnew }: Pick<HitWrites, 'concludeAnew'>,
) {
  const readHit = raw.prepare<[number], HitRecord>('SELECT * FROM hits WHERE id = ?')
  const readWaiver = raw.prepare<[number], WaiverRecord>('SELECT * FROM waivers WHERE id = ?')
  const insertWaiver = raw.prepare(
    `INSERT INTO waivers (reach, reason, reviewer, at, batch, asset, book, rule, words, severity, range_start, around)
     VALUES (@reach, @reason, @reviewer, @at, @batch, @asset, @book, @rule, @words, @severity, @range_start, @around)`,
  )
  const setEnd = raw.prepare('UPDATE waivers SET ended_at = ? WHERE id = ?')
  const sameWords = raw.prepare<[string, string, string, string], HitRecord>(
    'SELECT * FROM hits WHERE book = +? AND rule = +? AND words = +? AND batch = +?',
  )
  const ofWaiver = raw.prepare<[number], HitRecord>('SELECT * FROM hits WHERE waiver = +?')
  const setWaiver = raw.prepare('UPDATE hits SET waiver = ? WHERE id = ?')

  /** Hits that these waivers can bear on: of the batch where it was said, and where it has been taken up since. */
  const concerned = ({ id, batch, book, rule, words }: WaiverRecord): readonly HitRecord[] => [
    ...sameWords.all(book, rule, words, batch),
    ...ofWaiver.all(id).filter(hit => hit.batch !== batch),
  ]
  const apply = (hits: readonly HitRecord[]): Waived['assets'] => {
    const results = new Map<string, HitRecord>()
    for (const hit of hits) {
      const waiver = waiverOf(hit)
      if (waiver === hit.waiver) continue
      setWaiver.run(waiver, hit.id)
      results.set(`${hit.asset} ${hit.profile}`, hit)
    }
    for (const { asset, profile } of results.values()) concludeAnew(asset, profile)
    return [...new Map([...results.values()].map(({ batch, asset }) => [asset, { batch, asset }])).values()]
  }
  const append = (waiver: WaiverRecord, by: string, isFine: boolean, at: number) => {
    const { id, batch } = waiver
    const body = isFine ? { ...waiverBody(waiver), by } : { by, form: 2, waiver: id }
    appender.append({ kind: isFine ? 'fine' : 'notFine', batch, asset: null, body }, at)
  }
  const end = (waiver: WaiverRecord, by: string, at: number) => {
    setEnd.run(at, waiver.id)
    append(waiver, by, false, at)
  }

  return {
    fine: ({ hits, reach, reason, reviewer }: FineWords): Waived => {
      const at = clock.now()
      const waivers: number[] = []
      const superseded: number[] = []
      const affected = new Map<number, HitRecord>()
      for (const id of hits) {
        const hit = readHit.get(id)
        if (hit === undefined) throw new Problem('not_found', `hit ${id}`)
        const known = inForce(hit)
        // As far or farther: nothing is to be said again.
        if (known.some(waiver => farOf(waiver.reach) >= farOf(reach))) continue
        for (const narrower of known) {
          end(narrower, reviewer, at)
          superseded.push(narrower.id)
          for (const each of concerned(narrower)) affected.set(each.id, each)
        }
        const { batch, asset, book, rule, words, severity, range_start } = hit
        const said = { batch, asset, book, rule, words, severity, range_start, around: aroundOf(hit) }
        const { lastInsertRowid } = insertWaiver.run({ reach, reason, reviewer, at, ...said })
        const waiver = readWaiver.get(Number(lastInsertRowid))
        if (waiver === undefined) throw new Error('the waiver was not written')
        append(waiver, reviewer, true, at)
        waivers.push(waiver.id)
        for (const each of reach === 'once' ? [hit] : concerned(waiver)) affected.set(each.id, each)
      }
      return { waivers, superseded, assets: apply([...affected.values()]) }
    },

    /** Takes waivers back, and puts others in force that were taken back. */
    restoreWaivers: ({ fine, notFine }: Pick<Restored, 'fine' | 'notFine'>, reviewer: string): Waived => {
      const at = clock.now()
      const affected = new Map<number, HitRecord>()
      const waiversOf = (ids: readonly number[]) =>
        ids.map(id => {
          const waiver = readWaiver.get(id)
          if (waiver === undefined) throw new Problem('not_found', `waiver ${id}`)
          return waiver
        })
      const ended = waiversOf(notFine).filter(waiver => waiver.ended_at === null)
      for (const waiver of ended) end(waiver, reviewer, at)
      const restored = waiversOf(fine).filter(waiver => waiver.ended_at !== null)
      for (const waiver of restored) {
        setEnd.run(null, waiver.id)
        append(waiver, reviewer, true, at)
      }
      for (const waiver of [...ended, ...restored]) for (const hit of concerned(waiver)) affected.set(hit.id, hit)
      const ids = (list: readonly WaiverRecord[]) => list.map(({ id }) => id)
      return { waivers: ids(restored), superseded: ids(ended), assets: apply([...affected.values()]) }
    },
  }
}

interface Restored {
  readonly fine: readonly number[]
  readonly notFine: readonly number[]
}

/** What the ledger records of a waiver: all that its row says. */
export function waiverBody(waiver: WaiverRecord): Readonly<Record<string, unknown>> {
  const { id, range_start: start, ended_at: _, ...rest } = waiver
  return { ...rest, form: 2, rangeStart: start ?? undefined, waiver: id }
}
