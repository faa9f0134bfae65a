import type { ReactNode } from 'react'
import type { PlatformInfo } from '../../../shared/platforms.ts'
import type { Profile } from '../../../shared/profile.ts'
import type { Language } from '../../base/i18n/index.ts'
import type { ProfileForm } from '../../state/draft.ts'

type TextField =
  | 'name'
  | 'appid'
  | 'brokerUrl'
  | 'baseUrl'
  | 'openids'
  | 'relayUrl'
  | 'cloudEnv'
  | 'cloudFunction'
  | 'controlKeyword'
  | 'controlImage'

/** What a text input is given. */
export interface TextProps {
  readonly value: string
  readonly error: ReactNode
  readonly onChange: (event: { readonly currentTarget: { readonly value: string } }) => void
  readonly onBlur: () => void
  readonly autoComplete: 'off'
}

/** What the parts of the form work with. */
export interface FormControls {
  readonly form: ProfileForm
  /** As stored; null for a new one. */
  readonly profile: Profile | null
  readonly platforms: readonly PlatformInfo[]
  readonly platform: PlatformInfo | undefined
  readonly language: Language
  change(patch: Partial<ProfileForm>): void
  touch(field: keyof ProfileForm): void
  errorOf(field: keyof ProfileForm): string | null
  text(field: TextField): TextProps
  /** A field that only this platform's profiles have. */
  own(id: string, wrong: string): TextProps
  number(field: 'sharePercent' | 'perMinute' | 'perDay' | 'maxCallsPerAsset' | 'maxCallsPerBatch'): {
    readonly value: number | string
    readonly error: ReactNode
    readonly onChange: (value: number | string) => void
    readonly onBlur: () => void
    readonly allowDecimal: false
    readonly allowNegative: false
    readonly thousandSeparator: string
    readonly hideControls: true
  }
}
