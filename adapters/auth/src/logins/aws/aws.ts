import { SkeinError } from "@skein/protocol"
import { type Ground, said } from "../ground.ts"
import type { Channel, Issued } from "../login.ts"
import { chooseProfile, profileOf } from "./chosen-profile.ts"
import { type AwsKeys, keysIn } from "./keys.ts"
import { processKeys } from "./process.ts"
import { type Section, type SharedFiles, sharedFiles } from "./shared-files.ts"
import { type SsoProfile, ssoKeys, ssoLogin, ssoLogout, ssoProfile, ssoServers } from "./sso.ts"
import { readSsoToken } from "./sso-cache.ts"
import { workload } from "./workload.ts"

/** Asked for anew this long before the end, so that none ends on its way. */
const MARGIN_MS = 5 * 60_000

/** One place that keys of AWS are had from. */
interface Source {
  /** For people. */
  readonly source: string
  readonly profile?: string | undefined
  readonly region?: string | undefined
  readonly sso?: SsoProfile | undefined
  /** Addresses that are asked for them. */
  readonly servers?: readonly string[]
  keys(id: string, signal: AbortSignal | undefined): Promise<AwsKeys>
}

/**
 * Keys of AWS from where its own tools have them: the environment, a profile of the shared files (keys, a program, IAM
 * Identity Center), what a container or a role of the machine gives. `login` logs a profile in to IAM Identity Center.
 */
export function aws(ground: Ground): Channel {
  const { env, home, dataDir, now } = ground

  /** Undefined: nothing was set up. Asks no network. Throws SkeinError `config.invalid` for what cannot be used. */
  function sourceFor(id: string): Source | undefined {
    return fromEnvironment(ground) ?? fromProfile(id) ?? workloadSource()
  }

  function workloadSource(): Source | undefined {
    const found = workload(ground)
    return found === undefined
      ? undefined
      : { source: found.source, servers: [found.server], keys: (_, signal) => found.keys(signal) }
  }

  function fromProfile(id: string): Source | undefined {
    if (!ground.isAllowed("key_file")) return undefined
    const { name, isNamed } = profileOf(ground, id)
    const files = sharedFiles(ground)
    const section = files.profile(name)
    if (section === undefined && isNamed) throw noProfile(name, files)
    return section === undefined ? undefined : ofProfile(name, section, files)
  }

  function ofProfile(profile: string, section: Section, files: SharedFiles): Source | undefined {
    const facts = { source: `AWS profile ${profile}`, profile, region: section.get("region") }
    const sso = ssoProfile(profile, section, files, home)
    if (sso !== undefined)
      return { ...facts, sso, servers: ssoServers(ground, sso), keys: (id, signal) => ssoKeys(ground, sso, id, signal) }
    const command = section.get("credential_process")
    const keys = keysIn(Object.fromEntries(section))
    if (keys !== undefined) return { ...facts, keys: async () => keys }
    if (command !== undefined) return { ...facts, keys: () => processKeys(command, profile, ground) }
    if (section.has("role_arn"))
      throw new SkeinError(
        "config.invalid",
        `The AWS profile ${profile} takes a role of another profile (role_arn), which skein does not do. Let the AWS CLI do it: credential_process = aws configure export-credentials --profile ${profile}, in a profile of its own.`,
      )
    return undefined
  }

  async function issued(source: Source, id: string, signal?: AbortSignal): Promise<Issued> {
    const { accessKeyId, secretAccessKey, sessionToken, expiresAt } = await source.keys(id, signal)
    const region = said(env, "AWS_REGION", "AWS_DEFAULT_REGION") ?? source.region
    const keys = { accessKeyId, secretAccessKey, ...(sessionToken === undefined ? {} : { sessionToken }) }
    return {
      credential: { secret: accessKeyId, aws: { ...keys, ...(region === undefined ? {} : { region }) } },
      ...{ source: source.source, account: source.profile, isRenewable: expiresAt !== undefined },
      expiresAt: expiresAt === undefined ? undefined : expiresAt - MARGIN_MS,
      secrets: [secretAccessKey, sessionToken ?? ""],
    }
  }

  return {
    async issue(id, { signal }) {
      const source = sourceFor(id)
      return source === undefined ? undefined : await issued(source, id, signal)
    },
    async state(id) {
      const found = sourceFor(id)
      if (found === undefined) return undefined
      const token = found.sso === undefined ? undefined : readSsoToken(found.sso.path)
      const isOver =
        found.sso !== undefined &&
        (token === undefined || (token.expiresAt <= now() && token.refreshToken === undefined))
      return {
        ...{ account: found.profile, source: found.source, expiresAt: token?.expiresAt },
        isRenewable: token?.refreshToken !== undefined,
        servers: found.servers ?? [],
        region: said(env, "AWS_REGION", "AWS_DEFAULT_REGION") ?? found.region,
        ...(isOver ? { ended: "nobody is logged in to IAM Identity Center now" } : {}),
      }
    },
    async login(id, wish, person) {
      const profile = wish.profile ?? profileOf(ground, id).name
      const files = sharedFiles(ground)
      const section = files.profile(profile)
      if (section === undefined) throw noProfile(profile, files)
      const sso = ssoProfile(profile, section, files, home)
      if (sso !== undefined) await ssoLogin(ground, sso, person)
      const source = ofProfile(profile, section, files)
      if (source === undefined) throw noKeys(profile)
      const { credential } = await issued(source, id, person.signal)
      if (credential.aws?.region === undefined)
        person.say(`note    The AWS profile ${profile} names no region: set AWS_REGION, or region in ~/.aws/config.`)
      if (said(env, "AWS_PROFILE") !== profile) chooseProfile(dataDir, id, profile)
      return { account: profile, place: sso?.path }
    },
    async logout(id) {
      const source = sourceFor(id)
      chooseProfile(dataDir, id, undefined)
      if (source?.sso !== undefined) return await ssoLogout(ground, source.sso)
      return { removed: [], notes: source === undefined ? [] : [`${source.source} stays: it is no login of skein's.`] }
    },
  }
}

function fromEnvironment({ env, isAllowed }: Ground): Source | undefined {
  const [accessKeyId, secretAccessKey] = [said(env, "AWS_ACCESS_KEY_ID"), said(env, "AWS_SECRET_ACCESS_KEY")]
  if (accessKeyId === undefined || secretAccessKey === undefined || !isAllowed("environment")) return undefined
  const sessionToken = said(env, "AWS_SESSION_TOKEN")
  const keys = async () => ({ accessKeyId, secretAccessKey, sessionToken, expiresAt: undefined })
  return { source: "environment variable AWS_ACCESS_KEY_ID", keys }
}

function noProfile(name: string, { profiles }: SharedFiles): SkeinError {
  const known =
    profiles.length === 0 ? "There is none; aws configure sso makes one." : `There are ${profiles.join(", ")}.`
  return new SkeinError("config.invalid", `No AWS profile is called ${JSON.stringify(name)}. ${known}`)
}

function noKeys(profile: string): SkeinError {
  const how = "Run: aws configure sso, or aws configure"
  return new SkeinError("login.refused", `The AWS profile ${profile} holds neither keys nor a way to them. ${how}`)
}
