import type { ChangedSettings, HookOutcome, Hooks } from "../ports/index.ts"
import { type Effect, notDone } from "./effect.ts"
import type { TurnHooks } from "./turn-hooks.ts"

/** Asks the hooks that stood in files before they changed, file by file; what one of them blocks is not taken. */
export async function settled(before: TurnHooks, { files, settle }: ChangedSettings): Promise<Hooks> {
  let isTaken = true
  const effectOf = (outcome: HookOutcome): Effect | undefined => notDone(outcome)
  try {
    for (const file of files) {
      const drafts = (said: HookOutcome) => told(file.path, said)
      const outcome = await before.run({ event: "ConfigChange", ...file }, { effectOf, drafts })
      if (effectOf(outcome) !== undefined) isTaken = false
    }
  } catch (error) {
    await settle({ isTaken })
    throw error
  }
  return await settle({ isTaken })
}

function told(path: string, outcome: HookOutcome) {
  const effect = notDone(outcome)
  if (effect === undefined) return []
  const text = `The hooks of ${path} hold as they were before it changed, because one of them says so: ${effect.reason}`
  return [{ type: "notice.posted", level: "warning", text, code: "hook" } as const]
}
