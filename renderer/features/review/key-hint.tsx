import type { ReactElement } from 'react'
import { useWords } from '../../base/i18n/index.ts'
import { useApp } from '../../state/app.ts'
import { type CommandId, keyName, keyOf } from './commands.ts'
import { words } from './words.ts'

/** The key of a command as it stands in the settings; nothing when it has none. */
export function KeyHint(props: { readonly command: CommandId; readonly named?: boolean }): ReactElement | null {
  const t = useWords('review', words)
  const own = useApp(state => state.settings.keys)
  const os = useApp(state => state.info?.os ?? 'linux')
  const key = keyOf(props.command, own)
  const hint = key === null ? null : <kbd className="key">{keyName(key, os)}</kbd>
  if (props.named !== true) return hint
  return (
    <>
      {t(`command.${props.command}`)} {hint}
    </>
  )
}
