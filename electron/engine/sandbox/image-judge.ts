import { hash } from 'node:crypto'
import { limits } from '../../../shared/limits.ts'
import { hasPracticeMark, markScale } from './practice-mark.ts'

export type ImageFinding =
  | { readonly kind: 'judged'; readonly isRisky: boolean }
  /** Not a PNG, JPEG or GIF, or a damaged one. */
  | { readonly kind: 'unreadable' }
  | { readonly kind: 'too_many_pixels' }

/** Whether 750 × 1334 is enforced, as documented, or let through, as is often seen (spec §3.1). */
export type PixelLimit = 'documented' | 'none'

/**
 * `by_mark` decodes each image (some 10 ms of a core for one of full size). `all_pass` looks at the header alone, so that
 * a benchmark measures the caller and not the sandbox.
 */
export type ImageVerdicts = 'by_mark' | 'all_pass'

/** Findings are small; this many of them let a benchmark repeat its images without decoding them again. */
const rememberedFindings = 4_096
/** A guard for the machine, not a rule of the platform. */
const mostPixels = 50_000_000

/** Judges images by the practice mark; the same bytes are decoded once. GIFs by their first frame (spec §3.1). */
export function createImageJudge(
  pixelLimit: PixelLimit,
  verdicts: ImageVerdicts,
): (bytes: Buffer) => Promise<ImageFinding> {
  const findings = new Map<string, Promise<ImageFinding>>()
  return bytes => {
    const key = hash('sha1', bytes, 'base64')
    const known = findings.get(key)
    if (known !== undefined) return known
    const finding = judge(bytes, pixelLimit, verdicts)
    const oldest = findings.keys().next()
    if (findings.size >= rememberedFindings && oldest.done === false) findings.delete(oldest.value)
    findings.set(key, finding)
    return finding
  }
}

async function judge(bytes: Buffer, pixelLimit: PixelLimit, verdicts: ImageVerdicts): Promise<ImageFinding> {
  if (!hasKnownMagic(bytes)) return { kind: 'unreadable' }
  try {
    // Loaded when the first picture comes: most starts of the program never need it, and in Electron it must be loaded with care.
    const { sharp } = await import('../imaging/sharp.ts')
    const image = sharp(bytes, { limitInputPixels: mostPixels })
    const { width, height } = await image.metadata()
    if (pixelLimit === 'documented' && (width > limits.imageMaxWidth || height > limits.imageMaxHeight)) {
      return { kind: 'too_many_pixels' }
    }
    if (verdicts === 'all_pass') return { kind: 'judged', isRisky: false }
    const { data, info } = await image
      .resize(Math.ceil(width * markScale), Math.ceil(height * markScale), { fit: 'fill' })
      .flatten({ background: '#ffffff' })
      .toColourspace('srgb')
      .raw()
      .toBuffer({ resolveWithObject: true })
    return { kind: 'judged', isRisky: hasPracticeMark(data, info.width, info.height) }
  } catch {
    return { kind: 'unreadable' }
  }
}

function hasKnownMagic(bytes: Buffer): boolean {
  const start = bytes.toString('latin1', 0, 8)
  return start === '\x89PNG\r\n\x1a\n' || start.startsWith('\xff\xd8\xff') || /^GIF8[79]a/.test(start)
}
