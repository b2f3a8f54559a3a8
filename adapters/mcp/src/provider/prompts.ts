import type { ExpandedPrompt, PromptInfo, PromptsPort } from "@skein/core/ports"
import { type InputPart, SkeinError } from "@skein/protocol"
import type { ServerContent, ServerPrompt } from "../connection/live-server.ts"
import { callNameOf, firstWords } from "./definitions.ts"
import { saidBy } from "./results.ts"
import type { Row } from "./rows.ts"
import { whyNot } from "./rows.ts"
import type { Servers } from "./servers.ts"

/** Prompts of servers, as `/mcp__server__prompt`. Those of servers that nobody has seen yet are not known. */
export function mcpPrompts(servers: Servers): PromptsPort {
  return {
    async list(place) {
      const { rows } = await servers.look(place)
      const usable = rows.filter(({ standing }) => standing === "usable")
      return usable.flatMap((row) => (row.offer?.prompts ?? []).map((prompt) => infoOf(row, prompt)))
    },
    async expand(name, args, place, signal) {
      if (!name.startsWith("mcp__")) return undefined
      const { rows } = await servers.look(place)
      for (const row of rows) {
        const prompt = row.offer?.prompts.find((one) => callNameOf(row.found.group, one.name) === name)
        if (prompt === undefined) continue
        const why = whyNot(row)
        if (why !== undefined) throw new SkeinError("op.unsupported", why)
        const values = argumentsOf(prompt, args, name)
        const user = { sessionId: place.sessionId, signal, roots: [place.cwd] }
        const { live } = await asRefusal(servers.use(row, place, user))
        return expanded(await asRefusal(live.prompt(prompt.name, values, user)), row.found.name)
      }
      return undefined
    },
  }
}

function infoOf({ found }: Row, prompt: ServerPrompt): PromptInfo {
  const { name, description, title = name, arguments: args } = prompt
  return {
    name: callNameOf(found.group, name),
    summary: firstWords(description === "" ? title : description, 80),
    usage: args.map((one) => (one.isRequired ? `<${one.name}>` : `[${one.name}]`)).join(" "),
    ...{ kind: "mcp", scope: "server" },
  }
}

/** Words in order, quotes hold them together; what is over belongs to the last. */
function argumentsOf(prompt: ServerPrompt, text: string, name: string): Readonly<Record<string, string>> {
  const words = [...text.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)].map((found) => found[1] ?? found[2] ?? found[3] ?? "")
  const { arguments: args } = prompt
  const missing = args.filter(({ isRequired }, at) => isRequired && words[at] === undefined).map((one) => one.name)
  if (missing.length > 0)
    throw new SkeinError("op.invalid", `/${name} needs ${missing.join(", ")}: /${name} ${infoUsage(prompt)}`)
  return Object.fromEntries(
    args.flatMap((one, at) => {
      const value = at === args.length - 1 ? words.slice(at).join(" ") : words[at]
      return value === undefined || value === "" ? [] : [[one.name, value] as const]
    }),
  )
}

function infoUsage({ arguments: args }: ServerPrompt): string {
  return args.map((one) => (one.isRequired ? `<${one.name}>` : `[${one.name}]`)).join(" ")
}

/** The person began it, and the server wrote it. */
function expanded(contents: readonly ServerContent[], server: string): ExpandedPrompt {
  const input = contents.map((content): InputPart => {
    if (content.type === "text") return { type: "text", text: content.text }
    if (content.type === "image") return { type: "image", mediaType: content.mediaType, data: content.data }
    return { type: "text", text: `[${content.type}${content.uri === undefined ? "" : ` ${content.uri}`}]` }
  })
  const given = input.length === 0 ? [{ type: "text", text: "(the prompt is empty)" } as const] : input
  return { input: given, taint: saidBy(server) }
}

async function asRefusal<T>(work: Promise<T>): Promise<T> {
  try {
    return await work
  } catch (error) {
    if (error instanceof Error && error.name === "ToolFailure")
      throw new SkeinError("op.unsupported", error.message, { cause: error })
    throw error
  }
}
