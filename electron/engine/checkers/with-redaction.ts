import type { Conclusion, Evidence } from '../../../shared/conclusion.ts'
import type { Platform } from './platform.ts'

/**
 * The platform, with its words cleared of every secret that this process has met and not only of those in the call that they
 * answer: what a platform or a gateway repeats must not get into records.
 */
export function withRedaction(platform: Platform, redact: (text: string) => string): Platform {
  return { ...platform, check: async (...args) => cleared(await platform.check(...args), redact) }
}

function cleared(conclusion: Conclusion, redact: (text: string) => string): Conclusion {
  switch (conclusion.kind) {
    case 'verdict':
    case 'accepted':
      return { ...conclusion, evidence: clearedEvidence(conclusion.evidence, redact) }
    case 'failure': {
      const { detail, evidence } = conclusion
      return {
        ...conclusion,
        detail: redact(detail),
        evidence: evidence === null ? null : clearedEvidence(evidence, redact),
      }
    }
  }
}

function clearedEvidence(evidence: Evidence, redact: (text: string) => string): Evidence {
  const { errmsg, reply } = evidence
  return {
    ...evidence,
    errmsg: errmsg === null ? null : redact(errmsg),
    reply: reply === null ? null : redact(reply),
  }
}
