import {
  type Instructions,
  type ModelInfo,
  type Sandbox,
  type Settings,
  type SettingsChange,
  VERBOSITIES,
  WEB_SEARCHES,
} from "@skein/protocol"
import { asList, asObject, asText, given, type Json } from "@skein/protocol/json"
import { POLICIES, type Policy, skeinEffort, skeinModel, skeinProvider, skeinSandbox } from "../words.ts"
import { RpcError } from "./peer.ts"

/** What a request asks of a thread's settings, said in ours. */
export interface Asked {
  readonly changes: SettingsChange
  readonly policy: Policy | undefined
  /** Sentences for the client about what cannot be given. */
  readonly warnings: readonly string[]
}

/** Reads `model`, `modelProvider`, `effort`, `sandbox`, `sandboxPolicy`, `permissions`, `approvalPolicy`, `outputSchema`. */
export function readSettings(
  params: Json,
  current: Pick<Settings, "model" | "outputSchema" | "webSearch">,
  models: readonly ModelInfo[],
): Asked {
  const warnings = [...passedOver(params)]
  const model = asText(params.model)
  const provider = asText(params.modelProvider)
  const effort = asText(params.effort)
  const verbosity = asText(params.verbosity)
  const search = asText(params.webSearch)
  const sandbox = readSandbox(params, warnings)
  return {
    changes: {
      ...given("model", modelOf(model, provider, current.model, models)),
      ...given("effort", effort === undefined ? undefined : known(effort, skeinEffort(effort))),
      ...given("verbosity", verbosity === undefined ? undefined : known(verbosity, wordOf(VERBOSITIES, verbosity))),
      ...(search === undefined ? {} : { webSearch: { ...current.webSearch, access: accessOf(search) } }),
      ...sandbox,
      ...given("compactPrompt", asText(params.compactPrompt)),
      ...given("instructions", instructionsOf(params)),
      ...schemaOf(params, current),
    },
    policy: readPolicy(params.approvalPolicy),
    warnings,
  }
}

/** What the client gives the model to go by: in the place of our own instructions, or behind them. */
function instructionsOf(params: Json): Instructions | undefined {
  const text = asText(params.baseInstructions)
  const append = asText(params.developerInstructions)
  if (text === undefined && append === undefined) return undefined
  return { ...given("text", text), ...given("append", append) }
}

const CONFIG_PARAMS: Readonly<Record<string, string>> = {
  model: "model",
  model_provider: "modelProvider",
  model_reasoning_effort: "effort",
  model_verbosity: "verbosity",
  web_search: "webSearch",
  sandbox_mode: "sandbox",
  approval_policy: "approvalPolicy",
  instructions: "baseInstructions",
  developer_instructions: "developerInstructions",
  compact_prompt: "compactPrompt",
}

/** The parameters with what their `config` says under Codex's own keys; the parameters themselves stand above it. */
export function withConfig(params: Json): Json {
  const config = Object.entries(asObject(params.config) ?? {})
  const known = config.flatMap(([key, value]) => {
    const name = CONFIG_PARAMS[key]
    return name === undefined || (params[name] ?? undefined) !== undefined ? [] : [[name, value] as const]
  })
  return { ...params, ...Object.fromEntries(known) }
}

/** What a client gives for a thread and this version takes no notice of. */
function passedOver(params: Json): readonly string[] {
  const keys = Object.keys(asObject(params.config) ?? {}).filter((key) => CONFIG_PARAMS[key] === undefined)
  return [...(keys.length > 0 ? [`Of the thread's config this was left out: ${keys.join(", ")}.`] : [])].map(
    (what) => `${what} That is not available in this version of skein.`,
  )
}

/** The name as the client knows it, from `model/list` or its own head: of the thread's provider if that has it. */
function modelOf(
  name: string | undefined,
  provider: string | undefined,
  current: string,
  models: readonly ModelInfo[],
): string | undefined {
  if (name === undefined) return undefined
  const prefix = name.includes("/") ? name.slice(0, name.indexOf("/")) : undefined
  if (prefix !== undefined && models.some((model) => model.provider === prefix)) return name
  if (provider !== undefined) return skeinModel(name, provider)
  const own = current.slice(0, current.indexOf("/"))
  const owners = models.filter(({ id }) => id === name).map((model) => model.provider)
  const owner = [own, "openai"].find((candidate) => owners.includes(candidate)) ?? owners[0]
  return owner === undefined ? skeinModel(name, undefined) : `${skeinProvider(owner)}/${name}`
}

function readSandbox(params: Json, warnings: string[]): SettingsChange {
  const mode = asText(params.sandbox)
  if (mode !== undefined) return { sandbox: known(mode, skeinSandbox(mode)) }
  const policy = asObject(params.sandboxPolicy)
  const profile = asText(params.permissions)
  if (profile !== undefined && policy !== undefined) {
    throw new RpcError("`permissions` cannot be combined with `sandboxPolicy`")
  }
  if (profile !== undefined) return { sandbox: sandboxOfProfile(profile) }
  if (policy === undefined) return {}
  if (policy.networkAccess === true || policy.networkAccess === "enabled") {
    warnings.push("Commands have no network: networkAccess is not supported in this version.")
  }
  switch (policy.type) {
    case "dangerFullAccess":
    case "externalSandbox":
      return { sandbox: "full-access" }
    case "readOnly":
      return { sandbox: "read-only" }
    case "workspaceWrite": {
      const roots = asList(policy.writableRoots).filter((root) => typeof root === "string")
      return { sandbox: "workspace-write", extraRoots: roots }
    }
    default:
      throw new RpcError(`Invalid request: unknown variant \`${String(policy.type)}\` of sandboxPolicy`)
  }
}

/** Codex's built-in profiles are its sandbox modes by other names. Throws RpcError for any other. */
function sandboxOfProfile(id: string): Sandbox {
  const mode = id === ":workspace" ? "workspace-write" : id.slice(1)
  const sandbox = id.startsWith(":") && id !== ":workspace-write" ? skeinSandbox(mode) : undefined
  if (sandbox !== undefined) return sandbox
  throw new RpcError(`failed to load configuration: default_permissions refers to unknown built-in profile \`${id}\``)
}

/** A schema holds for one turn; the next one without takes it away again. */
function schemaOf(params: Json, current: Pick<Settings, "outputSchema">): SettingsChange {
  if (params.outputSchema !== undefined && params.outputSchema !== null) {
    return { outputSchema: { name: "codex_output_schema", schema: params.outputSchema } }
  }
  return current.outputSchema === undefined ? {} : { outputSchema: null }
}

function readPolicy(value: unknown): Policy | undefined {
  if (value === undefined || value === null) return undefined
  const granular = asObject(asObject(value)?.granular)
  if (granular !== undefined) return granular.sandbox_approval === true ? "on-request" : "never"
  const policy = POLICIES.find((candidate) => candidate === value)
  if (policy !== undefined) return policy
  throw new RpcError(`Invalid request: unknown variant \`${String(value)}\` of approvalPolicy`)
}

/** Where it searches, and around which place, stays as the person has it. */
function accessOf(search: string): (typeof WEB_SEARCHES)[number] {
  return known(search, wordOf(WEB_SEARCHES, search))
}

function wordOf<T extends string>(words: readonly T[], word: string): T | undefined {
  return words.find((one) => one === word)
}

function known<T>(word: string, value: T | undefined): T {
  if (value !== undefined) return value
  throw new RpcError(`Invalid request: unknown variant \`${word}\``)
}
