import { readdirSync, readFileSync, statSync } from 'node:fs'
import { dirname, join, relative, resolve, sep } from 'node:path'
import { describe, expect, test } from 'vitest'

const root = resolve(import.meta.dirname, '../..')
const sources = ['shared', 'electron', 'renderer'].flatMap(folder => sourceFiles(join(root, folder)))

interface Import {
  readonly from: string
  readonly to: string
  readonly typeOnly: boolean
}

const imports: readonly Import[] = sources.flatMap(file =>
  importsOf(readFileSync(file, 'utf8')).map(({ specifier, typeOnly }) => ({
    from: posix(relative(root, file)),
    to: specifier.startsWith('.') ? posix(relative(root, resolve(dirname(file), specifier))) : specifier,
    typeOnly,
  })),
)

/** What each layer may reach in the house; everything else is refused. Packages are judged below. */
const mayReach: Readonly<Record<string, readonly string[]>> = {
  shared: ['shared'],
  // The sandbox runs the cloud function that is shipped.
  'electron/engine': ['shared', 'electron/engine', 'resources/cloudfunctions'],
  'electron/cli': ['shared', 'electron/engine', 'electron/cli'],
  'electron/main': ['shared', 'electron/engine', 'electron/main'],
  // Compares frames as those of animations are compared.
  'electron/media': ['electron/media', 'electron/engine/imaging'],
  'electron/preload': ['shared', 'electron/preload'],
  // Which browsers a machine has, the engine knows too.
  'electron/standin': ['shared', 'electron/standin', 'electron/engine/chromium'],
  'electron/launch': ['electron/launch', 'electron/engine/chromium'],
  renderer: ['shared', 'renderer'],
}

/**
 * The rooms of the engine, lowest first, and whom each of them knows, types included. `app` puts all of them together. An arrow that is
 * not here is refused, and so is one that nobody needs any more.
 */
const engineRooms: Readonly<Record<string, readonly string[]>> = {
  base: [],
  chromium: ['base'],
  films: ['base', 'chromium'],
  imaging: ['base'],
  formats: ['base', 'imaging'],
  intake: ['base', 'imaging', 'formats'],
  sandbox: ['base', 'imaging'],
  checkers: ['base', 'sandbox'],
  pacer: ['base'],
  tokens: ['base', 'checkers'],
  profiles: ['base', 'checkers', 'tokens'],
  ledger: ['base'],
  store: ['base', 'formats', 'checkers', 'ledger'],
  relay: ['base', 'checkers'],
  screening: [
    'base',
    'chromium',
    'films',
    'imaging',
    'formats',
    'intake',
    'sandbox',
    'checkers',
    'pacer',
    'tokens',
    'ledger',
    'store',
    'relay',
  ],
  library: ['base', 'formats', 'checkers', 'store', 'screening'],
  review: ['store'],
  reports: ['base', 'imaging', 'ledger', 'store'],
  app: [
    'base',
    'chromium',
    'films',
    'imaging',
    'formats',
    'intake',
    'sandbox',
    'checkers',
    'pacer',
    'tokens',
    'profiles',
    'ledger',
    'store',
    'screening',
    'library',
    'review',
    'reports',
  ],
}

/** The window's, likewise; a feature knows no other feature, whatever it is called. */
const windowRooms: Readonly<Record<string, readonly string[]>> = {
  base: [],
  state: ['base'],
  features: ['base', 'state'],
  frame: ['base', 'state', 'features'],
}

