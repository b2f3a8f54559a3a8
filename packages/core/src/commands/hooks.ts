import type { HookInfo } from "@skein/protocol"
import { defineCommand } from "./command.ts"
import { columns, shownPath } from "./text.ts"

export const hooks = defineCommand({
  name: "hooks",
  summary: "What runs at points of a turn, what does not, and why.",
  usage: "",
  whileBusy: true,
  async run(_, { ask, facts, sessionId }) {
    const { hooks: all, flaws } = await ask({ type: "hooks.list", of: { sessionId } })
    const { cwd } = await facts()
    const isHeld = all.some(({ state }) => state === "untrusted")
    const lines = [
      ...(all.length === 0 ? ["No file sets a hook here."] : columns(all.map((hook) => row(hook, cwd)))),
      ...(isHeld ? ["What is not trusted is not run: skein trust accept, or --trust for one run."] : []),
      ...flaws.map((flaw) => `Left out: ${flaw}`),
    ]
    return { kind: "show", text: lines.join("\n") }
  },
})

function row({ event, matcher, what, file, place, state, why }: HookInfo, cwd: string): [string, string] {
  const at = matcher === undefined || matcher === "" ? event : `${event} ${matcher}`
  const held = state === "runs" ? "" : `, ${state}${why === undefined ? "" : `: ${why.replace(/\.$/, "")}`}`
  return [at, `${what}  (${shownPath(file, cwd)}#${place}${held})`]
}
