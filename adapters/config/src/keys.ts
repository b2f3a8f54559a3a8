import {
  CONTEXT_PROFILES,
  EFFORTS,
  MODES,
  NETWORKS,
  OPTIMIZES,
  ROUTINGS,
  SANDBOXES,
  SEARCH_SIZES,
  TASKS,
  TIERS,
  VERBOSITIES,
  WEB_SEARCHES,
} from "@skein/protocol"
import { MODE_ALIASES, SANDBOX_ALIASES } from "./aliases.ts"
import { IMPORTED, SERVER_KEYS } from "./mcp.ts"
import {
  amount,
  anyTable,
  coauthor,
  count,
  countOrNone,
  dollars,
  domains,
  header,
  hosts,
  imports,
  listOf,
  names,
  oneOf,
  rules,
  type Shape,
  share,
  tables,
  text,
  texts,
  textsOrNone,
  truth,
  truthOrAuto,
  url,
} from "./shapes.ts"

/** One setting that a configuration may hold. The table is the whole of what skein understands. */
export interface Key extends Shape {
  /** As written in TOML; `*` stands for any name. */
  readonly path: readonly string[]
  /** What a repository may do with it. */
  readonly project: ProjectMay
  /** Never shown: all of it, or the name and password in a URL. */
  readonly secrecy?: "hidden" | "userinfo"
  /** Paths, which start at the folder of their file, or at the home with `~/`. */
  readonly isPath?: boolean
  /** Other words for values, as other programs say them. */
  readonly aliases?: Readonly<Record<string, string>>
  /** Lists of all layers together, lowest first; all else is replaced by the higher layer. */
  readonly isJoined?: boolean
}

/**
 * A repository is not the person who runs skein. `set`: harmless. `never`: it could redirect, read, write or spend.
 * `earlier` and `lower`: only towards less than what holds already. `stricter`: only what takes permissions away. `inside`: only files of its own.
 * `apart`: whoever uses it reads it there itself, and goes by it where a person trusts exactly that.
 */
export type ProjectMay =
  | { readonly may: "set" }
  | { readonly may: "never" }
  | { readonly may: "earlier"; readonly order: readonly string[] }
  | { readonly may: "lower" }
  | { readonly may: "stricter" }
  | { readonly may: "inside" }
  | { readonly may: "apart" }

const SET = { may: "set" } as const
const NEVER = { may: "never" } as const
const APART = { may: "apart" } as const
const LOWER = { may: "lower" } as const

const WIRES = ["anthropic-messages", "openai-responses", "openai-chat", "google-gemini", "ollama-chat"] as const
const CACHE_TTLS = ["5m", "1h"] as const
const LOCATIONS = ["user", "workspace"] as const
const WHEN_FULL = ["compact", "handoff"] as const
const SOURCES = ["key_file", "environment", "keyring", "vault", "file"] as const
const TOOL_EXPOSURES = ["few", "all"] as const
const ALLOWED_TOOLS = ["grant", "limit", "ignore"] as const
const LOG_LEVELS = ["error", "warn", "info", "debug"] as const
const LINTERS = ["eslint", "ruff", "biome", "stylelint"] as const
const NOTE_WAYS = ["bell", "osc", "desktop"] as const

/** Built on first use: most starts have no configuration. */
export function keys(): readonly Key[] {
  kept ??= table()
  return kept
}

let kept: readonly Key[] | undefined

