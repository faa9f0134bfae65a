import { describe, expect, test } from 'vitest'
import type { Whereabouts } from '../../../electron/engine/app/own-file.ts'
import { draggable, iconOf, mostDragged } from '../../../electron/main/policies/drag-out.ts'

const files: Readonly<Record<number, Whereabouts>> = {
  1: { kind: 'file', path: '/a/1.png' },
  2: { kind: 'file', path: '/a/2.png' },
  3: { kind: 'none', path: '/a/table.csv' },
  4: { kind: 'none', path: null },
  5: { kind: 'gone', path: '/a/5.png' },
}
const whereabouts = async (asset: number): Promise<Whereabouts> => files[asset] ?? { kind: 'file', path: '/a/1.png' }

describe('what is dragged out', () => {
  test('are files, each once, and what is none is counted', async () => {
    expect(await draggable([1, 2, 9, 3, 4, 5], whereabouts, 'linux')).toEqual({
      files: [
        { asset: 1, path: '/a/1.png' },
        { asset: 2, path: '/a/2.png' },
      ],
      ofNone: 2,
      gone: 1,
    })
  })

  test('is nothing rather than a part of very many', async () => {
    const many = Array.from({ length: mostDragged + 1 }, (_, at) => at + 1)
    expect(await draggable(many, whereabouts, 'linux')).toEqual({ files: [], ofNone: 0, gone: 0 })
    expect((await draggable(many.slice(1), whereabouts, 'linux')).files).not.toEqual([])
  })

  test('is no device', async () => {
    const device = async (): Promise<Whereabouts> => ({ kind: 'file', path: '\\\\.\\PhysicalDrive0' })
    expect((await draggable([1], device, 'windows')).files).toEqual([])
  })
})

describe('the sign under the pointer', () => {
  test('is the picture that is there at once', async () => {
    expect(await iconOf(Promise.resolve({ bytes: Uint8Array.of(1) }))).toEqual(Uint8Array.of(1))
  })

  test('is neutral where the picture cannot be made, or is not there in time', async () => {
    expect(await iconOf(Promise.reject(new Error('none')))).toBeNull()
    expect(await iconOf(new Promise(() => undefined), 0)).toBeNull()
  })
})
