/** The vocabulary of the product as types: every layer speaks of the same things with the same words. */

/** Names a source of verdicts, e.g. `wechat`; which there are is the registry's to say (engine/checkers/registry.ts). */
export type PlatformId = string

/** What a platform said about content. `pass` is shown as "no hit", never as "safe". */
export const verdicts = ['pass', 'review', 'risky'] as const
export type Verdict = (typeof verdicts)[number]

/**
 * What an asset ends with: a verdict, `unchecked` with a reason, or `rules_only`: rules on this machine looked at all of it and found nothing
 * that holds it up, and no platform was asked. That is never a pass.
 */
export const outcomes = [...verdicts, 'rules_only', 'unchecked'] as const
export type Outcome = (typeof outcomes)[number]

/** What a moderator decides. */
export const decisions = ['approve', 'reject', 'escalate', 'defer'] as const
export type Decision = (typeof decisions)[number]

/** What people look for an asset as; nothing decides by it what is sent. */
export const assetKinds = ['image', 'text', 'audio', 'document', 'video'] as const
export type AssetKind = (typeof assetKinds)[number]

/** Names one API of one platform, e.g. `wechat.img_sec_check`; the unit of limits and of quota. */
export type EndpointId = `${PlatformId}.${string}`

export function isEndpointId(text: string): text is EndpointId {
  return /^[^.]+\../.test(text)
}

/** x, y, width, height in pixels of the upright original. */
export type Rect = readonly [x: number, y: number, width: number, height: number]

/** Start (inclusive) and end (exclusive) in UTF-16 units of the decoded text. */
export type TextRange = readonly [start: number, end: number]

/** How large images are turned into parts. */
export const imageModes = ['fit', 'tile', 'both'] as const
export type ImageMode = (typeof imageModes)[number]

/** Where the ledger's signing key is kept: encrypted by the vault, or in a file that only its owner can read. */
export const keyOrigins = ['vault', 'file'] as const
export type KeyOrigin = (typeof keyOrigins)[number]

/** Where in its asset a part lies; enough to draw it and to find it again after a restart. */
export interface PartPlace {
  /** Unique within the asset and stable across runs: `whole`, `tile 2/4`, `frame 3/8`, `frame 3/8 tile 1/2`, `chunk 1/3`, `whole look 2`. */
  readonly name: string
  readonly rect: Rect | null
  /** Index of the animation frame, 0-based, or null for a still image or a text. */
  readonly frame: number | null
  readonly range: TextRange | null
  /** 1-based position of `range[0]` in the decoded text. */
  readonly line: number | null
  readonly column: number | null
}

/** A passage of text that one call can carry. */
export interface TextPart extends PartPlace {
  readonly kind: 'text'
  readonly text: string
}

/** A rendition of an image that one call can carry. */
export interface ImagePart extends PartPlace {
  readonly kind: 'image'
  readonly bytes: Uint8Array
  readonly mime: 'image/jpeg' | 'image/png' | 'image/gif'
  readonly width: number
  readonly height: number
  /** How the rendition was made, e.g. `fit 750x1334 jpeg q82 bg #ffffff`; part of the key for reuse and of the evidence. */
  readonly transform: string
}

/** A public address that the platform downloads by itself (asynchronous checks). */
export interface MediaUrlPart extends PartPlace {
  readonly kind: 'media-url'
  readonly url: string
  readonly mediaType: 'image' | 'audio'
}

export type Part = TextPart | ImagePart | MediaUrlPart

/** What may go with a text to where it is judged in the light of it. */
export const companions = ['title', 'nickname', 'signature'] as const
export type Companion = (typeof companions)[number]

/** What a text check may carry besides the text; WeChat's v2 needs `openid` and `scene` (spec §2.2). */
export interface TextContext {
  readonly openids: readonly string[]
  readonly scene: 1 | 2 | 3 | 4
  readonly title?: string
  readonly nickname?: string
  readonly signature?: string
}
