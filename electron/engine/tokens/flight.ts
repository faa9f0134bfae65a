import { onAbort } from '../base/concurrency/shared-abort-listener.ts'

/** One thing that is done for all who ask for it meanwhile. */
interface Flight<Outcome> {
  readonly controller: AbortController
  readonly outcome: Promise<Outcome>
  waiting: number
}

export interface WithFlight<Outcome> {
  flight: Flight<Outcome> | null
}

/** Waits for what is under way, or begins it; the last to leave stops it. Rejects when the signal aborts. */
export async function joinFlight<Outcome>(
  source: WithFlight<Outcome>,
  begin: (signal: AbortSignal) => Promise<Outcome>,
  signal: AbortSignal,
): Promise<Outcome> {
  const flight = source.flight ?? depart(source, begin)
  const left = Promise.withResolvers<never>()
  const forget = onAbort(signal, () => left.reject(signal.reason))
  flight.waiting += 1
  try {
    return await Promise.race([flight.outcome, left.promise])
  } finally {
    forget()
    flight.waiting -= 1
    if (flight.waiting === 0) {
      land(source, flight)
      flight.controller.abort()
    }
  }
}

function depart<Outcome>(
  source: WithFlight<Outcome>,
  begin: (signal: AbortSignal) => Promise<Outcome>,
): Flight<Outcome> {
  const controller = new AbortController()
  const flight: Flight<Outcome> = { controller, waiting: 0, outcome: begin(controller.signal) }
  source.flight = flight
  flight.outcome.then(
    () => land(source, flight),
    () => land(source, flight),
  )
  return flight
}

function land<Outcome>(source: WithFlight<Outcome>, flight: Flight<Outcome>): void {
  if (source.flight === flight) source.flight = null
}
