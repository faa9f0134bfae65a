import { isAbsolute, posix, win32 } from 'node:path'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'

/** What a process was started with. */
export interface Invocation {
  /** Files and folders to open, absolute. */
  readonly files: readonly string[]
  readonly dataDir: string | null
}

export interface Start {
  /** As the process itself has it: what Chromium hands to another process is in another order. */
  readonly argv: readonly string[]
  readonly cwd: string
  readonly isPackaged: boolean
  readonly platform: NodeJS.Platform
}

/**
 * Reads a command line. The first argument is the program; `--data-dir DIR` is ours, other options belong to Electron or
 * Chromium.
 */
export function readInvocation(start: Start): Invocation {
  const { files, dataDir } = sortArguments(start)
  return { files, dataDir }
}

/** The arguments of a start that is to be like this one, but for the files. */
export function argumentsAgain(start: Start, files: readonly string[]): string[] {
  const { options, application, dataDir } = sortArguments(start)
  return [
    ...options,
    ...(application === null ? [] : [application]),
    // As one argument: Electron takes the first without a dash for the application.
    ...(dataDir === null ? [] : [`--data-dir=${dataDir}`]),
    ...files,
  ]
}

interface Sorted extends Invocation {
  readonly options: readonly string[]
  readonly application: string | null
}

function sortArguments({ argv, cwd, isPackaged, platform }: Start): Sorted {
  const [, ...rest] = argv
  const options: string[] = []
  const files: string[] = []
  let dataDir: string | null = null
  let application: string | null = null
  const { resolve } = platform === 'win32' ? win32 : posix
  for (let index = 0; index < rest.length; index += 1) {
    const argument = rest[index] ?? ''
    const [option, value] = splitOption(argument)
    if (option === '--data-dir') {
      if (value === null) index += 1
      const folder = asTyped(value ?? rest[index] ?? '', platform)
      if (folder !== '') dataDir = resolve(cwd, folder)
    } else if (argument.startsWith('-')) {
      options.push(argument)
    } else if (!isPackaged && application === null) {
      // In development Electron itself is the program, and what it runs is the first that is no option.
      application = argument
    } else {
      const path = pathOf(asTyped(argument, platform), platform)
      if (path !== '') files.push(resolve(cwd, path))
    }
  }
  return { files, dataDir, options, application }
}

function splitOption(argument: string): readonly [option: string, value: string | null] {
  const at = argument.indexOf('=')
  return at === -1 ? [argument, null] : [argument.slice(0, at), argument.slice(at + 1)]
}

/**
 * On Windows `"D:\posters\"` arrives as `D:\posters"`, since a backslash before a quotation mark takes its meaning away.
 * No name there can have one, or end in a space.
 */
function asTyped(argument: string, platform: NodeJS.Platform): string {
  return platform === 'win32' ? argument.replace(/["\s]+$/, '') : argument
}

/** File managers of Linux hand over `file:` addresses (`%U` in the desktop entry). */
function pathOf(argument: string, platform: NodeJS.Platform): string {
  if (!/^file:\/\//i.test(argument)) return argument
  try {
    return fileURLToPath(argument, { windows: platform === 'win32' })
  } catch {
    // From another machine, or damaged: passed on as it is, it is reported as a file that cannot be found.
    return argument
  }
}

const handedOver = z.object({ files: z.array(z.string()) })

/** The files of a second start, as it worked them out itself from its own command line and folder. */
export function filesHandedOver(data: unknown): readonly string[] {
  const parsed = handedOver.safeParse(data)
  return parsed.success ? parsed.data.files : []
}

/** Whether a path that came over IPC can be meant: it is checked again when it is read. */
export function isPlausiblePath(path: string): boolean {
  // Device paths such as \\.\PhysicalDrive0 are absolute, but no material.
  return isAbsolute(path) && !path.includes('\0') && !/^[\\/]{2}[.?][\\/]/.test(path)
}
