import { listHooks } from "../hooks.ts"
import { account, config, listModels } from "../inventory.ts"
import type { Methods } from "../method.ts"
import { listSkills } from "../skills.ts"

export const INVENTORY_METHODS: Methods = {
  "model/list": async (_params, { threads, settings }) => ({ result: listModels(await threads.models(), settings) }),
  "account/read": async (_params, { threads }) => ({ result: account(await threads.models()) }),
  "hooks/list": listHooks,
  "skills/list": listSkills,
  // There are none of these in this version, which is an answer and no blocker.
  "mcpServerStatus/list": () => ({ result: { data: [], nextCursor: null } }),
  "collaborationMode/list": () => ({ result: { data: [] } }),
  "config/read": (_params, { settings }) => ({ result: config(settings) }),
  "configRequirements/read": () => ({ result: { requirements: null } }),
}
