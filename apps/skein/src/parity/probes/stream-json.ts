import { asObject, asText, type Json } from "@skein/protocol/json"
import type { Talk } from "../place.ts"
import { must, type Notes, type Probe } from "./probe.ts"

/**
 * Claude Code's lines: a handshake with a hook at every event, a prompt with a command that the host is asked about, and then every
 * control request of the surface by its name.
 */
export const streamJson: Probe = {
  id: "stream-json.turn",
  async run(place, notes) {
    const { rows, saw } = notes
    const talk = place.talk([
      ...["-p", "--input-format", "stream-json", "--output-format", "stream-json", "--verbose"],
      ...["--include-partial-messages", "--permission-prompt-tool", "stdio", "--permission-mode", "default"],
    ])
    const answering = answer(talk, saw)
    const events = rows.filter(({ id }) => id.startsWith("hook.")).map(({ id }) => id.slice("hook.".length))
    const hooks = Object.fromEntries(events.map((name) => [name, [{ matcher: null, hookCallbackIds: [name] }]]))
    const hello = await control(talk, { subtype: "initialize", hooks })
    must(hello.isDone, `It did not take the handshake: ${hello.error}`)
    saw("control.initialize", "query.initializationResult", ...facts(hello.response))
    const content = [{ type: "text", text: "run: echo out > asked.txt" }]
    talk.say({ type: "user", message: { role: "user", content }, parent_tool_use_id: null, session_id: "" })
    const result = await talk.until(({ type }) => type === "result")
    must(result.subtype === "success" && result.is_error === false, `It ended as ${JSON.stringify(result.subtype)}`)
    const asked = await everyControl(talk, notes)
    await talk.end()
    await answering
    for (const line of talk.heard) saw(...kindsOf(line))
    saw("option.permissionMode", "option.includePartialMessages", "option.canUseTool", "option.hooks", "option.cwd")
    return `a prompt of ${talk.heard.length} lines, ${asked} control requests by name`
  },
}

interface Controlled {
  readonly isDone: boolean
  readonly error: string
  readonly response: Json
}

async function control(talk: Talk, request: Json): Promise<Controlled> {
  const id = `parity_${String(request.subtype)}_${talk.heard.length}`
  talk.say({ type: "control_request", request_id: id, request })
  const line = await talk.until(({ type, response }) => {
    return type === "control_response" && asObject(response)?.request_id === id
  })
  const reply = asObject(line.response) ?? {}
  return {
    isDone: reply.subtype === "success",
    error: asText(reply.error) ?? "",
    response: asObject(reply.response) ?? {},
  }
}

/** What skein asks of its host: these are answered, never asked. */
const OF_HOST = ["can_use_tool", "hook_callback", "elicitation", "mcp_message", "request_user_dialog", "initialize"]

/** A request that nobody knows says how such a one is refused; what is refused in the same words is not there. */
async function everyControl(talk: Talk, { rows, saw, refused }: Notes): Promise<number> {
  const names = rows.flatMap(({ id }) => (id.startsWith("control.") ? [id.slice("control.".length)] : []))
  const own = names.filter((name) => !OF_HOST.includes(name))
  const nonsense = (await control(talk, { subtype: "no_such_request" })).error
  must(nonsense !== "", "A request that nobody knows was taken")
  // What ends the most comes last.
  for (const name of [...own.filter((one) => one !== "interrupt"), ...own.filter((one) => one === "interrupt")]) {
    const { isDone, error } = await control(talk, { subtype: name })
    const isUnknown = !isDone && error === nonsense.replace("no_such_request", name)
    if (isUnknown) refused(`control.${name}`)
    else if (isDone || !/not available|not supported/i.test(error)) saw(`control.${name}`, ...queryOf(name))
    else refused(`control.${name}`)
  }
  return own.length
}

/** The method of a host that sends it, where it is called alike. */
function queryOf(name: string): readonly string[] {
  const others: Readonly<Record<string, string>> = {
    mcp_status: "mcpServerStatus",
    mcp_reconnect: "reconnectMcpServer",
  }
  const more: Readonly<Record<string, string>> = { mcp_toggle: "toggleMcpServer", mcp_set_servers: "setMcpServers" }
  const camel = name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase())
  return [`query.${others[name] ?? more[name] ?? camel}`]
}

/** What the handshake's answer tells, by the method that reads it. */
function facts(response: Json): readonly string[] {
  return [
    ...(Array.isArray(response.commands) ? ["query.supportedCommands"] : []),
    ...(Array.isArray(response.models) ? ["query.supportedModels"] : []),
    ...(Array.isArray(response.agents) ? ["query.supportedAgents"] : []),
    ...(asObject(response.account) === undefined ? [] : ["query.accountInfo"]),
  ]
}

/** The host's side, until it is over: every hook lets it go on, every call may run. */
async function answer(talk: Talk, saw: Notes["saw"]): Promise<void> {
  for (;;) {
    // It is over, or was silent: the probe's own questions tell of either.
    const line = await talk.until(({ type }) => type === "control_request").catch(() => undefined)
    if (line === undefined) return
    const request = asObject(line.request) ?? {}
    const subtype = asText(request.subtype) ?? ""
    saw(`control.${subtype}`)
    const event = asText(asObject(request.input)?.hook_event_name)
    if (subtype === "hook_callback" && event !== undefined) saw(`hook.${event}`)
    const response = subtype === "can_use_tool" ? { behavior: "allow", updatedInput: request.input } : {}
    talk.say({ type: "control_response", response: { subtype: "success", request_id: line.request_id, response } })
  }
}

/** A line by the names that a host's typings have for it. */
function kindsOf({ type, subtype }: Json): readonly string[] {
  const named: Readonly<Record<string, string>> = {
    ...{ assistant: "Assistant", user: "User", result: "Result", stream_event: "PartialAssistant" },
  }
  const kind = asText(type) ?? ""
  if (kind === "system" && subtype === "init") return ["message.System"]
  const own = asText(subtype) ?? kind
  const pascal = own.replace(/(?:^|_)(\w)/g, (_, letter: string) => letter.toUpperCase())
  return [`message.${named[kind] ?? pascal}`]
}
