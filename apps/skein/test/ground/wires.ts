import type { Wire } from "./wire.ts"
import { anthropic } from "./wire-anthropic.ts"
import { chat } from "./wire-chat.ts"
import { gemini } from "./wire-gemini.ts"
import { responses } from "./wire-responses.ts"

/** The wires of our own making, each with a server that is strict about it. */
export const WIRES: readonly Wire[] = [anthropic, responses, chat, gemini]
