import { SkeinError, VERBOSITIES, WEB_SEARCHES } from "@skein/protocol"
import { asList, asObject, asText, given, type Json } from "@skein/protocol/json"
import { skeinEffort, skeinModel, skeinProvider, skeinSandbox } from "./words.ts"

/** Settings that a Codex configuration asks for, said in ours. */
export interface CodexConfig {
  /** Under the keys of our own configuration. */
  readonly settings: Json
  /** `key=value` of keys that are not Codex's; some may be ours. */
  readonly others: readonly string[]
  /** Sentences about what was asked for and cannot be given, for stderr. */
  readonly unsupported: readonly string[]
  /** What follows the instructions, and the file that stands for them. */
  readonly instructions: { readonly append?: string; readonly file?: string }
}

/** What a command line says beside its `-c`. */
export interface ChosenModel {
  readonly model?: string | undefined
  /** Stands above `model_provider`. */
  readonly provider?: string | undefined
  /** What a file says below: its model, where only a provider is named above it, and the other way round. */
  readonly below?: Json | undefined
}

/**
 * Reads `-c key=value` as Codex does: a dotted key, a value that is TOML or else a text. Keys without a meaning here are
 * left out in silence, as Codex leaves out those it does not know. Throws SkeinError `config.invalid`.
 */
export function readConfig(overrides: readonly string[], chosen: ChosenModel = {}): CodexConfig {
  const tree: Record<string, unknown> = {}
  const others: string[] = []
  for (const override of overrides) {
    const { path, value } = parsed(override)
    if (ROOTS.has(path[0] ?? "")) put(tree, path, value)
    else others.push(override)
  }
  return { ...readTree(tree, chosen), others }
}

/** The same for a configuration that is a table already. */
export function readTree(tree: Json, chosen: ChosenModel = {}): Omit<CodexConfig, "others"> {
  const unsupported: string[] = []
  const { name, provider } = namedModel(tree, chosen)
  const effort = asText(tree.model_reasoning_effort)
  const workspace = asObject(tree.sandbox_workspace_write) ?? {}
  checkApproval(tree.approval_policy)
  const verbosity = asText(tree.model_verbosity)
  const model = name !== undefined ? skeinModel(name, provider) : provider && skeinProvider(provider)
  const instructions = asText(tree.developer_instructions) ?? asText(tree.instructions)
  const roots = asList(workspace.writable_roots).filter((root) => typeof root === "string")
  const providers = providersOf(tree, unsupported)
  return {
    settings: {
      ...given("model", model),
      ...given("effort", effort === undefined ? undefined : oneOf(effort, skeinEffort, "model_reasoning_effort")),
      ...given(
        "verbosity",
        verbosity === undefined ? undefined : oneOf(verbosity, known(VERBOSITIES), "model_verbosity"),
      ),
      ...searchOf(tree),
      ...given("sandbox", sandboxOf(tree.sandbox_mode)),
      ...(roots.length > 0 ? { extra_roots: roots } : {}),
      ...given("tools_network", networkOf(workspace.network_access)),
      ...(Object.keys(providers).length > 0 ? { providers } : {}),
      ...(typeof tree.model_context_window === "number" && model
        ? { models: { [model]: { context_tokens: tree.model_context_window } } }
        : {}),
      ...serversOf(tree),
    },
    instructions: {
      ...given("append", instructions),
      ...given("file", asText(tree.model_instructions_file)),
    },
    unsupported,
  }
}

function namedModel(tree: Json, { model, provider, below = {} }: ChosenModel) {
  const name = model ?? asText(tree.model)
  const by = provider ?? asText(tree.model_provider)
  return {
    name: name ?? (by === undefined ? undefined : asText(below.model)),
    provider: by ?? (name === undefined || name.includes("/") ? undefined : asText(below.model_provider)),
  }
}

/** Servers have the same keys here, but for those that only their own program can follow. */
function serversOf(tree: Json): Json {
  const servers = Object.entries(asObject(tree.mcp_servers) ?? {}).map(([name, value]) => {
    const { oauth_resource: _, default_tools_approval_mode: __, ...server } = asObject(value) ?? {}
    return [name, server]
  })
  return servers.length === 0 ? {} : { mcp_servers: Object.fromEntries(servers) }
}

/** `tools.web_search` is a table of details, and was a switch by itself once. */
function searchOf(tree: Json): Json {
  const tool = asObject(tree.tools)?.web_search
  const said = asText(tree.web_search) ?? (typeof tool === "boolean" ? (tool ? "live" : "disabled") : undefined)
  const details = asObject(tool)
  return {
    ...given("web_search", said === undefined ? undefined : oneOf(said, known(WEB_SEARCHES), "web_search")),
    ...(details === undefined ? {} : { tools: { web_search: details } }),
  }
}

function known<T extends string>(words: readonly T[]): (word: string) => T | undefined {
  return (word) => words.find((one) => one === word)
}

function networkOf(access: unknown): Json | undefined {
  return typeof access === "boolean" ? { access: access ? "on" : "off" } : undefined
}

