import type { Layer, Psd } from 'ag-psd'
import type { Failure } from '../../../../shared/conclusion.ts'
import type { Section } from '../../../../shared/pieces.ts'
import { type Remark, remark, sumRemarks } from '../../../../shared/remarks/index.ts'
import { inputFailure } from '../../base/input-failure.ts'
import type { ExtractedText } from '../family.ts'
import { createOmissions, type Omissions } from '../text/omissions.ts'
import { coloursOf, compositeAsTiff, compositePixels, isOfOneColour } from './composite.ts'
import { type PhotoshopFile, parsePhotoshop } from './photoshop-file.ts'

const composite = 'composite'
/** Numbers of image resources that are looked at. */
const versionInfo = 1057
const iccProfile = 1039
const channelKinds = 1077
const olderChannelKinds = 1007

/**
 * The picture that all programs show of it, and the words of its text layers, which may be too small to be read there. Layers are not
 * drawn: what they show is in the composite, and what is hidden in them is named.
 */
export async function extractPhotoshop(bytes: Uint8Array): Promise<ExtractedText | Failure> {
  const file = parsePhotoshop(bytes)
  if (file === null || file.width === 0 || file.height === 0) return damaged()
  const omitted = createOmissions()
  const notes: Remark[] = []
  const colours = coloursOf(file)
  const hasComposite = resource(file, versionInfo)?.[4] !== 0
  if (!hasComposite) omitted.add('no_composite')
  else if (colours === null) omitted.add('photoshop_kind', { name: kindOf(file) })
  else if (file.composite === null) return damaged()
  if (colours !== null) accountForChannels(file, colours, omitted, notes)
  for (const { id } of file.resources) if (!isKnownResource(id)) omitted.add('unknown_part', { count: 1 })
  const words: string[] = []
  const sections: Section[] = []
  let length = 0
  const add = (text: string, layer: string) => {
    sections.push({ start: length, place: { layer: layer.slice(0, 200) } })
    words.push(text)
    length += text.length + 1
  }
  const drawing = await readLayers(bytes, omitted)
  if (drawing === null) omitted.add('unread_layers')
  else accountForLayers(drawing, add, omitted, notes)
  return {
    kind: 'extracted',
    text: words.join('\n'),
    format: 'photoshop',
    anchors: null,
    omitted: omitted.list(),
    notes: sumRemarks(notes),
    sections,
    pieces:
      hasComposite && colours !== null
        ? [{ kind: 'picture', name: 'picture 1', places: [], from: { kind: 'handle', handle: composite } }]
        : [],
  }
}

export async function loadComposite(bytes: Uint8Array): Promise<Uint8Array | Failure> {
  const file = parsePhotoshop(bytes)
  if (file === null) return damaged()
  const icc = resource(file, iccProfile) ?? null
  const pixels = compositePixels(file)
  if (pixels === null) return inputFailure('unreadable_image', [remark('image_damaged')])
  // Programs that write layers only leave it blank, and not all of them say so.
  if (resource(file, versionInfo) === undefined && file.hasLayers && isOfOneColour(pixels, file))
    return inputFailure('unreadable_image', [remark('no_composite')])
  return compositeAsTiff(file, pixels, icc)
}

function damaged(): Failure {
  return inputFailure('damaged_document', [remark('image_damaged')])
}

function resource({ resources }: PhotoshopFile, wanted: number): Uint8Array | undefined {
  return resources.find(({ id }) => id === wanted)?.data
}

const modes = ['bitmap', 'grey', 'indexed', 'RGB', 'CMYK', '', '', 'multichannel', 'duotone', 'Lab']

function kindOf({ mode, bits }: PhotoshopFile): string {
  return `${modes[mode] || mode} ${bits} bit`
}

