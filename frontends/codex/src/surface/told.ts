import { ATTACHED, CLOUD, GUARD, PROJECTS, QUEUE, SECTIONS, VOICE, WINDOWS } from "./reasons.ts"
import { rows, type SurfaceRow } from "./row.ts"

/** What the server tells by itself. */
export const NOTIFICATIONS: readonly SurfaceRow[] = [
  ...rows("notification", "yes", [
    "error thread/started thread/status/changed thread/archived thread/deleted thread/unarchived thread/closed",
    "thread/reverted thread/name/updated thread/goal/updated thread/goal/cleared thread/tokenUsage/updated turn/started",
    "turn/completed turn/diff/updated turn/plan/updated item/started item/completed item/agentMessage/delta",
    "item/commandExecution/outputDelta item/reasoning/summaryTextDelta item/reasoning/summaryPartAdded",
    "serverRequest/resolved warning account/updated account/login/completed remoteControl/status/changed",
    "mcpServer/oauthLogin/completed command/exec/outputDelta process/outputDelta process/exited fs/changed",
    "fuzzyFileSearch/sessionUpdated fuzzyFileSearch/sessionCompleted",
  ]),
  ...rows(
    "notification",
    "partly",
    ["hook/started hook/completed"],
    "both once a hook is over; hooks of a client, and points that this protocol has no word for, are not told",
  ),
  ...rows(
    "notification",
    "no",
    ["thread/compacted deprecationNotice item/fileChange/outputDelta"],
    "it is going away in that program too",
  ),
  ...rows(
    "notification",
    "no",
    ["item/plan/delta item/reasoning/textDelta item/fileChange/patchUpdated item/mcpToolCall/progress"],
    "such an item is told whole",
  ),
  ...rows(
    "notification",
    "no",
    ["mcpServer/startupStatus/updated skills/changed app/list/updated configWarning thread/settings/updated"],
    "what came of it is told by the lists and warnings there are",
  ),
  ...rows(
    "notification",
    "no",
    ["item/commandExecution/terminalInteraction"],
    "no model types into a command that runs",
  ),
  ...rows(
    "notification",
    "no",
    [
      "item/autoApprovalReview/started item/autoApprovalReview/completed autoApprovalReview/strictReviewRequired guardianWarning",
    ],
    GUARD,
  ),
  ...rows("notification", "no", ["thread/readState/changed thread/prediction/updated"], "neither is known here"),
  ...rows("notification", "no", ["thread/section/changed"], SECTIONS),
  ...rows("notification", "no", ["thread/attachment/updated"], ATTACHED),
  ...rows("notification", "no", ["thread/queue/changed"], QUEUE),
  ...rows("notification", "no", ["project/changed thread/project/updated"], PROJECTS),
  ...rows(
    "notification",
    "no",
    ["thread/environment/connected thread/environment/disconnected"],
    "there is one environment",
  ),
  ...rows(
    "notification",
    "no",
    ["mcpServer/event/stream/notification"],
    "what servers say by themselves is told in the log file alone",
  ),
  ...rows(
    "notification",
    "no",
    [
      "account/gatewayOAuth/changed account/rateLimits/updated model/rerouted model/verification modelProvider/authRecoveryStarted modelProvider/authRecoveryCompleted turn/moderationMetadata model/safetyBuffering/updated",
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
      "thread/realtime/started thread/realtime/itemAdded thread/realtime/item/started thread/realtime/item/transcript/delta thread/realtime/item/completed thread/realtime/transcript/delta thread/realtime/transcript/done thread/realtime/outputAudio/delta thread/realtime/sdp thread/realtime/error thread/realtime/closed",
    ],
    VOICE,
  ),
  ...rows("notification", "no", ["windows/worldWritableWarning windowsSandbox/setupCompleted"], WINDOWS),
]

/** What the server asks a client. */
export const SERVER_REQUESTS: readonly SurfaceRow[] = [
  ...rows("server request", "yes", [
    "item/commandExecution/requestApproval item/fileChange/requestApproval item/tool/requestUserInput item/tool/call",
    "mcpServer/elicitation/request",
  ]),
  ...rows(
    "server request",
    "no",
    ["item/permissions/requestApproval"],
    "more than the sandbox allows is asked about call by call",
  ),
  ...rows("server request", "no", ["account/chatgptAuthTokens/refresh attestation/generate currentTime/read"], CLOUD),
  ...rows(
    "server request",
    "no",
    ["applyPatchApproval execCommandApproval"],
    "they are of the first version, which no client speaks any more",
  ),
]
