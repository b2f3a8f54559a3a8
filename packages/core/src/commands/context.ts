import { breakText, type ContextReport } from "@skein/protocol"
import { defineCommand } from "./command.ts"
import { columns, count } from "./text.ts"

export const context = defineCommand({
  name: "context",
  summary: "What the model sees, in tokens by where they come from.",
  usage: "",
  whileBusy: true,
  async run(_, { ask, sessionId }) {
    return { kind: "show", text: reportText(await ask({ type: "context.report", sessionId })) }
  },
})

function reportText(report: ContextReport): string {
  const { sections, profile, toolTokens, messageTokens, totalTokens, contextTokens, conversation = [], cache } = report
  const rows: [string, string][] = [
    ...sections.map(({ source, path, tokens }): [string, string] => [path ?? source, count(tokens)]),
    [profile === "compact" ? "tools (compact profile)" : "tools", count(toolTokens)],
    ...(report.servers ?? []).map(({ name, tokens }): [string, string] => [`  ${name}`, count(tokens)]),
    ["conversation", count(messageTokens)],
    ...conversation.map(({ source, tokens }): [string, string] => [`  ${source}`, count(tokens)]),
    ["all", contextTokens === undefined ? count(totalTokens) : `${count(totalTokens)} of ${count(contextTokens)}`],
  ]
  return [...columns(rows), ...(cache === undefined ? [] : [cacheText(cache)])].join("\n")
}

function cacheText({ readTokens, inputTokens, miss }: NonNullable<ContextReport["cache"]>): string {
  const why = miss === undefined ? "" : ` (${count(miss.tokens)} more could have come from there: ${breakText(miss)})`
  return `From the provider's cache: ${count(readTokens)} of ${count(inputTokens)} tokens of the newest request${why}.`
}
