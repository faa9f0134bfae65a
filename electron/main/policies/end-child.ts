/** What ending a child needs of Electron's UtilityProcess. */
export interface EndableChild {
  /** Undefined before it has spawned and after it has ended. */
  readonly pid: number | undefined
  once(event: 'spawn', listener: () => void): unknown
  /** Asks politely; does nothing, and says so by false, without a process. */
  kill(): boolean
}

/** Ends a child at once, whatever it is doing; one that is only being started, as soon as it can be ended. */
export function endChild(child: EndableChild, platform: NodeJS.Platform, killNow: (pid: number) => void): void {
  const { pid } = child
  if (pid === undefined) {
    child.once('spawn', () => endChild(child, platform, killNow))
    return
  }
  if (platform === 'win32') {
    // Ends it at once there.
    child.kill()
    return
  }
  try {
    // Elsewhere Electron's kill() is SIGTERM, which a decoder at work does not hear.
    killNow(pid)
  } catch {
    // It has ended by itself, and the word of that is on its way.
  }
}
