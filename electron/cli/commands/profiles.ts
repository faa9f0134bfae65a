import type { Command } from 'commander'
import { z } from 'zod'
import { Problem } from '../../../shared/problems.ts'
import { platformOf } from '../../engine/platforms/registry.ts'
import type { CommandContext } from '../context.ts'
import { openFromCommandLine } from '../open.ts'
import { cloudOf, profileFlagsSchema } from '../profile.ts'
import { printable, printableJson, table } from '../terminal.ts'
import { doctorReport } from './doctor.ts'
import { parseFlags } from './screen.ts'

const listSchema = z.object({ dataDir: z.string().optional(), json: z.boolean().default(false) })
const addSchema = z.object({ ...profileFlagsSchema.shape, dataDir: z.string().optional() })

export async function listProfiles(context: CommandContext, command: Command): Promise<number> {
  const flags = parseFlags(listSchema, command)
  const engine = await openFromCommandLine(flags.dataDir)
  try {
    const profiles = engine.profiles.list()
    if (flags.json) context.stdout.write(`${printableJson(profiles)}\n`)
    else {
      const rows = profiles.map(profile => [
        printable(profile.name),
        profile.platform,
        profile.appid,
        profile.tokenMode,
        profile.secret.from === 'env' ? `$${profile.secret.variable}` : profile.secret.from,
        `${profile.sharePercent} %`,
      ])
      context.stdout.write(`${table(rows)}\n`)
    }
    return 0
  } finally {
    await engine.close()
  }
}

export async function addProfile(context: CommandContext, name: string, command: Command): Promise<number> {
  const flags = parseFlags(addSchema, command)
  if (flags.platform === undefined || flags.appid === undefined)
    throw new Problem('usage', 'profiles add NAME needs --platform and --appid')
  const tokenMode = flags.tokenMode ?? platformOf(flags.platform).tokenModes[0] ?? 'classic'
  if (flags.secretEnv === undefined && tokenMode !== 'broker') {
    throw new Problem(
      'usage',
      'profiles add needs --secret-env VAR: the name of the variable is stored, never the secret',
    )
  }
  const engine = await openFromCommandLine(flags.dataDir)
  try {
    const saved = await engine.profiles.save(
      {
        id: null,
        name,
        platform: flags.platform,
        appid: flags.appid,
        tokenMode,
        brokerUrl: flags.brokerUrl ?? null,
        baseUrl: flags.baseUrl ?? null,
        openids: flags.openid,
        scene: z
          .union([z.literal(1), z.literal(2), z.literal(3), z.literal(4)])
          .catch(3)
          .parse(flags.scene ?? 3),
        sharePercent: flags.share ?? 80,
        perMinute: flags.perMinute ?? null,
        perDay: flags.perDay ?? null,
        imageMode: flags.imageMode ?? 'auto',
        imageRoute: flags.imageRoute ?? 'sync',
        cloud: cloudOf(flags),
        secretEnv: flags.secretEnv ?? null,
        relayUrl: flags.relayUrl ?? null,
        relayKeyEnv: flags.relayKeyEnv ?? null,
      },
      null,
    )
    context.stderr.write(`${context.words.saved(printable(saved.name))}\n`)
    return 0
  } finally {
    await engine.close()
  }
}

export async function removeProfile(context: CommandContext, name: string, command: Command): Promise<number> {
  const flags = parseFlags(listSchema, command)
  const engine = await openFromCommandLine(flags.dataDir)
  try {
    const profile = engine.profileBook.get(name)
    if (profile === null) throw new Problem('usage', `no profile "${name}"`)
    if (profile.practice) throw new Problem('usage', 'practice profiles are always there')
    await engine.profiles.remove(profile.id)
    context.stderr.write(`${context.words.removed(printable(profile.name))}\n`)
    return 0
  } finally {
    await engine.close()
  }
}

export async function testProfile(context: CommandContext, name: string, command: Command): Promise<number> {
  return doctorReport(context, [name], command)
}
