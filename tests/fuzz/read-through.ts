/** A file's way from the disk to what would be sent, by the same children and limits as in a batch. */

import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { createDocuments } from '../../electron/engine/formats/documents/documents.ts'
import { createImaging } from '../../electron/engine/imaging/imaging.ts'
import { createUnpacked } from '../../electron/engine/intake/unpacked.ts'
import { createMaterial } from '../../electron/engine/screening/material.ts'
import type { Failure } from '../../shared/conclusion.ts'
import { defaultOptions } from '../../shared/screening.ts'

/** What became of a file: the worst that was said of it or of anything in it. */
export type Outcome = 'read' | 'left out' | 'refused' | 'child ended'

export interface Told {
  readonly outcome: Outcome
  /** Codes of failures, and what ended a child. */
  readonly why: readonly string[]
  /** Parts made of pictures, and letters of words. */
  readonly parts: number
  readonly letters: number
}

export interface Workers {
  readonly imaging?: string
  readonly documents?: string
}

const ranks: readonly Outcome[] = ['read', 'left out', 'refused', 'child ended']

export function createReading(folder: string, workers: Workers = {}) {
  mkdirSync(folder, { recursive: true })
  const imaging = createImaging({ ...(workers.imaging !== undefined && { workerFile: workers.imaging }) })
  const documents = createDocuments({ ...(workers.documents !== undefined && { workerFile: workers.documents }) })
  const material = createMaterial({
    stdin: null,
    documents,
    films: null,
    unpacked: createUnpacked(join(folder, 'unpacked'), documents),
  })
  const options = { ...defaultOptions, guessColumns: true, allTables: true }

  const readThrough = async (path: string, signal: AbortSignal): Promise<Told> => {
    let outcome: Outcome = 'read'
    let parts = 0
    let letters = 0
    const why: string[] = []
    const worse = (than: Outcome) => {
      if (ranks.indexOf(than) > ranks.indexOf(outcome)) outcome = than
    }
    const refuse = ({ code, detail }: Failure) => {
      const ended = /preparation_(?:died|memory|timeout|nonsense)/.exec(detail)?.[0]
      worse(ended === undefined ? 'refused' : 'child ended')
      why.push(ended ?? code)
    }
    for await (const { failure, source, skipped } of material.walk([path], options, signal)) {
      if (failure !== null) refuse(failure)
      if (failure !== null || skipped !== null) continue
      const content = await material.read(JSON.stringify(source), options, signal)
      if (content.kind === 'failure') {
        refuse(content)
        continue
      }
      if (content.omitted.length > 0) worse('left out')
      letters += content.words?.text.length ?? 0
      for (const picture of content.pictures) {
        const input = await picture.load(signal)
        const made =
          'kind' in input
            ? input
            : await imaging.prepare(input, { mode: 'auto', maxTiles: 60 }, async () => void parts++, signal)
        if (made.kind === 'failure') refuse(made)
        else if (made.facts.leftOut.length > 0) worse('left out')
      }
      parts += content.recordings.length
    }
    return { outcome, why, parts, letters }
  }

  return {
    readThrough,
    close: async () => {
      await material.close()
      await Promise.all([imaging.close(), documents.close()])
    },
  }
}
