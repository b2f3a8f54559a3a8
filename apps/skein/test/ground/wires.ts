import type { Wire } from "./wire.ts"
import { anthropic } from "./wire-anthropic.ts"
import { bedrock } from "./wire-bedrock.ts"
import { chat } from "./wire-chat.ts"
import { gemini } from "./wire-gemini.ts"
import { ollama } from "./wire-ollama.ts"
import { responses } from "./wire-responses.ts"

/** The wires of our own making, each with a server that is strict about it. */
export const WIRES: readonly Wire[] = [anthropic, responses, chat, gemini]

/** The same, and those whose streams are none of server-sent events. */
export const ALL_WIRES: readonly Wire[] = [...WIRES, bedrock, ollama]
