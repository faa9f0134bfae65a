import type { Piece, PieceSource } from '../documents/document.ts'
import { beginsAsPicture } from '../text/packed.ts'
import { holdsAddress, isSilentAttribute, spokenAttributes } from './lists.ts'
import type { HtmlElement } from './page.ts'

/** Pictures that a page or a text brings along: in its own bytes, or in files beside it. Others are left out, as whatever lies elsewhere. */
export interface HeldPictures {
  /** Whether all that the element shows is a picture of these. */
  takeElement(element: HtmlElement): boolean
  /** Whether the picture at this address is one of these. */
  take(address: string): boolean
  /** Whether these letters are a picture packed in base64 and nothing else. */
  takePacked(letters: string): boolean
  list(): readonly Piece[]
  /** How many of the addresses taken were pictures themselves, as `data:` has them. */
  packed(): number
}

/** `hasFilesBeside` is false where an address cannot lead to a file beside the page's. */
export function createHeldPictures({ hasFilesBeside = true } = {}): HeldPictures {
  const pieces = new Map<string, Piece>()
  let packed = 0
  const add = (key: string, from: PieceSource) => {
    if (from.kind === 'bytes') packed++
    if (!pieces.has(key)) pieces.set(key, { kind: 'picture', name: `picture ${pieces.size + 1}`, places: [], from })
  }
  const takeAll = (addresses: readonly string[]) => {
    const sources = addresses.map(address => [address, sourceOf(address)] as const)
    if (sources.some(([, from]) => from === null || (from.kind === 'file' && !hasFilesBeside))) return false
    for (const [address, from] of sources) {
      if (from !== null) add(address, from)
    }
    return true
  }
  return {
    takeElement: element => {
      const addresses = addressesOf(element)
      return addresses !== null && takeAll(addresses)
    },
    take: address => takeAll([address]),
    takePacked: letters => {
      const bytes = letters.length < 24 ? null : base64Decoded(letters)
      if (bytes === null || !beginsAsPicture(bytes)) return false
      add(letters, { kind: 'bytes', bytes })
      return true
    },
    packed: () => packed,
    list: () => [...pieces.values()],
  }
}

/** Addresses of a plain picture; null where anything else about the element may show another. */
function addressesOf({ tagName, attrs }: HtmlElement): readonly string[] | null {
  if (tagName !== 'img') return null
  const addresses: string[] = []
  for (const { name, value } of attrs) {
    if (name === 'src') addresses.push(value)
    else if (name === 'srcset') addresses.push(...candidatesOf(value))
    else if (name === 'style' || isSilentAttribute(name)) continue
    else if (!spokenAttributes.has(name) || holdsAddress(value)) return null
  }
  return addresses.some(address => address.trim() !== '') ? addresses.filter(address => address.trim() !== '') : null
}

/** The addresses of a `srcset`: `a.png 1x, b.png 2x`. One with commas of its own, as packed pictures have, comes apart and is none. */
function candidatesOf(value: string): readonly string[] {
  return value.split(',').map(candidate => candidate.trim().split(/\s+/)[0] ?? '')
}

/** Where the picture of an address is taken from; null where that is neither the address itself nor a file beside the page's. */
function sourceOf(address: string): PieceSource | null {
  const trimmed = address.trim()
  const packed = /^data:image\/[\w.+-]{1,40}(?:;[\w=.-]{1,100})*?(;base64)?,([\s\S]*)$/i.exec(trimmed)
  if (packed !== null) {
    const [, isBase64, content = ''] = packed
    const bytes = isBase64 === undefined ? percentDecoded(content) : base64Decoded(percentDecoded(content)?.toString())
    return bytes === null || bytes.length === 0 ? null : { kind: 'bytes', bytes }
  }
  // With a scheme, a host or a root it lies elsewhere.
  if (/^(?:[a-z][a-z\d+.-]*:|[/\\])/i.test(trimmed)) return null
  const path =
    percentDecoded(trimmed.replace(/[?#].*$/s, ''))
      ?.toString()
      .replaceAll('\\', '/') ?? ''
  return path === '' || path.includes('\0') ? null : { kind: 'file', path }
}

function percentDecoded(text: string): Buffer | null {
  try {
    return Buffer.from(decodeURIComponent(text))
  } catch {
    return null
  }
}

function base64Decoded(text: string | undefined): Buffer | null {
  const letters = text?.replaceAll(/\s/g, '') ?? ''
  return /^[\w+/-]+={0,2}$/.test(letters) ? Buffer.from(letters, 'base64') : null
}
