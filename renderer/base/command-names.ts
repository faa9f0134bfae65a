import { type CommandId, commandOf } from '../../shared/commands.ts'
import { useLanguage } from './i18n/index.ts'

/** What people read for a command; the words are in shared/commands.ts. In components: `const name = useCommandNames()`, then `name('approve')`. */
export function useCommandNames(): (id: CommandId) => string {
  const current = useLanguage()
  return id => commandOf(id).name[current]
}
