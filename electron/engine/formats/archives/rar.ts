import { existsSync, rmSync, statSync } from 'node:fs'
import { basename, dirname } from 'node:path'
import { createExtractorFromFile, type FileHeader, UnrarError } from 'node-unrar-js'
import type { Failure } from '../../../../shared/conclusion.ts'
import { type Remark, remark } from '../../../../shared/remarks/index.ts'
import { inputFailure } from '../../base/input-failure.ts'
import { readWebAssembly } from '../../base/web-assembly.ts'
import type { DocumentFile } from '../documents/document.ts'
import { archiveLimits, type UnpackTarget } from './listing.ts'
import type { PackedArchive, PackedEntry } from './packed-archive.ts'
import { readRarBlocks } from './rar-blocks.ts'

let read: ArrayBuffer | null = null

/** Throws `UnusableDecoder`. */
function wasmBinary(): ArrayBuffer {
  read ??= new Uint8Array(readWebAssembly('node-unrar-js/dist/js/unrar.wasm')).buffer
  return read
}

/** Opens a RAR archive of any version that the library of its makers unpacks (UnRAR 6.1.7, as WebAssembly). */
export async function openRar(
  path: string,
  file: Pick<DocumentFile, 'read' | 'sizeBytes'>,
): Promise<PackedArchive | Failure> {
  try {
    const { arcHeader, fileHeaders } = (
      await createExtractorFromFile({ wasmBinary: wasmBinary(), filepath: path })
    ).getFileList()
    if (arcHeader.flags.volume) return refused(remark('archive_volume'))
    const headers: FileHeader[] = []
    for (const header of fileHeaders) {
      headers.push(header)
      if (headers.length > archiveLimits.entries) return tooManyEntries
    }
    const blocks = readRarBlocks(file)
    if (blocks === 'damaged' || !blocks.hasEnd || blocks.files !== headers.length) return cutArchive
    return {
      kind: 'packed archive',
      entries: listed(headers, arcHeader.flags.solid),
      comment: arcHeader.comment === '' ? null : arcHeader.comment,
      unpack: targets => unpack(path, headers, arcHeader.flags.solid, targets),
    }
  } catch (error) {
    if (!(error instanceof UnrarError)) throw error
    return isLocked(error) ? refused(remark('encrypted_archive')) : damagedArchive
  }
}

function isLocked({ reason }: UnrarError): boolean {
  return reason === 'ERAR_MISSING_PASSWORD' || reason === 'ERAR_BAD_PASSWORD'
}

function refused(what: Remark): Failure {
  return inputFailure('unsupported_type', [what])
}

const cutArchive = inputFailure('damaged_document', [remark('cut_archive')])
const damagedArchive = inputFailure('damaged_document', [remark('damaged_archive')])
const damagedEntry = inputFailure('damaged_document', [remark('damaged_entry')])
const linkedEntry = refused(remark('entry_link'))
const tooManyEntries = inputFailure('too_large', [remark('archive_entries', { limit: archiveLimits.entries })])

/** Files of an archive that is not solid are unpacked together up to this: to each, the library goes through all before it. */
const togetherBytes = 64e6
const togetherFiles = 500

function listed(headers: readonly FileHeader[], isSolid: boolean): readonly PackedEntry[] {
  const total = headers.reduce((sum, { unpSize }) => sum + unpSize, 0)
  const isTooLong = isSolid && headers.length > 1 && total > archiveLimits.solidBytes
  const solidFailure = inputFailure('too_large', [remark('archive_solid', { limit: archiveLimits.solidBytes })])
  let run = 0
  let bytes = 0
  let files = 0
  return headers.map(({ name, unpSize, packSize, flags }) => {
    bytes += unpSize
    files++
    if (!isSolid && (bytes > togetherBytes || files > togetherFiles)) {
      run++
      bytes = unpSize
      files = 1
    }
    const refusal = flags.encrypted ? refused(remark('encrypted_archive')) : isTooLong ? solidFailure : null
    const packedBytes = isSolid ? null : packSize
    return { name, sizeBytes: unpSize, packedBytes, isFolder: flags.directory, run, refusal }
  })
}

/** Files are told apart by their place: two of them may have one name. */
async function unpack(
  path: string,
  headers: readonly FileHeader[],
  isSolid: boolean,
  targets: readonly UnpackTarget[],
): Promise<readonly (Failure | null)[]> {
  const results: (Failure | null)[] = targets.map(() => damagedEntry)
  const places = new Map(targets.map(({ index }, place) => [index, place]))
  /** Of the file that is being unpacked. */
  let place: number | undefined
  for (;;) {
    let next = -1
    try {
      const extractor = await createExtractorFromFile({
        wasmBinary: wasmBinary(),
        filepath: path,
        targetPath: dirname(targets[0]?.to ?? ''),
        // All of them go to one folder: whatever an archive calls its files, they are written under the names given here.
        filenameTransform: () => basename(targets[place ?? -1]?.to ?? ''),
      })
      const wants = () => {
        next++
        place = places.get(next)
        return place !== undefined
      }
      for (const { fileHeader } of extractor.extract({ files: wants }).files) {
        const target = place === undefined ? undefined : targets[place]
        if (place !== undefined && target !== undefined) results[place] = judged(target, headers, fileHeader)
        places.delete(next)
        if (places.size === 0) return results
      }
      return results
    } catch (error) {
      if (!(error instanceof UnrarError)) throw error
      if (place !== undefined && isLocked(error)) results[place] = refused(remark('encrypted_archive'))
      if (place !== undefined && error.reason === 'ERAR_EREFERENCE') results[place] = linkedEntry
      // What follows is unpacked by what came before, or is read from its own beginning.
      if (isSolid || !places.delete(next)) return results
    }
  }
}

/** What is written is judged by what was listed. Links are made by the library where nobody sees them, and not as files. */
function judged({ index, to }: UnpackTarget, headers: readonly FileHeader[], header: FileHeader): Failure | null {
  const listed = headers[index]
  if (listed?.name !== header.name || listed.unpSize !== header.unpSize) return damagedEntry
  if (!existsSync(to)) return linkedEntry
  if (statSync(to).size === listed.unpSize) return null
  rmSync(to, { force: true })
  return damagedEntry
}
