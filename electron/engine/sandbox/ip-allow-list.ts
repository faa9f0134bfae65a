import ipaddr from 'ipaddr.js'

/** A pretended allow-list: loopback calls all come from one address, so the address is part of the pretence. */
export interface IpAllowList {
  /** The IPv4 address the platform is to see, e.g. `203.0.113.7`. */
  readonly callerIp: string
  /** An address, `a.b.c.*` or CIDR (spec §1.3). */
  readonly entries: readonly string[]
}

export function isAllowed({ callerIp, entries }: IpAllowList): boolean {
  const caller = ipaddr.IPv4.parse(callerIp)
  return entries.some(entry => {
    const range = entry.endsWith('.*') ? `${entry.slice(0, -1)}0/24` : entry
    return caller.match(ipaddr.IPv4.parseCIDR(range.includes('/') ? range : `${range}/32`))
  })
}

/** The words of 40164, from which a client reads the address to allow (spec §1.3). */
export function refusalOf({ callerIp }: IpAllowList): string {
  return `invalid ip ${callerIp} ipv6 ::ffff:${callerIp}, not in whitelist`
}
