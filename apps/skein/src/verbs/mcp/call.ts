import { asObject } from "@skein/protocol/json"
import { withHost } from "../../session/host.ts"
import { makeCall, sessionForCall } from "../../session/own-call.ts"
import { UsageError } from "../../usage.ts"
import type { Run } from "../../verb.ts"
import { UNATTENDED } from "../print.ts"
import { connected, oneServer } from "./servers.ts"

/** `skein mcp call git status '{"branch": "main"}'`: through everything that a model's call goes through. */
export const run: Run = (call) =>
  withHost(
    call,
    async ({ call: asking, host, cwd }) => {
      const { flags, io } = asking
      const [name, tool, ...given] = [...asking.words, ...asking.rest]
      if (name === undefined || tool === undefined)
        throw new UsageError('Name a server and a tool: skein mcp call git status \'{"branch": "main"}\'')
      const server = await oneServer(host, cwd, [name])
      const input = inputOf(given)
      // Nobody has seen it yet: then it is not known what the tool is.
      const now = server.tools.length === 0 && server.state === "idle" ? await connected(host, cwd, server) : server
      if (now.tools.length === 0) {
        io.err(`skein: ${now.message ?? `${name} has no tools`}`)
        return 1
      }
      const sessionId = await sessionForCall(host, cwd, flags.text("session"))
      const made = { sessionId, name: "mcp", input: { server: name, tool, input }, isApprovingAll: flags.has("yes") }
      return await makeCall(made, io, host)
    },
    UNATTENDED,
  )

/** One object, or `name=value` for each argument, where a value is JSON if it is any. */
function inputOf(words: readonly string[]): Readonly<Record<string, unknown>> {
  const [first, ...more] = words
  if (first === undefined) return {}
  if (more.length === 0 && first.trimStart().startsWith("{")) {
    const input = asObject(parsed(first))
    if (input === undefined) throw new UsageError("The arguments are no JSON object.")
    return input
  }
  return Object.fromEntries(
    words.map((word) => {
      const [, name, value] = /^([^=\s]+)=(.*)$/s.exec(word) ?? []
      if (name === undefined || value === undefined)
        throw new UsageError(`${JSON.stringify(word)} is neither a JSON object nor argument=value.`)
      return [name, parsed(value) ?? value]
    }),
  )
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}
