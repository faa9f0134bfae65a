import type { Command } from 'commander'
import { z } from 'zod'
import { usage } from '../../../shared/problems.ts'
import { readRelayConfig, relayWarnings } from '../../engine/relay/config.ts'
import { newRelayKey } from '../../engine/relay/keys.ts'
import { startRelay } from '../../engine/relay/start-relay.ts'
import type { CommandContext } from '../context.ts'
import { printable } from '../terminal.ts'
import { parseFlags } from './screen.ts'

const relaySchema = z.object({ config: z.string().optional(), newKey: z.boolean().default(false) })

/** Runs the relay until Ctrl-C, or makes a key for a workstation. */
export async function relay(context: CommandContext, command: Command): Promise<number> {
  const flags = parseFlags(relaySchema, command)
  const { stdout, stderr, words, language } = context
  if (flags.newKey) {
    const { key, hash } = newRelayKey()
    stdout.write(`${words.relayKey(key, hash)}\n`)
    return 0
  }
  if (flags.config === undefined)
    throw usage(
      'relay 需要 --config 文件 或 --new-key（见 docs/relay.md）',
      'relay needs --config FILE, or --new-key (docs/relay.md)',
    )
  const config = readRelayConfig(flags.config)
  for (const warning of relayWarnings(flags.config, config)) stderr.write(`${printable(warning[language])}\n`)
  const running = await startRelay(config)
  stderr.write(`${words.relayAt(running.url)}\n`)
  await new Promise<void>(done => context.onInterrupt(done))
  await running.close()
  return 0
}
