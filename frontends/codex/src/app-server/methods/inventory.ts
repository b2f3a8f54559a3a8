import { listHooks } from "../hooks.ts"
import { account, authStatus, listModels } from "../inventory.ts"
import type { Methods } from "../method.ts"
import { listSkills } from "../skills.ts"

export const INVENTORY_METHODS: Methods = {
  "model/list": async (params, { threads, settings }) => ({
    result: listModels(await threads.models(), settings, params),
  }),
  "account/read": async (_params, { threads }) => ({ result: account(await threads.models()) }),
  getAuthStatus: async (_params, { threads }) => ({ result: authStatus(await threads.models()) }),
  "hooks/list": listHooks,
  "skills/list": listSkills,
  // There are none of these in this version, which is an answer and no blocker.
  "collaborationMode/list": () => ({ result: { data: [] } }),
  "configRequirements/read": () => ({ result: { requirements: null } }),
}
