import type { Judged } from "@skein/host"
import { withHost } from "../../session/host.ts"
import { lineOf } from "../../tell/line-of.ts"
import { oneLine } from "../../tell/visible.ts"
import { UsageError } from "../../usage.ts"
import type { Run, VerbCall } from "../../verb.ts"

const EXIT_CODES: Readonly<Record<Judged["decision"], number>> = { allow: 0, ask: 1, deny: 2 }

export const run: Run = (call) => decided(call, false)
export const explain: Run = (call) => decided(call, true)

/** What would be decided about a call, here and now. Nothing is run. */
async function decided(call: VerbCall, hasParts: boolean): Promise<number> {
  const { flags, io } = call
  const { tool, input } = asked(call)
  return withHost(call, async ({ host }) => {
    const taint = flags.has("tainted") ? ["this turn is said to have read what is not to be trusted"] : []
    const judged = await host.permissions.judge(tool, input, { taint })
    if (flags.has("json")) {
      const { parts: _, ...short } = judged
      io.out(JSON.stringify(hasParts ? judged : short, undefined, 2))
      return EXIT_CODES[judged.decision]
    }
    io.out(`${judged.decision}   (mode ${judged.mode}, sandbox ${judged.sandbox})`)
    for (const reason of judged.reasons) io.out(`  because ${oneLine(reason)}`)
    if (judged.rule !== undefined)
      io.out(`  rule    ${judged.rule.decision} ${oneLine(host.permissions.say(judged.rule))}, ${judged.rule.scope}`)
    if (judged.always !== undefined)
      io.out(`  always  ${oneLine(host.permissions.say(judged.always))} would spare the question`)
    if (hasParts) {
      for (const { decision, subject, reason } of judged.parts)
        io.out(`  ${decision.padEnd(5)}   ${oneLine(subject)}: ${oneLine(reason)}`)
    }
    return EXIT_CODES[judged.decision]
  })
}

function asked({ flags, words, rest }: VerbCall): { readonly tool: string; readonly input: unknown } {
  const all = [...words, ...rest]
  const named = flags.text("tool")
  if (named === undefined || (named === "bash" && all[0]?.startsWith("{") !== true)) {
    if (all.length === 0) throw new UsageError("Say which command, or --tool <name> and its input as JSON.")
    return { tool: "bash", input: { command: lineOf(all) } }
  }
  if (all.length > 1) throw new UsageError(`The input of ${named} is one word of JSON.`)
  try {
    return { tool: named, input: all[0] === undefined ? {} : JSON.parse(all[0]) }
  } catch (cause) {
    if (cause instanceof SyntaxError) throw new UsageError(`The input of ${named} is no JSON: ${cause.message}.`)
    throw cause
  }
}
