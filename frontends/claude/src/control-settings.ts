import { SkeinError } from "@skein/protocol"
import { asObject, asText } from "@skein/protocol/json"
import type { Answers } from "./control-context.ts"
import { readFlagSettings } from "./flag-settings.ts"
import { setModel } from "./set-model.ts"

/** Settings that a host gives while its session is open. What cannot all be done is refused, and nothing of it is done. */
export const SETTINGS_ANSWERS: Answers = {
  async apply_flag_settings(request, context) {
    const json = asObject(request.settings) ?? {}
    const session = await context.session()
    const given = Object.fromEntries(Object.entries(json).filter(([, value]) => value !== null))
    const { changes, rules, mode, env, hooks, unsupported } = readFlagSettings(given, { cwd: context.cwd })
    const late = [...(env === undefined ? [] : ["env"]), ...(hooks === undefined ? [] : ["hooks"])]
    const flaws = [...unsupported, ...late.map((key) => `The setting ${key} is read at the start alone.`)]
    if (flaws.length > 0) throw new SkeinError("op.unsupported", flaws.join(" "))
    if (mode === "bypassPermissions" && !context.flags().mayBypass)
      throw new SkeinError("op.invalid", "bypassPermissions needs --allow-dangerously-skip-permissions at the start.")
    const { extraRoots = [], ...others } = changes
    const cleared = {
      ...(json.effortLevel === null ? { effort: null } : {}),
      ...(json.outputStyle === null ? { outputStyle: null } : {}),
    }
    if (json.model !== undefined) await setModel(asText(json.model), context)
    if (Object.keys({ ...others, ...cleared }).length > 0) await session.change({ ...others, ...cleared })
    if (extraRoots.length > 0) await context.addRoots(extraRoots)
    if (mode !== undefined) await session.setMode(mode)
    const { sessionId, submit } = session
    for (const rule of rules) await submit({ type: "rule.add", sessionId, rule })
    return undefined
  },
}
