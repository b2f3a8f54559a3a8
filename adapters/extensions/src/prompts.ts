import { type PromptInfo, type PromptsPort, ToolFailure } from "@skein/core/ports"
import { SkeinError } from "@skein/protocol"
import { asText } from "@skein/protocol/json"
import type { Knowing, Known } from "./known.ts"
import type { Programs } from "./process/programs.ts"

const TIMEOUT_MS = 30_000
const TEXT_CHARS_MAX = 200_000

/** Commands of extensions, as `/plugin:name`. */
export function extensionPrompts(knowing: Knowing, programs: Programs): PromptsPort {
  return {
    list: async (place) => (await knowing.look(place)).flatMap(infosOf),
    async expand(name, args, place, signal) {
      const { cwd, sessionId } = place
      for (const { found, declared } of await knowing.look(place)) {
        const command = declared.commands.find((one) => `${found.plugin}:${one.name}` === name)
        if (command === undefined) continue
        const asked = { method: "command", params: { name: command.name, args, cwd } } as const
        const user = { signal, timeoutMs: TIMEOUT_MS }
        const text = asText(await asRefusal(programs.ask(found, { cwd, sessionId, roots: [] }, asked, user))) ?? ""
        if (text.trim() === "") throw new SkeinError("op.unsupported", `/${name} gave no prompt. Nothing was sent.`)
        return { input: [{ type: "text", text: text.slice(0, TEXT_CHARS_MAX) }] }
      }
      return undefined
    },
  }
}

function infosOf({ found, declared }: Known): readonly PromptInfo[] {
  return declared.commands.map(({ name, summary, usage }) => ({
    ...{ name: `${found.plugin}:${name}`, summary, usage },
    ...{ kind: "command", scope: "plugin", file: found.file },
  }))
}

async function asRefusal<T>(work: Promise<T>): Promise<T> {
  try {
    return await work
  } catch (error) {
    if (error instanceof ToolFailure) throw new SkeinError("op.unsupported", error.message, { cause: error })
    throw error
  }
}
