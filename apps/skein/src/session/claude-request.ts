import { type ClaudeFlags, rulesOf } from "@skein/claude"
import type { HostRequest } from "@skein/host"
import type { Io } from "../io.ts"
import { UsageError } from "../usage.ts"

/**
 * What a host is told beside our own flags when the command line speaks Claude Code's. Throws UsageError for a rule that is
 * none: half of what was meant is never taken for all of it.
 */
export function withClaudeFlags(request: HostRequest, flags: ClaudeFlags, io: Io): HostRequest {
  const { rules, unsupported, refused } = rulesOf(flags, { cwd: request.cwd, home: request.home })
  if (refused.length > 0) throw new UsageError(refused.join("\n"))
  for (const text of unsupported) io.err(`skein: ${text}`)
  const { systemPrompt: text, appendSystemPrompt: append, permissionMode, settingSources } = flags
  const isBypassing = permissionMode === "bypassPermissions"
  return {
    ...request,
    rules,
    mcp: { configs: flags.mcpConfig, isStrict: flags.isStrictMcpConfig },
    instructions: { text, append },
    isEphemeral: request.isEphemeral === true || flags.isEphemeral,
    isLoadingProjectFiles: settingSources === undefined || settingSources.length > 0,
    flags: isBypassing ? { ...request.flags, mode: "full" } : request.flags,
  }
}
