/** Something that is said between a client and the server, by its name on the wire. */
export interface Message {
  readonly method: string
  /** What its types are called: `ThreadStart` of `ThreadStartParams` and `ThreadStartResponse`. */
  readonly base: string
  readonly hasParams: boolean
  /** Only for a client that asks for what is experimental. */
  readonly isExperimental: boolean
}

/**
 * Codex's surface, its messages parted by semicolons: the method, the name of its types where that is not the method's own with capitals,
 * `~` for one without parameters, `!` for one that is experimental.
 */
const REQUESTS = `
initialize; server/diagnostics !; userVerification/status !; userVerification/enroll !; userVerification/delete !;
userVerification/verify !; userVerification/cancel !; thread/start; thread/resume; thread/fork; thread/archive;
thread/delete; thread/unsubscribe; thread/increment_elicitation !; thread/decrement_elicitation !;
thread/name/set ThreadSetName; thread/prediction/request !; thread/goal/set; thread/goal/get; thread/goal/clear;
thread/queue/add !; thread/queue/list !; thread/queue/update !; thread/queue/delete !; thread/queue/reorder !;
thread/queue/start !; thread/metadata/update; thread/attachment/add; thread/attachment/list;
thread/attachmentOwner/list; thread/attachment/remove; thread/section/move; thread/settings/update !;
thread/memoryMode/set !; memory/status !; memory/reset ~ !; rollout/compress ~ !; thread/unarchive;
thread/compact/start; thread/shellCommand; thread/approveGuardianDeniedAction; thread/backgroundTerminals/clean !;
thread/backgroundTerminals/list !; thread/backgroundTerminals/terminate !; thread/revert; thread/list;
project/list !; project/read !; project/create !; project/import !; project/update !; project/move !;
project/delete !; threadSection/list; threadSection/create; threadSection/update; threadSection/delete;
thread/search !; thread/searchOccurrences !; thread/loaded/list; thread/read; thread/readState/update !;
thread/turns/list; thread/items/list; thread/items/read !; thread/inject_items; skills/list; skills/extraRoots/set;
hooks/list; marketplace/add; marketplace/remove; marketplace/upgrade; plugin/list; plugin/search !;
plugin/installed; plugin/reconcile; plugin/read; plugin/skill/read; plugin/share/save; plugin/share/updateTargets;
plugin/share/list; plugin/share/checkout; plugin/share/delete; app/read AppsRead; app/list AppsList;
app/installed AppsInstalled; fs/readFile; fs/writeFile; fs/createDirectory; fs/getMetadata; fs/readDirectory;
fs/remove; fs/copy; fs/watch; fs/unwatch; skills/config/write; plugin/install; plugin/uninstall; turn/start;
turn/settings/update !; turn/steer; turn/interrupt; thread/realtime/start !; thread/realtime/appendAudio !;
thread/realtime/appendText !; thread/realtime/appendSpeech !; thread/realtime/stop !; thread/timeline/list !;
thread/realtime/listVoices !; review/start; model/list; account/gatewayOAuth/read ~GatewayOAuthRead;
account/gatewayOAuth/login ~GatewayOAuthLogin; account/gatewayOAuth/cancel ~GatewayOAuthCancel;
modelProvider/capabilities/read; experimentalFeature/list; permissionProfile/list;
experimentalFeature/enablement/set; remoteControl/enable !; remoteControl/disable !; remoteControl/status/read ~ !;
remoteControl/pairing/start !; remoteControl/pairing/status !; remoteControl/client/list RemoteControlClientsList !;
remoteControl/client/revoke RemoteControlClientsRevoke !; collaborationMode/list !; environment/add !;
environment/info !; environment/status !; mcpServer/oauth/login; config/mcpServer/reload ~McpServerRefresh;
mcpServerStatus/list ListMcpServerStatus; mcpServer/resource/read McpResourceRead; mcpServer/event/stream/start !;
mcpServer/event/stream/stop !; mcpServer/tool/call; windowsSandbox/setupStart; windowsSandbox/readiness ~;
account/login/start LoginAccount; account/bedrock/discover BedrockDiscover !; account/bedrock/setup BedrockSetup !;
account/bedrock/checkGovCloudRequirements BedrockCheckGovCloudRequirements !;
account/login/cancel CancelLoginAccount; account/logout ~LogoutAccount;
account/rateLimits/read GetAccountRateLimits;
account/rateLimitResetCredit/consume ConsumeAccountRateLimitResetCredit; account/usage/read GetAccountTokenUsage;
account/workspaceMessages/read ~GetWorkspaceMessages; account/sendAddCreditsNudgeEmail SendAddCreditsNudgeEmail;
feedback/upload; command/exec; command/exec/write; command/exec/terminate; command/exec/resize; process/spawn !;
process/writeStdin !; process/kill !; process/resizePty !; config/read; externalAgentConfig/detect;
externalAgentConfig/import; externalAgentConfig/import/recordHistory ExternalAgentConfigImportHistoryRecord;
externalAgentConfig/import/readHistories ~ExternalAgentConfigImportHistoriesRead; config/value/write;
config/batchWrite; configRequirements/read ~; account/read GetAccount; fuzzyFileSearch;
fuzzyFileSearch/sessionStart !; fuzzyFileSearch/sessionUpdate !; fuzzyFileSearch/sessionStop !; gitDiffToRemote
`

