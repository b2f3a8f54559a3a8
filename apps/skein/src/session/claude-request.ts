import { type ClaudeFlags, rulesOf } from "@skein/claude"
import type { HostRequest } from "@skein/host"
import type { Io } from "../io.ts"

/** What a host is told beside our own flags when the command line speaks Claude Code's. */
export function withClaudeFlags(request: HostRequest, flags: ClaudeFlags, io: Io): HostRequest {
  const { rules, unsupported } = rulesOf(flags, { cwd: request.cwd, home: request.home })
  for (const text of unsupported) io.err(`skein: ${text}`)
  const { systemPrompt: text, appendSystemPrompt: append, permissionMode, settingSources } = flags
  const isBypassing = permissionMode === "bypassPermissions"
  return {
    ...request,
    rules,
    instructions: { text, append },
    isEphemeral: request.isEphemeral === true || flags.isEphemeral,
    isLoadingProjectFiles: settingSources === undefined || settingSources.length > 0,
    flags: isBypassing ? { ...request.flags, mode: "full" } : request.flags,
  }
}
