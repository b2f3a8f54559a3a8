import { asObject, asText, type Json } from "@skein/protocol/json"
import { must, type Probe } from "./probe.ts"

/** Claude Code's lines: a handshake, a prompt with a command, a control request in between, and the result. */
export const streamJson: Probe = {
  id: "stream-json.turn",
  async run(place, { saw }) {
    const talk = place.talk([
      ...["-p", "--input-format", "stream-json", "--output-format", "stream-json", "--verbose"],
      ...["--include-partial-messages", "--permission-mode", "bypassPermissions"],
    ])
    const control = async (id: string, request: Json) => {
      talk.say({ type: "control_request", request_id: id, request })
      const answer = await talk.until(({ type, response }) => {
        return type === "control_response" && asObject(response)?.request_id === id
      })
      const isDone = asObject(answer.response)?.subtype === "success"
      if (isDone) saw(`control:${asText(request.subtype)}`, asText(request.subtype) ?? "")
      return isDone
    }
    must(await control("one", { subtype: "initialize", hooks: null }), "It did not take the handshake")
    const content = [{ type: "text", text: "run: echo out" }]
    talk.say({ type: "user", message: { role: "user", content }, parent_tool_use_id: null, session_id: "" })
    const result = await talk.until(({ type }) => type === "result")
    must(result.subtype === "success" && result.is_error === false, `It ended as ${JSON.stringify(result.subtype)}`)
    await control("two", { subtype: "set_permission_mode", mode: "plan" })
    await control("three", { subtype: "set_model", model: "openai/scripted" })
    await control("four", { subtype: "mcp_status" })
    await talk.end()
    for (const line of talk.heard) {
      const type = asText(line.type) ?? "?"
      const subtype = asText(line.subtype)
      saw(
        type,
        `message:${type}`,
        ...(subtype === undefined ? [] : [`${type}:${subtype}`, `message:${type}:${subtype}`]),
      )
    }
    return `a prompt of ${talk.heard.length} lines, four control requests`
  },
}
