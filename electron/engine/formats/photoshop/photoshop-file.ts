/** The parts of a Photoshop file, PSD or PSB (Adobe Photoshop File Formats Specification). */

export interface PhotoshopFile {
  readonly isLarge: boolean
  readonly channels: number
  readonly width: number
  readonly height: number
  readonly bits: number
  readonly mode: number
  /** Of indexed colours: 256 reds, greens and blues. */
  readonly colours: Uint8Array
  readonly resources: readonly { readonly id: number; readonly data: Uint8Array }[]
  /** Whether the first spare channel of the composite is its opacity. */
  readonly hasOpacity: boolean
  readonly hasLayers: boolean
  /** The picture as all programs show it: how it is packed, and its channels one after the other. */
  readonly composite: { readonly packing: number; readonly data: Uint8Array } | null
}

/** Null where it breaks off or is no such file. */
export function parsePhotoshop(bytes: Uint8Array): PhotoshopFile | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  try {
    return parse(bytes, view)
  } catch (error) {
    if (error instanceof RangeError) return null
    throw error
  }
}

function parse(bytes: Uint8Array, view: DataView): PhotoshopFile | null {
  const version = view.getUint16(4)
  if (latin1(bytes, 0, 4) !== '8BPS' || (version !== 1 && version !== 2)) return null
  const isLarge = version === 2
  const coloursEnd = 30 + view.getUint32(26)
  const resourcesEnd = coloursEnd + 4 + view.getUint32(coloursEnd)
  const resources: { id: number; data: Uint8Array }[] = []
  for (let at = coloursEnd + 4; at + 12 <= resourcesEnd; ) {
    // Other programs have signatures of their own; all are four letters.
    if (!/^(?:8BIM|MeSa|AgHg|PHUT|DCSR)$/.test(latin1(bytes, at, at + 4))) return null
    const nameBytes = 1 + view.getUint8(at + 6)
    const start = at + 6 + nameBytes + (nameBytes % 2) + 4
    const length = view.getUint32(start - 4)
    if (start + length > resourcesEnd) return null
    resources.push({ id: view.getUint16(at + 4), data: bytes.subarray(start, start + length) })
    at = start + length + (length % 2)
  }
  const sizeBytes = isLarge ? 8 : 4
  const lengthAt = (at: number) => (isLarge ? Number(view.getBigUint64(at)) : view.getUint32(at))
  const layersStart = resourcesEnd + sizeBytes
  const layersEnd = layersStart + lengthAt(resourcesEnd)
  if (layersEnd > bytes.byteLength) return null
  const layersBytes = layersEnd - layersStart >= sizeBytes + 2 ? lengthAt(layersStart) : 0
  const layerCount = layersBytes > 0 ? view.getInt16(layersStart + sizeBytes) : 0
  const layers = latin1(bytes, layersStart, layersEnd)
  const isPresent = layersEnd + 2 <= bytes.byteLength
  return {
    isLarge,
    channels: view.getUint16(12),
    height: view.getUint32(14),
    width: view.getUint32(18),
    bits: view.getUint16(22),
    mode: view.getUint16(24),
    colours: bytes.subarray(30, coloursEnd),
    resources,
    // A negative count says so; documents of 16 and 32 bits have their layers elsewhere, and say it by a block of their own.
    hasOpacity: layerCount < 0 || /8B(?:IM|64)Mt(?:rn|16|32)/.test(layers),
    hasLayers: layerCount !== 0 || /8B(?:IM|64)Lr(?:16|32)/.test(layers),
    composite: isPresent ? { packing: view.getUint16(layersEnd), data: bytes.subarray(layersEnd + 2) } : null,
  }
}

function latin1(bytes: Uint8Array, start: number, end: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1', start, end)
}
