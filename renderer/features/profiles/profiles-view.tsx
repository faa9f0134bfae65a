import { type ReactElement, useMemo, useState } from 'react'
import type { Profile } from '../../../shared/profile.ts'
import { attempt } from '../../base/bridge.ts'
import { Confirm } from '../../base/confirm.tsx'
import { useWords } from '../../base/i18n/index.ts'
import { tell, tellProblem } from '../../base/notices.ts'
import { useApp } from '../../state/app.ts'
import { reloadProfiles } from '../../state/load.ts'
import { chooseProfile, dispatchProfileDraft, type ProfileChoice, useProfileDraft } from '../../state/profile-draft.ts'
import { ProfileDetail } from './profile-detail.tsx'
import { ProfileList } from './profile-list.tsx'
import classes from './profiles.module.css'
import { accountsOf, currentOf } from './switching.ts'
import { usePlatforms } from './use-platforms.ts'
import { words } from './words.ts'

/** All profiles: list on one side, the chosen one with its form and its test on the other. */
export function ProfilesView(): ReactElement {
  const t = useWords('profiles', words)
  const all = useApp(state => state.profiles)
  const profiles = useMemo(() => accountsOf(all), [all])
  const remembered = useApp(state => state.settings.lastProfiles)
  const platforms = usePlatforms()
  const choice = useProfileDraft(state => state.choice)
  const isDirty = useProfileDraft(state => state.draft !== null)
  const [leavingTo, setLeavingTo] = useState<ProfileChoice | null>(null)
  const [removing, setRemoving] = useState<Profile | null>(null)

  const inUse = new Set(currentOf(remembered, profiles).map(profile => profile.id))
  const ordered = profiles.toSorted((a, b) => Number(a.practice) - Number(b.practice))
  const chosen =
    choice.kind === 'new'
      ? null
      : (profiles.find(profile => choice.kind === 'stored' && profile.id === choice.id) ?? ordered[0] ?? null)

  const go = (next: ProfileChoice) => {
    if (isDirty) setLeavingTo(next)
    else dispatchProfileDraft(chooseProfile, next)
  }
  async function remove(profile: Profile) {
    setRemoving(null)
    const answer = await attempt('profiles.remove', { id: profile.id })
    if ('problem' in answer) {
      tellProblem(answer.problem)
      return
    }
    dispatchProfileDraft(chooseProfile, { kind: 'none' })
    await reloadProfiles()
    tell(t('removed', { name: profile.name }))
  }

  const shared = { chosen, choice, platforms, onGo: go }
  return (
    <div className={classes.view}>
      <ProfileList {...shared} profiles={ordered} inUse={inUse} />
      <section className={classes.detail} aria-label={chosen?.name ?? t('addProfile')}>
        <div className={classes.column}>
          <ProfileDetail {...shared} profiles={profiles} onRemove={setRemoving} />
        </div>
      </section>
      <Confirm
        opened={leavingTo !== null}
        title={t('unsavedTitle')}
        text={t('unsavedText', { name: chosen?.name ?? t('addProfile') })}
        stay={t('stay')}
        go={t('discard')}
        onStay={() => setLeavingTo(null)}
        onGo={() => {
          if (leavingTo !== null) dispatchProfileDraft(chooseProfile, leavingTo)
          setLeavingTo(null)
        }}
      />
      <Confirm
        opened={removing !== null}
        title={t('removeTitle', { name: removing?.name ?? '' })}
        text={t('removeText')}
        stay={t('cancel')}
        go={t('remove')}
        onStay={() => setRemoving(null)}
        onGo={() => {
          if (removing !== null) void remove(removing)
        }}
      />
    </div>
  )
}
