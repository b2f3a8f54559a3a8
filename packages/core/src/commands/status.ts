import { defineCommand } from "./command.ts"
import { columns, count, money, tokensOf } from "./text.ts"
import { searchWords } from "./web-search.ts"

export const status = defineCommand({
  name: "status",
  summary: "Model, mode, sandbox, context, tokens, cost, session, folder.",
  usage: "",
  whileBusy: true,
  async run(_, { ask, facts, sessionId }) {
    const view = await facts()
    const { totalTokens, contextTokens } = await ask({ type: "context.report", sessionId })
    const { model, effort, verbosity, outputStyle, webSearch, tier, routing, mode, sandbox } = view.settings
    const share = contextTokens === undefined ? "" : ` of ${count(contextTokens)}`
    const left =
      contextTokens === undefined ? "" : `, ${Math.max(0, Math.round(100 - (totalTokens / contextTokens) * 100))}% left`
    const rows: [string, string][] = [
      ["model", effort === undefined ? model : `${model}, effort ${effort}`],
      ...(tier === undefined
        ? []
        : [["tier", routing === undefined ? tier : `${tier}, chosen by the prompt`] as [string, string]]),
      ...(verbosity === undefined ? [] : [["verbosity", verbosity] as [string, string]]),
      ...(outputStyle === undefined ? [] : [["output style", outputStyle] as [string, string]]),
      ...(webSearch === undefined ? [] : [["web search", searchWords(webSearch)] as [string, string]]),
      ["mode", mode],
      ["sandbox", sandbox],
      ["context", `${count(totalTokens)}${share} tokens${left}`],
      [
        "used",
        `${count(tokensOf(view.usage))} tokens${view.microUsd === undefined ? "" : `, ${money(view.microUsd)}`}`,
      ],
      ...(view.goal === undefined ? [] : [["goal", view.goal] as [string, string]]),
      ["session", view.title === undefined ? sessionId : `${view.title} (${sessionId})`],
      ["folder", view.cwd],
    ]
    return { kind: "show", text: columns(rows).join("\n") }
  },
})
