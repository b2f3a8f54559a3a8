/** The handshake, threads, and what a server has. */
export const THREAD_TYPES = `
type RequestId = string | integer
type ClientInfo = { name: string, title?: string | null, version: string }
type InitializeCapabilities = { experimentalApi?: boolean, optOutNotificationMethods?: string[] | null }
type InitializeParams = { clientInfo: ClientInfo, capabilities?: InitializeCapabilities | null }
type InitializeResponse = { userAgent: string, codexHome: AbsolutePathBuf, platformFamily: string, platformOs: string }
type ReasoningEffort = string
type SandboxMode = "read-only" | "workspace-write" | "danger-full-access"
type AskForApproval =
  | "untrusted" | "on-request" | "never"
  | { granular: { sandbox_approval: boolean, rules: boolean, mcp_elicitations: boolean } }
type ApprovalsReviewer = "user" | "auto_review" | "guardian_subagent"
type ThreadActiveFlag = "waitingOnApproval" | "waitingOnUserInput"
type ThreadStatus =
  | { type: "notLoaded" } | { type: "idle" } | { type: "systemError" }
  | { type: "active", activeFlags: ThreadActiveFlag[] }
type GitInfo = { sha: string | null, branch: string | null, originUrl: string | null }
type SessionSource = string | Record<string, unknown>
type Thread = {
  id: string, sessionId: string, forkedFromId?: string | null, parentThreadId?: string | null, preview: string,
  ephemeral: boolean, historyMode: "legacy" | "paginated", modelProvider: string, createdAt: integer,
  updatedAt: integer, recencyAt?: integer | null, status: ThreadStatus, path?: string | null, cwd: AbsolutePathBuf,
  cliVersion: string, source: SessionSource, threadSource?: string | null, gitInfo?: GitInfo | null,
  name?: string | null, projectId: string | null, turns: Turn[]
}
type ThreadStartParams = {
  cwd?: string | null, model?: string | null, modelProvider?: string | null, approvalPolicy?: AskForApproval | null,
  sandbox?: SandboxMode | null, config?: Record<string, unknown> | null
}
type ThreadStartResponse = {
  thread: Thread, model: string, modelProvider: string, serviceTier?: string | null, cwd: AbsolutePathBuf,
  instructionSources?: string[], approvalPolicy: AskForApproval, approvalsReviewer: ApprovalsReviewer,
  sandbox: SandboxPolicy, reasoningEffort?: ReasoningEffort | null
}
type ThreadResumeParams = {
  threadId: string, cwd?: string | null, model?: string | null, modelProvider?: string | null,
  approvalPolicy?: AskForApproval | null, sandbox?: SandboxMode | null, config?: Record<string, unknown> | null
}
type ThreadResumeResponse = {
  thread: Thread, model: string, modelProvider: string, serviceTier?: string | null, cwd: AbsolutePathBuf,
  instructionSources?: string[], approvalPolicy: AskForApproval, approvalsReviewer: ApprovalsReviewer,
  sandbox: SandboxPolicy, reasoningEffort?: ReasoningEffort | null
}
type ThreadForkParams = {
  threadId: string, lastTurnId?: string | null, beforeTurnId?: string | null, cwd?: string | null,
  model?: string | null, modelProvider?: string | null, approvalPolicy?: AskForApproval | null,
  sandbox?: SandboxMode | null, config?: Record<string, unknown> | null
}
type ThreadForkResponse = {
  thread: Thread, model: string, modelProvider: string, serviceTier?: string | null, cwd: AbsolutePathBuf,
  instructionSources?: string[], approvalPolicy: AskForApproval, approvalsReviewer: ApprovalsReviewer,
  sandbox: SandboxPolicy, reasoningEffort?: ReasoningEffort | null
}
type ThreadRevertParams = { threadId: string, beforeTurnId: string }
type ThreadRevertResponse = { thread: Thread }
type ThreadDeleteParams = { threadId: string }
type ThreadDeleteResponse = {}
type ThreadArchiveParams = { threadId: string }
type ThreadArchiveResponse = {}
type ThreadUnarchiveParams = { threadId: string }
type ThreadUnarchiveResponse = { thread: Thread }
type ThreadUnsubscribeParams = { threadId: string }
type ThreadUnsubscribeResponse = { status: "notLoaded" | "notSubscribed" | "unsubscribed" }
type ThreadSetNameParams = { threadId: string, name: string }
type ThreadSetNameResponse = {}
type ThreadReadParams = { threadId: string, includeTurns?: boolean }
type ThreadReadResponse = { thread: Thread }
type SortDirection = "asc" | "desc"
type ThreadSortKey = "created_at" | "updated_at" | "recency_at"
type ThreadListParams = {
  cursor?: string | null, limit?: integer | null, sortKey?: ThreadSortKey | null,
  sortDirection?: SortDirection | null, sourceKinds?: string[] | null, archived?: boolean | null,
  cwd?: string | string[] | null, searchTerm?: string | null
}
type ThreadListResponse = { data: Thread[], nextCursor?: string | null }
type ThreadTurnsListParams = {
  threadId: string, cursor?: string | null, limit?: integer | null, sortDirection?: SortDirection | null
}
type ThreadTurnsListResponse = { data: Turn[], nextCursor?: string | null }
type ThreadLoadedListParams = { cursor?: string | null, limit?: integer | null }
type ThreadLoadedListResponse = { data: string[], nextCursor?: string | null }
type ThreadStartedNotification = { thread: Thread }
type ThreadStatusChangedNotification = { threadId: string, status: ThreadStatus }
type ThreadNameUpdatedNotification = { threadId: string, threadName?: string | null }
type ThreadArchivedNotification = { threadId: string }
type ThreadUnarchivedNotification = { threadId: string }
type ThreadDeletedNotification = { threadId: string }
type ThreadClosedNotification = { threadId: string }
type ThreadRevertedNotification = { threadId: string }
type TokenUsageBreakdown = {
  totalTokens: integer, inputTokens: integer, cachedInputTokens: integer, cacheWriteInputTokens?: integer,
  outputTokens: integer, reasoningOutputTokens: integer
}
type ThreadTokenUsage = { total: TokenUsageBreakdown, last: TokenUsageBreakdown, modelContextWindow?: integer | null }
type ThreadTokenUsageUpdatedNotification = { threadId: string, turnId: string, tokenUsage: ThreadTokenUsage }
type ReasoningEffortOption = { reasoningEffort: ReasoningEffort, description: string }
type Model = {
  id: string, model: string, displayName: string, description: string, hidden: boolean,
  supportedReasoningEfforts: ReasoningEffortOption[], defaultReasoningEffort: ReasoningEffort,
  inputModalities?: string[], isDefault: boolean, upgrade?: string | null
}
type ModelListParams = { cursor?: string | null, limit?: integer | null, includeHidden?: boolean | null }
type ModelListResponse = { data: Model[], nextCursor?: string | null }
type GetAccountParams = { refreshToken?: boolean }
type GetAccountResponse = { account?: Record<string, unknown> | null, requiresOpenaiAuth: boolean }
type ConfigReadParams = { cwd?: string | null, includeLayers?: boolean }
type ConfigReadResponse = {
  config: Record<string, unknown>, origins: Record<string, unknown>, layers?: unknown[] | null
}
type ConfigRequirementsReadResponse = { requirements?: Record<string, unknown> | null }
type SkillsListParams = { cwds?: string[], forceReload?: boolean }
type SkillScope = "user" | "repo" | "system" | "admin"
type SkillMetadata = {
  name: string, description: string, enabled: boolean, scope: SkillScope, path: string, pluginId?: string | null
}
type SkillErrorInfo = { path: string, message: string }
type SkillsListEntry = { cwd: string, skills: SkillMetadata[], errors: SkillErrorInfo[] }
type SkillsListResponse = { data: SkillsListEntry[] }
type HooksListParams = { cwds?: string[], threadId?: string | null }
type HooksListEntry = { cwd: string, hooks: Record<string, unknown>[], warnings: string[], errors: unknown[] }
type HooksListResponse = { data: HooksListEntry[] }
type ListMcpServerStatusParams = { cursor?: string | null, limit?: integer | null }
type ListMcpServerStatusResponse = { data: Record<string, unknown>[], nextCursor?: string | null }
type CollaborationModeListParams = {}
type CollaborationModeListResponse = { data: Record<string, unknown>[] }
`
