/** The decisions in the order in which they are offered. */
export const choices = ['approve', 'reject', 'escalate', 'defer'] as const
