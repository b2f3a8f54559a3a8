import type { SessionView } from "@skein/protocol"
import type { Json } from "@skein/protocol/json"
import { codexModel, modelName, type Policy } from "../../words.ts"
import { type Context, type Methods, needed, type Reply, refuseMissing, requireSameFolder, warn } from "../method.ts"
import { readSettings } from "../settings.ts"
import { sandboxPolicy } from "../thread-view.ts"

export const THREAD_SETTINGS_METHODS: Methods = { "thread/settings/update": updateSettings }

/** What holds in a thread from its next step on, without a turn of its own. */
async function updateSettings(params: Json, { peer, threads }: Context): Promise<Reply> {
  const threadId = needed(params, "threadId")
  const live = threads.live(threadId)
  requireSameFolder("thread/settings/update", params, live.cwd)
  refuseMissing("thread/settings/update", params, ["serviceTier", "disabledPluginIds"])
  const before = await live.read()
  const asked = readSettings(params, before.settings, await threads.models())
  // The schema of a running turn is that turn's, and is not taken away by what comes after.
  const { outputSchema: _, ...changes } = asked.changes
  const release = live.hold()
  try {
    await live.configure(changes, asked.policy, before)
    const threadSettings = threadSettingsOf(await live.read(), live.policy)
    return {
      result: {},
      after: () => {
        peer.notify("thread/settings/updated", { threadId, threadSettings })
        warn(peer, threadId, asked.warnings)
        release()
      },
    }
  } catch (error) {
    release()
    throw error
  }
}

const PROFILES = { "read-only": ":read-only", "workspace-write": ":workspace", "full-access": ":danger-full-access" }

function threadSettingsOf({ settings, cwd }: SessionView, policy: Policy): Json {
  const model = modelName(settings.model)
  const effort = settings.effort ?? null
  return {
    ...{ disabledPluginIds: [], cwd, approvalPolicy: policy, approvalsReviewer: "user" },
    sandboxPolicy: sandboxPolicy(settings),
    activePermissionProfile: { id: PROFILES[settings.sandbox], extends: null },
    ...{ model, modelProvider: codexModel(settings.model).provider, serviceTier: null, effort, summary: null },
    collaborationMode: {
      mode: "default",
      settings: { model, reasoning_effort: effort, developer_instructions: null },
    },
    ...{ multiAgentMode: "explicitRequestOnly", personality: null },
  }
}
