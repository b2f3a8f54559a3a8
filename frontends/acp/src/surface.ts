/** Something that the protocol has a word for, and how much of it stands. */
export interface SurfaceRow {
  /** A method as it is; `update:`, `prompt:`, `content:`, `mcp:` and what the schema calls it. */
  readonly id: string
  readonly holds: "yes" | "partly" | "no"
  /** What is missing, or what is there instead. */
  readonly why?: string
  /** Of the protocol's part that may still change. */
  readonly isUnstable?: true
}

const yes = (...ids: readonly string[]): readonly SurfaceRow[] => ids.map((id) => ({ id, holds: "yes" }))
const partly = (id: string, why: string): SurfaceRow => ({ id, holds: "partly", why })
const no = (id: string, why: string): SurfaceRow => ({ id, holds: "no", why })
const unstable = (...rows: readonly SurfaceRow[]) => rows.map((row) => ({ ...row, isUnstable: true }) as const)

/** All of version 1 of the Agent Client Protocol. What holds `no` of an agent's methods is answered with -32601. */
export const SURFACE: readonly SurfaceRow[] = [
  ...yes("initialize"),
  partly(
    "authenticate",
    "logins are of the kind `terminal`, which a client runs and never passes here: any other is refused",
  ),
  no("logout", "keys and logins are the machine's, not a connection's: skein logout takes one away"),
  ...yes("session/new", "session/load", "session/resume", "session/list", "session/close", "session/delete"),
  ...yes("session/set_mode", "session/set_config_option", "session/prompt", "session/cancel", "$/cancel_request"),

  ...yes("session/update", "session/request_permission", "fs/read_text_file", "fs/write_text_file"),
  ...yes("terminal/create", "terminal/output", "terminal/wait_for_exit", "terminal/kill", "terminal/release"),
  partly("elicitation/create", "forms; an address to open is told in words"),
  no("elicitation/complete", "it belongs to addresses, which are not sent this way"),

  ...yes("update:user_message_chunk", "update:agent_message_chunk", "update:agent_thought_chunk"),
  ...yes("update:tool_call", "update:tool_call_update", "update:plan", "update:current_mode_update"),
  ...yes("update:config_option_update", "update:session_info_update", "update:usage_update", "update:notice"),
  partly(
    "update:available_commands_update",
    "as a session is opened; a command that is added later is there with the next opening",
  ),
  ...yes("update:compaction_update"),
  no("update:compaction_summary_chunk", "a summary is told whole, once it stands"),

  ...yes("prompt:text", "prompt:image", "prompt:resource_link"),
  partly("prompt:resource", "texts and images"),
  no("prompt:audio", "no model is asked with sound; promptCapabilities says so"),
  ...yes("content:content", "content:diff", "content:terminal"),
  ...yes("mcp:stdio", "mcp:http", "mcp:sse"),

  ...unstable(
    ...yes("session/fork", "session/archive", "session/unarchive", "session/set_title"),
    no("session/status", "what runs is told by updates of the session"),
    no("auth/status", "a missing key is told by the request that needs it"),
    no("auth/status_update", "a missing key is told by the request that needs it"),
    no("providers/list", "models and their providers are a configuration option of the session"),
    no("providers/set", "base addresses and keys are the person's settings, which no client changes"),
    no("providers/disable", "base addresses and keys are the person's settings, which no client changes"),
    no("mcp/message", "servers of the client run by themselves, over stdio, HTTP or SSE"),
    no("proxy/initialize", "skein is an agent, and stands at the end of a chain"),
    no("proxy/successor", "skein is an agent, and stands at the end of a chain"),
    no("update:plan_update", "a plan is told whole, by plan"),
    no("update:plan_removed", "a plan is told whole, by plan"),
    no("update:subagent_update", "what sub-agents do is told in the call that began them"),
    no("update:session_message", "sessions hear of each other inside of skein"),
    no("update:session_message_chunk", "sessions hear of each other inside of skein"),
  ),
]
