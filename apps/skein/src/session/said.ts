import type { Host } from "@skein/host"
import type { SessionId, SettingsChange } from "@skein/protocol"
import type { Flags } from "../flags.ts"

type Saying = Pick<Host, "config" | "settings" | "engine">

/** Layers that speak of this run; the others are how things are set, which a session had its say about already. */
const OF_RUN: ReadonlySet<string> = new Set(["environment", "profile", "permission profile", "flags", "override"])

const SEARCH_KEYS = [
  "web_search",
  ...["context_size", "allowed_domains"].map((name) => `tools.web_search.${name}`),
  ...["country", "region", "city", "timezone"].map((name) => `tools.web_search.location.${name}`),
]

/**
 * What this run says of a session that is gone on with, in whatever words: a flag, `-c`, a profile, a variable. All else
 * the session keeps, also within the network and the limits: a host more opens nothing else again.
 */
export async function settingsSaid(host: Saying, sessionId: SessionId, flags: Flags): Promise<SettingsChange> {
  const { settings, config, engine } = host
  const current = async () => (await engine.ask({ type: "session.read", sessionId })).settings
  const isSaid = (...keys: readonly string[]) => keys.some((key) => OF_RUN.has(config.origin(key)?.layer ?? ""))
  // A folder to write in brings its own sandbox to a new session; one that is read-only stays it.
  const isSandboxSaid = isSaid("sandbox") && (config.origin("sandbox")?.layer !== "flags" || flags.has("sandbox"))
  return {
    ...modelSaid(host),
    ...(isSaid("mode") ? { mode: settings.mode } : {}),
    ...(isSandboxSaid ? { sandbox: settings.sandbox } : {}),
    ...(isSaid("approvals.effects") ? { approveEffects: config.values.approvals.areOfEffects } : {}),
    ...(isSaid("context.repo_map_tokens") ? { repoMapTokens: config.values.context.repoMapTokens } : {}),
    ...(isSaid("effort") ? { effort: settings.effort } : {}),
    ...(isSaid("verbosity") ? { verbosity: settings.verbosity } : {}),
    ...(isSaid("output_style") ? { outputStyle: settings.outputStyle } : {}),
    ...(isSaid(...SEARCH_KEYS) ? { webSearch: config.values.webSearch } : {}),
    ...(isSaid("extra_roots") ? { extraRoots: settings.extraRoots } : {}),
    ...(await networkSaid()),
    ...(await limitsSaid()),
    ...(await checksSaid()),
  }

  /** What is named as a check by now counts for the turns to come, whenever the session began. */
  async function checksSaid(): Promise<SettingsChange> {
    const { checks = [] } = settings
    if (checks.length === 0) return {}
    const { checks: before = [] } = await current()
    return JSON.stringify(checks) === JSON.stringify(before) ? {} : { checks }
  }

  async function networkSaid(): Promise<SettingsChange> {
    const { network } = settings
    if (network === undefined || !isSaid("tools_network.access", "tools_network.allow")) return {}
    if (isSaid("tools_network.access")) return { network }
    return { network: { ...network, access: (await current()).network?.access ?? network.access } }
  }

  async function limitsSaid(): Promise<SettingsChange> {
    const keys = ["limits.steps", "limits.tokens", "limits.usd", "budget.session_usd", "budget.day_usd"]
    if (!isSaid(...keys)) return {}
    const { stepsMax, tokensMax, microUsdMax, sessionMicroUsdMax, dayMicroUsdMax } = settings.limits
    return {
      limits: {
        ...(await current()).limits,
        ...(isSaid("limits.steps") ? { stepsMax } : {}),
        ...(isSaid("limits.tokens") ? { tokensMax } : {}),
        ...(isSaid("limits.usd") ? { microUsdMax } : {}),
        ...(isSaid("budget.session_usd") ? { sessionMicroUsdMax } : {}),
        ...(isSaid("budget.day_usd") ? { dayMicroUsdMax } : {}),
      },
    }
  }
}

/** Only by a flag or `-c`: a variable names the model, or the tier, that new sessions have. */
export function modelSaid({ config, settings }: Pick<Host, "config" | "settings">): SettingsChange {
  const isSaid = (key: string) => ["flags", "override"].includes(config.origin(key)?.layer ?? "")
  if (settings.tier !== undefined && isSaid("tier")) return { tier: settings.tier }
  if (settings.routing !== undefined && (isSaid("tier") || isSaid("routing"))) return { routing: settings.routing }
  return settings.model !== "" && isSaid("model") ? { model: settings.model } : {}
}
