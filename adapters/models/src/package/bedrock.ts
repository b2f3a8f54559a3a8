import type { LanguageModelV4, SharedV4ProviderOptions } from "@ai-sdk/provider"
import { SkeinError } from "@skein/protocol"
import type { AwsCredential } from "../logins.ts"
import { bedrockUrl, type Environment } from "../providers/address.ts"
import type { Fetch } from "../tape/tape.ts"
import { beginningOf } from "../wire/beginning.ts"
import { NotAStream } from "./refusals.ts"

/** Where Bedrock is asked and what with. */
export interface BedrockAccess {
  readonly env: Environment
  /** A bearer token when it is not an access key id. */
  readonly key: string
  /** The session of a login, in place of what the environment holds. */
  readonly login?: AwsCredential | undefined
  /** Empty: the region's own address. */
  readonly baseUrl: string
  readonly through: Fetch
}

export interface BedrockModel {
  readonly model: LanguageModelV4
  /** Where it is asked. */
  readonly baseUrl: string
  /** What its requests are signed with. */
  readonly secrets: readonly string[]
}

/**
 * Amazon Bedrock's Converse API through its package, which is loaded here and only here: signing (SigV4), the binary event
 * stream and the request format are the package's.
 */
export async function bedrock(modelId: string, access: BedrockAccess): Promise<BedrockModel> {
  const region = regionOf(modelId, access)
  const signed = signedWith(access)
  const baseURL = access.baseUrl === "" ? bedrockUrl(region) : access.baseUrl
  const { createAmazonBedrock } = await import("@ai-sdk/amazon-bedrock")
  const provider = createAmazonBedrock({
    region,
    // An empty bearer token keeps the package from looking for one in the process's own environment.
    apiKey: signed === undefined ? access.key : "",
    ...signed,
    baseURL,
    fetch: streaming(access.through) as typeof globalThis.fetch,
  })
  const secrets = signed === undefined ? [access.key] : [signed.secretAccessKey, signed.sessionToken ?? ""]
  return { model: provider(modelId), baseUrl: baseURL, secrets }
}

/** Of an answer that is well it gives a stream alone. A redirect could carry the key to another host, and the limits of time are ours. */
function streaming(through: Fetch) {
  return async (input: unknown, init?: RequestInit): Promise<Response> => {
    const response = await through(String(input), { ...init, redirect: "manual", timeout: false } as RequestInit)
    const { status, headers } = response
    const isPage = /html|json(?:;|$)/.test((headers.get("content-type") ?? "").toLowerCase().trim())
    if (status >= 400 || (status < 300 && !isPage)) return response
    const body = await beginningOf(response, PAGE_CHARS_MAX)
    throw new NotAStream({ status, headers, body, now: 0 })
  }
}

const PAGE_CHARS_MAX = 64_000

/** An ARN names its region; else the login's, else the environment's. */
function regionOf(modelId: string, { env, login }: BedrockAccess): string {
  const ofArn = /^arn:aws[\w-]*:bedrock:([a-z0-9-]+):/.exec(modelId)?.[1]
  const region = [ofArn, login?.region, env.AWS_REGION, env.AWS_DEFAULT_REGION].find(isFilled)
  if (region !== undefined && /^[a-z0-9-]+$/.test(region)) return region
  throw new SkeinError("config.invalid", "Amazon Bedrock needs a region. Set AWS_REGION, for example to us-east-1.")
}

/** The keys that requests are signed with; undefined when a bearer token goes out instead. */
function signedWith({ env, key, login }: BedrockAccess) {
  if (login !== undefined) return sessionOf(login.accessKeyId, login.secretAccessKey, login.sessionToken)
  if (key !== env.AWS_ACCESS_KEY_ID?.trim()) return undefined
  const secret = env.AWS_SECRET_ACCESS_KEY
  if (isFilled(secret)) return sessionOf(key, secret, env.AWS_SESSION_TOKEN)
  throw new SkeinError(
    "model.no_key",
    "AWS_ACCESS_KEY_ID is set, and AWS_SECRET_ACCESS_KEY is not. Set both, or AWS_BEARER_TOKEN_BEDROCK.",
  )
}

interface AwsSession {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken?: string
}

function sessionOf(accessKeyId: string, secretAccessKey: string, sessionToken: string | undefined): AwsSession {
  return { accessKeyId, secretAccessKey, ...(isFilled(sessionToken) ? { sessionToken } : {}) }
}

/** Cache points are known to Anthropic's and Amazon's models; others refuse a request that has one. */
export function bedrockCacheMark(modelId: string): SharedV4ProviderOptions | undefined {
  if (!/anthropic\.|amazon\.nova/.test(modelId)) return undefined
  return { amazonBedrock: { cachePoint: { type: "default" } } }
}

function isFilled(value: string | undefined): value is string {
  return value !== undefined && value.trim() !== ""
}
