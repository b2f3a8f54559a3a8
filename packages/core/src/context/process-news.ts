import { processEnding } from "@skein/protocol"
import type { ProcessNews } from "../transcript/beside.ts"
import { PROCESS_NEWS } from "../transcript/processes.ts"
import type { SessionState } from "../transcript/state.ts"
import type { TurnPorts } from "../turn/ports.ts"
import { madeSection } from "./section.ts"

/**
 * Tells the model what became of processes since its last step: that they ended, or what it waited for was said. None of
 * their output: what that may steer is for whoever reads it to decide.
 */
export async function tellProcessNews(
  state: SessionState,
  { emit, tokens }: Pick<TurnPorts, "emit" | "tokens">,
): Promise<void> {
  if (state.processNews.length === 0) return
  const lines = state.processNews.map((news) => `- ${newsText(news)}`)
  const text = ["From skein, not from the person: processes in the background.", ...lines].join("\n")
  const section = madeSection(PROCESS_NEWS, text, tokens)
  await emit([{ type: "context.loaded", placement: "inline", cause: "changed", sections: [section] }])
}

function newsText(news: ProcessNews): string {
  const which = `${news.name} (${shortened(news.command)})`
  if (news.kind === "matched") return `${which} has said ${JSON.stringify(news.pattern)}.`
  if (news.isLost) return `${which} ${processEnding(news)}.`
  return `${which} ${processEnding(news)}, after ${news.bytes} bytes of output.`
}

function shortened(command: string): string {
  const [line = ""] = command.split("\n")
  return line.length > 80 || line !== command ? `${line.slice(0, 79)}…` : line
}
