/** Keeps tokens, secrets and openids out of everything that is shown, logged or stored. */

const mask = '***'

/** `access_token=…`, `"secret":"…"`, `openid: …`, also inside JSON that was quoted once more. */
const named = /((?:access_token|secret|openid|session_key)\\?["']?\s*[=:]\s*\\?["']?)[^\s"'&,;<>}\\]+/gi
const bearer = /(\bbearer\s+)[^\s"',;]+/gi

/** Replaces the given values, and whatever is named as a token, secret or openid, by `***`. */
export function redact(text: string, secrets: Iterable<string> = []): string {
  return maskAll(text, Array.from(secrets).filter(isSecret).map(knownPatternOf))
}

/** Remembers the secrets that a process has met, so that one call masks them all. */
export interface Redactor {
  remember(secret: string): void
  redact(text: string): string
}

export function createRedactor(): Redactor {
  const patterns = new Map<string, RegExp>()
  return {
    remember: secret => {
      if (isSecret(secret) && !patterns.has(secret)) patterns.set(secret, patternOf(secret))
    },
    redact: text => maskAll(text, patterns.values()),
  }
}

function isSecret(value: string): boolean {
  return value !== ''
}

function maskAll(text: string, patterns: Iterable<RegExp>): string {
  let masked = text
  for (const pattern of patterns) masked = masked.replace(pattern, mask)
  return masked.replace(named, `$1${mask}`).replace(bearer, `$1${mask}`)
}

/** The same few secrets come with every call; they are forgotten together, so that old tokens do not pile up. */
const patterns = new Map<string, RegExp>()
const patternsKept = 64

function knownPatternOf(secret: string): RegExp {
  const known = patterns.get(secret)
  if (known !== undefined) return known
  if (patterns.size >= patternsKept) patterns.clear()
  const pattern = patternOf(secret)
  patterns.set(secret, pattern)
  return pattern
}

/** A secret as it stands, in a URL, and in JSON (some encoders write `/` as `\/`). */
function patternOf(secret: string): RegExp {
  const wellFormed = secret.toWellFormed()
  const inJson = JSON.stringify(wellFormed).slice(1, -1)
  const spellings = new Set([
    secret,
    encodeURIComponent(wellFormed),
    new URLSearchParams({ s: wellFormed }).toString().slice(2),
    inJson,
    inJson.replaceAll('/', '\\/'),
  ])
  // The longest first, or a shorter spelling would leave the rest of a longer one standing.
  const alternatives = [...spellings].sort((a, b) => b.length - a.length).map(literal)
  const any = `(?:${alternatives.join('|')})`
  // A very short value is masked as a word only: "o1" must not take the middle out of every number and name.
  return new RegExp(secret.length < 8 ? `(?<![\\w-])${any}(?![\\w-])` : any, 'gi')
}

function literal(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')
}
