import { lookup as systemLookup } from 'node:dns'
import type { LookupFunction } from 'node:net'
import ipaddr from 'ipaddr.js'
import { Agent, buildConnector, type Dispatcher } from 'undici'

/** An address that is not to be connected to, found when the connection was about to be made. */
export class AddressRefused extends Error {}

/**
 * The dispatcher for addresses that users list. Unless private ones are allowed, it connects to public addresses only, whatever
 * name they have: the check is made on the very addresses that the connection then uses, so a name that changes between
 * two look-ups (DNS rebinding) gains nothing, and redirects pass it as well.
 */
export function createUrlDispatcher(
  allowPrivateUrls: boolean,
  resolve: typeof systemLookup | LookupFunction = systemLookup,
): Dispatcher {
  if (allowPrivateUrls) return new Agent()
  const connect = buildConnector({ lookup: publicOnly(resolve), timeout: 10_000 })
  return new Agent({
    connect: (options, callback) => {
      // A literal address is never looked up.
      const host = options.hostname.replace(/^\[|\]$/g, '')
      if (ipaddr.isValid(host) && !isPublicAddress(host)) callback(new AddressRefused(host), null)
      else connect(options, callback)
    },
  })
}

function publicOnly(resolve: typeof systemLookup | LookupFunction): LookupFunction {
  return (hostname, options, callback) => {
    resolve(hostname, { ...options, all: true }, (error, found) => {
      if (error) {
        callback(error, [])
        return
      }
      const addresses = Array.isArray(found)
        ? found
        : [{ address: found, family: ipaddr.parse(found).kind() === 'ipv6' ? 6 : 4 }]
      const refused = addresses.find(each => !isPublicAddress(each.address))
      const [first] = addresses
      if (refused !== undefined) callback(new AddressRefused(`${hostname} → ${refused.address}`), [])
      else if (first === undefined) callback(new Error(`${hostname} has no address`), [])
      else if (options.all) callback(null, addresses)
      else callback(null, first.address, first.family)
    })
  }
}

/** Clouds answer at this one, which looks public, with what only the machine itself should know. */
const cloudPlatformAddress = '168.63.129.16'

/** Whether an address is reachable from anywhere; private, loopback, link-local, metadata, translated and reserved ones are not. */
export function isPublicAddress(address: string): boolean {
  if (!ipaddr.isValid(address)) return false
  const parsed = ipaddr.process(address)
  return parsed.range() === 'unicast' && parsed.toString() !== cloudPlatformAddress
}
