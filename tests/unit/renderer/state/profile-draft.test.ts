import { expect, test } from 'vitest'
import { registry } from '../../../../electron/engine/checkers/registry.ts'
import { emptyForm } from '../../../../renderer/state/draft.ts'
import {
  chooseProfile,
  discardDraft,
  formIn,
  initialProfileDraft,
  type ProfileDraftState,
  saveDraft,
  typeDraft,
} from '../../../../renderer/state/profile-draft.ts'
import type { PlatformInfo } from '../../../../shared/platforms.ts'

const wechatInfo = registry.describe()[0] as PlatformInfo
const stored = { ...emptyForm(wechatInfo), id: 'p_1', name: 'Brand A' }
const typing = (state: ProfileDraftState, name: string, of: string | null = 'p_1'): ProfileDraftState => ({
  ...state,
  ...typeDraft(state, { of, stored, patch: { name } }),
})

test('what is typed is added to what was typed before, and shown for its own profile alone', () => {
  const named = typing(initialProfileDraft, 'Brand B')
  const both = { ...named, ...typeDraft(named, { of: 'p_1', stored, patch: { appid: 'wx_2' } }) }
  expect(formIn(both, 'p_1', stored)).toMatchObject({ name: 'Brand B', appid: 'wx_2' })
  expect(formIn(both, 'p_2', stored)).toBe(stored)
  // The profile that was shown unasked is the chosen one from now on.
  expect(both.choice).toEqual({ kind: 'stored', id: 'p_1' })
})

test('what is typed back to what is stored is not unsaved', () => {
  expect(typing(typing(initialProfileDraft, 'Brand B'), 'Brand A').draft).toBeNull()
  expect(discardDraft(typing(initialProfileDraft, 'Brand B'), null).draft).toBeNull()
})

test('saving leaves nothing typed, secrets least of all, and shows the profile that it became', () => {
  const state = typing(initialProfileDraft, 'Brand new', null)
  const saved = { ...state, ...saveDraft(state, { of: null, id: 'p_9' }) }
  expect(saved).toEqual({ choice: { kind: 'stored', id: 'p_9' }, draft: null })
})

test('an answer to saving that comes late takes nobody away from another profile', () => {
  const gone = { ...initialProfileDraft, ...chooseProfile(initialProfileDraft, { kind: 'stored', id: 'p_2' }) }
  expect(saveDraft(gone, { of: 'p_1', id: 'p_1' })).toEqual({})
  expect(saveDraft(typing(gone, 'x', 'p_2'), { of: 'p_1', id: 'p_1' })).toEqual({})
})
