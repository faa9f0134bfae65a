import type { IpcProblem } from '../../../shared/ipc.ts'
import type { Profile } from '../../../shared/profile.ts'
import type { Settings } from '../../../shared/settings.ts'
import type { Clock } from '../base/clock.ts'
import { createRedactor } from '../base/redact.ts'
import type { Registry } from '../checkers/create-registry.ts'
import { createBuiltInProfiles } from '../profiles/built-in-profiles.ts'
import { createProfileBook } from '../profiles/profile-book.ts'
import type { Sandbox } from '../sandbox/start-sandbox.ts'
import { createTokenStore } from '../tokens/token-store.ts'
import { createTokens } from '../tokens/tokens.ts'
import type { EngineOptions } from './api.ts'

/** Who is asked: the stored profiles with their secrets and tokens, and the sandbox that answers the practice profiles. */
export function openAccounts(
  options: EngineOptions,
  {
    clock,
    settings,
    newId,
    startProblems,
    registry,
    sandboxUrl,
  }: {
    readonly clock: Clock
    readonly settings: () => Settings
    readonly newId: () => string
    /** Gets what went wrong while they were opened. */
    readonly startProblems: IpcProblem[]
    readonly registry: Registry
    /** A sandbox that runs already, in place of one of our own. */
    readonly sandboxUrl: string | undefined
  },
) {
  const redactor = createRedactor()
  const tokens = createTokens({ clock, redactor, store: createTokenStore({ dataDir: options.dataDir, clock }) })
  // Version 0.1.0 kept tokens among the settings.
  if (options.store.get('tokens') !== undefined) options.store.delete('tokens')
  let sandbox: Promise<Sandbox> | null = null
  const startSandbox = async () => {
    // Its HTTP server is loaded only when somebody practises.
    sandbox ??= import('../checkers/start-practice.ts').then(({ startPractice }) => startPractice({}, registry))
    return sandbox
  }
  const book = createProfileBook({
    store: options.store,
    vault: options.vault,
    env: options.env,
    registry,
    builtIn: createBuiltInProfiles(registry),
    language: options.language ?? (() => 'zh'),
    newId: () => `p_${newId()}`,
    isWeakVaultAccepted: () => settings().weakVaultAccepted,
    onProblem: problem => startProblems.push(problem),
  })
  const relayKey = async (profile: Profile): Promise<string | null> => {
    const key = await book.relayKey(profile)
    if (key !== null) redactor.remember(key)
    return key
  }
  return {
    registry,
    redactor,
    tokens,
    book,
    relayKey,
    /** The profile as it is now; a batch keeps it as it was. */
    present: (profile: Profile) => book.get(profile.id) ?? profile,
    /** Where practice profiles are answered; started on loopback when first asked for. */
    sandboxUrl: async () => sandboxUrl ?? (await startSandbox()).url,
    close: async () => (await sandbox)?.close(),
  }
}

export type Accounts = ReturnType<typeof openAccounts>
