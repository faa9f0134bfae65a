import { registry } from '../../engine/checkers/registry.ts'

/** Hosts whose pages the window may open in the system's browser: the platforms' own documentation and consoles. */
const documentationHosts: ReadonlySet<string> = new Set(
  registry.platforms.flatMap(({ links }) => [links.docs, links.console].map(link => new URL(link).hostname)),
)

/** The address to hand to the system, or null when it must not be opened. */
export function externalLink(address: unknown): string | null {
  if (typeof address !== 'string') return null
  try {
    const url = new URL(address)
    const isPlain = url.username === '' && url.password === '' && url.port === ''
    return url.protocol === 'https:' && isPlain && documentationHosts.has(url.hostname) ? url.href : null
  } catch {
    return null
  }
}
