import { expect, test } from 'vitest'
import { registry } from '../../../electron/engine/checkers/registry.ts'
import { createProfileBook } from '../../../electron/engine/profiles/profile-book.ts'
import { readStored } from '../../../electron/engine/profiles/read-stored.ts'
import { type ProfileDraft, profileDefaults } from '../../../shared/profile.ts'
import { keychain, memoryStore } from '../ledger/fixture.ts'

const draft: ProfileDraft = {
  ...profileDefaults,
  id: null,
  name: 'Brand A',
  platform: 'wechat',
  appid: 'wx_practice0000001',
  tokenMode: 'stable',
  scene: 2,
  secretEnv: null,
  relayUrl: 'https://relay.example',
  relayKeyEnv: null,
}

function openBook() {
  let ids = 0
  return createProfileBook({
    store: memoryStore(),
    vault: keychain('this one'),
    env: {},
    registry,
    builtIn: [],
    language: () => 'en',
    newId: () => `p_${++ids}`,
    isWeakVaultAccepted: () => false,
    onProblem: () => undefined,
  })
}

test('a profile that is refused leaves the secret and the relay’s key as they were', async () => {
  const book = openBook()
  const saved = await book.save(draft, 'the good secret', 'the good key')
  const refused = { ...draft, id: saved.id, secretEnv: 'not a name' }
  await expect(book.save(refused, 'mistyped', 'mistyped')).rejects.toMatchObject({ code: 'bad_request' })
  // A secret of another kind would have to be forgotten, were it saved.
  const broker = { ...refused, tokenMode: 'broker', brokerUrl: 'https://broker.example/token' } as const
  await expect(book.save(broker, null, null)).rejects.toMatchObject({ code: 'bad_request' })
  expect(await book.credentials(saved)).toEqual({ mode: 'stable', secret: 'the good secret' })
  expect(await book.relayKey(saved)).toBe('the good key')
})

test('a profile that is saved again keeps what it was not given anew, unless that is of another kind', async () => {
  const book = openBook()
  const { id } = await book.save(draft, 'the secret', 'the key')
  const renamed = await book.save({ ...draft, id, name: 'Brand B' }, null, 'another key')
  expect(await book.credentials(renamed)).toEqual({ mode: 'stable', secret: 'the secret' })
  expect(await book.relayKey(renamed)).toBe('another key')
  const broker = { ...draft, id, tokenMode: 'broker', brokerUrl: 'https://broker.example/token' } as const
  const other = await book.save(broker, null, null)
  expect(other.secret).toEqual({ from: 'none' })
  expect(await book.credentials(other)).toMatchObject({ bearer: null })
})

test('what is kept aside stays there when something else is kept aside later', () => {
  const store = memoryStore()
  const problems: unknown[] = []
  const readWith = (profiles: unknown) => {
    store.set('profiles', profiles)
    return readStored(store, registry, problem => problems.push(problem))
  }
  expect(readWith([{ id: 'p_1', platform: 'nowhere' }])).toEqual([])
  readWith([{ id: 'p_1', platform: 'nowhere' }])
  readWith([{ id: 'p_2', platform: 'gone' }])
  expect(store.get('damagedProfiles')).toEqual([
    { id: 'p_1', platform: 'nowhere' },
    { id: 'p_2', platform: 'gone' },
  ])
  expect(problems).toHaveLength(3)
})
