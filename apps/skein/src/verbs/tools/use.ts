import { exitCodeOf } from "@skein/headless"
import type { Host } from "@skein/host"
import { accepted, type Engine, type Event, type SessionId, type ToolInfo, visible } from "@skein/protocol"
import { asObject } from "@skein/protocol/json"
import { withHost } from "../../session/host.ts"
import { findSession, prefixed } from "../../session/open.ts"
import { interruptible } from "../../session/signals.ts"
import { UsageError } from "../../usage.ts"
import type { Run, VerbCall } from "../../verb.ts"
import { UNATTENDED } from "../print.ts"
import { toolNamed } from "./tool-named.ts"

/** `skein tools use`: one call that a person makes, through everything that a model's call goes through. */
export const run: Run = (call) =>
  withHost(
    call,
    async ({ call: asking, host, cwd, engine }) => {
      const { flags, words, rest } = asking
      const [name = "", ...pairs] = [...words, ...rest]
      const tool = await toolNamed(name === "" ? [] : [name], engine)
      const input = await inputOf(pairs, asking, tool)
      const named = flags.text("session")
      const sessionId =
        named === undefined
          ? await begun(host, cwd)
          : await findSession(host, { kind: "named", id: prefixed(named) }, cwd)
      return await used({ sessionId, name: tool.name, input }, asking, host.engine)
    },
    UNATTENDED,
  )

/** No model is asked, so none has to be there. */
const NO_MODEL = "none/none"

async function begun(host: Host, cwd: string): Promise<SessionId> {
  const settings = { model: (await host.startModel()) ?? NO_MODEL }
  return (await accepted(host.engine, { type: "session.create", cwd, settings, isInteractive: false })).sessionId
}

interface Made {
  readonly sessionId: SessionId
  readonly name: string
  readonly input: unknown
}

async function used(made: Made, { flags, io }: VerbCall, engine: Engine): Promise<number> {
  const { sessionId } = made
  const interrupt = interruptible(io)
  const events = engine.events({ sessionId })[Symbol.asyncIterator]()
  const isApproving = flags.has("yes")
  if (isApproving)
    await accepted(engine, { type: "client.attach", sessionId, clientId: "cli_use", answers: ["approval"] })
  await accepted(engine, { type: "call.make", ...made })
  const stop = () => void engine.submit({ type: "turn.interrupt", sessionId })
  interrupt.signal.addEventListener("abort", stop, { once: true })
  let isRefused = false
  let isFailed = false
  try {
    for (let next = await events.next(); !next.done; next = await events.next()) {
      const event: Event = next.value
      if (event.type === "approval.requested" && isApproving) {
        const { approvalId } = event
        await accepted(engine, { type: "approval.answer", sessionId, approvalId, answer: "allow_once" })
      }
      if (event.type === "call.settled") {
        isRefused = event.code === "call.unattended" || event.code === "call.denied"
        isFailed = event.outcome !== "success"
        for (const part of event.forModel) io.out(part.type === "text" ? visible(part.text) : `[${part.mediaType}]`)
      }
      if (event.type === "turn.ended") {
        if (isRefused && !isApproving) io.err("note    --yes runs what a person would be asked about.")
        const code = exitCodeOf(event.outcome, isRefused)
        return event.outcome.kind === "interrupted" ? interrupt.exitCode : code === 0 && isFailed ? 1 : code
      }
    }
    return 1
  } finally {
    interrupt.done()
    await events.return?.()
  }
}

/** `pattern=main limit=5`, or `--input` with JSON. Values are texts; the tool reads numbers and truth out of them itself. */
async function inputOf(pairs: readonly string[], { flags, io }: VerbCall, tool: ToolInfo): Promise<unknown> {
  const whole = flags.text("input")
  if (whole !== undefined) {
    if (pairs.length > 0) throw new UsageError("Give the arguments as --input or as words, not both.")
    return parsed(whole === "-" ? ((await io.readInput()) ?? "") : whole, tool)
  }
  return argumentsOf(pairs, tool)
}

/** A word without a name is the next argument that the tool cannot do without. */
function argumentsOf(words: readonly string[], { name, inputSchema }: ToolInfo): Readonly<Record<string, string>> {
  const { properties, required } = asObject(inputSchema) ?? {}
  const known = asObject(properties) ?? {}
  const needed = Array.isArray(required) ? required.map(String) : []
  const given: Record<string, string> = {}
  for (const word of words) {
    const [, key, value = ""] = /^([A-Za-z]\w*)=(.*)$/s.exec(word) ?? []
    const isNamed = key !== undefined && key in known
    const next = isNamed ? key : needed.find((each) => !(each in given))
    if (next === undefined)
      throw new UsageError(`${name} has no argument for ${word}. skein tools show ${name} lists them.`)
    given[next] = isNamed ? value : word
  }
  return given
}

function parsed(text: string, { name }: ToolInfo): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    if (cause instanceof SyntaxError) throw new UsageError(`The input of ${name} is no JSON: ${cause.message}.`)
    throw cause
  }
}
