import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { openBookThread } from '../../../electron/engine/library/book-thread.ts'
import { createBookWork } from '../../../electron/engine/library/book-work.ts'
import { knownLookOf, lookOf } from '../../../electron/engine/library/known-look.ts'
import { createLooks } from '../../../electron/engine/library/shelf.ts'
import { bookOf } from '../../fixtures/library/books.ts'

const shipped = readFileSync(join(import.meta.dirname, '../../../resources/rules/competition.yaml'))

describe('what is known of a book', () => {
  test('is what whoever reads it finds on that day', async () => {
    const [version, known] = knownLookOf(shipped) ?? []
    if (version === undefined || known === undefined) throw new Error('the book has problems')
    const { look } = createBookWork()
    const days = ['2000-01-01', ...known.reviews, '2999-12-31'] as const
    for (const day of new Set(days)) expect(lookOf(known, day)).toEqual(await look(shipped, day))
    expect(lookOf(known, '2999-12-31').stale).toBeGreaterThan(0)
  })

  test('is nothing where there is something to say about it', () => {
    expect(knownLookOf(Buffer.from(`${bookOf('brand', ['亲亲'])}surprise: 1\n`))).toBeNull()
    expect(knownLookOf(Buffer.from(bookOf('brand', ['喵'])))).toBeNull()
  })

  test('is not read for it, and another version of the book is', async () => {
    const [version = '', known] = knownLookOf(Buffer.from(bookOf('brand', ['亲亲']))) ?? []
    if (known === undefined) throw new Error('the book has problems')
    const read: string[] = []
    const thread = {
      ...openBookThread(),
      look: async (bytes: Uint8Array) => {
        read.push(Buffer.from(bytes).toString())
        return lookOf({ ...known, rules: 2 }, '2026-11-30')
      },
    }
    const { look } = createLooks(thread, () => '2026-11-30', { [version]: known })
    expect(await look(Buffer.from('as it was'), version)).toMatchObject({ id: 'brand', rules: 1, problems: [] })
    expect(read).toEqual([])
    expect(await look(Buffer.from('as it is'), 'another')).toMatchObject({ rules: 2 })
    expect(read).toEqual(['as it is'])
  })
})
