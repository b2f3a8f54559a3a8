/** One thing that a program can use of the Claude Agent SDK, and whether it holds when skein is the executable. */
export interface SurfaceRow {
  /** `option.agents`, `query.setModel`, `hook.Stop`, `message.System`, `control.initialize`, `function.query`. */
  readonly id: string
  readonly holds: "yes" | "partly" | "no"
  /** What does not hold, in a sentence; there unless all of it does. */
  readonly why?: string | undefined
  /** The file under `test` that shows it, without its ending; there unless nothing holds. */
  readonly by?: string | undefined
}

/** The version of `@anthropic-ai/claude-agent-sdk` whose typings the rows are of. */
export const SURFACE_OF = "0.3.329"

const yes = (group: string, by: string, names: string): readonly SurfaceRow[] =>
  names.split(" ").map((name) => ({ id: `${group}.${name}`, holds: "yes", by }))
const partly = (id: string, by: string, why: string): SurfaceRow => ({ id, holds: "partly", by, why })
const no = (group: string, why: string, names: string): readonly SurfaceRow[] =>
  names.split(" ").map((name) => ({ id: `${group}.${name}`, holds: "no", why }))

const OWN_FILES =
  "It reads and writes Claude Code's own files without starting a program; skein keeps its sessions in its own."
const OWN_STORE = "skein keeps its sessions itself and does not mirror them into a store of the host."
const NO_EVENT = "Nothing of the kind happens in skein."

const OPTIONS: readonly SurfaceRow[] = [
  ...yes(
    "option",
    "sdk-options",
    "abortController additionalDirectories allowedTools disallowedTools tools continue cwd env",
  ),
  ...yes(
    "option",
    "sdk-options",
    "extraArgs forkSession effort thinking maxThinkingTokens maxTurns maxBudgetUsd model",
  ),
  ...yes("option", "sdk-options", "outputFormat permissionMode allowDangerouslySkipPermissions permissionPrompts"),
  ...yes("option", "sdk-options", "persistSession resume sessionId stderr systemPrompt title spawnClaudeCodeProcess"),
  ...yes("option", "sdk-options", "verbatimPrompts"),
  ...yes("option", "sdk-more", "agent canUseTool mcpServersDelivery onElicitation plugins pluginDelivery skills"),
  ...yes("option", "sdk-more", "includeHookEvents strictMcpConfig"),
  ...yes("option", "sdk-hooks", "hooks"),
  ...yes("option", "sdk-servers", "mcpServers"),
  ...yes("option", "sdk-agents", "forwardSubagentText"),
  ...yes("option", "sdk", "includePartialMessages"),
  ...yes("option", "with-agent", "pathToClaudeCodeExecutable"),
  ...yes("option", "sdk-rewind", "enableFileCheckpointing resumeSessionAt resumeDropsTurn"),
  partly(
    "option.agents",
    "sdk-more",
    "Of an agent, mcpServers, skills, initialPrompt, background, memory, observer and effort are not gone by.",
  ),
  partly("option.fallbackModel", "sdk-policies", "Of several, only the first is asked."),
  partly(
    "option.settings",
    "sdk-options",
    "permissions, sandbox, hooks, env, model, effortLevel and outputStyle hold; any other is named on stderr.",
  ),
  partly(
    "option.sandbox",
    "sdk-options",
    "Commands are confined always; proxies, sockets, masks and excluded commands are named on stderr.",
  ),
  partly(
    "option.settingSources",
    "sdk-more",
    "project reads the instructions of the folder; without any, no other program's files; user and local are not told apart.",
  ),
  partly("option.debugFile", "sdk-options", "It names skein's own log, which is there from its first entry on."),
  partly("option.debug", "sdk-policies", "skein's own log says more; nothing more is written to stderr."),
  partly(
    "option.permissionPromptToolName",
    "sdk-policies",
    "Only stdio; with a tool's name, what must be asked is refused.",
  ),
  partly("option.onUserDialog", "sdk-more", "No dialog is ever asked for, as with a program that knows none."),
  partly("option.supportedDialogKinds", "sdk-more", "No dialog is ever asked for."),
  partly(
    "option.perTaskStopAffordance",
    "sdk-more",
    "An interrupt never ends what goes on beside the turns, whether or not it is declared.",
  ),
  partly(
    "option.promptSuggestions",
    "sdk-more",
    "Told after turns with canUseTool, where a small model of the provider is known.",
  ),
  partly("option.executable", "with-agent", "The SDK's own: a program that is a binary is started without it."),
  partly("option.executableArgs", "with-agent", "The SDK's own: a program that is a binary is started without them."),
  ...no(
    "option",
    "Not gone by; it is named on stderr.",
    "projectConfigRoot toolAliases betas taskBudget planModeInstructions managedSettings",
  ),
  ...no("option", "What agents do is told as it stands, not summed up by a model.", "agentProgressSummaries"),
  ...no("option", "Questions have one form, without previews; it is named on stderr.", "toolConfig"),
  ...no("option", OWN_STORE, "sessionStore sessionStoreFlush loadTimeoutMs"),
]

