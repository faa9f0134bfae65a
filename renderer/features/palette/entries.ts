import { keyOf, listedCommands, type OwnKeys } from '../../../shared/commands.ts'
import type { AppInfo } from '../../../shared/ipc.ts'
import type { Language } from '../../../shared/language.ts'
import { keyName } from '../../base/keys.ts'
import { runCommand } from '../../state/commands.ts'

/** One line of the palette: something to do or somewhere to go. */
export interface Entry {
  readonly id: string
  readonly group: 'commands' | 'views' | 'batches' | 'profiles'
  /** Shown, in the window's language. */
  readonly label: string
  readonly detail: string | null
  /** Also found by these: the other language's words, an appid, a platform. */
  readonly alsoFoundBy: readonly string[]
  readonly keys: string | null
  readonly run: () => void
}

/** What can be done where the person is: commands of the grid only in it, and never the palette itself. */
export function commandEntries(where: {
  readonly language: Language
  readonly view: string
  readonly own: OwnKeys
  readonly os: AppInfo['os']
}): readonly Entry[] {
  return listedCommands
    .filter(({ id, when }) => id !== 'palette' && (when === 'window' || where.view === 'grid'))
    .map(command => {
      const { [where.language]: label, ...others } = command.name
      const key = keyOf(command, where.own)
      return {
        id: `command-${command.id}`,
        group: command.view === undefined ? 'commands' : 'views',
        label,
        detail: null,
        alsoFoundBy: Object.values<string>(others),
        keys: key === null ? null : keyName(key, where.os),
        run: () => runCommand(command.id),
      }
    })
}

/** How Chinese words are spelt, as people type them: all syllables together, and their first letters. */
export type Spell = (text: string) => readonly string[]

/** Found by their pinyin too, which is what somebody types who does not want to leave the keyboard for an input method. */
export const withSpelling = (entries: readonly Entry[], spell: Spell): readonly Entry[] =>
  entries.map(entry => {
    const chinese = [entry.label, ...entry.alsoFoundBy].filter(text => /\p{Script=Han}/u.test(text))
    return chinese.length === 0 ? entry : { ...entry, alsoFoundBy: [...entry.alsoFoundBy, ...chinese.flatMap(spell)] }
  })

/**
 * Entries that contain every word of the query somewhere, best first: a label that begins with the query, then one that
 * contains it, then the rest. Within a rank the given order stays. Full-width letters from a Chinese keyboard match too.
 */
export function matching(entries: readonly Entry[], query: string): readonly Entry[] {
  const wanted = plain(query)
  const words = wanted.split(/\s+/u).filter(Boolean)
  if (words.length === 0) return entries
  return entries
    .map((entry, at) => ({ entry, at, rank: rankOf(entry, wanted, words) }))
    .filter(found => found.rank > 0)
    .toSorted((a, b) => b.rank - a.rank || a.at - b.at)
    .map(found => found.entry)
}

function rankOf(entry: Entry, wanted: string, words: readonly string[]): number {
  const label = plain(entry.label)
  const text = [label, plain(entry.detail ?? ''), ...entry.alsoFoundBy.map(plain)].join('\n')
  if (!words.every(word => text.includes(word))) return 0
  if (label.startsWith(wanted)) return 3
  return label.includes(wanted) ? 2 : 1
}

function plain(text: string): string {
  return text.normalize('NFKC').toLowerCase().trim()
}
