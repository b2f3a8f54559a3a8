import { readFileSync } from "node:fs"
import { resolve } from "node:path"
import { type ClaudeFlags, rulesOf, withSettings } from "@skein/claude"
import type { HostRequest } from "@skein/host"
import { type Json, parseObject } from "@skein/protocol/json"
import type { Io } from "../io.ts"
import { UsageError } from "../usage.ts"

type Folders = Pick<HostRequest, "cwd" | "home">

/** Flags with what `--settings` says, which they stand above. Throws UsageError for settings that cannot be read. */
export function claudeFlags(flags: ClaudeFlags, { cwd, home }: Folders): ClaudeFlags {
  const json = flags.settings === undefined ? undefined : settingsJson(flags.settings, cwd)
  return json === undefined ? flags : withSettings(flags, json, { cwd, home })
}

/** The text itself where it is JSON, else that of the file it names. */
function settingsJson(said: string, cwd: string): Json {
  const isText = said.trimStart().startsWith("{")
  const text = isText ? said : textOf(resolve(cwd, said))
  const json = parseObject(text)
  if (json !== undefined) return json
  throw new UsageError(`--settings: ${isText ? "this" : said} is no JSON object.`)
}

function textOf(file: string): string {
  try {
    return readFileSync(file, "utf8")
  } catch (cause) {
    if (!(cause instanceof Error && "code" in cause)) throw cause
    throw new UsageError(`--settings: ${file} cannot be read (${cause.code}).`)
  }
}

/**
 * What a host is told beside our own flags when the command line speaks Claude Code's. Throws UsageError for a rule that is
 * none: half of what was meant is never taken for all of it.
 */
export function withClaudeFlags(request: HostRequest, flags: ClaudeFlags, io: Io): HostRequest {
  const { rules, unsupported, refused } = rulesOf(flags, { cwd: request.cwd, home: request.home })
  if (refused.length > 0) throw new UsageError(refused.join("\n"))
  for (const text of unsupported) io.err(`skein: ${text}`)
  const { systemPrompt: text, appendSystemPrompt: append, permissionMode, settingSources, fromSettings } = flags
  const isBypassing = permissionMode === "bypassPermissions"
  return {
    ...request,
    env: { ...request.env, ...fromSettings?.env },
    rules,
    hooks: fromSettings?.hooks,
    given: { agents: flags.agents },
    mcp: { configs: flags.mcpConfig, isStrict: flags.isStrictMcpConfig },
    instructions: { text, append },
    isEphemeral: request.isEphemeral === true || flags.isEphemeral,
    isLoadingProjectFiles: settingSources === undefined || settingSources.includes("project"),
    flags: {
      ...request.flags,
      ...(isBypassing ? { mode: "full" } : {}),
      ...(flags.debug === undefined ? {} : { log: { level: "debug", ...debugFile(flags.debug.file, request.cwd) } }),
      ...(flags.fallbackModel === undefined ? {} : { models: { fallback: flags.fallbackModel } }),
    },
    overrides: [...(request.overrides ?? []), ...isolation(settingSources)],
  }
}

function debugFile(file: string | undefined, cwd: string): Json {
  return file === undefined ? {} : { file: resolve(cwd, file) }
}

/** A host that wants no settings of files gets none of other programs; skein's own are skein's. */
function isolation(sources: ClaudeFlags["settingSources"]): readonly string[] {
  if (sources === undefined || sources.length > 0) return []
  return ["permissions", "hooks", "plugins", "mcp"].map((area) => `${area}.import=[]`)
}
