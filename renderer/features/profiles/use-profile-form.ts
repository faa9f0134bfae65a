import { type RefObject, useEffect, useMemo, useRef, useState } from 'react'
import type { IpcProblem } from '../../../shared/ipc.ts'
import type { PlatformInfo } from '../../../shared/platforms.ts'
import type { Profile } from '../../../shared/profile.ts'
import { attempt } from '../../base/bridge.ts'
import { useLanguage, useWords } from '../../base/i18n/index.ts'
import { tell } from '../../base/notices.ts'
import { useApp } from '../../state/app.ts'
import { basicFields, emptyForm, formOf, type ProfileForm, type ReadForm, readForm } from '../../state/draft.ts'
import { reloadProfiles } from '../../state/load.ts'
import {
  discardDraft,
  dispatchProfileDraft,
  formIn,
  saveDraft,
  typeDraft,
  useProfileDraft,
} from '../../state/profile-draft.ts'
import type { FormControls } from './form-controls.ts'
import { forgetTest } from './health.ts'
import { words } from './words.ts'

/** What is done once a profile is saved. */
export type AfterSave = 'nothing' | 'test'

interface Given {
  readonly profile: Profile | null
  /** At least one. */
  readonly platforms: readonly [PlatformInfo, ...PlatformInfo[]]
  readonly onSaved: (next: AfterSave) => void
}

export interface ProfileFormState {
  readonly controls: FormControls
  readonly element: RefObject<HTMLFormElement | null>
  readonly isDirty: boolean
  readonly isSaving: boolean
  /** Fields to correct, once saving was tried; 0 before. */
  readonly mistakes: number
  /** Some of them are among the advanced fields. */
  readonly hasHiddenMistakes: boolean
  readonly problem: IpcProblem | null
  save(next?: AfterSave): Promise<void>
  discard(): void
  forgetProblem(): void
}

/** What is typed into the form of one profile, what of it is shown as wrong, and how it is saved. */
export function useProfileForm({ profile, platforms, onSaved }: Given): ProfileFormState {
  const t = useWords('profiles', words)
  const [first] = platforms
  const initial = useMemo(() => (profile === null ? emptyForm(first) : formOf(profile)), [profile, first])
  const of = profile?.id ?? null
  const draft = useProfileDraft(state => state.draft)
  const form = formIn({ draft }, of, initial)
  const names = useApp(state => state.profiles).map(({ name }) => name)
  const around = { stored: profile, names, platforms }
  const read = readForm(form, around)
  const { errorOf, isWrong, touch, attempts, countAttempt, forget } = useMistakes(read)
  const [isSaving, setIsSaving] = useState(false)
  const [problem, setProblem] = useState<IpcProblem | null>(null)
  const element = useRef<HTMLFormElement>(null)

  useEffect(() => {
    if (attempts === 0) return
    const invalid = element.current?.querySelector('[aria-invalid="true"]')
    if (invalid instanceof HTMLElement) invalid.focus()
  }, [attempts])

  const forgetMistakes = () => {
    forget()
    setProblem(null)
  }
  const change = (patch: Partial<ProfileForm>) => dispatchProfileDraft(typeDraft, { of, stored: initial, patch })

  async function save(next: AfterSave = 'nothing') {
    const wanted = readForm(form, around)
    if (wanted.kind === 'invalid') {
      countAttempt()
      return
    }
    setIsSaving(true)
    const answer = await attempt('profiles.save', {
      draft: wanted.draft,
      secret: wanted.secret,
      relayKey: wanted.relayKey,
    })
    setIsSaving(false)
    if ('problem' in answer) {
      setProblem(answer.problem)
      return
    }
    await reloadProfiles()
    // What is stored is shown from now on: of a secret that was typed, only that there is one.
    dispatchProfileDraft(saveDraft, { of, id: answer.value.id })
    forgetMistakes()
    tell(t('saved', { name: answer.value.name }))
    forgetTest(answer.value.id)
    onSaved(next)
  }

  const platform = platforms.find(({ id }) => id === form.platform)
  return {
    controls: useControls({ form, profile, platforms, platform, change, touch, errorOf, isWrong }),
    element,
    isDirty: form !== initial,
    isSaving,
    mistakes: attempts > 0 && read.kind === 'invalid' ? Object.keys(read.errors).length + read.wrongFields.length : 0,
    hasHiddenMistakes:
      attempts > 0 &&
      read.kind === 'invalid' &&
      (read.wrongFields.length > 0 || Object.keys(read.errors).some(field => !basicFields.has(field))),
    problem,
    save,
    discard: () => {
      dispatchProfileDraft(discardDraft, null)
      forgetMistakes()
    },
    forgetProblem: () => setProblem(null),
  }
}

/** A mistake is shown once its field was left, all of them once saving was tried. */
function useMistakes(read: ReadForm) {
  const t = useWords('profiles', words)
  const [touched, setTouched] = useState<ReadonlySet<string>>(new Set())
  const [attempts, setAttempts] = useState(0)
  const isShown = (field: string) => attempts > 0 || touched.has(field)
  return {
    attempts,
    countAttempt: () => setAttempts(count => count + 1),
    touch: (field: string) => setTouched(current => new Set([...current, field])),
    forget: () => {
      setAttempts(0)
      setTouched(new Set())
    },
    errorOf: (field: keyof ProfileForm): string | null => {
      const error = read.kind === 'invalid' ? read.errors[field] : undefined
      return error === undefined || !isShown(field) ? null : t(`error.${error}`)
    },
    isWrong: (id: string): boolean =>
      read.kind === 'invalid' && read.wrongFields.includes(id) && isShown(`fields.${id}`),
  }
}

type Base = Pick<FormControls, 'form' | 'profile' | 'platforms' | 'platform' | 'change' | 'errorOf'>

function useControls({
  touch,
  isWrong,
  ...base
}: Base & { touch(field: string): void; isWrong(id: string): boolean }): FormControls {
  const language = useLanguage()
  const { form, change, errorOf } = base
  return {
    ...base,
    language,
    touch,
    text: field => ({
      value: form[field],
      error: errorOf(field),
      onChange: event => change({ [field]: event.currentTarget.value }),
      onBlur: () => touch(field),
      autoComplete: 'off',
    }),
    own: (id, wrong) => ({
      value: form.fields[id] ?? '',
      error: isWrong(id) ? wrong : null,
      onChange: event => change({ fields: { ...form.fields, [id]: event.currentTarget.value } }),
      onBlur: () => touch(`fields.${id}`),
      autoComplete: 'off',
    }),
    number: field => ({
      value: form[field],
      error: errorOf(field),
      onChange: value => change({ [field]: value }),
      onBlur: () => touch(field),
      allowDecimal: false,
      allowNegative: false,
      thousandSeparator: language === 'zh' ? ',' : ' ',
      hideControls: true,
    }),
  }
}