function sandboxOf(mode: unknown) {
  return typeof mode === "string" ? oneOf(mode, skeinSandbox, "sandbox_mode") : undefined
}

/** Nobody is there to be asked, so of the policies only their spelling matters here. */
function checkApproval(policy: unknown): void {
  if (policy === undefined || asObject(policy) !== undefined) return
  if (policy === "untrusted") {
    throw new SkeinError("config.invalid", 'approval_policy = "untrusted" is no longer supported; remove this setting')
  }
  if (typeof policy === "string" && POLICIES.includes(policy)) return
  throw unknownVariant(String(policy), POLICIES, "approval_policy")
}

const POLICIES: readonly string[] = ["on-failure", "on-request", "granular", "never"]

function oneOf<T>(word: string, read: (word: string) => T | undefined, key: string): T {
  const value = read(word)
  if (value !== undefined) return value
  throw new SkeinError("config.invalid", `unknown variant \`${word}\` in \`${key}\``)
}

function unknownVariant(word: string, known: readonly string[], key: string): SkeinError {
  const expected = known.map((name) => `\`${name}\``).join(", ")
  return new SkeinError("config.invalid", `unknown variant \`${word}\`, expected one of ${expected} in \`${key}\``)
}

const WIRES: Readonly<Record<string, string>> = { responses: "openai-responses", chat: "openai-chat" }
/** Of a provider: what would change which requests are sent, and cannot be done. */
const PROVIDER_NOT_YET = ["query_params", "env_http_headers", "experimental_bearer_token", "auth"]

function providersOf(tree: Json, unsupported: string[]): Record<string, Json> {
  const base = asText(tree.openai_base_url)
  const rows: Record<string, Json> = base === undefined ? {} : { openai: { base_url: base } }
  for (const [id, value] of Object.entries(asObject(tree.model_providers) ?? {})) {
    const row = asObject(value) ?? {}
    const idleMs = row.stream_idle_timeout_ms
    for (const key of PROVIDER_NOT_YET) {
      if (row[key] !== undefined) unsupported.push(`model_providers.${id}.${key} is not supported.`)
    }
    rows[skeinProvider(id)] = {
      wire: WIRES[asText(row.wire_api) ?? "responses"] ?? asText(row.wire_api),
      ...given("name", asText(row.name)),
      ...given("base_url", asText(row.base_url)),
      ...given("key_env", asText(row.env_key) ?? (row.requires_openai_auth === true ? "OPENAI_API_KEY" : undefined)),
      ...given("headers", asObject(row.http_headers)),
    }
    if (idleMs !== undefined)
      unsupported.push(`model_providers.${id}.stream_idle_timeout_ms holds for no single provider.`)
  }
  return rows
}

function parsed(override: string): { readonly path: readonly string[]; readonly value: unknown } {
  const equals = override.indexOf("=")
  const key = override.slice(0, equals).trim()
  if (equals < 0) throw new SkeinError("config.invalid", `Invalid override (missing '='): ${override}`)
  if (key === "") throw new SkeinError("config.invalid", `Empty key in override: ${override}`)
  return { path: key.split("."), value: tomlOr(override.slice(equals + 1).trim()) }
}

/** TOML where it is any, else the text itself; a line end would let one value bring further keys with it. */
function tomlOr(text: string): unknown {
  if (/[\r\n]/.test(text)) return text
  try {
    return (Bun.TOML.parse(`v=${text}`) as Json).v
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof RangeError) return text.replace(/^(["'])(.*)\1$/, "$2")
    throw error
  }
}

function put(tree: Record<string, unknown>, [name = "", ...rest]: readonly string[], value: unknown): void {
  if (name === "__proto__") return
  if (rest.length === 0) {
    tree[name] = value
    return
  }
  const below: Record<string, unknown> = { ...asObject(tree[name]) }
  put(below, rest, value)
  tree[name] = below
}

/** The first words of Codex's own keys. Of these, what has no meaning here is left out in silence. */
const ROOTS: ReadonlySet<string> = new Set(
  (
    "model review_model model_provider model_providers openai_base_url model_reasoning_effort model_reasoning_summary " +
    "model_verbosity model_context_window model_auto_compact_token_limit model_instructions_file model_catalog_json " +
    "service_tier oss_provider plan_mode_reasoning_effort developer_instructions compact_prompt project_doc_max_bytes " +
    "project_doc_fallback_filenames project_root_markers include_environment_context include_permissions_instructions " +
    "approval_policy approvals_reviewer sandbox_mode sandbox_workspace_write default_permissions permissions projects " +
    "allow_login_shell shell_environment_policy web_search tools tool_output_token_limit background_terminal_max_timeout " +
    "features mcp_servers hooks skills plugins marketplaces agents memories history notify tui file_opener " +
    "hide_agent_reasoning show_raw_agent_reasoning check_for_update_on_startup analytics feedback otel log_dir " +
    "sqlite_home cli_auth_credentials_store forced_login_method suppress_unstable_features_warning"
  ).split(" "),
)