const table = (): readonly Key[] => [
  row("model", text, SET),
  row("mode", oneOf(MODES), { may: "earlier", order: MODES }, { aliases: MODE_ALIASES }),
  row("sandbox", oneOf(SANDBOXES), { may: "earlier", order: SANDBOXES }, { aliases: SANDBOX_ALIASES }),
  row("effort", oneOf(EFFORTS), SET),
  row("verbosity", oneOf(VERBOSITIES), SET),
  // A text that stands with the instructions is the person's to choose.
  row("output_style", text, NEVER),
  // What is searched for leaves the machine, and what is found steers: a clone may take it away and never want more of it.
  row("web_search", oneOf(WEB_SEARCHES), { may: "earlier", order: WEB_SEARCHES }),
  row("tools.enable", texts, NEVER),
  // Fewer tools are narrower: a folder may take some away.
  row("tools.disable", texts, SET, { isJoined: true }),
  row("tools.exposure", oneOf(TOOL_EXPOSURES), NEVER),
  row("tools.code_s", count, NEVER),
  row("tools.web_search.context_size", oneOf(SEARCH_SIZES), NEVER),
  row("tools.web_search.allowed_domains", domains, NEVER),
  row("tools.web_search.engines", texts, NEVER),
  row("tools.web_search.searxng", url, NEVER, { secrecy: "userinfo" }),
  ...["country", "region", "city", "timezone"].map((name) => row(`tools.web_search.location.${name}`, text, NEVER)),
  row("tool_router.enabled", truth, NEVER),
  row("tool_router.endpoint", url, NEVER, { secrecy: "userinfo" }),
  row("tool_router.model", text, NEVER),
  row("tool_router.model_path", text, NEVER, { isPath: true }),
  row("tool_router.tokenizer_path", text, NEVER, { isPath: true }),
  row("tool_router.arch", text, NEVER),
  row("tool_router.device", text, NEVER),
  row("tool_router.max_tokens", count, NEVER),
  row("tool_router.temperature", amount, NEVER),
  row("tier", oneOf([...TIERS, "auto"]), SET),
  row("routing", oneOf(["off", ...ROUTINGS]), NEVER),
  row("optimize", oneOf(OPTIMIZES), NEVER),
  ...TIERS.flatMap((tier) => [
    row(`tiers.${tier}.model`, text, NEVER),
    row(`tiers.${tier}.effort`, oneOf(EFFORTS), NEVER),
  ]),
  ...TASKS.map((task) => row(`tasks.${task}`, text, NEVER)),
  // What is copied holds secrets: a repository names its own files in its .worktreeinclude, and nothing beyond them.
  row("agents.worktree_include", texts, NEVER),
  row("profile", text, NEVER),
  row("limits.steps", count, LOWER),
  row("limits.tokens", count, LOWER),
  row("limits.usd", dollars, LOWER),
  // How long a turn may stand still, and who is asked in a model's place, is the person's alone.
  row("limits.wait", oneOf(["never", "ask", "auto"]), NEVER),
  row("limits.wait_minutes_max", count, NEVER),
  row("agents.depth_max", count, LOWER),
  row("agents.running_max", count, LOWER),
  row("agents.timeout_minutes", count, LOWER),
  row("budget.session_usd", dollars, LOWER),
  row("budget.day_usd", dollars, LOWER),
  row("bounds.processes", count, LOWER),
  row("bounds.memory_mb", count, LOWER),
  row("bounds.file_mb", count, LOWER),
  row("bounds.cpu_s", count, LOWER),
  row("extra_roots", texts, NEVER, { isPath: true, isJoined: true }),
  row("instructions.files", texts, { may: "inside" }, { isPath: true, isJoined: true }),
  // What a skill says is gone by: which ones there are, and what they may, is the person's alone.
  row("skills.path", texts, NEVER, { isPath: true, isJoined: true }),
  row("toolbox.path", texts, NEVER, { isPath: true, isJoined: true }),
  row("skills.allowed_tools", oneOf(ALLOWED_TOOLS), NEVER),
  // It runs nothing: what a turn's end names as verified is the command as it stood.
  row("checks", texts, SET, { isJoined: true }),
  // Whose name stands under a commit is the person's to say.
  row("git.coauthor", coauthor, NEVER),
  row("rules", rules, { may: "stricter" }, { isJoined: true }),
  row("permissions.import", imports, NEVER),
  // What runs at a point of a turn is the person's to say: a project's own hooks stand in files that are trusted by themselves.
  row("hooks.enabled", truth, NEVER),
  row("hooks.import", imports, NEVER),
  row("hooks.*", tables, NEVER, { secrecy: "hidden" }),
  row("permission_profile", text, NEVER),
  // A command that runs before the answer is the person's to want, also where nothing of it is kept.
  row("approvals.effects", truth, NEVER),
  // What runs a project's formatter on each change is the person's to want.
  row("edit.format", truthOrAuto, NEVER),
  row("session.location", oneOf(LOCATIONS), NEVER),
  row("checkpoints.enabled", truth, NEVER),
  row("checkpoints.mb", count, NEVER),
  row("context.compact_at", share, NEVER),
  row("context.when_full", oneOf(WHEN_FULL), NEVER),
  row("context.windowing", truth, NEVER),
  row("context.profile", oneOf(["auto", ...CONTEXT_PROFILES]), NEVER),
  row("context.repo_map_tokens", countOrNone, NEVER),
  row("cache.keep_alive", amount, NEVER),
  row("cache.ttl", oneOf(CACHE_TTLS), NEVER),
  row("secrets.allow", listOf(SOURCES), NEVER),
  row("secrets.show", texts, NEVER, { isJoined: true }),
  row("log.level", oneOf(LOG_LEVELS), NEVER),
  row("log.file", text, NEVER, { isPath: true }),
  row("audit.enabled", truth, NEVER),
  row("audit.file", text, NEVER, { isPath: true }),
  row("audit.mb", count, NEVER),
  row("audit.sync", truth, NEVER),
  // How the screen looks and what it starts is the person's alone: a clone could hide a question or run its own program.
  row("tui.theme", text, NEVER),
  row("tui.screen", oneOf(["inline", "full", "lines"]), NEVER),
  row("tui.editing", oneOf(["emacs", "vim"]), NEVER),
  row("tui.keys.*", text, NEVER),
  row("tui.motion", oneOf(["full", "reduced"]), NEVER),
  row("tui.glyphs", oneOf(["auto", "unicode", "ascii"]), NEVER),
  row("tui.images", oneOf(["auto", "off"]), NEVER),
  row("tui.notify", oneOf(["never", "unfocused", "always"]), NEVER),
  row("tui.notify_by", listOf(NOTE_WAYS), NEVER),
  row("tui.status_command", text, NEVER),
  row("fuzzy.always_include_paths", texts, NEVER, { isJoined: true }),
  // Less is known of the code then, and nothing is run.
  row("lsp.enabled", truth, { may: "earlier", order: ["false", "true"] }),
  row("lsp.idle_minutes", count, NEVER),
  row("lsp.memory_mb", count, LOWER),
  row("lsp.servers.*.enabled", truth, NEVER),
  row("lsp.servers.*.command", text, NEVER),
  row("lsp.servers.*.args", textsOrNone, NEVER),
  row("lsp.servers.*.extensions", texts, NEVER),
  row("lsp.servers.*.env.*", header, NEVER, { secrecy: "hidden" }),
  row("lsp.servers.*.initialization", anyTable, NEVER, { secrecy: "hidden" }),
  ...LINTERS.map((name) => row(`lint.${name}`, truth, { may: "earlier", order: ["false", "true"] })),
  row("plugins.import", imports, NEVER),
  row("mcp.import", IMPORTED, NEVER),
  row("mcp.tokens_in_full", countOrNone, NEVER),
  ...SERVER_KEYS.map(([key, shape, secrecy]) =>
    row(`mcp_servers.*.${key}`, shape, APART, secrecy === undefined ? {} : { secrecy }),
  ),
  row("network.timeout_ms", count, NEVER),
  row("network.idle_timeout_ms", count, NEVER),
  row("network.retries", countOrNone, NEVER),
  row("network.retry_base_ms", count, NEVER),
  row("network.ca_file", text, NEVER, { isPath: true }),
  row("network.proxy", url, NEVER, { secrecy: "userinfo" }),
  row("tools_network.access", oneOf(NETWORKS), { may: "earlier", order: NETWORKS }),
  row("tools_network.allow", hosts, NEVER, { isJoined: true }),
  row("providers.*.name", text, NEVER),
  row("providers.*.wire", oneOf(WIRES), NEVER),
  row("providers.*.base_url", url, NEVER, { secrecy: "userinfo" }),
  row("providers.*.key_env", names, NEVER),
  row("providers.*.bearer", truth, NEVER),
  row("providers.*.reasoning_summary", truth, NEVER),
  row("providers.*.stored_responses", truth, NEVER),
  row("providers.*.web_search", truth, NEVER),
  row("providers.*.default_model", text, NEVER),
  row("providers.*.proxy", url, NEVER, { secrecy: "userinfo" }),
  row("providers.*.headers.*", header, NEVER, { secrecy: "hidden" }),
  row("models.fallback", text, NEVER),
  row("models.*.name", text, NEVER),
  row("models.*.context_tokens", count, NEVER),
  row("models.*.output_tokens", count, NEVER),
  row("models.*.images", truth, NEVER),
  row("models.*.tools", truth, NEVER),
  row("models.*.reasoning", truth, NEVER),
  row("models.*.price.input", amount, NEVER),
  row("models.*.price.output", amount, NEVER),
  row("models.*.price.cache_read", amount, NEVER),
  row("models.*.price.cache_write", amount, NEVER),
]

function row(path: string, shape: Shape, project: ProjectMay, more: Partial<Key> = {}): Key {
  return { path: path.split("."), ...shape, project, ...more }
}
