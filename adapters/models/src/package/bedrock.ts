import type { LanguageModelV4, SharedV4ProviderOptions } from "@ai-sdk/provider"
import { SkeinError } from "@skein/protocol"
import { bedrockUrl, type Environment } from "../providers/address.ts"
import type { Fetch } from "../tape/tape.ts"

/**
 * Amazon Bedrock's Converse API through its package, which is loaded here and only here: signing (SigV4), the binary event
 * stream and the request format are the package's. `key` is a bearer token when it is not the access key id.
 */
export async function bedrock(
  modelId: string,
  env: Environment,
  key: string,
  baseUrl: string,
  through: Fetch,
): Promise<LanguageModelV4> {
  const region = env.AWS_REGION ?? env.AWS_DEFAULT_REGION
  if (!filled(region)) {
    throw new SkeinError("config.invalid", "Amazon Bedrock needs a region. Set AWS_REGION, for example to us-east-1.")
  }
  const isSigned = key === env.AWS_ACCESS_KEY_ID?.trim()
  const secret = env.AWS_SECRET_ACCESS_KEY
  if (isSigned && !filled(secret)) {
    throw new SkeinError(
      "model.no_key",
      "AWS_ACCESS_KEY_ID is set, and AWS_SECRET_ACCESS_KEY is not. Set both, or AWS_BEARER_TOKEN_BEDROCK.",
    )
  }
  const credentials = { accessKeyId: key, secretAccessKey: secret ?? "", sessionToken: env.AWS_SESSION_TOKEN ?? "" }
  const { createAmazonBedrock } = await import("@ai-sdk/amazon-bedrock")
  const provider = createAmazonBedrock({
    region,
    // An empty bearer token keeps the package from looking for one in the process's own environment.
    apiKey: isSigned ? "" : key,
    ...(isSigned
      ? {
          accessKeyId: credentials.accessKeyId,
          secretAccessKey: credentials.secretAccessKey,
          ...(credentials.sessionToken === "" ? {} : { sessionToken: credentials.sessionToken }),
        }
      : {}),
    baseURL: baseUrl === "" ? bedrockUrl(region) : baseUrl,
    // A redirect could carry the key to another host, and the limits of time are ours.
    fetch: ((input: unknown, init?: RequestInit) =>
      through(String(input), {
        ...init,
        redirect: "manual",
        timeout: false,
      } as RequestInit)) as typeof globalThis.fetch,
  })
  return provider(modelId)
}

/** Cache points are known to Anthropic's and Amazon's models; others refuse a request that has one. */
export function bedrockCacheMark(modelId: string): SharedV4ProviderOptions | undefined {
  if (!/anthropic\.|amazon\.nova/.test(modelId)) return undefined
  return { amazonBedrock: { cachePoint: { type: "default" } } }
}

function filled(value: string | undefined): value is string {
  return value !== undefined && value.trim() !== ""
}
