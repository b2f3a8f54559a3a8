import { join } from "node:path"
import { readStart } from "../files/read.ts"

const BYTES_MAX = 64 * 1024

/** What Codex's file beside a skill says: whether a model may begin it by itself. Unreadable, it says nothing. */
export function isImplicitAllowed(folder: string): boolean {
  const reading = readStart(join(folder, "agents/openai.yaml"), BYTES_MAX, [folder])
  if (reading?.kind !== "start") return true
  const policy = memberOf(parsed(new TextDecoder().decode(reading.start)), "policy")
  return memberOf(policy, "allow_implicit_invocation") !== false
}

function parsed(text: string): unknown {
  try {
    return Bun.YAML.parse(text)
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof RangeError) return undefined
    throw error
  }
}

function memberOf(value: unknown, key: string): unknown {
  return typeof value === "object" && value !== null && Object.hasOwn(value, key) ? Reflect.get(value, key) : undefined
}
