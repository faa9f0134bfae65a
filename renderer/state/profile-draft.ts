import { create } from 'zustand'
import type { ProfileForm } from './draft.ts'

export type ProfileChoice =
  | { readonly kind: 'none' }
  | { readonly kind: 'new' }
  | { readonly kind: 'stored'; readonly id: string }

/** Which profile is looked at, and what was typed into its form and is not saved: it outlives a look at another view. */
export interface ProfileDraftState {
  readonly choice: ProfileChoice
  readonly draft: ProfileDraft | null
}

interface ProfileDraft {
  /** The profile that it changes; null for a new one. */
  readonly of: string | null
  readonly form: ProfileForm
}

export const initialProfileDraft: ProfileDraftState = { choice: { kind: 'none' }, draft: null }

export const useProfileDraft = create<ProfileDraftState>()(() => initialProfileDraft)

export function dispatchProfileDraft<Input>(
  transition: (state: ProfileDraftState, input: Input) => Partial<ProfileDraftState>,
  input: Input,
): void {
  useProfileDraft.setState(state => transition(state, input))
}

/** Another profile: what was typed for the one before is gone. */
export const chooseProfile = (_: ProfileDraftState, choice: ProfileChoice): Partial<ProfileDraftState> => ({
  choice,
  draft: null,
})

export const discardDraft = (_: ProfileDraftState, __: null): Partial<ProfileDraftState> => ({ draft: null })

/** What has been typed back to what is stored is no draft. */
export function typeDraft(
  state: ProfileDraftState,
  typed: { readonly of: string | null; readonly stored: ProfileForm; readonly patch: Partial<ProfileForm> },
): Partial<ProfileDraftState> {
  const { of, stored, patch } = typed
  const form = { ...formIn(state, of, stored), ...patch }
  const draft = JSON.stringify(form) === JSON.stringify(stored) ? null : { of, form }
  // The one that was shown without being chosen is chosen now, so that its draft is found again.
  return { draft, choice: of === null ? { kind: 'new' } : { kind: 'stored', id: of } }
}

/** Saved as `id`; a person who has gone on to another profile meanwhile stays there. */
export const saveDraft = (
  state: ProfileDraftState,
  saved: { readonly of: string | null; readonly id: string },
): Partial<ProfileDraftState> =>
  state.draft?.of === saved.of ? { choice: { kind: 'stored', id: saved.id }, draft: null } : {}

/** What the form of a profile shows. */
export const formIn = (
  { draft }: Pick<ProfileDraftState, 'draft'>,
  of: string | null,
  stored: ProfileForm,
): ProfileForm => (draft?.of === of ? draft.form : stored)
