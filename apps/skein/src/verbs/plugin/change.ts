import { jsonPage } from "@skein/protocol"
import { confirmed } from "../../session/confirm.ts"
import { oneLine } from "../../tell/visible.ts"
import type { Run, VerbCall } from "../../verb.ts"
import { oneWord, withPlugins } from "./told.ts"

/** `skein plugin remove`. */
export const run: Run = (call) =>
  withPlugins(call, async (plugins, own) => {
    const name = oneWord(own, "plugin")
    if (!own.flags.has("yes") && !(await confirmed(own.io, `Take the plugin ${oneLine(name)} away?`))) {
      own.io.err("skein: nothing was removed")
      return 1
    }
    await plugins.remove(name)
    return told(own, { name, state: "removed" }, `Removed ${name}. What it wrote for itself is kept.`)
  })

export const enable: Run = (call) => turned(call, true)
export const disable: Run = (call) => turned(call, false)

function turned(call: VerbCall, isEnabled: boolean): Promise<number> {
  return withPlugins(call, async (plugins, own) => {
    const name = oneWord(own, "plugin")
    await plugins.enable(name, isEnabled)
    const state = isEnabled ? "enabled" : "disabled"
    return told(own, { name, state }, `${name} is ${isEnabled ? "on" : "off"} from the next session on.`)
  })
}

function told({ flags, io }: VerbCall, facts: object, sentence: string): number {
  io.out(flags.has("json") ? jsonPage(facts) : oneLine(sentence))
  return 0
}
