/** What a row of the ledger says: its body, which is JSON and was checked by the chain. */
export type Body = Readonly<Record<string, unknown>>

/** Empty for a text that is no JSON object. */
export function parsedBody(json: string): Body {
  try {
    const value: unknown = JSON.parse(json)
    return isBody(value) ? value : {}
  } catch {
    return {}
  }
}

function isBody(value: unknown): value is Body {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/**
 * Whose account was asked, of a row of kind `call`, `push` or `control`. Before schema 80 such rows called the id `profile`, and those of results the
 * index: a row that was written once stays as it is, and is read under either name.
 */
export function profileIdOf(body: Body): unknown {
  return body.profileId === undefined ? body.profile : body.profileId
}

/** Place of the profile in its batch, of a row of kind `result`, `reuse`, `await` or `kept`. */
export function profileIndexOf(body: Body): unknown {
  return body.profileIndex === undefined ? body.profile : body.profileIndex
}
