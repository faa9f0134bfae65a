import { createCipheriv, createDecipheriv, createHash, hkdfSync, randomBytes } from 'node:crypto'
import { readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { writeFileAtomicallySync } from '../base/atomic-file.ts'
import type { Clock } from '../base/clock.ts'
import { awaitLock, isLocked } from '../base/file-lock.ts'
import { makeFolder } from '../base/make-folder.ts'
import type { TokenStore } from './tokens.ts'

/** Under the data directory; one file for each way in which a token is got. */
const folderName = 'tokens'
/** No token lives so long: what is older is of an account, or of a practice host, that is not used any more. */
const keptForMs = 86_400_000

const sealedSchema = z.object({ salt: z.string(), iv: z.string(), tag: z.string(), sealed: z.string() })
const tokenSchema = z.object({ value: z.string(), expiresAt: z.number(), renewAt: z.number() })

/**
 * Keeps tokens in files that only their owner can read, encrypted with a key that is derived from the AppSecret: everybody who
 * may use a token has that, so no vault is needed. A classic token must outlive its process, because fetching another one ends the
 * life of the one that production uses (spec §1.1). A file that cannot be read counts as absent.
 */
export function createTokenStore({ dataDir, clock }: { readonly dataDir: string; readonly clock: Clock }): TokenStore {
  const folder = join(dataDir, folderName)
  const fileOf = (key: string, ending: string) =>
    join(folder, `${createHash('sha256').update(key).digest('hex').slice(0, 32)}.${ending}`)
  dropOld(folder)

  return {
    read: (key, secret) => {
      try {
        return tokenSchema.parse(JSON.parse(open(key, secret, readFileSync(fileOf(key, 'json'), 'utf8'))))
      } catch {
        // Missing, damaged, or sealed with another secret: it is fetched.
        return null
      }
    },
    write: (key, token, secret) => {
      makeFolder(folder)
      const file = fileOf(key, 'json')
      writeFileAtomicallySync(file, seal(key, secret, JSON.stringify(token)), { mode: 0o600, flush: false })
    },
    alone: async (key, signal, action) => {
      // A folder where no lock can be had costs a fetch, not the batch.
      const lock = await awaitLock(fileOf(key, 'lock'), clock, signal)
      try {
        return await action()
      } finally {
        lock?.release()
      }
    },
  }
}

function dropOld(folder: string): void {
  try {
    for (const name of readdirSync(folder)) {
      const file = join(folder, name)
      if (Date.now() - statSync(file).mtimeMs > keptForMs && !(file.endsWith('.lock') && isLocked(file))) rmSync(file)
    }
  } catch {
    // There is no such folder yet, or another process was faster.
  }
}

function keyFor(secret: string, salt: Buffer): Buffer {
  return Buffer.from(hkdfSync('sha256', secret, salt, 'prescreen token 1', 32))
}

/** The name of the token is authenticated with it: one file cannot take another's place. */
function seal(key: string, secret: string, text: string): string {
  const salt = randomBytes(16)
  const iv = randomBytes(12)
  const cipher = createCipheriv('aes-256-gcm', keyFor(secret, salt), iv).setAAD(Buffer.from(key))
  const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
  const base64 = { salt, iv, tag: cipher.getAuthTag(), sealed }
  return JSON.stringify(
    Object.fromEntries(Object.entries(base64).map(([name, bytes]) => [name, bytes.toString('base64')])),
  )
}

/** Throws for anything but what `seal` made with the same key and secret. */
function open(key: string, secret: string, file: string): string {
  const { salt, iv, tag, sealed } = sealedSchema.parse(JSON.parse(file))
  const bytes = (base64: string) => Buffer.from(base64, 'base64')
  const decipher = createDecipheriv('aes-256-gcm', keyFor(secret, bytes(salt)), bytes(iv), { authTagLength: 16 })
  decipher.setAAD(Buffer.from(key)).setAuthTag(bytes(tag))
  return Buffer.concat([decipher.update(bytes(sealed)), decipher.final()]).toString('utf8')
}
