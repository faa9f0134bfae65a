import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { applyDelta, positionOf, tableFrom, unranked } from '../../../../../renderer/state/grid/table.ts'
import { columnsOf, deltaOf } from './columns.ts'

describe('the columns of a batch in the window', () => {
  test('take a change in place', () => {
    const table = tableFrom(columnsOf([{}, {}, {}]))
    expect(applyDelta(table, deltaOf(1, [{ position: 1, outcome: 5 }]))).toBe('applied')
    expect(Array.from(table.outcome.subarray(0, table.length))).toEqual([0, 5, 0])
    expect(table.revision).toBe(2)
  })

  test('grow when assets are found after the batch was opened, and sort those last by path', () => {
    const table = tableFrom(columnsOf([{}]))
    applyDelta(table, deltaOf(1, [{ position: 1 }, { position: 2, outcome: 2 }]))
    expect(table.length).toBe(3)
    expect(table.outcome[2]).toBe(2)
    expect([table.pathRank[1], table.pathRank[2]]).toEqual([unranked, unranked])
  })

  test('say so when a change in between was missed, and are left as they were', () => {
    const table = tableFrom(columnsOf([{}, {}]))
    expect(applyDelta(table, deltaOf(3, [{ position: 0, outcome: 5 }]))).toBe('stale')
    expect(table.outcome[0]).toBe(0)
  })

  test('ignore changes that they have already, and those of another batch', () => {
    const table = tableFrom(columnsOf([{}, {}]))
    expect(applyDelta(table, { ...deltaOf(0, [{ position: 0, outcome: 5 }]), revision: 1 })).toBe('old')
    expect(applyDelta(table, { ...deltaOf(1, [{ position: 0, outcome: 5 }]), batch: 'b_1111111111' })).toBe('old')
    expect(table.outcome[0]).toBe(0)
  })

  test('however the assets arrive, end up as the main process has them', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(5), { minLength: 1, maxLength: 300 }), fc.nat(20), (outcomes, known) => {
        const table = tableFrom(columnsOf(outcomes.slice(0, known).map(outcome => ({ outcome }))))
        let revision = 1
        for (let at = known; at < outcomes.length; at += 7) {
          const changes = outcomes.slice(at, at + 7).map((outcome, more) => ({ position: at + more, outcome }))
          expect(applyDelta(table, deltaOf(revision, changes))).toBe('applied')
          revision += 1
        }
        expect(Array.from(table.outcome.subarray(0, table.length))).toEqual(outcomes)
        for (const [at] of outcomes.entries()) expect(positionOf(table, (at + 1) * 10)).toBe(at)
      }),
    )
  })

  test('find an asset by its id, and nothing for an id that is not there', () => {
    const table = tableFrom(columnsOf([{}, {}, {}]))
    expect(positionOf(table, 20)).toBe(1)
    expect(positionOf(table, 25)).toBe(-1)
  })
})
