import { Problem } from '../../../shared/problems.ts'
import { detailOf } from '../base/detail.ts'
import { createRuleMatcher } from '../checkers/rules/rule-matcher.ts'
import type { Library } from '../library/library.ts'
import { tryPast } from '../library/try-past.ts'
import type { Material } from '../screening/material.ts'
import type { StoreReader } from '../store/ports.ts'
import type { Engine } from './api.ts'

/** The rule books as people see and change them. */
export function createRules(services: {
  readonly library: Library
  readonly reader: StoreReader
  readonly material: Material
}): Engine['rules'] {
  const { library, reader, material } = services
  const { books, book, save, putInForce, withdraw, remove, openList, fromList } = library
  let isTrying = false
  return {
    books,
    book,
    save,
    putInForce,
    withdraw,
    remove,
    openList,
    fromList,
    try: library.try,
    tryPast: async (yaml, limit, signal, onProgress = () => undefined) => {
      if (isTrying) throw new Problem('conflict', detailOf('past_trial_running'))
      isTrying = true
      try {
        const version = await library.fitVersion(yaml)
        const matcher = await createRuleMatcher({ books: [Buffer.from(yaml)], scopes: null, today: library.today() })
        try {
          const find = async (text: string) => (await matcher.find(text, signal)).hits
          return await tryPast({ reader, read: material.read, find }, { version, limit, signal, onProgress })
        } finally {
          await matcher.close()
        }
      } finally {
        isTrying = false
      }
    },
  }
}