/** Channels beside the colours: opacity, selections that nobody sees, and spot colours, which Photoshop shows over the picture. */
function accountForChannels(file: PhotoshopFile, colours: number, omitted: Omissions, notes: Remark[]): void {
  const spare = file.channels - colours - (file.hasOpacity ? 1 : 0)
  if (spare <= 0) return
  const newer = resource(file, channelKinds)
  const older = resource(file, olderChannelKinds)
  const kinds =
    newer !== undefined
      ? Array.from(newer.subarray(4)).filter((_, at) => at % 13 === 12)
      : Array.from(older ?? []).filter((_, at) => at % 14 === 12)
  // Of kinds 0 and 1 are selections; what is not told is taken for a colour.
  const own = kinds.slice(-spare)
  const selections = own.filter(kind => kind < 2).length
  omitted.add('spot_channel', { count: spare - selections })
  if (selections > 0) notes.push(remark('spare_channel', { count: selections }))
}

/** Numbers of resources that hold no picture or words of it: settings of view, print, paths and versions (chapter "Image Resources"). */
function isKnownResource(id: number): boolean {
  // Paths are shown while somebody works on them only; plug-ins keep settings of theirs, such as those of a time line.
  return (
    (id >= 1000 && id <= 1092) ||
    id === 1097 ||
    (id >= 2000 && id <= 2999) ||
    (id >= 4000 && id <= 4999) ||
    id === 7000 ||
    id === 7001 ||
    id === 10_000 ||
    id === 3000
  )
}

/** Blocks of layers that the library does not read and that hold nothing seen: where a picture came from, how colours are managed. */
const silentBlocks = new Set(['GenI', 'CAI ', 'OCIO', 'Mt16', 'Mt32', 'Mtrn', 'extd', 'Alph'])

/** Null where they cannot be read. */
async function readLayers(bytes: Uint8Array, omitted: Omissions): Promise<Psd | null> {
  const { readPsd } = await import('ag-psd')
  const copy = Uint8Array.from(bytes)
  // It refuses colours that it cannot draw, of files whose layers it can read.
  copy.set([0, 3], 24)
  const log = (...said: readonly unknown[]) => {
    const [, key] = /^Unhandled additional info: (.{4})/s.exec(said.map(String).join(' ')) ?? []
    if (key !== undefined && !silentBlocks.has(key)) omitted.add('unknown_part', { count: 1 })
  }
  try {
    return readPsd(copy, {
      skipLayerImageData: true,
      skipCompositeImageData: true,
      skipThumbnail: true,
      skipLinkedFilesData: true,
      useImageData: true,
      logMissingFeatures: true,
      log,
    })
  } catch {
    return null
  }
}

function accountForLayers(
  drawing: Psd,
  add: (text: string, layer: string) => void,
  omitted: Omissions,
  notes: Remark[],
): void {
  const hidden: string[] = []
  const shownFiles = new Set<string>()
  // Without recursion: groups may lie within groups as deep as somebody likes.
  const waiting: { readonly layer: Layer; readonly isHidden: boolean }[] = []
  const put = (layers: readonly Layer[] | undefined, isHidden: boolean) => {
    for (const layer of layers ?? []) waiting.push({ layer, isHidden })
  }
  put(drawing.children, false)
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { layer, isHidden: isWithinHidden } = next
    const isHidden = isWithinHidden || layer.hidden === true || layer.opacity === 0
    if (isHidden && !isWithinHidden) hidden.push(layer.name ?? '')
    const text = layer.text?.text?.replaceAll(/\r\n?/g, '\n').replaceAll('\x03', '\n').trim() ?? ''
    if (!isHidden && text !== '') add(text, layer.name ?? '')
    if (!isHidden && layer.placedLayer?.id !== undefined) shownFiles.add(layer.placedLayer.id)
    put(layer.children, isHidden)
  }
  if (hidden.length > 0) {
    notes.push(remark('hidden_layers', { count: hidden.length, name: hidden.slice(0, 20).join(' · ').slice(0, 500) }))
  }
  for (const file of drawing.linkedFiles ?? []) {
    // What a visible layer places is in the composite.
    if (shownFiles.has(file.id)) notes.push(remark('placed_file'))
    else omitted.add('hidden_placed_file', { count: 1 })
  }
  for (const note of drawing.annotations ?? []) {
    if (note.type === 'text' && typeof note.data === 'string') {
      const text = note.data.trim()
      if (text !== '') add(text, note.name ?? '')
    } else omitted.add('recording', { count: 1 })
  }
}
