import { z } from 'zod'
import { keyOrigins } from '../../../shared/domain.ts'
import { canonicalJson, sha256 } from '../ledger/chain.ts'
import type { Head, SigningKey } from '../ledger/signing.ts'
import { signedHeadSchema, signHead } from '../ledger/signing-book.ts'

/** Goes up when a reader of the older form would misread the newer. */
export const manifestSchemaVersion = 1

/** The sidecar of a report: what is in it, and what the ledger was when it was written, signed. */
export const manifestSchema = z.object({
  schema: z.literal(manifestSchemaVersion),
  /** Name of the report, without folders. */
  file: z.string(),
  format: z.enum(['csv', 'xlsx', 'html', 'jsonl']),
  language: z.enum(['zh', 'en']),
  /** Null for a report across history. */
  batch: z.string().nullable(),
  /** Some of its verdicts, or all, come from the built-in sandbox. */
  practice: z.boolean(),
  filter: z.string().nullable(),
  rows: z.int().min(0),
  bytes: z.int().min(0),
  sha256: z.string(),
  /** Time of the export, ISO 8601 with offset. */
  exportedAt: z.string(),
  /** First six bytes of SHA-256 over each line with its line end, the head included, in base64; null where there are no lines. */
  lineDigests: z.string().nullable(),
  ledgerHead: signedHeadSchema,
  key: z.object({
    algorithm: z.literal('ed25519'),
    publicKey: z.string(),
    fingerprint: z.string(),
    origin: z.enum(keyOrigins),
  }),
  /** Over the canonical JSON of everything else. */
  signature: z.string(),
})
export type Manifest = z.infer<typeof manifestSchema>

export type ManifestFacts = Omit<Manifest, 'schema' | 'ledgerHead' | 'key' | 'signature'>

export function signManifest(facts: ManifestFacts, head: Head, key: SigningKey): Manifest {
  const { publicKey, fingerprint, origin } = key
  const unsigned = {
    schema: manifestSchemaVersion,
    ...facts,
    ledgerHead: signHead(key, head),
    key: { algorithm: 'ed25519', publicKey, fingerprint, origin },
  } as const
  return { ...unsigned, signature: key.sign(manifestText(unsigned)) }
}

/** What a manifest's signature covers. */
export function manifestText(manifest: Readonly<Record<string, unknown>>): string {
  const { signature: _, ...unsigned } = manifest
  return canonicalJson(unsigned)
}

export const manifestName = (file: string): string => `${file}.manifest.json`

export const lineDigestBytes = 6

/** Digests of a table's lines, one behind the other: a million of them are six megabytes, and not as many objects. */
export function createLineDigests(): { add(line: Uint8Array): void; base64(): string | null } {
  let digests = Buffer.alloc(4096 * lineDigestBytes)
  let used = 0
  return {
    add: line => {
      if (used === digests.byteLength) digests = Buffer.concat([digests], used * 2)
      used += lineDigest(line).copy(digests, used)
    },
    base64: () => (used === 0 ? null : digests.toString('base64', 0, used)),
  }
}

export function lineDigest(line: Uint8Array): Buffer {
  return sha256(line).subarray(0, lineDigestBytes)
}
