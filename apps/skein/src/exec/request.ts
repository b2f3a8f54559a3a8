import { type CodexConfig, isCodexFeature, readConfig } from "@skein/codex"
import { FEATURES, keys } from "@skein/config"
import type { HostRequest } from "@skein/host"
import { SkeinError } from "@skein/protocol"
import { asObject } from "@skein/protocol/json"
import type { Flags } from "../flags.ts"
import type { Io } from "../io.ts"
import { hostRequest } from "../session/request.ts"
import { Blocked } from "../usage.ts"

/** What `exec` asks of the host: Codex's flags and `-c` keys, its defaults, and our own keys beside them. */
export function execRequest(
  flags: Flags,
  io: Io,
): { readonly request: HostRequest; readonly notes: readonly string[] } {
  refuseMissing(flags)
  const config = readConfig(flags.list("config"), { model: modelOf(flags), provider: localProvider(flags) })
  const base = hostRequest(flags, io)
  const settings = merged(config, base.flags ?? {}, flags)
  const isBypassing = flags.has("dangerously-bypass-approvals-and-sandbox")
  return {
    request: {
      ...base,
      env: environment(io),
      flags: isBypassing ? { ...settings, mode: "full", sandbox: "full-access" } : settings,
      overrides: [...switched(flags), ...ours(config.others, flags.has("strict-config"))],
      // Nobody is asked. Without a sandbox everything runs; in one, whatever it holds.
      fallback: { mode: settings.sandbox === "full-access" ? "full" : "auto", sandbox: "read-only" },
      isTrustingHooks: flags.has("dangerously-bypass-hook-trust"),
      consent: isBypassing ? "no-sandbox" : base.consent,
    },
    notes: flags.has("dangerously-bypass-hook-trust") ? [...config.unsupported, UNSEEN_HOOKS] : config.unsupported,
  }
}

const UNSEEN_HOOKS =
  "--dangerously-bypass-hook-trust: hooks of the folder run in this run though nobody looked at them, in the sandbox."

/** What `app-server` asks of the host. Approvals are its clients' to answer, so nothing is decided for them here. */
export function appServerRequest(flags: Flags, io: Io): ReturnType<typeof execRequest> {
  const config = readConfig(flags.list("config"))
  const base = hostRequest(flags, io)
  return {
    request: {
      ...base,
      flags: { ...config.settings, ...base.flags },
      overrides: [...switched(flags), ...ours(config.others, flags.has("strict-config"))],
    },
    notes: config.unsupported,
  }
}

/** Flags stand above `-c`. Another folder to work in asks for writing, unless the sandbox was named. */
function merged(config: CodexConfig, own: Readonly<Record<string, unknown>>, flags: Flags): Record<string, unknown> {
  const { model: _, ...rest } = own
  const settings: Record<string, unknown> = { ...config.settings, ...rest }
  const named = flags.has("full-auto") ? "workspace-write" : config.settings.sandbox
  if (!flags.has("sandbox") && named !== undefined) settings.sandbox = named
  const network = { ...asObject(config.settings.tools_network), ...asObject(own.tools_network) }
  if (Object.keys(network).length > 0) settings.tools_network = network
  const roots = [config.settings.extra_roots, own.extra_roots].filter(Array.isArray).flat()
  return roots.length > 0 ? { ...settings, extra_roots: roots } : settings
}

/** CODEX_API_KEY is for this verb alone, and stands above the key of everything else. */
function environment(io: Io): HostRequest["env"] {
  const key = (io.env.CODEX_API_KEY ?? "").trim()
  return key === "" ? io.env : { ...io.env, OPENAI_API_KEY: key }
}

/** Who may serve with --oss, under skein's name for it, and the model that Codex asks there when none is named. */
const LOCAL_PROVIDERS: Readonly<Record<string, { readonly provider: string; readonly model?: string }>> = {
  ollama: { provider: "ollama", model: "gpt-oss:20b" },
  lmstudio: { provider: "lmstudio", model: "openai/gpt-oss-20b" },
  "llama.cpp": { provider: "local" },
}

function localProvider(flags: Flags): string | undefined {
  return flags.has("oss") ? LOCAL_PROVIDERS[flags.text("local-provider") ?? "ollama"]?.provider : undefined
}

function modelOf(flags: Flags): string | undefined {
  const model = flags.text("model")
  if (model !== undefined || !flags.has("oss")) return model
  const usual = LOCAL_PROVIDERS[flags.text("local-provider") ?? "ollama"]?.model
  if (usual !== undefined) return usual
  throw new Blocked(
    "Which model file? Name it with --model; `skein models local` lists them, and `skein models add <file.gguf>` adds one.",
  )
}

/** `--enable` and `--disable`: a feature of ours is switched, one of Codex's is known and does nothing here. */
function switched(flags: Flags): readonly string[] {
  const said = [
    ...flags.list("enable").map((name) => [name, true] as const),
    ...flags.list("disable").map((name) => [name, false] as const),
  ]
  const overrides = [...said, ...featuresIn(flags)].flatMap(([name, isOn]) => {
    if (FEATURES.some((feature) => feature.name === name)) return [`features.${name}=${isOn}`]
    if (isCodexFeature(name)) return []
    throw new SkeinError("config.invalid", `Unknown feature flag: ${name}`)
  })
  return overrides
}

/** `-c features.NAME=true` says the same; a name that is nobody's is left out there, as Codex does. */
function featuresIn(flags: Flags): readonly (readonly [string, boolean])[] {
  return flags.list("config").flatMap((override) => {
    const [, name = "", value] = /^features\.([\w.]+)\s*=\s*(true|false)$/.exec(override.trim()) ?? []
    const isKnown = FEATURES.some((feature) => feature.name === name)
    return isKnown ? [[name, value === "true"] as const] : []
  })
}

/** `key=value` of our own configuration. What is nobody's is left out in silence, or refused when that was asked for. */
function ours(others: readonly string[], isStrict: boolean): readonly string[] {
  const roots = new Set(keys().map(({ path }) => path[0]))
  const known = others.filter((override) => roots.has(rootOf(override)))
  const [unknown] = others.filter((override) => !known.includes(override))
  if (isStrict && unknown !== undefined) {
    throw new SkeinError("config.invalid", `unknown configuration field \`${rootOf(unknown)}\``)
  }
  return known
}

function rootOf(override: string): string {
  return override.slice(0, override.indexOf("=")).trim().split(".")[0] ?? ""
}

/** Known flags of Codex that nothing here can do. Said plainly, so that nobody takes a run for what it is not. */
const MISSING: readonly (readonly [flag: string, what: string])[] = [
  ["worktree", "Running in a worktree of its own"],
  ["approve-for-me", "Answering approvals by a second model"],
]

function refuseMissing(flags: Flags): void {
  for (const [flag, what] of MISSING) {
    if (flags.has(flag)) throw new Blocked(`${what} is not available in this version: leave out --${flag}.`)
  }
  const program = flags.text("cyber-access-program")
  if (program !== undefined && program !== "standard") {
    throw new Blocked(`The access program ${program} is not available in this version.`)
  }
}
