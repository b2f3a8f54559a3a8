import { type Op, ruleText } from "@skein/protocol"
import type { Asked } from "./session-facts.ts"

/** What an answer leaves behind beyond its session: what may run unasked from now on, where it is kept, how it is taken away. */
export function keptText(
  asked: Asked | undefined,
  { answer, scope }: Pick<Op<"approval.answer">, "answer" | "scope">,
): string | undefined {
  if (answer !== "allow_always" || asked?.always === undefined) return undefined
  if (scope !== "project" && scope !== "user") return undefined
  const where = scope === "project" ? "in this project" : "everywhere"
  return `Allowed from now on ${where}: ${ruleText(asked.always)}. Kept in permissions.json beside your config.toml; /permissions or skein permissions remove takes it away.`
}
