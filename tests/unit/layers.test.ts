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
  'electron/preload': ['shared', 'electron/preload'],
  'electron/standin': ['shared', 'electron/standin'],
  'electron/launch': ['electron/launch', 'electron/standin'],
  renderer: ['shared', 'renderer'],
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

  test('let checkers, pacer and ledger know nothing of each other', () => {
    const rooms = ['checkers', 'pacer', 'ledger']
    const wrong = imports.filter(({ from, to }) => {
      const room = rooms.find(name => from.startsWith(`electron/engine/${name}/`))
      return room !== undefined && rooms.some(name => name !== room && to.startsWith(`electron/engine/${name}/`))
    })
    expect(wrong).toEqual([])
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

  test('let the sandbox know no checker', () => {
    const wrong = imports.filter(
      ({ from, to }) => from.startsWith('electron/engine/sandbox/') && to.startsWith('electron/engine/checkers/'),
    )
    expect(wrong).toEqual([])
  })

  test('stack the rooms of the window, types included: base, state, features, frame', () => {
    const ranks = ['base', 'state', 'features', 'frame']
    const wrong = imports.filter(({ from, to }) => {
      const [fromRoom = '', fromFeature] = from.split('/').slice(1)
      const [toRoom = '', toFeature] = to.split('/').slice(1)
      // The files beside the rooms start the window, and know what they need.
      if (!from.startsWith('renderer/') || !to.startsWith('renderer/') || !ranks.includes(fromRoom)) return false
      if (fromRoom === 'features' && toRoom === 'features') return fromFeature !== toFeature
      return ranks.indexOf(toRoom) > ranks.indexOf(fromRoom) || !ranks.includes(toRoom)
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
