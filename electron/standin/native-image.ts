import type { NativeImage } from 'electron'
import { strict } from './strict.ts'

const pngMagic = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])

/** Pictures for the system, as far as they are handed on: what is no PNG is empty, as what cannot be decoded is in Electron. */
export const nativeImage = strict('nativeImage', {
  createFromBuffer(buffer: Buffer): NativeImage {
    const bytes = buffer.subarray(0, 8).equals(pngMagic) ? buffer : Buffer.alloc(0)
    const image = strict('NativeImage', { isEmpty: () => bytes.length === 0, toPNG: () => bytes })
    return image as unknown as NativeImage
  },
})
