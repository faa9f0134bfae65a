import type { CallName } from '../../../shared/ipc.ts'

/** Who calls: the window, or the second one, which only shows. */
export type Caller = 'window' | 'loupe'

/** It reads one asset and can close itself; it decides, writes and starts nothing. */
const loupeCalls: ReadonlySet<CallName> = new Set(['loupe.look', 'loupe.toggle', 'asset.detail'])

export const mayCall = (caller: Caller, name: CallName): boolean => caller === 'window' || loupeCalls.has(name)
