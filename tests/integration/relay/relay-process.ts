/** A relay in a process of its own that may be killed: `node relay-process.ts SETTINGS`. Says on its channel where it listens. */
import { readRelayConfig } from '../../../electron/engine/relay/config.ts'
import { startRelay } from '../../../electron/engine/relay/start-relay.ts'

const relay = await startRelay(readRelayConfig(process.argv[2] ?? ''), { log: () => undefined })
process.send?.({ port: relay.port })
