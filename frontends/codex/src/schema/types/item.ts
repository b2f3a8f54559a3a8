/** Turns, what is in them, and what is told and asked of them. */
export const ITEM_TYPES = `
type UserInput =
  | { type: "text", text: string, text_elements?: unknown[] }
  | { type: "image", url: string }
  | { type: "localImage", path: string }
  | { type: "skill", name: string, path: string }
  | { type: "mention", name: string, path: string }
type CommandAction =
  | { type: "read", command: string, name: string, path: string }
  | { type: "listFiles", command: string, path: string | null }
  | { type: "search", command: string, query: string | null, path: string | null }
  | { type: "unknown", command: string }
type CommandExecutionSource = "agent" | "userShell" | "unifiedExecStartup" | "unifiedExecInteraction"
type CommandExecutionStatus = "inProgress" | "completed" | "failed" | "declined"
type PatchApplyStatus = "inProgress" | "completed" | "failed" | "declined"
type PatchChangeKind = { type: "add" } | { type: "delete" } | { type: "update", move_path: string | null }
type FileUpdateChange = { path: string, kind: PatchChangeKind, diff: string }
type McpToolCallStatus = "inProgress" | "completed" | "failed"
type McpToolCallResult = { content: unknown[], structuredContent?: unknown }
type McpToolCallError = { message: string }
type ThreadItem =
  | { type: "userMessage", id: string, clientId?: string | null, content: UserInput[] }
  | { type: "agentMessage", id: string, text: string, phase?: string | null }
  | { type: "plan", id: string, text: string }
  | { type: "reasoning", id: string, summary: string[], content: string[] }
  | {
      type: "commandExecution", id: string, command: string, cwd: string, processId?: string | null,
      source: CommandExecutionSource, status: CommandExecutionStatus, commandActions: CommandAction[],
      aggregatedOutput?: string | null, exitCode?: integer | null, durationMs?: integer | null
    }
  | { type: "fileChange", id: string, changes: FileUpdateChange[], status: PatchApplyStatus }
  | {
      type: "mcpToolCall", id: string, server: string, tool: string, status: McpToolCallStatus, arguments: unknown,
      result?: McpToolCallResult | null, error?: McpToolCallError | null, durationMs?: integer | null
    }
  | { type: "webSearch", id: string, query: string }
  | { type: "enteredReviewMode", id: string, review: string }
  | { type: "exitedReviewMode", id: string, review: string }
  | { type: "contextCompaction", id: string }
type TurnStatus = "completed" | "interrupted" | "failed" | "inProgress"
type TurnItemsView = "notLoaded" | "summary" | "full"
type TurnError = { message: string, codexErrorInfo?: unknown, additionalDetails?: string | null }
type Turn = {
  id: string, items: ThreadItem[], itemsView?: TurnItemsView, status: TurnStatus, error?: TurnError | null,
  startedAt?: integer | null, completedAt?: integer | null, durationMs?: integer | null
}
type TurnStartParams = {
  threadId: string, input: UserInput[], clientUserMessageId?: string | null, cwd?: string | null,
  approvalPolicy?: AskForApproval | null, sandboxPolicy?: SandboxPolicy | null, model?: string | null,
  effort?: ReasoningEffort | null, outputSchema?: unknown
}
type TurnStartResponse = { turn: Turn }
type TurnSteerParams = {
  threadId: string, input: UserInput[], expectedTurnId: string, clientUserMessageId?: string | null
}
type TurnSteerResponse = { turnId: string }
type TurnInterruptParams = { threadId: string, turnId: string }
type TurnInterruptResponse = {}
type ReviewTarget =
  | { type: "uncommittedChanges" }
  | { type: "baseBranch", branch: string }
  | { type: "commit", sha: string, title?: string | null }
  | { type: "custom", instructions: string }
type ReviewDelivery = "inline" | "detached"
type ReviewStartParams = { threadId: string, target: ReviewTarget, delivery?: ReviewDelivery | null }
type ReviewStartResponse = { turn: Turn, reviewThreadId: string }
type ErrorNotification = { error: TurnError, willRetry: boolean, threadId: string, turnId: string }
type WarningNotification = { threadId?: string | null, message: string }
type TurnStartedNotification = { threadId: string, turn: Turn }
type TurnCompletedNotification = { threadId: string, turn: Turn }
type TurnDiffUpdatedNotification = { threadId: string, turnId: string, diff: string }
type TurnPlanStepStatus = "pending" | "inProgress" | "completed"
type TurnPlanStep = { step: string, status: TurnPlanStepStatus }
type TurnPlanUpdatedNotification = {
  threadId: string, turnId: string, explanation?: string | null, plan: TurnPlanStep[]
}
type ItemStartedNotification = { item: ThreadItem, threadId: string, turnId: string, startedAtMs: integer }
type ItemCompletedNotification = { item: ThreadItem, threadId: string, turnId: string, completedAtMs: integer }
type AgentMessageDeltaNotification = { threadId: string, turnId: string, itemId: string, delta: string }
type ReasoningSummaryPartAddedNotification = {
  threadId: string, turnId: string, itemId: string, summaryIndex: integer
}
type ReasoningSummaryTextDeltaNotification = {
  threadId: string, turnId: string, itemId: string, delta: string, summaryIndex: integer
}
type CommandExecutionOutputDeltaNotification = { threadId: string, turnId: string, itemId: string, delta: string }
type ServerRequestResolvedNotification = { threadId: string, requestId: RequestId }
type ExecPolicyAmendment = string[]
type NetworkPolicyRuleAction = "allow" | "deny"
type NetworkPolicyAmendment = { host: string, action: NetworkPolicyRuleAction }
type NetworkApprovalProtocol = "http" | "https" | "socks5Tcp" | "socks5Udp"
type NetworkApprovalContext = { host: string, protocol: NetworkApprovalProtocol }
type CommandExecutionApprovalDecision =
  | "accept" | "acceptForSession" | "decline" | "cancel"
  | { acceptWithExecpolicyAmendment: { execpolicy_amendment: ExecPolicyAmendment } }
  | { applyNetworkPolicyAmendment: { network_policy_amendment: NetworkPolicyAmendment } }
type CommandExecutionRequestApprovalParams = {
  threadId: string, turnId: string, itemId: string, startedAtMs: integer, kind?: "command" | "writeStdin" | null,
  approvalId?: string | null, reason?: string | null, command?: string | null, cwd?: string | null,
  commandActions?: CommandAction[] | null, networkApprovalContext?: NetworkApprovalContext | null,
  proposedExecpolicyAmendment?: ExecPolicyAmendment | null,
  proposedNetworkPolicyAmendments?: NetworkPolicyAmendment[] | null,
  availableDecisions?: CommandExecutionApprovalDecision[] | null
}
type CommandExecutionRequestApprovalResponse = { decision: CommandExecutionApprovalDecision }
type FileChangeApprovalDecision = "accept" | "acceptForSession" | "decline" | "cancel"
type FileChangeRequestApprovalParams = {
  threadId: string, turnId: string, itemId: string, startedAtMs: integer, reason?: string | null,
  grantRoot?: string | null
}
type FileChangeRequestApprovalResponse = { decision: FileChangeApprovalDecision }
type ToolRequestUserInputOption = { label: string, description: string }
type ToolRequestUserInputQuestion = {
  id: string, header: string, question: string, isOther: boolean, isSecret: boolean,
  options: ToolRequestUserInputOption[] | null
}
type ToolRequestUserInputAnswer = { answers: string[] }
type ToolRequestUserInputParams = {
  threadId: string, turnId: string, itemId: string, isBlocking: boolean, questions: ToolRequestUserInputQuestion[]
}
type ToolRequestUserInputResponse = { answers: Record<string, ToolRequestUserInputAnswer> }
`
