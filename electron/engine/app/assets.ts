import { type Outcome, outcomes } from '../../../shared/domain.ts'
import { Problem } from '../../../shared/problems.ts'
import type { Source } from '../formats/source.ts'
import type { AssetRecord } from '../ledger/rows.ts'
import { evidenceText } from '../reports/evidence.ts'
import { readSpans } from '../reports/spans.ts'
import type { Batches } from '../screening/batches.ts'
import type { Material } from '../screening/material.ts'
import type { StoreReader } from '../store/ports.ts'
import type { AssetPlace, Engine } from './api.ts'
import { ownFileOf, whereaboutsOf } from './own-file.ts'

/** Longest text that the inspector shows, in UTF-16 units. */
const longestText = 2_000_000
const readMs = 30_000

/** What is known of one asset, and its text as it was screened. */
export function createAssets(services: {
  readonly reader: StoreReader
  readonly batches: Pick<Batches, 'stored'>
  readonly material: Material
}): Pick<Engine['assets'], 'detail' | 'readings' | 'ownFile' | 'whereabouts' | 'places' | 'evidence'> & {
  /** The text that was screened; null when its file is gone or holds something else now. */
  textOf(asset: number): Promise<string | null>
} {
  const { reader, batches, material } = services
  const known = async (id: number): Promise<AssetRecord> => {
    const asset = await reader.asset(id)
    if (asset === null) throw new Problem('not_found', `asset ${id}`)
    return asset
  }
  const readText = async (asset: AssetRecord) => {
    if (asset.encoding === null) return null
    const { options } = await batches.stored(asset.batch)
    const content = await material.read(asset.source, options, AbortSignal.timeout(readMs))
    return content.kind === 'failure' || content.words === null ? null : { sha256: content.sha256, ...content.words }
  }

  return {
    textOf: async id => {
      const asset = await reader.asset(id)
      const content = asset === null ? null : await readText(asset)
      return content !== null && content.sha256 === asset?.sha256 ? content.text : null
    },
    detail: async id => {
      const asset = await known(id)
      const [row] = await reader.rows([id])
      if (row === undefined) throw new Problem('not_found', `asset ${id}`)
      const content = await readText(asset)
      const isSame = content !== null && (asset.sha256 === null || content.sha256 === asset.sha256)
      const earlier = asset.sha256 === null ? [] : await reader.earlier(asset.sha256, id)
      return {
        ...row,
        batch: asset.batch,
        sha256: asset.sha256,
        text: isSame ? content.text.slice(0, longestText) : null,
        encoding: asset.encoding,
        reading: asset.reading,
        pieces: await reader.pieces(id),
        checks: await reader.checks(id),
        ruled: await reader.ruled(id),
        spans: await readSpans(reader, id),
        history: await reader.reviews(id),
        earlier: earlier.map(each => ({ ...each, outcome: outcomeOf(each.outcome) })),
      }
    },
    readings: async id => {
      const source = JSON.parse((await known(id)).source) as Source
      const beginning = await material.preview(source, AbortSignal.timeout(readMs))
      if (beginning === null || beginning.isList) return { readings: [], isList: beginning?.isList ?? false }
      return { readings: beginning.readings, isList: false }
    },
    ownFile: async id => ownFileOf(await known(id)),
    whereabouts: async id => whereaboutsOf(await known(id)),
    places: async ids => {
      const places: AssetPlace[] = []
      for (const id of ids) {
        const { path, source } = await known(id)
        places.push({ path, place: placeOf(JSON.parse(source) as Source) })
      }
      return places
    },
    evidence: (id, check) => evidenceText(reader, id, check),
  }
}

/** A row is found in its table by its number. */
function placeOf(source: Source): string | null {
  switch (source.kind) {
    case 'file':
      return source.path
    case 'entry':
      return [source.archive, ...source.entries].join('/')
    case 'row':
      return `${source.path}#${source.row}`
    case 'url':
      return source.url
    case 'inline':
      return null
  }
}

function outcomeOf(outcome: string): Outcome | null {
  return outcomes.find(each => each === outcome) ?? null
}
