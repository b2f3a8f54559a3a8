import { homedir } from "node:os"
import { dirname, join, resolve } from "node:path"
import { readTree } from "@skein/codex"
import { configFiles } from "@skein/config"
import type { HostRequest } from "@skein/host"
import { SkeinError } from "@skein/protocol"
import { asObject, asText, type Json } from "@skein/protocol/json"
import type { Io } from "../io.ts"

/** What `$CODEX_HOME/config.toml` says. */
export interface CodexFile {
  readonly file: string
  /** As it is written there, without its profiles. */
  readonly tree: Json
  /** What the profile says that was named, in `<name>.config.toml` or `[profiles.<name>]`; undefined where it has none. */
  readonly profile: Json | undefined
}

export function codexHome(io: Pick<Io, "env">): string {
  const said = io.env.CODEX_HOME
  return said === undefined || said === "" ? join(io.env.HOME ?? homedir(), ".codex") : resolve(said)
}

/** Reads it; undefined where there is none. Throws SkeinError `config.invalid` for one that cannot be read. */
export function codexFile(io: Pick<Io, "env">, profile: string | undefined): CodexFile | undefined {
  const home = codexHome(io)
  const file = join(home, "config.toml")
  const own = profile === undefined ? undefined : parsed(join(home, `${profile.replaceAll("/", "_")}.config.toml`))
  const whole = parsed(file)
  if (whole === undefined && own === undefined) return undefined
  const { profiles, profile: _, ...tree } = whole ?? {}
  const named = profile === undefined ? undefined : asObject(asObject(profiles)?.[profile])
  return { file, tree, profile: own ?? named }
}

/** It in our words, for a run in this folder: Codex opens a folder that it was told to trust for writing. */
export function beneath({ file, tree }: CodexFile, cwd: string): NonNullable<HostRequest["beneath"]> {
  const { settings } = readTree(tree)
  const sandbox = settings.sandbox === undefined && isTrusted(tree, cwd) ? { sandbox: "workspace-write" } : {}
  const { mcp_servers: _, ...rest } = settings // Read as they stand by whoever starts them.
  return { file, tree: { ...rest, ...sandbox } }
}

/** One sentence about what would change the work and is not followed here; none where nothing does. */
export function unread({ file, tree }: CodexFile): readonly string[] {
  const names = NOT_FOLLOWED.filter((name) => tree[name] !== undefined)
  return names.length === 0 ? [] : [`Not followed of ${file}: ${names.join(", ")}.`]
}

const NOT_FOLLOWED = [
  ...["approvals_reviewer", "default_permissions", "permissions", "shell_environment_policy", "allow_login_shell"],
  ...["compact_prompt", "model_auto_compact_token_limit", "tool_output_token_limit", "service_tier", "notify"],
  ...["project_doc_max_bytes", "project_doc_fallback_filenames", "project_root_markers"],
]

function isTrusted(tree: Json, cwd: string): boolean {
  const projects = asObject(tree.projects) ?? {}
  for (let folder = cwd; ; folder = dirname(folder)) {
    const level = asText(asObject(projects[folder])?.trust_level)
    if (level !== undefined) return level === "trusted"
    if (dirname(folder) === folder) return false
  }
}

function parsed(file: string): Json | undefined {
  const text = configFiles().read(file)
  if (text === undefined) return undefined
  try {
    return asObject(Bun.TOML.parse(text)) ?? {}
  } catch (cause) {
    throw new SkeinError("config.invalid", `Error loading ${file}: it is no TOML that can be read.`, { cause })
  }
}
