/** Where the links of an asset lead, as far as a person may want to know: the pages behind them are not looked at. */

const addressLine = /^<?(?:https?:\/\/|www\.)[^\s<>]+>?$/i

/** Whether a text is nothing but addresses, or the file by which a system remembers one. */
export function holdsOnlyAddresses(text: string): boolean {
  if (!/^\s*(?:<?https?:|<?www\.|\[InternetShortcut\])/i.test(text.slice(0, 200))) return false
  if (/^\s*\[InternetShortcut\]/i.test(text.slice(0, 200))) return true
  return text.split('\n').every(line => line.trim() === '' || addressLine.test(line.trim()))
}

/** Endings of names that people read as an address without http in front; of others, `node.js` would be one. */
const knownEnding =
  /\.(?:com|cn|net|org|gov|edu|io|cc|top|xyz|vip|shop|store|site|club|online|tech|info|biz|app|me|tv|co|link|hk|tw|jp|中国)$/i

/** Whether a link's words are an address, and it leads to a host of another name. */
export function leadsElsewhere(words: string, address: string): boolean {
  const shown = /^(https?:\/\/|www\.)?((?:[\p{L}\d-]{1,63}\.){1,8}\p{L}{2,24})(?:[:/?#]\S*)?$/iu.exec(
    words.trim().slice(0, 500),
  )
  if (shown === null) return false
  const [, start, host = ''] = shown
  if (start === undefined && !knownEnding.test(host)) return false
  const target = URL.parse(address.startsWith('//') ? `https:${address}` : address)
  if (target === null || !/^https?:$/.test(target.protocol)) return false
  const expected = URL.parse(`https://${host}`)?.hostname.replace(/^www\./, '')
  const found = target.hostname.replace(/^www\./, '')
  return (
    expected !== undefined && found !== expected && !found.endsWith(`.${expected}`) && !expected.endsWith(`.${found}`)
  )
}

const markdownLink = /\[([^\][\n]{1,500})\]\(<?([^()\s<>]{1,2000})[^()\n]{0,200}\)/g

/** How many links of Markdown show another address than they lead to. */
export function countMisleadingLinks(text: string): number {
  if (!text.includes('](')) return 0
  return Array.from(text.matchAll(markdownLink)).filter(([, words = '', address = '']) =>
    leadsElsewhere(words, address),
  ).length
}
