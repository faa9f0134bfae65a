import type { Family } from '../family.ts'
import { extractJson, extractJsonLines } from './extract-json.ts'

const account = { isMarked: true, areLinesFolded: false }

/** JSON, with or without comments, and a document a line. Only the name tells it from a text. */
export const json: Family = {
  formats: [
    {
      reads: 'text',
      name: 'json',
      reading: ['json', 3],
      shownAs: ['JSON'],
      extensions: 'json jsonc geojson webmanifest arb ipynb'.split(' '),
      read: extractJson,
      account,
    },
    {
      reads: 'text',
      name: 'json lines',
      reading: ['json lines', 3],
      extensions: ['jsonl', 'ndjson'],
      read: extractJsonLines,
      account,
    },
  ],
  familiar: { kind: 'text', extensions: ['json'] },
}
