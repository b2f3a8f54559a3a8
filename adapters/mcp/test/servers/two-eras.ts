import { acceptedContent, inputRequired, Server } from "@modelcontextprotocol/server"

/** A server with the newer library, whose tools tell what they were given and ask in either era's way. */
export function twoEras(tools: readonly string[] = ["echo", "who"]): Server {
  const server = new Server({ name: "two-eras", version: "2.0.0" }, { capabilities: { tools: { listChanged: true } } })
  server.setRequestHandler("tools/list", () => ({
    tools: tools.map((name) => ({ name, inputSchema: { type: "object" as const } })),
  }))
  server.setRequestHandler("tools/call", ({ params }, context) => {
    if (params.name === "echo") return { content: [{ type: "text", text: JSON.stringify(params.arguments) }] }
    const told = acceptedContent<{ name: string }>(context.mcpReq.inputResponses, "who")
    if (told !== undefined) return { content: [{ type: "text", text: `Hello ${told.name}` }] }
    const requestedSchema = { type: "object" as const, properties: { name: { type: "string" as const } } }
    return inputRequired({ inputRequests: { who: inputRequired.elicit({ message: "Who are you?", requestedSchema }) } })
  })
  return server
}