const QUERY: readonly SurfaceRow[] = [
  ...yes("query", "sdk-query", "setPermissionMode setModel initializationResult supportedCommands"),
  ...yes("query", "sdk-query", "reinitialize supportedModels supportedAgents mcpServerStatus readFile reloadSkills"),
  ...yes(
    "query",
    "sdk-query",
    "reloadOutputStyles accountInfo reconnectMcpServer toggleMcpServer setMcpServers stopTask",
  ),
  ...yes("query", "sdk", "interrupt"),
  ...yes("query", "sdk-rewind", "rewindFiles"),
  ...yes("query", "sdk-options", "streamInput close"),
  partly(
    "query.setMaxThinkingTokens",
    "sdk-query",
    "A budget is read as an effort; how thinking is shown is the provider's.",
  ),
  partly(
    "query.applyFlagSettings",
    "sdk-query",
    "What cannot all be done is refused; env and hooks are read at the start alone.",
  ),
  partly("query.setMcpPermissionModeOverride", "sdk-query", "default asks about every call; auto is as without it."),
  partly(
    "query.getContextUsage",
    "sdk-query",
    "Counts are estimates until a provider has counted; of servers, not of each of their tools.",
  ),
  partly(
    "query.usage_EXPERIMENTAL_MAY_CHANGE_DO_NOT_RELY_ON_THIS_API_YET",
    "sdk-query",
    "Of the session; the whole time is since it was opened here, and there are no plans and limits of an account.",
  ),
  partly(
    "query.reloadPlugins",
    "sdk-query",
    "What lies on the disk is read for every turn; plugins are not added to a session that runs.",
  ),
  partly(
    "query.backgroundTasks",
    "sdk-query",
    "Commands can be moved beside the turn; sub-agents that a call waits for cannot.",
  ),
  ...no("query", "skein writes no settings file of another program.", "updateSettings"),
  ...no("query", "What the model has read is known from the session's log, and from nothing else.", "seedReadState"),
  ...no("query", "Resources of servers reach the model alone.", "readMcpResource"),
]

const HOOKS: readonly SurfaceRow[] = [
  ...yes("hook", "sdk-hooks", "PreToolUse PostToolUse PostToolBatch UserPromptSubmit SessionStart Stop"),
  ...yes(
    "hook",
    "sdk-more",
    "PostToolUseFailure Notification StopFailure SubagentStart SubagentStop PreCompact PostCompact",
  ),
  ...yes("hook", "sdk-more", "PermissionRequest PermissionDenied UserPromptExpansion Elicitation ElicitationResult"),
  ...yes("hook", "sdk-query", "PreModelSwitch PostModelSwitch"),
  partly(
    "hook.SessionEnd",
    "sdk-hooks",
    "A host that closed its end cannot be asked any more; hooks of files hear of it.",
  ),
  partly("hook.InstructionsLoaded", "client", "Heard as of files; a callback cannot change what was loaded."),
  partly("hook.ConfigChange", "client", "Heard of the settings files that set hooks."),
  partly(
    "hook.WorktreeCreate",
    "client",
    "Heard by hooks of files; a callback is asked only while its session is open.",
  ),
  partly(
    "hook.WorktreeRemove",
    "client",
    "Heard by hooks of files; a callback is asked only while its session is open.",
  ),
  partly("hook.DirectoryAdded", "controls", "Heard when a host registers one; the SDK has no method for that."),
  ...no("hook", NO_EVENT, "Setup TeammateIdle CwdChanged FileChanged"),
  ...no("hook", "The list of work is told as it changes; nobody is asked about it.", "TaskCreated TaskCompleted"),
  ...no("hook", "What a person is shown is the host's, which has every line.", "MessageDisplay"),
]