describe('the layers', () => {
  test('point one way', () => {
    const wrong = imports.filter(({ from, to }) => {
      if (!isOurs(to)) return false
      return !(mayReach[layerOf(from)] ?? []).some(layer => to.startsWith(`${layer}/`))
    })
    expect(wrong).toEqual([])
  })

  test('keep Electron to the main process, the preload and the stand-in', () => {
    const wrong = imports.filter(
      ({ from, to }) =>
        (to === 'electron' || to.startsWith('electron/') === false) &&
        /^electron(-store)?$/.test(to) &&
        !/^electron\/(main|preload|standin)\//.test(from),
    )
    expect(wrong).toEqual([])
  })

  test('keep Node out of shared, preload and renderer', () => {
    const wrong = imports.filter(
      ({ from, to }) => to.startsWith('node:') && /^(shared|renderer|electron\/preload)\//.test(from),
    )
    expect(wrong).toEqual([])
  })

  test('touch ipcMain in one file only', () => {
    const touching = sources
      .filter(file => /\bipcMain\b/.test(code(readFileSync(file, 'utf8'))))
      .map(file => posix(relative(root, file)))
    expect(touching.filter(file => !file.startsWith('electron/standin/'))).toEqual(['electron/main/ipc.ts'])
  })

  test('name a platform in its own folder only', () => {
    // The relay's settings and its wire hold the platforms whose pushes it takes.
    const homes =
      /^electron\/engine\/(checkers\/(wechat|qq|tencent)|relay)\/|^electron\/engine\/checkers\/registry\.ts$/
    const wrong = sources
      .map(file => posix(relative(root, file)))
      .filter(file => !homes.test(file) && /'(wechat|qq)[.']|'v2'/.test(readFileSync(join(root, file), 'utf8')))
    expect(wrong).toEqual([])
  })

  test.each([
    ['electron/engine', engineRooms],
    ['renderer', windowRooms],
  ] as const)('let a room of %s know those below it that the table names, and no others', (folder, rooms) => {
    const names = Object.keys(rooms)
    const upwards = names.flatMap(name =>
      (rooms[name] ?? [])
        .filter(other => names.indexOf(other) >= names.indexOf(name))
        .map(other => `${name} > ${other}`),
    )
    expect(upwards).toEqual([])
    const used = new Set<string>()
    const wrong = imports.filter(({ from, to }) => {
      const [room, other] = [from, to].map(file => roomOf(folder, file))
      // Files beside the rooms start the window, and know what they need.
      if (room === null || other === null || room === undefined || other === undefined || room === other) return false
      used.add(`${room} > ${other}`)
      return !rooms[room]?.includes(other)
    })
    expect(wrong).toEqual([])
    expect(
      names.flatMap(name => (rooms[name] ?? []).map(other => `${name} > ${other}`)).filter(a => !used.has(a)),
    ).toEqual([])
  })

  test('have every file of the engine in a room', () => {
    const loose = sources
      .map(file => posix(relative(root, file)))
      .filter(file => /^electron\/engine\/[^/]+$/.test(file))
    expect(loose).toEqual([])
  })

  test('let features know each other through the state only', () => {
    const featureOf = (file: string) => /^renderer\/features\/([^/]+)\//.exec(file)?.[1]
    const wrong = imports.filter(({ from, to }) => {
      const [one, other] = [featureOf(from), featureOf(to)]
      return one !== undefined && other !== undefined && one !== other
    })
    expect(wrong).toEqual([])
  })

  test('have no circle of imports that exist at run time', () => {
    const edges = new Map<string, string[]>()
    for (const { from, to, typeOnly } of imports)
      if (!typeOnly && isOurs(to)) edges.set(from, [...(edges.get(from) ?? []), to])
    const circles: string[][] = []
    const done = new Set<string>()
    const visit = (file: string, path: readonly string[]) => {
      const start = path.indexOf(file)
      if (start >= 0) {
        circles.push([...path.slice(start), file])
        return
      }
      if (done.has(file)) return
      for (const next of edges.get(file) ?? []) visit(next, [...path, file])
      done.add(file)
    }
    for (const file of edges.keys()) visit(file, [])
    expect(circles).toEqual([])
  })
})

/** The room of a file in a folder that is divided into rooms; null for a file beside them, and for one elsewhere. */
function roomOf(folder: string, file: string): string | null {
  if (!file.startsWith(`${folder}/`)) return null
  const [room, ...rest] = file.slice(folder.length + 1).split('/')
  return room === undefined || rest.length === 0 ? null : room
}

function layerOf(file: string): string {
  return Object.keys(mayReach).find(layer => file.startsWith(`${layer}/`)) ?? file
}

function isOurs(to: string): boolean {
  return /^(shared|electron|renderer|tests|resources)\//.test(to)
}

function sourceFiles(folder: string): string[] {
  return readdirSync(folder).flatMap(name => {
    const path = join(folder, name)
    if (statSync(path).isDirectory()) return sourceFiles(path)
    return /\.tsx?$/.test(name) ? [path] : []
  })
}

function importsOf(text: string): { specifier: string; typeOnly: boolean }[] {
  const pattern =
    /^\s*(?:import|export)\s+(type\s+)?(?:[^'"]*?\sfrom\s+)?['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]\s*\)/gm
  return [...code(text).matchAll(pattern)].map(match => ({
    specifier: match[2] ?? match[3] ?? '',
    typeOnly: match[1] !== undefined,
  }))
}

/** Without comments, so that a mention is not an import. */
function code(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/^\s*\/\/.*$/gm, '')
}

function posix(path: string): string {
  return path.split(sep).join('/')
}
