import { ATTACHED, CLOUD, GUARD, PROJECTS, QUEUE, SECTIONS, VOICE, WINDOWS } from "./reasons.ts"
import { rows, type SurfaceRow } from "./row.ts"

const RELAY = "it goes through a relay that one provider runs for its own accounts"
const MEMORY = "what is remembered is kept in files of the person's own"
const BESIDE = "it is left to skein's own settings and verbs"

/** Requests of a client, by what becomes of them. */
export const REQUESTS: readonly SurfaceRow[] = [
  ...rows("request", "yes", [
    "initialize thread/archive thread/unarchive thread/delete thread/unsubscribe thread/name/set thread/goal/get",
    "thread/goal/clear thread/compact/start thread/revert thread/loaded/list thread/read turn/steer turn/interrupt",
    "hooks/list marketplace/remove marketplace/upgrade plugin/installed plugin/reconcile plugin/uninstall model/list",
    "modelProvider/list modelProvider/capabilities/read experimentalFeature/list permissionProfile/list",
    "configRequirements/read account/read account/logout fuzzyFileSearch config/mcpServer/reload",
    "app/list app/installed app/read mcpServer/oauth/login skills/list",
    "fs/readFile fs/writeFile fs/createDirectory fs/getMetadata fs/readDirectory fs/remove fs/copy fs/watch fs/unwatch",
    "command/exec command/exec/write command/exec/terminate command/exec/resize gitDiffToRemote",
    "fuzzyFileSearch/sessionStart fuzzyFileSearch/sessionUpdate fuzzyFileSearch/sessionStop collaborationMode/list",
    "process/spawn process/kill process/writeStdin process/resizePty",
  ]),
  ...rows(
    "request",
    "partly",
    ["thread/start"],
    "`history` is refused; of `config` the keys of models, approvals, sandbox and instructions hold, others are named",
  ),
  ...rows(
    "request",
    "partly",
    ["thread/resume thread/fork"],
    "by id, not by the path of a rollout; a thread stays in its folder when it is taken up again",
  ),
  ...rows(
    "request",
    "partly",
    ["thread/list"],
    "who began a thread is not kept, so `originators` leaves nothing out; there are no sections",
  ),
  ...rows(
    "request",
    "partly",
    ["thread/turns/list thread/items/list"],
    "paged forward only; when an item began and ended is not told",
  ),
  ...rows(
    "request",
    "partly",
    ["thread/goal/set"],
    "a goal is kept in view and begins no turns: only the status `paused`, no budget",
  ),
  ...rows("request", "partly", ["thread/shellCommand"], "without `timeoutMs`: turn/interrupt stops it"),
  ...rows(
    "request",
    "partly",
    ["thread/inject_items"],
    "messages of a user or a developer, not what a model said or called",
  ),
  ...rows(
    "request",
    "partly",
    ["turn/start"],
    "in the thread's own folder, images as data or files, one approval policy for a thread",
  ),
  ...rows("request", "partly", ["review/start"], "in the thread itself, not detached"),
  ...rows("request", "partly", ["config/read"], "layers are told in skein's own keys"),
  ...rows(
    "request",
    "partly",
    ["config/value/write config/batchWrite"],
    "keys of model, sandbox and search that are known and hold no secret, into skein's settings; a server that runs keeps what it began with",
  ),
  ...rows(
    "request",
    "partly",
    ["mcpServerStatus/list"],
    "tools, states and logins; resources are read by their address, not listed",
  ),
  ...rows("request", "partly", ["mcpServer/resource/read"], "in a thread, as text"),
  ...rows(
    "request",
    "partly",
    ["mcpServer/tool/call"],
    "as a turn by itself that stands in the thread; refused while another runs",
  ),
  ...rows(
    "request",
    "partly",
    ["plugin/list plugin/read plugin/install"],
    "local and git marketplaces; only what is signed is installed, only what is installed is read",
  ),
  ...rows("request", "partly", ["marketplace/add"], "whole, without `sparsePaths`"),
  ...rows("request", "partly", ["account/login/start"], "a key; logins by a page are made with skein login"),
  ...rows("request", "partly", ["account/usage/read"], "what this machine's own sessions took, not an account's"),
  ...rows("request", "partly", ["feedback/save"], "a file of what was done without what was said; no further files"),
  ...rows("request", "partly", ["externalAgentConfig/detect"], "what is there is told; skein import takes it over"),
  ...rows("request", "partly", ["getConversationSummary"], "by id, with no path to a rollout"),
  ...rows(
    "request",
    "no",
    ["account/rateLimits/read account/workspaceMessages/read"],
    "they are of an account with one provider, which answers as it does without one",
  ),
  ...rows(
    "request",
    "no",
    ["thread/metadata/update"],
    "what of a repository a turn began on is read from it, and is not what a client says",
  ),
  ...rows(
    "request",
    "no",
    ["thread/attachment/add thread/attachment/list thread/attachment/remove thread/attachmentOwner/list"],
    ATTACHED,
  ),
  ...rows(
    "request",
    "no",
    ["thread/section/move threadSection/list threadSection/create threadSection/update threadSection/delete"],
    SECTIONS,
  ),
  ...rows("request", "no", ["thread/approveGuardianDeniedAction"], GUARD),
  ...rows(
    "request",
    "no",
    ["skills/extraRoots/set skills/config/write"],
    "which skills there are is set by skills.paths in skein's settings, and by skein skill",
  ),
  ...rows(
    "request",
    "no",
    [
      "plugin/skill/read plugin/share/save plugin/share/updateTargets plugin/share/list plugin/share/checkout plugin/share/delete plugin/search",
    ],
    CLOUD,
  ),
  ...rows(
    "request",
    "no",
    [
      "account/gatewayOAuth/read account/gatewayOAuth/login account/gatewayOAuth/cancel account/login/cancel account/securitySetup/read account/rateLimitResetCredit/consume account/sendAddCreditsNudgeEmail feedback/upload",
    ],
    CLOUD,
  ),
  ...rows(
    "request",
    "no",
    [
      "modelProvider/config/write experimentalFeature/enablement/set account/bedrock/checkGovCloudRequirements account/bedrock/discover account/bedrock/setup",
    ],
    BESIDE,
  ),
  ...rows("request", "no", ["windowsSandbox/setupStart windowsSandbox/readiness"], WINDOWS),
  ...rows(
    "request",
    "no",
    ["externalAgentConfig/import externalAgentConfig/import/recordHistory externalAgentConfig/import/readHistories"],
    "settings of other programs are taken over by skein import, where a person sees what it does",
  ),
  ...rows(
    "request",
    "no",
    ["getAuthStatus"],
    "it would give a key to the client; account/read says whether there is one",
  ),
  ...rows(
    "request",
    "no",
    [
      "thread/queue/add thread/queue/delete thread/queue/list thread/queue/reorder thread/queue/start thread/queue/update",
    ],
    QUEUE,
  ),
  ...rows(
    "request",
    "no",
    [
      "thread/realtime/appendAudio thread/realtime/appendSpeech thread/realtime/appendText thread/realtime/listVoices thread/realtime/start thread/realtime/stop",
    ],
    VOICE,
  ),
  ...rows(
    "request",
    "no",
    [
      "remoteControl/client/list remoteControl/client/revoke remoteControl/disable remoteControl/enable remoteControl/pairing/start remoteControl/pairing/status remoteControl/status/read",
    ],
    RELAY,
  ),
  ...rows(
    "request",
    "no",
    [
      "userVerification/cancel userVerification/delete userVerification/enroll userVerification/status userVerification/verify",
    ],
    CLOUD,
  ),
  ...rows(
    "request",
    "no",
    ["project/create project/delete project/import project/list project/move project/read project/update"],
    PROJECTS,
  ),
  ...rows("request", "no", ["memory/reset memory/status thread/memoryMode/set"], MEMORY),
  ...rows(
    "request",
    "no",
    ["environment/add environment/info environment/status"],
    "commands run on this machine; there is one environment",
  ),
  ...rows(
    "request",
    "no",
    ["mcpServer/event/stream/start mcpServer/event/stream/stop"],
    "what servers say by themselves is told in the log file alone",
  ),
  ...rows("request", "no", ["mock/experimentalMethod"], "it does nothing in any program"),
  ...rows(
    "request",
    "no",
    ["rollout/compress server/diagnostics"],
    "they are about that program's own files; skein doctor tells of ours",
  ),
  ...rows(
    "request",
    "no",
    ["thread/backgroundTerminals/clean thread/backgroundTerminals/list thread/backgroundTerminals/terminate"],
    "processes that go on beside a turn are shown and ended in skein's own front-ends",
  ),
  ...rows(
    "request",
    "no",
    ["thread/decrement_elicitation thread/increment_elicitation"],
    "a question waits as long as its client says nothing",
  ),
  ...rows(
    "request",
    "no",
    ["thread/items/read thread/timeline/list thread/search thread/searchOccurrences"],
    "thread/items/list and thread/list with searchTerm give the same",
  ),
  ...rows("request", "no", ["thread/prediction/request"], "what may be said next is not guessed here"),
  ...rows("request", "no", ["thread/readState/update"], "what a person has read is not kept"),
  ...rows(
    "request",
    "no",
    ["thread/settings/update turn/settings/update"],
    "settings come with turn/start, and hold from then on",
  ),
]
