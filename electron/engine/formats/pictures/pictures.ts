import { imageFormats } from '../../imaging/image-format.ts'
import { beginsAsSvg } from '../../imaging/svg-start.ts'
import type { Family, Head } from '../family.ts'

/** Pictures; the imaging child decodes them. */
export const pictures: Family = {
  formats: imageFormats.map(({ name, version, mimes, shownAs }) => ({
    reads: 'media',
    kind: 'image',
    name,
    reading: [name, version],
    shownAs: shownAs === null ? [] : [shownAs],
    takes: mime => mimes.includes(mime),
  })),
  familiar: {
    kind: 'image',
    extensions:
      'png apng jpg jpeg jpe jfif gif webp avif tif tiff bmp dib heic heif hif svg ico cur ppm pgm pbm pnm xpm xbm tga pcx psd ai eps wmf emf'.split(
        ' ',
      ),
  },
  announced: head => (isSvg(head) ? { kind: 'image', mime: 'image/svg+xml' } : null),
  signed: (head, signature) => {
    if (signature !== null) {
      const isKnown = imageFormats.some(({ mimes }) => mimes.includes(signature.mime))
      return isKnown ? { kind: 'image', mime: signature.mime } : null
    }
    // The directory, by which the library would know it, may lie anywhere in the file.
    return /^(?:II[*+]\0|MM\0[*+])/.test(head.latin1) ? { kind: 'image', mime: 'image/tiff' } : null
  },
}

function isSvg({ bytes }: Head): boolean {
  const encoding =
    bytes[0] === 0xff && bytes[1] === 0xfe ? 'utf-16le' : bytes[0] === 0xfe && bytes[1] === 0xff ? 'utf-16be' : 'utf-8'
  return beginsAsSvg(new TextDecoder(encoding).decode(bytes))
}
