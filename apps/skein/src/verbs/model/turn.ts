import { EXIT, exitCodeOf, runHeadless } from "@skein/headless"
import { accepted, type SettingsChange } from "@skein/protocol"
import { withHost } from "../../session/host.ts"
import { openSession } from "../../session/open.ts"
import { promptOf } from "../../session/prompt.ts"
import { interruptible } from "../../session/signals.ts"
import { UsageError } from "../../usage.ts"
import type { Run, VerbCall } from "../../verb.ts"
import { UNATTENDED } from "../print.ts"

/** `skein model run-turn`: one request and its reply, in a session that is kept. No tool is offered. */
export const runTurn: Run = (call) => asked(call, { tools: [], limits: { stepsMax: 1 } })

/** `skein model run-tool-turn`: the same with tools, and its calls are run; the model hears of their results when it is said so. */
export const runToolTurn: Run = (call) => {
  const { flags } = call
  return asked(call, flags.has("continue-after-tools") ? {} : { limits: { stepsMax: 1 } })
}

async function asked(call: VerbCall, settings: SettingsChange): Promise<number> {
  const { flags, words, rest, io } = call
  const input = await promptOf([...words, ...rest], flags, io)
  if (input === undefined) throw new UsageError("No prompt: give one as words, or pipe it in.")
  const interrupt = interruptible(io)
  try {
    return await withHost(
      call,
      async ({ host, cwd }) => {
        const { engine } = host
        const sessionId = await openSession({ host, which: { kind: "new" }, cwd, isInteractive: false, flags, io })
        if (Object.keys(settings).length > 0) {
          await accepted(engine, { type: "settings.change", sessionId, changes: settings })
        }
        const format = flags.text("output-format") === "events" || flags.has("json") ? "events" : "text"
        const { outcome, text, refusals } = await runHeadless({
          ...{ engine, sessionId, input, format, clientId: "cli_model", isApprovingAll: flags.has("yes") },
          ...{ answer: io.out, progress: io.err, signal: interrupt.signal },
        })
        // That it would have gone on is how it was asked for.
        const isDone = outcome.kind === "exhausted" && outcome.reason === "steps" && settings.limits !== undefined
        if (isDone && format === "text" && text !== "")
          io.err("note    The calls of the reply have run; the model was not asked again.")
        if (!isDone && (outcome.kind === "failed" || outcome.kind === "exhausted")) io.err(`skein: ${outcome.message}`)
        return isDone
          ? refusals > 0
            ? exitCodeOf({ kind: "completed" }, true)
            : EXIT.completed
          : exitCodeOf(outcome, refusals > 0)
      },
      UNATTENDED,
    )
  } finally {
    interrupt.done()
  }
}
