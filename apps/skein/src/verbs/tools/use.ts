import type { ToolInfo } from "@skein/protocol"
import { asObject } from "@skein/protocol/json"
import { withHost } from "../../session/host.ts"
import { makeCall, sessionForCall } from "../../session/own-call.ts"
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
      const tool = await toolNamed(name === "" ? [] : [name], engine, cwd)
      const input = await inputOf(pairs, asking, tool)
      const sessionId = await sessionForCall(host, cwd, flags.text("session"))
      return await makeCall({ sessionId, name: tool.name, input, isApprovingAll: flags.has("yes") }, asking.io, host)
    },
    UNATTENDED,
  )

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