const NOTIFICATIONS = `
error; thread/started; thread/status/changed; thread/readState/changed; thread/archived; thread/deleted;
thread/unarchived; thread/closed; thread/reverted; skills/changed; thread/name/updated; thread/attachment/updated;
thread/goal/updated; thread/prediction/updated; thread/goal/cleared; thread/queue/changed; project/changed;
thread/project/updated; thread/environment/connected EnvironmentConnection;
thread/environment/disconnected EnvironmentConnection; thread/settings/updated; thread/tokenUsage/updated;
turn/started; hook/started; turn/completed; hook/completed; turn/diff/updated; turn/plan/updated; item/started;
item/autoApprovalReview/started ItemGuardianApprovalReviewStarted;
item/autoApprovalReview/completed ItemGuardianApprovalReviewCompleted;
autoApprovalReview/strictReviewRequired StrictReviewRequired; item/completed;
item/agentMessage/delta AgentMessageDelta; item/plan/delta PlanDelta; command/exec/outputDelta; process/outputDelta;
process/exited; item/commandExecution/outputDelta CommandExecutionOutputDelta;
item/commandExecution/terminalInteraction TerminalInteraction; item/fileChange/outputDelta FileChangeOutputDelta;
item/fileChange/patchUpdated FileChangePatchUpdated; serverRequest/resolved;
item/mcpToolCall/progress McpToolCallProgress; mcpServer/oauthLogin/completed;
mcpServer/startupStatus/updated McpServerStatusUpdated; mcpServer/event/stream/notification McpServerEventStream;
account/updated; account/gatewayOAuth/changed GatewayOAuthChanged; account/rateLimits/updated; app/list/updated;
remoteControl/status/changed; externalAgentConfig/import/progress; externalAgentConfig/import/completed; fs/changed;
item/reasoning/summaryTextDelta ReasoningSummaryTextDelta;
item/reasoning/summaryPartAdded ReasoningSummaryPartAdded; item/reasoning/textDelta ReasoningTextDelta;
thread/compacted ContextCompacted; model/rerouted; model/verification;
modelProvider/authRecoveryStarted AuthRecovery; modelProvider/authRecoveryCompleted AuthRecovery;
turn/moderationMetadata; model/safetyBuffering/updated; warning; guardianWarning; deprecationNotice; configWarning;
fuzzyFileSearch/sessionUpdated; fuzzyFileSearch/sessionCompleted; thread/realtime/started;
thread/realtime/itemAdded; thread/realtime/item/started; thread/realtime/item/transcript/delta;
thread/realtime/item/completed; thread/realtime/transcript/delta; thread/realtime/transcript/done;
thread/realtime/outputAudio/delta; thread/realtime/sdp; thread/realtime/error; thread/realtime/closed;
windows/worldWritableWarning; windowsSandbox/setupCompleted; account/login/completed
`

const QUESTIONS = `
item/commandExecution/requestApproval CommandExecutionRequestApproval;
item/fileChange/requestApproval FileChangeRequestApproval; item/tool/requestUserInput ToolRequestUserInput;
mcpServer/elicitation/request; item/permissions/requestApproval PermissionsRequestApproval;
item/tool/call DynamicToolCall; account/chatgptAuthTokens/refresh ChatgptAuthTokensRefresh; attestation/generate;
currentTime/read !; applyPatchApproval; execCommandApproval
`

/** What a client asks. */
export const requests = messages(REQUESTS)
/** What a server tells. */
export const notifications = messages(NOTIFICATIONS)
/** What a server asks. */
export const questions = messages(QUESTIONS)

function messages(text: string): readonly Message[] {
  return text.split(";").map((said) => messageOf(said.trim()))
}

function messageOf(said: string): Message {
  const [method = "", ...words] = said.split(" ")
  const named = words.find((word) => word !== "!") ?? ""
  const own = method.replace(/(?:^|[/_])(\w)/g, (_, first: string) => first.toUpperCase())
  return {
    ...{ method, base: named.replace("~", "") || own },
    ...{ hasParams: !named.startsWith("~"), isExperimental: words.includes("!") },
  }
}
