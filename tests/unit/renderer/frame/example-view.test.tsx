import { MantineProvider } from '@mantine/core'
import type { ReactElement } from 'react'
import { renderToReadableStream } from 'react-dom/server'
import { beforeEach, expect, test, vi } from 'vitest'
import type { MenuEntry } from '../../../../electron/main/policies/menu-template.ts'
import type * as Contributions from '../../../../renderer/frame/contributions.ts'
import type { Contribution } from '../../../../renderer/state/contribution.ts'
import type * as Commands from '../../../../shared/commands.ts'
import type { Bridge } from '../../../../shared/ipc.ts'

/** What docs/extending.md promises of a new view: one folder, one record in the table of commands, one line in the frame's list. */

vi.mock('../../../../shared/commands.ts', async original => {
  const real = await original<typeof Commands>()
  const { exampleCommand } = await import('../../../fixtures/example-view/command.ts')
  const commands = [...real.commands, exampleCommand] as unknown as readonly Commands.Command[]
  return {
    ...real,
    commands,
    listedCommands: commands.filter(({ group }) => group !== null),
    commandOf: (id: string) => commands.find(command => command.id === id),
  }
})
vi.mock('../../../../renderer/frame/contributions.ts', async original => {
  const real = await original<typeof Contributions>()
  const { example } = await import('../../../fixtures/example-view/contribution.ts')
  const contributions: readonly Contribution[] = [...real.contributions, example]
  return { contributions, views: contributions.flatMap(({ view }) => view ?? []) }
})
Reflect.set(globalThis, 'prescreen', { pathOf: () => '', on: () => () => undefined } as unknown as Bridge)

const { menuTemplate } = await import('../../../../electron/main/policies/menu-template.ts')
const { commands } = await import('../../../../shared/commands.ts')
const { contributions, views } = await import('../../../../renderer/frame/contributions.ts')
const { SideBar } = await import('../../../../renderer/frame/side-bar.tsx')
const { SideView } = await import('../../../../renderer/frame/side-view.tsx')
const { KeySheet } = await import('../../../../renderer/features/palette/keys-help.tsx')
const { commandEntries } = await import('../../../../renderer/features/palette/entries.ts')
const { assign } = await import('../../../../renderer/features/settings/keys.ts')
const { meaningOf } = await import('../../../../renderer/base/keys.ts')
const { i18n } = await import('../../../../renderer/base/i18n/index.ts')
const { runCommand } = await import('../../../../renderer/state/commands.ts')
const { initialApp, useApp } = await import('../../../../renderer/state/app.ts')

const exampleView = views.at(-1)?.id ?? 'grid'
const press = {
  key: 'X',
  keyCode: 88,
  isComposing: false,
  repeat: false,
  ctrlKey: true,
  metaKey: false,
  shiftKey: true,
  altKey: false,
}

const drawn = async (view: ReactElement): Promise<string> => {
  const stream = await renderToReadableStream(<MantineProvider forceColorScheme="light">{view}</MantineProvider>)
  await stream.allReady
  return new Response(stream).text()
}

beforeEach(async () => {
  await i18n.changeLanguage('en')
  useApp.setState(initialApp)
})

test('is in the side bar, behind the views before it', async () => {
  expect(await drawn(<SideBar />)).toMatch(/Settings.*<span[^>]*>Example<\/span>/)
})

test('is in the menu, with its key', () => {
  const entries: readonly MenuEntry[] = menuTemplate('linux', 'zh', {}).flatMap(entry =>
    entry.kind === 'submenu' ? entry.entries : [entry],
  )
  expect(entries).toContainEqual({
    kind: 'command',
    command: 'showExample',
    label: '示例',
    accelerator: 'CmdOrCtrl+Shift+X',
  })
})

test('is in the palette, found in either language, and shown by it', () => {
  const entries = commandEntries({ language: 'zh', view: 'history', own: {}, os: 'windows' })
  const entry = entries.find(({ id }) => id === 'command-showExample')
  expect(entry).toMatchObject({ group: 'views', label: '示例', alsoFoundBy: ['Example'], keys: 'Ctrl+Shift+X' })
  entry?.run()
  expect(useApp.getState().view).toBe(exampleView)
})

test('is on the key sheet', async () => {
  expect(await drawn(<KeySheet />)).toMatch(/Example.*Ctrl\+Shift\+X/)
})

test('opens by its key, and by the one that the settings give it', () => {
  const at = (own: Record<string, string>) => ({ place: 'work', os: 'windows', own }) as const
  const meaning = meaningOf(press, at({}))
  expect(meaning).toEqual({ kind: 'command', id: 'showExample' })
  if (meaning?.kind !== 'command') return
  runCommand(meaning.id)
  expect(useApp.getState().view).toBe('example')
  expect(assign(meaning.id, 'y', {})).toEqual({ kind: 'assigned', keys: { showExample: 'y' } })
  expect(meaningOf({ ...press, key: 'y', ctrlKey: false, shiftKey: false }, at({ showExample: 'y' }))).toEqual(meaning)
  expect(meaningOf(press, at({ showExample: 'y' }))).toBeNull()
})

test('every command is provided by exactly one feature, or shows a view', () => {
  const provided = contributions.flatMap(({ commands }) => Object.keys(commands ?? {}))
  const shown = commands.filter(({ view }) => view !== undefined).map(({ id }) => id)
  expect([...provided, ...shown].toSorted()).toEqual(commands.map(({ id }) => id).toSorted())
})

test('draws its content in the place of the grid', async () => {
  useApp.setState({ ready: true })
  expect(await drawn(<SideView id={exampleView} />)).toContain('<h1>A view of one folder</h1>')
})
