/**
 * Whether an address sends tokens and material over the public network in clear: `http:`, and not to this machine or to a network that
 * can only be private. A name without a dot, or under one of the suffixes that are never public, belongs to a private network.
 */
export function isPlainPublicHttp(address: string): boolean {
  const host = /^\s*http:\/\/(\[[^\]]*\]|[^/?#\\:\s]+)/i.exec(address)?.[1]?.toLowerCase()
  return host !== undefined && !privateHosts.some(pattern => pattern.test(host))
}

const privateHosts: readonly RegExp[] = [
  /^[^.:[]*$/,
  /\.(?:localhost|local|internal|lan|home\.arpa|test|intranet)$/,
  // RFC 1918, loopback, link-local, and carriers' shared addresses; as URLs write them, IPv4 has four decimal numbers.
  /^(?:127|10)(?:\.\d+){3}$/,
  /^192\.168(?:\.\d+){2}$/,
  /^172\.(?:1[6-9]|2\d|3[01])(?:\.\d+){2}$/,
  /^169\.254(?:\.\d+){2}$/,
  /^100\.(?:6[4-9]|[7-9]\d|1[01]\d|12[0-7])(?:\.\d+){2}$/,
  // Loopback, unique local and link-local addresses of IPv6.
  /^\[(?:::1|f[cd][\da-f]{2}:.*|fe[89ab][\da-f]:.*)\]$/,
]
