import type { Part, PlatformId } from './domain.ts'
import type { Said } from './problems.ts'
import type { Profile, TokenMode } from './profile.ts'

/**
 * What a platform says of itself: names, endpoints, and what a profile of it holds beyond what every profile does. Written in the
 * platform's folder (engine/checkers/<platform>), it travels to the window as `platforms.list`, so that nothing else keeps a list.
 */
export interface PlatformInfo {
  readonly id: PlatformId
  readonly name: Said
  readonly baseUrl: string
  /** The ways to a token that it offers, the best one first. */
  readonly tokenModes: readonly TokenMode[]
  readonly endpoints: readonly EndpointInfo[]
  /** What its console calls an app, and where that is found. */
  readonly account: { readonly label: Said; readonly help: Said }
  readonly fields: readonly ProfileField[]
  readonly links: PlatformLinks
}

export interface EndpointInfo {
  readonly id: string
  readonly name: Said
  readonly takes: Part['kind']
  readonly perMinute: number | null
  readonly perDay: number | null
}

/** Pages that a person needs: each is an https address. */
export interface PlatformLinks {
  /** Documentation of its checks. */
  readonly docs: string
  /** What the menu calls it. */
  readonly docsName: Said
  /** Where its accounts are set up. */
  readonly console: string
}

/**
 * One field that a profile of the platform has and others have not. `id` says where its value is kept: `openids`, `scene`,
 * `controlKeyword` and `cloud` are properties of a profile; any other line is a text under `fields` of the profile.
 */
export type ProfileField = LineField | LinesField | ChoiceField | SwitchField

interface FieldWords {
  /** The part of the form that it belongs to, or the title of a part of its own. */
  readonly section: 'access' | 'checks' | 'control' | Said
  readonly label: Said
  readonly help: Said | null
}

export interface LineField extends FieldWords {
  readonly kind: 'line'
  readonly id: string
  readonly isRequired: boolean
  readonly placeholder: Said | null
  /** What the whole value must match (a regular expression, flag `u`); null for any text of up to 200 characters. */
  readonly pattern: string | null
  /** Said of a value that is missing or does not match; null of a property that the form itself has the words for. */
  readonly wrong: Said | null
}

/** Several values, one a line. */
export interface LinesField extends FieldWords {
  readonly kind: 'lines'
  readonly id: 'openids'
  /** How many there are, with `{{count}}` for the number. */
  readonly counted: Said
}

export interface ChoiceField extends FieldWords {
  readonly kind: 'choice'
  readonly id: 'scene'
  readonly options: readonly { readonly value: Profile['scene']; readonly label: Said }[]
}

/** Something that is off, or on and then has fields. */
export interface SwitchField extends FieldWords {
  readonly kind: 'switch'
  readonly id: 'cloud'
  readonly fields: readonly LineField[]
}

/** A line is no longer than this. */
const maxLine = 200

/** Whether a field takes a value; an empty one is none. */
export function takesValue({ isRequired, pattern }: LineField, value: string): boolean {
  if (value === '') return !isRequired
  return value.length <= maxLine && (pattern === null || new RegExp(`^(?:${pattern})$`, 'u').test(value))
}

/** The fields that are kept under `fields` of a profile. */
export function ownLinesOf(fields: readonly ProfileField[]): readonly LineField[] {
  return fields.filter(field => field.kind === 'line').filter(({ id }) => id !== 'controlKeyword')
}
