/** The small picture in Photoshop's image resources (Adobe Photoshop File Formats Specification, resource 1036), in JPEG and TIFF. */

import { latin1, viewOf } from './bytes.ts'

const thumbnailId = 1036
/** Before its JPEG: the format, sizes and depths. */
const headerBytes = 28

/** `resources` begin with the first one; what is damaged in them holds nothing that could be shown. */
export function photoshopThumbnail(resources: Uint8Array): Uint8Array | null {
  const view = viewOf(resources)
  for (let at = 0; at + 12 <= resources.byteLength && latin1(resources, at, at + 4) === '8BIM'; ) {
    // The name and the data are padded to an even length.
    const nameBytes = 1 + (resources[at + 6] ?? 0)
    const start = at + 6 + nameBytes + (nameBytes % 2) + 4
    if (start > resources.byteLength) return null
    const length = view.getUint32(start - 4)
    if (view.getUint16(at + 4) === thumbnailId) return resources.subarray(start + headerBytes, start + length)
    at = start + length + (length % 2)
  }
  return null
}
