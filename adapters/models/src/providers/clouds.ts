import { COMPATIBLE, REASONING_CONTENT } from "./dialects.ts"
import type { Place } from "./places.ts"
import type { Row } from "./row.ts"

const PROJECT: Place = {
  env: ["GOOGLE_CLOUD_PROJECT", "GOOGLE_VERTEX_PROJECT", "ANTHROPIC_VERTEX_PROJECT_ID", "GCLOUD_PROJECT"],
  login: "project",
  example: "my-project-123",
}

/** Regions have a host of their own; the whole world and the two continents have others. */
const GOOGLE_HOST: Place = {
  of: "location",
  named: {
    global: "aiplatform.googleapis.com",
    us: "aiplatform.us.rep.googleapis.com",
    eu: "aiplatform.eu.rep.googleapis.com",
  },
  pattern: "{location}-aiplatform.googleapis.com",
}

const LOCATIONS = ["GOOGLE_CLOUD_LOCATION", "GOOGLE_VERTEX_LOCATION", "GOOGLE_CLOUD_REGION"]

function google(otherwise: string, env: readonly string[] = LOCATIONS): Readonly<Record<string, Place>> {
  return { project: PROJECT, host: GOOGLE_HOST, location: { env, otherwise, example: "us-east5" } }
}

/** What Google's three have in common: whoever may, says the account's access token, or has a login that gives one. */
const GOOGLE = {
  keyEnv: ["GOOGLE_CLOUD_ACCESS_TOKEN", "VERTEX_ACCESS_TOKEN"],
  login: "google-cloud",
  isAmbient: true,
  isPricedApart: true,
} as const

const AZURE = {
  baseUrlEnv: ["AZURE_OPENAI_ENDPOINT", "AZURE_OPENAI_BASE_URL"],
  keyEnv: ["AZURE_OPENAI_API_KEY", "AZURE_API_KEY", "AZURE_OPENAI_AD_TOKEN"],
  /** Of Entra. */
  bearerEnv: ["AZURE_OPENAI_AD_TOKEN"],
  catalogOf: "openai",
  isAmbient: true,
  isPricedApart: true,
} as const

const AZURE_RESOURCE: Place = { env: ["AZURE_RESOURCE_NAME", "AZURE_OPENAI_RESOURCE"], example: "my-resource" }

/** Clouds that serve models of others, each in its own place. */
export const CLOUDS: readonly Row[] = [
  {
    id: "vertex",
    name: "Google Vertex",
    aliases: ["google-vertex", "vertexai"],
    wire: "google-gemini",
    catalogOf: "google",
    ...GOOGLE,
    baseUrl: "https://{host}/v1/projects/{project}/locations/{location}/publishers/google",
    baseUrlEnv: ["VERTEX_BASE_URL", "GOOGLE_VERTEX_BASE_URL"],
    places: google("global"),
    defaultModel: "gemini-2.5-pro",
    dialect: { keyHeader: "authorization" },
  },
  {
    id: "vertex-anthropic",
    name: "Claude on Vertex",
    aliases: ["anthropic-vertex", "google-vertex-anthropic"],
    wire: "anthropic-messages",
    catalogOf: "anthropic",
    ...GOOGLE,
    baseUrl: "https://{host}/v1/projects/{project}/locations/{location}/publishers/anthropic/models",
    baseUrlEnv: ["ANTHROPIC_VERTEX_BASE_URL"],
    places: google("us-east5", ["CLOUD_ML_REGION", ...LOCATIONS]),
    defaultModel: "claude-sonnet-4-5@20250929",
    dialect: {
      path: "/{model}:streamRawPredict",
      lacksModelField: true,
      bodyVersion: "vertex-2023-10-16",
      keyHeader: "authorization",
      isGateway: true,
      lacksOutputSchema: true,
    },
  },
  {
    id: "vertex-glm",
    name: "GLM on Vertex",
    wire: "openai-chat",
    ...GOOGLE,
    baseUrl: "https://{host}/v1/projects/{project}/locations/{location}/endpoints/openapi",
    baseUrlEnv: ["VERTEX_OPENAPI_BASE_URL"],
    places: google("global", ["VERTEX_GLM_LOCATION"]),
    defaultModel: "zai-org/glm-5-maas",
    dialect: { ...REASONING_CONTENT, lacksOutputSchema: true, effort: "none" },
  },
  {
    id: "azure",
    name: "Azure OpenAI",
    aliases: ["azure-openai"],
    wire: "openai-responses",
    ...AZURE,
    baseUrl: "https://{resource}.openai.azure.com/openai/v1",
    baseUrlPath: "/openai/v1",
    places: { resource: AZURE_RESOURCE },
    dialect: { keyHeader: "api-key", cache: "prompt_cache_key" },
  },
  {
    id: "azure-chat",
    name: "Azure OpenAI (Chat, by deployment)",
    wire: "openai-chat",
    ...AZURE,
    baseUrl: "https://{resource}.openai.azure.com/openai?api-version={version}",
    baseUrlPath: "/openai?api-version={version}",
    places: {
      resource: AZURE_RESOURCE,
      version: {
        env: ["AZURE_OPENAI_API_VERSION", "OPENAI_API_VERSION", "AZURE_API_VERSION"],
        otherwise: "2024-10-21",
        example: "2024-10-21",
      },
    },
    dialect: {
      ...COMPATIBLE,
      outputCapField: "max_completion_tokens",
      path: "/deployments/{model}/chat/completions",
      keyHeader: "api-key",
    },
  },
]
