import type { Command } from 'commander'
import { z } from 'zod'
import { usage } from '../../../shared/problems.ts'
import { type Profile, type ProfileDraft, profileDefaults, profileDraftSchema } from '../../../shared/profile.ts'
import { rulesProfile } from '../../../shared/rules.ts'
import { registry } from '../../engine/checkers/registry.ts'
import type { CommandContext } from '../context.ts'
import { openFromCommandLine } from '../open.ts'
import {
  accountFlagsSchema,
  couldBeSecret,
  fieldsOf,
  isVariableName,
  isVariableSet,
  noBroker,
  noProfile,
  noTokenMode,
  refuseAsyncWithoutRelay,
  unsetVariable,
  variableName,
  warnOfPlainHttp,
} from '../profile.ts'
import { printable, printableJson, table } from '../terminal.ts'
import { flagProblem } from '../usage.ts'
import { doctorReport } from './doctor.ts'
import { parseFlags } from './screen.ts'

const listSchema = z.object({ dataDir: z.string().optional(), json: z.boolean().default(false) })
const addSchema = accountFlagsSchema.extend({ dataDir: z.string().optional() })

export async function listProfiles(context: CommandContext, command: Command): Promise<number> {
  const flags = parseFlags(listSchema, command)
  const engine = await openFromCommandLine(context, flags.dataDir)
  try {
    const profiles = engine.profiles.list().map(withoutSecret)
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

/** A secret that was given as the name of a variable, and stored before that was refused, is not shown. */
function withoutSecret(profile: Profile): Profile {
  const { secret } = profile
  const isShown = secret.from !== 'env' || isVariableName(secret.variable)
  return isShown ? profile : { ...profile, secret: { from: 'env', variable: '***' } }
}

export async function addProfile(context: CommandContext, name: string, command: Command): Promise<number> {
  const flags = parseFlags(addSchema, command)
  const draft = draftOf(name, flags)
  const engine = await openFromCommandLine(context, flags.dataDir)
  try {
    if (engine.profiles.list().some(each => each.name === draft.name)) {
      throw usage(`已有名为 "${draft.name}" 的档案`, `there is a profile "${draft.name}" already`)
    }
    const saved = await engine.profiles.save(draft, null)
    context.stderr.write(`${context.words.saved(printable(saved.name))}\n`)
    warnOfPlainHttp(context, flags)
    for (const variable of [flags.secretEnv, flags.relayKeyEnv]) {
      if (variable !== undefined && !isVariableSet(variable)) {
        context.stderr.write(`${context.words.variableUnset(variable)}\n`)
      }
    }
    return 0
  } finally {
    await engine.close()
  }
}

/** The profile that the flags describe, checked whole before anything is opened or stored. */
function draftOf(name: string, flags: z.infer<typeof addSchema>): ProfileDraft {
  if (flags.platform === undefined || flags.appid === undefined) {
    throw usage('profiles add 名称 需要 --platform 和 --appid', 'profiles add NAME needs --platform and --appid')
  }
  const { tokenModes, fields: described } = registry.platformOf(flags.platform)
  const tokenMode = flags.tokenMode ?? tokenModes[0] ?? 'static'
  if (!tokenModes.includes(tokenMode)) throw noTokenMode(flags.platform, tokenMode)
  if (tokenMode === 'broker' && flags.brokerUrl === undefined) throw noBroker()
  if (flags.secretEnv === undefined && tokenMode !== 'broker') {
    throw usage(
      'profiles add 需要 --secret-env 变量名：只保存变量的名字，不保存密钥',
      'profiles add needs --secret-env VAR: the name of the variable is stored, never the secret',
    )
  }
  if ((flags.relayUrl === undefined) !== (flags.relayKeyEnv === undefined)) {
    throw usage('--relay-url 和 --relay-key-env 要一起用', '--relay-url and --relay-key-env go together')
  }
  const fields = fieldsOf(flags)
  if (fields.cloud !== undefined && !described.some(({ id }) => id === 'cloud')) {
    throw usage(`${flags.platform} 没有云调用`, `${flags.platform} has no cloud call`)
  }
  refuseAsyncWithoutRelay(flags, flags.relayUrl ?? null)
  const parsed = profileDraftSchema.safeParse({
    ...profileDefaults,
    // What is stored leaves production a part of its limits.
    sharePercent: 80,
    ...fields,
    id: null,
    name,
    platform: flags.platform,
    appid: flags.appid,
    tokenMode,
    secretEnv: flags.secretEnv === undefined ? null : variableToStore('--secret-env', flags.secretEnv),
    relayUrl: flags.relayUrl ?? null,
    relayKeyEnv: flags.relayKeyEnv === undefined ? null : variableToStore('--relay-key-env', flags.relayKeyEnv),
  })
  if (!parsed.success) throw flagProblem(parsed.error)
  return parsed.data
}

/** A variable may be set later; what looks like a secret and is the name of none is not written down. */
function variableToStore(flag: string, given: string): string {
  const name = variableName(flag, given)
  if (couldBeSecret(name) && !isVariableSet(name)) throw unsetVariable(flag)
  return name
}

export async function removeProfile(context: CommandContext, name: string, command: Command): Promise<number> {
  const flags = parseFlags(listSchema, command)
  const engine = await openFromCommandLine(context, flags.dataDir)
  try {
    const profile = engine.profileBook.get(name)
    if (profile === null) throw noProfile(engine, name)
    if (profile.practice) throw usage('演练档案删不掉，它们一直都在', 'practice profiles are always there')
    if (profile.id === rulesProfile) throw usage('规则档案删不掉，它一直都在', 'the profile of rules is always there')
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