const MESSAGES: readonly SurfaceRow[] = [
  ...yes("message", "sdk", "Assistant User Result System PartialAssistant"),
  ...yes("message", "sdk-rewind", "UserMessageReplay"),
  ...yes("message", "sdk-agents", "TaskStarted TaskNotification"),
  ...yes("message", "sdk-more", "HookStarted HookResponse PermissionDenied"),
  ...yes("message", "beside", "APIRetry CompactBoundary ToolProgress BackgroundTasksChanged Informational"),
  ...yes("message", "beside", "PromptSuggestion"),
  ...yes("message", "children", "TaskProgress"),
  ...yes("message", "serve", "SessionStateChanged"),
  partly("message.Status", "lines", "requesting and the permission mode; a compaction is told when it is over."),
  ...no(
    "message",
    "It is said by one other line: a command's words are an answer, a change of commands stands in the next init.",
    "LocalCommandOutput CommandsChanged Notification",
  ),
  ...no(
    "message",
    NO_EVENT,
    "ControlRequestProgress PluginInstall AuthStatus WorkerShuttingDown FilesPersistedEvent RateLimitEvent",
  ),
  ...no(
    "message",
    "A refusal ends the turn with its reason; no other model is asked because of it.",
    "ModelRefusalFallback ModelRefusalNoFallback",
  ),
  ...no("message", "Hooks are told of when they begin and when they are over.", "HookProgress"),
  ...no("message", "A task's end is told once, with task_notification.", "TaskUpdated"),
  ...no("message", "The provider's counts are told; none is guessed.", "ThinkingTokens"),
  ...no("message", "No model sums up what calls did.", "ToolUseSummary"),
  ...no("message", "There is no memory yet.", "MemoryRecall"),
  ...no("message", "The server that asked is told, and nobody else.", "ElicitationComplete"),
  ...no("message", "A session is one conversation; a new one is another session.", "ConversationReset"),
  ...no("message", OWN_STORE, "MirrorError SessionWritesLost"),
]

const CONTROLS: readonly SurfaceRow[] = [
  ...yes("control", "sdk", "interrupt can_use_tool"),
  ...yes("control", "controls", "initialize"),
  ...yes("control", "sdk-query", "set_permission_mode set_model mcp_status mcp_set_servers mcp_reconnect mcp_toggle"),
  ...yes("control", "sdk-query", "read_file reload_skills reload_output_styles stop_task"),
  ...yes("control", "sdk-rewind", "rewind_files"),
  ...yes("control", "sdk-hooks", "hook_callback"),
  ...yes("control", "sdk-more", "elicitation"),
  ...yes("control", "serve", "cancel_async_message"),
  ...yes("control", "controls", "rename_session list_models get_binary_version file_suggestions mcp_message"),
  ...yes(
    "control",
    "controls",
    "register_repo_root set_has_subscribers get_settings get_hooks_listing list_permission_rules",
  ),
  partly("control.get_session_cost", "controls", "The same figures as get_usage, with a sentence."),
  partly("control.get_task_output", "controls", "Of a command what memory keeps; of an agent its last words."),
  partly("control.set_max_thinking_tokens", "sdk-query", "A budget is read as an effort."),
  partly("control.get_context_usage", "sdk-query", "Counts are estimates until a provider has counted."),
  partly("control.get_usage", "sdk-query", "Of the session; there are no plans and limits of an account."),
  partly("control.reload_plugins", "sdk-query", "Plugins are not added to a session that runs."),
  partly("control.background_tasks", "sdk-query", "Commands alone."),
  partly("control.apply_flag_settings", "sdk-query", "What cannot all be done is refused."),
  ...no(
    "control",
    "It is answered with an error.",
    "set_color mcp_call seed_read_state update_settings mcp_read_resource",
  ),
  ...no("control", "No dialog is ever asked for.", "request_user_dialog"),
]

const FUNCTIONS: readonly SurfaceRow[] = [
  ...yes("function", "with-agent", "query"),
  ...yes("function", "sdk-query", "createSdkMcpServer tool startup"),
  ...no("function", "A spare program is claimed by a request that only Claude Code knows; startup holds.", "prewarm"),
  ...no(
    "function",
    OWN_FILES,
    "archiveSession deleteSession forkSession getSessionInfo getSessionMessages getSubagentMessages",
  ),
  ...no(
    "function",
    OWN_FILES,
    "importSessionToStore listSessions listSubagents renameSession resolveSettings tagSession",
  ),
  ...no("function", OWN_FILES, "unarchiveSession filterEscalatingDefaultMode foldSessionSummary matchDeniedModels"),
]

/** Every option, method, point, line, request and function of its typings. A test compares it with them. */
export const SURFACE: readonly SurfaceRow[] = [...OPTIONS, ...QUERY, ...HOOKS, ...MESSAGES, ...CONTROLS, ...FUNCTIONS]
