import type { Methods } from "./method.ts"
import { INVENTORY_METHODS } from "./methods/inventory.ts"
import { MACHINE_METHODS } from "./methods/machine.ts"
import { PERSONAL_METHODS } from "./methods/personal.ts"
import { SEARCH_METHODS } from "./methods/search.ts"
import { THREAD_METHODS } from "./methods/thread.ts"
import { THREAD_SETTINGS_METHODS } from "./methods/thread-settings.ts"
import { THREAD_WORK_METHODS } from "./methods/thread-work.ts"
import { TURN_METHODS } from "./methods/turn.ts"

/** The methods there are, a page for each family. Each other one that Codex has is refused by name. */
export const METHODS: Methods = {
  ...THREAD_METHODS,
  ...THREAD_SETTINGS_METHODS,
  ...THREAD_WORK_METHODS,
  ...TURN_METHODS,
  ...INVENTORY_METHODS,
  ...PERSONAL_METHODS,
  ...SEARCH_METHODS,
  ...MACHINE_METHODS,
}
