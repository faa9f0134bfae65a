import { z } from 'zod'
import { ownLinesOf, takesValue } from '../../../shared/platforms.ts'
import { Problem } from '../../../shared/problems.ts'
import { type Profile, type ProfileDraft, profileSchema } from '../../../shared/profile.ts'
import { detailOf } from '../base/detail.ts'
import type { Platform } from '../checkers/platform.ts'
import { relayKeyOf } from './secret-book.ts'

/** What is known around a draft that is to be saved. */
interface Given {
  readonly id: string
  /** The profile that it changes, as stored. */
  readonly before: Profile | null
  readonly isNameTaken: boolean
  /** Whether the vault's cipher of this key is stored already. */
  hasStored(key: string): boolean
  /** Given with the draft, to be stored now. */
  readonly hasSecret: boolean
  readonly hasRelayKey: boolean
}

/** The profile that a draft comes to, and whether a secret stays or comes with it. Throws `Problem('bad_request')` for one that is none. */
export function profileFrom(
  draft: ProfileDraft,
  platform: Platform,
  given: Given,
): { readonly profile: Profile; readonly keepsSecret: boolean } {
  const { id: _, secretEnv, relayUrl, relayKeyEnv, ...fields } = draft
  const { id, before } = given
  refuse(draft, platform, given.isNameTaken)
  // A broker's key, a token and an AppSecret are different secrets: one is never sent in the place of another.
  const isSameKind = before !== null && secretKindOf(before.tokenMode) === secretKindOf(fields.tokenMode)
  const keepsSecret = given.hasSecret || (isSameKind && given.hasStored(id))
  const secret = placeOf(keepsSecret, secretEnv, isSameKind ? before?.secret : undefined)
  const hasRelayKey = given.hasRelayKey || given.hasStored(relayKeyOf(id))
  const relay = relayUrl === null ? null : { url: relayUrl, key: placeOf(hasRelayKey, relayKeyEnv, before?.relay?.key) }
  const parsed = profileSchema.safeParse({
    ...fields,
    ...ownFieldsOf(draft, platform),
    id,
    secret,
    relay,
    practice: false,
  })
  if (!parsed.success) throw new Problem('bad_request', z.prettifyError(parsed.error))
  return { profile: parsed.data, keepsSecret }
}

function refuse(draft: ProfileDraft, platform: Platform, isNameTaken: boolean): void {
  if (isNameTaken) throw new Problem('bad_request', detailOf('profile_exists', { name: draft.name }))
  if (!platform.tokenModes.some(mode => mode === draft.tokenMode)) {
    throw new Problem('bad_request', detailOf('no_such_token_mode', { name: draft.tokenMode }))
  }
  if (draft.tokenMode === 'broker' && draft.brokerUrl === null) {
    throw new Problem('bad_request', detailOf('broker_without_address'))
  }
  if (draft.cloud !== null && !platform.fields.some(({ id }) => id === 'cloud')) {
    throw new Problem('bad_request', detailOf('no_cloud_call', { name: draft.platform }))
  }
}

/** What only this platform's profiles hold; left out where it has nothing of its own. */
function ownFieldsOf(draft: ProfileDraft, platform: Platform): Pick<Profile, 'fields'> {
  const own = ownLinesOf(platform.fields)
  const given = draft.fields ?? {}
  const wrong = own.find(field => !takesValue(field, given[field.id]?.trim() ?? ''))
  if (wrong !== undefined) throw new Problem('bad_request', detailOf('profile_field_wrong', { name: wrong.id }))
  const filled = own.flatMap(({ id }) =>
    given[id] === undefined || given[id] === '' ? [] : [[id, given[id]] as const],
  )
  return { fields: own.length === 0 ? undefined : Object.fromEntries(filled) }
}

/** Where a secret is once it is saved: a variable that was named, else the vault where that will have it. */
function placeOf(isSealed: boolean, env: string | null, before: Profile['secret'] | undefined): Profile['secret'] {
  if (env !== null) return { from: 'env', variable: env }
  return isSealed || before?.from === 'vault' ? { from: 'vault' } : { from: 'none' }
}

function secretKindOf(mode: Profile['tokenMode']): 'app' | 'broker' | 'token' {
  return mode === 'broker' ? 'broker' : mode === 'static' ? 'token' : 'app'
}
