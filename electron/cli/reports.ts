import { open, readFile, realpath, rm, stat } from 'node:fs/promises'
import { basename, dirname, join, relative, resolve, sep } from 'node:path'
import type { ReportPictures } from '../../shared/ipc.ts'
import { Problem, usage } from '../../shared/problems.ts'
import { writeProblem } from '../engine/reports/file.ts'
import { manifestName, manifestSchema } from '../engine/reports/manifest.ts'
import { defaultDataDir } from './open.ts'

/** Files that a command is to write, as the user named them. */
export interface ReportFiles {
  readonly csv?: string | undefined
  readonly jsonl?: string | undefined
  readonly html?: string | undefined
  readonly xlsx?: string | undefined
  /** How HTML and XLSX show pictures. */
  readonly pictures?: ReportPictures | undefined
}

/** As `--jsonl`: the records go to standard output. */
export const standardOutput = '-'

/** Refuses reports that would be written over the material, over the program's own files, or over one another. */
export async function checkReports(
  reports: ReportFiles,
  inputs: readonly string[],
  dataDir: string | undefined,
): Promise<void> {
  const targets = targetsOf(reports)
  if (reports.pictures !== undefined && reports.html === undefined && reports.xlsx === undefined) {
    throw usage('--pictures 只用于 --html 和 --xlsx', '--pictures goes with --html and --xlsx only')
  }
  if (targets.length === 0) return
  const material = await Promise.all(inputs.filter(input => input !== '-').map(placeOf))
  const own = await placeOf(dataDir ?? defaultDataDir(process.env))
  const taken = new Map<string, string>()
  for (const { flag, file } of targets) {
    if (file === '' || file === standardOutput) {
      throw usage(`${flag} 要填文件名`, `${flag} takes the name of a file`)
    }
    for (const path of [file, manifestName(file)]) {
      const place = await placeOf(path)
      const other = taken.get(place.id)
      if (other !== undefined) {
        throw usage(
          `${flag} 和 ${other} 会写到同一个文件：${path}`,
          `${flag} and ${other} would write the same file: ${path}`,
        )
      }
      taken.set(place.id, flag)
      const isInput = material.some(each => each.id === place.id)
      const isLost = place.exists && [...material, own].some(folder => isBelow(place.path, folder.path))
      if (isInput || (isLost && !(await isReportOfOurs(place.path)))) {
        throw usage(
          `${flag} 会覆盖送检素材或数据文件夹里的文件：${path}。请换个文件名`,
          `${flag} would overwrite a file of the material or of the data folder: ${path}. Choose another name`,
        )
      }
    }
  }
}

/** Finds out before the first call whether every report can be written, so that nothing is spent on a run without its reports. */
export async function probeReports(reports: ReportFiles): Promise<void> {
  for (const { file } of targetsOf(reports)) {
    const probe = `${resolve(file)}.${process.pid}.part`
    try {
      const target = await stat(resolve(file)).catch(() => null)
      // A whole report takes the place of its target, which must not be a folder or a device.
      if (target?.isFile() === false) throw new Problem('write_failed', file)
      await (await open(probe, 'wx')).close()
      await rm(probe)
    } catch (error) {
      throw writeProblem(error, file)
    }
  }
}

function targetsOf(reports: ReportFiles): readonly { readonly flag: string; readonly file: string }[] {
  return (['csv', 'jsonl', 'html', 'xlsx'] as const).flatMap(format => {
    const file = reports[format]
    if (file === undefined || (format === 'jsonl' && file === standardOutput)) return []
    return [{ flag: `--${format}`, file }]
  })
}

interface Place {
  /** The same for every path that leads to one file. */
  readonly id: string
  readonly path: string
  readonly exists: boolean
}

async function placeOf(path: string): Promise<Place> {
  const absolute = resolve(path)
  try {
    const real = await realpath(absolute)
    const { dev, ino } = await stat(real, { bigint: true })
    return { id: `${dev}:${ino}`, path: real, exists: true }
  } catch {
    const folder = await realpath(dirname(absolute)).catch(() => dirname(absolute))
    const real = join(folder, basename(absolute))
    return { id: real, path: real, exists: false }
  }
}

function isBelow(path: string, folder: string): boolean {
  const way = relative(folder, path)
  return way !== '' && way !== '..' && !way.startsWith(`..${sep}`) && resolve(folder, way) === path
}

/** A report of an earlier run may be replaced wherever it lies: it has a manifest, is one, or begins as the records do. */
async function isReportOfOurs(file: string): Promise<boolean> {
  if ((await isManifest(file)) || (await isManifest(manifestName(file)))) return true
  const handle = await open(file).catch(() => null)
  if (handle === null) return false
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(32), 0, 32, 0)
    return bytesRead === 0 || buffer.toString('utf8', 0, bytesRead).startsWith('{"schema":1,"batch":"b_')
  } finally {
    await handle.close()
  }
}

const manifestBytes = 1_000_000

async function isManifest(file: string): Promise<boolean> {
  try {
    if ((await stat(file)).size > manifestBytes) return false
    return manifestSchema.safeParse(JSON.parse(await readFile(file, 'utf8'))).success
  } catch {
    return false
  }
}
