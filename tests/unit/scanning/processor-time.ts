import type { Reader } from './worst-inputs.ts'

/** Processor time, in milliseconds, that reading the text takes. */
export async function processorMs(read: Reader, text: string): Promise<number> {
  const start = process.cpuUsage()
  try {
    await read(text)
  } catch {
    // What is refused has been read, too.
  }
  const { user, system } = process.cpuUsage(start)
  return (user + system) / 1000
}

export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0
}
