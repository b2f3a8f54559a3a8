import { ATTACHED, CLOUD, GUARD, PROJECTS, QUEUE, SECTIONS, VOICE, WINDOWS } from "./reasons.ts"
import { rows, type SurfaceRow } from "./row.ts"

/** What the server tells by itself. */
export const NOTIFICATIONS: readonly SurfaceRow[] = [
  ...rows("notification", "yes", [
    "error thread/started thread/status/changed thread/archived thread/deleted thread/unarchived thread/closed",
    "thread/reverted thread/name/updated thread/goal/updated thread/goal/cleared thread/tokenUsage/updated",
    "turn/started turn/completed turn/diff/updated turn/plan/updated item/started item/completed",
    "item/agentMessage/delta=AgentMessageDelta item/commandExecution/outputDelta=CommandExecutionOutputDelta",
    "item/reasoning/summaryTextDelta=ReasoningSummaryTextDelta",
    "item/reasoning/summaryPartAdded=ReasoningSummaryPartAdded serverRequest/resolved warning account/updated",
    "account/login/completed remoteControl/status/changed mcpServer/oauthLogin/completed command/exec/outputDelta",
    "process/outputDelta process/exited fs/changed fuzzyFileSearch/sessionUpdated",
    "fuzzyFileSearch/sessionCompleted",
  ]),
  ...rows(
    "notification",
    "partly",
    ["thread/settings/updated"],
    "after thread/settings/update; other changes are in the answers that made them",
  ),
  ...rows(
    "notification",
    "partly",
    ["hook/started hook/completed"],
    "both once a hook is over; hooks of a client, and points that this protocol has no word for, are not told",
  ),
  ...rows(
    "notification",
    "no",
    ["thread/compacted=ContextCompacted deprecationNotice item/fileChange/outputDelta=FileChangeOutputDelta"],
    "it is going away in that program too",
  ),
  ...rows(
    "notification",
    "no",
    [
      "item/plan/delta=PlanDelta item/reasoning/textDelta=ReasoningTextDelta",
      "item/fileChange/patchUpdated=FileChangePatchUpdated item/mcpToolCall/progress=McpToolCallProgress",
    ],
    "such an item is told whole",
  ),
  ...rows(
    "notification",
    "no",
    ["mcpServer/startupStatus/updated=McpServerStatusUpdated skills/changed app/list/updated configWarning"],
    "what came of it is told by the lists and warnings there are",
  ),
  ...rows(
    "notification",
    "no",
    ["item/commandExecution/terminalInteraction=TerminalInteraction"],
    "no model types into a command that runs",
  ),
  ...rows(
    "notification",
    "no",
    [
      "item/autoApprovalReview/started=ItemGuardianApprovalReviewStarted",
      "item/autoApprovalReview/completed=ItemGuardianApprovalReviewCompleted",
      "autoApprovalReview/strictReviewRequired=StrictReviewRequired guardianWarning",
    ],
    GUARD,
  ),
  ...rows("notification", "no", ["thread/readState/changed thread/prediction/updated"], "neither is known here"),
  ...rows("notification", "no", ["thread/section/changed-"], SECTIONS),
  ...rows("notification", "no", ["thread/attachment/updated"], ATTACHED),
  ...rows("notification", "no", ["thread/queue/changed"], QUEUE),
  ...rows("notification", "no", ["project/changed thread/project/updated"], PROJECTS),
  ...rows(
    "notification",
    "no",
    ["thread/environment/connected=EnvironmentConnection thread/environment/disconnected=EnvironmentConnection"],
    "there is one environment",
  ),
  ...rows(
    "notification",
    "no",
    ["mcpServer/event/stream/notification=McpServerEventStream"],
    "what servers say by themselves is told in the log file alone",
  ),
  ...rows(
    "notification",
    "no",
    [
      "account/gatewayOAuth/changed=GatewayOAuthChanged account/rateLimits/updated model/rerouted",
      "model/verification modelProvider/authRecoveryStarted=AuthRecovery",
      "modelProvider/authRecoveryCompleted=AuthRecovery turn/moderationMetadata model/safetyBuffering/updated",
    ],
    CLOUD,
  ),
  ...rows(
    "notification",
    "no",
    ["externalAgentConfig/import/progress externalAgentConfig/import/completed"],
    "nothing is taken over by this protocol",
  ),
  ...rows(
    "notification",
    "no",
    [
      "thread/realtime/started thread/realtime/itemAdded thread/realtime/item/started",
      "thread/realtime/item/transcript/delta thread/realtime/item/completed thread/realtime/transcript/delta",
      "thread/realtime/transcript/done thread/realtime/outputAudio/delta thread/realtime/sdp thread/realtime/error",
      "thread/realtime/closed",
    ],
    VOICE,
  ),
  ...rows("notification", "no", ["windows/worldWritableWarning windowsSandbox/setupCompleted"], WINDOWS),
]

/** What the server asks a client. */
export const SERVER_REQUESTS: readonly SurfaceRow[] = [
  ...rows("server request", "yes", [
    "item/commandExecution/requestApproval=CommandExecutionRequestApproval",
    "item/fileChange/requestApproval=FileChangeRequestApproval item/tool/requestUserInput=ToolRequestUserInput",
    "item/tool/call=DynamicToolCall mcpServer/elicitation/request",
  ]),
  ...rows(
    "server request",
    "no",
    ["item/permissions/requestApproval=PermissionsRequestApproval"],
    "more than the sandbox allows is asked about call by call",
  ),
  ...rows(
    "server request",
    "no",
    ["account/chatgptAuthTokens/refresh=ChatgptAuthTokensRefresh attestation/generate currentTime/read!"],
    CLOUD,
  ),
  ...rows(
    "server request",
    "no",
    ["applyPatchApproval execCommandApproval"],
    "they are of the first version, which no client speaks any more",
  ),
]
