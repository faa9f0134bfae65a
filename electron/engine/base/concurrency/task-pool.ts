/** Tasks that run side by side, about `limit` of them. */
export interface TaskPool {
  readonly size: number
  /** Takes in a task that is running; it must not reject. */
  add(task: Promise<void>): void
  /** Resolves when another task may be started. */
  whenFree(): Promise<void>
  /** Resolves when no task is left, those included that were added meanwhile. */
  drain(): Promise<void>
}

export function createTaskPool(limit: number): TaskPool {
  const running = new Set<Promise<void>>()
  const shrinkBelow = async (size: number) => {
    while (running.size >= size) await Promise.race(running)
  }
  return {
    get size() {
      return running.size
    },
    add: task => {
      const tracked = task.finally(() => running.delete(tracked))
      running.add(tracked)
    },
    whenFree: () => shrinkBelow(limit),
    drain: () => shrinkBelow(1),
  }
}
