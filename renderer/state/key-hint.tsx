import type { ReactElement } from 'react'
import { type CommandId, commandOf, keyOf } from '../../shared/commands.ts'
import { useCommandNames } from '../base/command-names.ts'
import { keyName } from '../base/keys.ts'
import { useApp } from './app.ts'

/** The key of a command as it stands in the settings; nothing when it has none. */
export function KeyHint(props: { readonly command: CommandId; readonly named?: boolean }): ReactElement | null {
  const name = useCommandNames()
  const own = useApp(state => state.settings.keys)
  const os = useApp(state => state.info?.os ?? 'linux')
  const key = keyOf(commandOf(props.command), own)
  const hint = key === null ? null : <kbd className="key">{keyName(key, os)}</kbd>
  if (props.named !== true) return hint
  return (
    <>
      {name(props.command)} {hint}
    </>
  )
}
