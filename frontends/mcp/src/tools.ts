import type { Tool } from "@modelcontextprotocol/server"
import type { ToolInfo } from "@skein/protocol"
import { asObject } from "@skein/protocol/json"

/** Whether a client of this protocol can use it: the folder is all it needs, and no session below this one. */
export function isServed({ needs = [], effects = ["unknown"] }: ToolInfo): boolean {
  return needs.length === 0 && !effects.includes("delegate")
}

/**
 * A tool in the protocol's words. What a client reads there it may go by when it asks its person; what may run is decided here,
 * by the call.
 */
export function toolOf({ name, description, inputSchema, effects = ["unknown"] }: ToolInfo): Tool {
  const title = titleOf(name)
  const isReading = effects.every((effect) => effect === "read" || effect === "none")
  const isChanging = !effects.every((effect) => effect === "read" || effect === "none" || effect === "network")
  const isOutside = !effects.every((effect) => effect === "read" || effect === "none" || effect === "write")
  return {
    ...{ name, title, description },
    inputSchema: { ...asObject(inputSchema), type: "object" },
    annotations: {
      ...{ title, readOnlyHint: isReading, openWorldHint: isOutside },
      // They mean nothing for what only reads.
      ...(isReading ? {} : { destructiveHint: isChanging, idempotentHint: false }),
    },
  }
}

/** `file_info`: File info. */
function titleOf(name: string): string {
  const words = name.replaceAll("_", " ")
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}`
}
