/** What is measured. */
export interface Scenario {
  readonly name: "version" | "turn" | "call" | "fifty" | "stream"
  readonly title: string
  /** What the mock is asked for; absent: no model is asked. */
  readonly asks?: { readonly calls: number; readonly tokens: number }
}

export const SCENARIOS: readonly Scenario[] = [
  { name: "version", title: "--version" },
  { name: "turn", title: "one turn", asks: { calls: 0, tokens: 20 } },
  { name: "call", title: "one tool call", asks: { calls: 1, tokens: 20 } },
  { name: "fifty", title: "fifty tool calls", asks: { calls: 50, tokens: 20 } },
  { name: "stream", title: "20,000 tokens", asks: { calls: 0, tokens: 20_000 } },
]
