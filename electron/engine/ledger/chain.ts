import { hash } from 'node:crypto'

/**
 * The ledger's hash chain: each row's hash covers the hash before it, so that a changed, removed, inserted or reordered row
 * breaks every hash after it. Cutting off the end is only found against a head that was exported (docs/evidence.md).
 */
export interface LedgerEntry {
  readonly kind: string
  readonly batch: string | null
  readonly asset: number | null
  readonly body: Readonly<Record<string, unknown>>
}

/** What a row's hash covers, besides the hash before it. */
export interface ChainedRow {
  readonly seq: number
  readonly at: number
  readonly kind: string
  readonly batch: string | null
  readonly asset: number | null
  readonly body: string
}

/** Hash before the first row. */
export const chainStart: Buffer = sha256('prescreen ledger 1')

/**
 * JSON with sorted keys and no white space: one text for one value. `undefined` members are left out, as JSON does. Half a surrogate pair
 * becomes U+FFFD, as it does in a column of SQLite with which a row is compared.
 */
export function canonicalJson(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value.toWellFormed())
  if (typeof value !== 'object' || value === null || isInOrder(value)) return JSON.stringify(value)
  if (Array.isArray(value)) return `[${value.map(item => canonicalJson(item ?? null)).join(',')}]`
  const members: Readonly<Record<string, unknown>> = { ...value }
  let json = ''
  for (const key of Object.keys(members).sort()) {
    const member = members[key]
    if (member !== undefined) json += `${json === '' ? '' : ','}${JSON.stringify(key)}:${canonicalJson(member)}`
  }
  return `{${json}}`
}

/** Whether JSON.stringify writes it as it is to be, which takes a third of the time. */
function isInOrder(value: unknown): boolean {
  if (typeof value === 'string') return value.isWellFormed()
  if (typeof value !== 'object' || value === null) return true
  if (Array.isArray(value)) return value.every(isInOrder)
  const members: Readonly<Record<string, unknown>> = { ...value }
  let last = ''
  for (const name in members) {
    if (name < last || !isInOrder(members[name])) return false
    last = name
  }
  return true
}

/** Where a row's bytes are put together: allocated once, it takes half the time. */
let bytes = Buffer.alloc(16_384)

/** Length-prefixed, so that no two different rows give the same bytes to the hash. */
export function chainHash(previous: Uint8Array, row: ChainedRow): Buffer {
  return Buffer.from(chainDigits(previous, row), 'hex')
}

/** The same in hexadecimal digits, which are all that a comparison needs. */
export function chainDigits(previous: Uint8Array, row: ChainedRow): string {
  const head = JSON.stringify([row.seq, row.at, row.kind, row.batch, row.asset])
  const text = `${head.length}:${head}${row.body}`
  // A UTF-16 unit takes at most three bytes.
  const most = previous.byteLength + text.length * 3
  if (bytes.byteLength < most) bytes = Buffer.alloc(most)
  bytes.set(previous)
  const end = previous.byteLength + bytes.write(text, previous.byteLength)
  return hash('sha256', bytes.subarray(0, end))
}

/** By way of its digits: Node takes three times as long to hand out the bytes themselves. */
export function sha256(data: string | Uint8Array): Buffer {
  return Buffer.from(hash('sha256', data), 'hex')
}
