import { beforeEach, expect, test, vi } from 'vitest'
import { useApp } from '../../../../renderer/state/app.ts'
import { closeDrawer, connectPanes, roomFrom, togglePane, usePanes } from '../../../../renderer/state/panes.ts'
import { defaultSettings } from '../../../../shared/defaults.ts'

/** A window of which the width can be changed, and a main process that stores what it is given. */
const desk = vi.hoisted(() => {
  const queries = new Map<string, { matches: boolean; changed: () => void }>()
  vi.stubGlobal('matchMedia', (text: string) => {
    const query = { matches: true, changed: () => {} }
    queries.set(text, query)
    return {
      get matches() {
        return query.matches
      },
      addEventListener: (_: string, changed: () => void) => {
        query.changed = changed
      },
    }
  })
  const saved: object[] = []
  const invoke = async (_: string, patch: object) => {
    saved.push(patch)
    return { ok: true, value: { ...stored.read(), ...patch } }
  }
  const stored = { read: (): object => ({}) }
  vi.stubGlobal('prescreen', { invoke, on: () => () => undefined })
  return { queries, saved, stored }
})
desk.stored.read = () => useApp.getState().settings
connectPanes()

function widen(width: number): void {
  for (const [text, query] of desk.queries) {
    query.matches = width >= Number(/\d+/.exec(text)?.[0])
    query.changed()
  }
}

beforeEach(() => {
  useApp.setState({ settings: defaultSettings })
  usePanes.setState({ drawer: null })
  desk.saved.length = 0
  widen(1440)
})

test('Where there is room, a pane that is put away stays away, and that is remembered.', () => {
  togglePane('sideBar')
  expect(useApp.getState().settings).toMatchObject({ sideBar: false, inspector: true })
  expect(desk.saved).toEqual([{ sideBar: false }])
  togglePane('sideBar')
  expect(useApp.getState().settings.sideBar).toBe(true)
})

test('Where there is none, it is called over the grid, one at a time, and nothing is remembered.', () => {
  widen(roomFrom.inspector - 1)
  expect(usePanes.getState()).toEqual({ hasRoom: { sideBar: false, inspector: false }, drawer: null })
  togglePane('inspector')
  expect(usePanes.getState().drawer).toBe('inspector')
  togglePane('sideBar')
  expect(usePanes.getState().drawer).toBe('sideBar')
  togglePane('sideBar')
  expect(usePanes.getState().drawer).toBeNull()
  expect(desk.saved).toEqual([])
  expect(useApp.getState().settings).toEqual(defaultSettings)
})

test('The side bar folds before the inspector, and what lies over the grid goes beside it once there is room.', () => {
  widen(roomFrom.sideBar - 1)
  expect(usePanes.getState().hasRoom).toEqual({ sideBar: false, inspector: true })
  togglePane('sideBar')
  widen(1440)
  expect(usePanes.getState()).toEqual({ hasRoom: { sideBar: true, inspector: true }, drawer: null })
})

test('One step back closes what lies over the grid, once.', () => {
  widen(700)
  togglePane('inspector')
  expect(closeDrawer()).toBe(true)
  expect(closeDrawer()).toBe(false)
})
