/**
 * What ends a test that hangs, and nothing else: no test passes or fails by the time that it takes, for a machine that does
 * other things too may be ten times as slow as one that does not.
 */
export const hangMs = 600_000

/** For one step of a test, so that the step is named and not only the test. */
export const stepHangMs = hangMs / 4
