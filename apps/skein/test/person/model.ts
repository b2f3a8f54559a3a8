import type { Asked } from "../ground/model.ts"
import { slowly } from "../ground/streaming.ts"

/**
 * A model that does what the newest thing said asks for: `tell me about 7`, `write 7`, `run 7`; whatever else is heard.
 * Numbers are never used twice, so that each line it says is told from all others.
 */
export function obliging(piecesPerSecond: number): (asked: Asked) => Promise<void> | void {
  const called = new Set<string>()
  return (asked) => {
    const said = asked.conversation.said.at(-1) ?? ""
    const [, word = "", number = "0"] = /^(tell|write|run|also|then)\D*(\d+)/.exec(said) ?? []
    if (word === "tell") return slowly({ text: tale(number) }, piecesPerSecond, 160)(asked)
    const call = word === "write" ? written(number) : word === "run" ? run(number) : undefined
    if (call === undefined) return asked.say({ text: `Heard ${number}.` })
    if (called.has(said)) return asked.say({ text: `That was ${number}: see above for what came of it.` })
    called.add(said)
    return asked.say({ text: `I will do ${number} now.`, calls: [call] })
  }
}

function written(number: string) {
  return { name: "write", args: { path: `src/n-${number}.ts`, content: `export const n = ${number}\n` } }
}

function run(number: string) {
  return { name: "bash", args: { command: `touch ran-${number}` } }
}

/** All that Markdown has of usual things. */
function tale(number: string): string {
  const points = TALE_POINTS.map((point) => `- Tale ${number} ${point}, with *some* words after it`).join("\n")
  return `## Of ${number}

The clock of **${number}** is read in one place, \`src/clock.ts\`; each of the others is given it. That is longer than a row.

${points}

\`\`\`ts
export const clock = (ms: number) => ({ at: ms, of: ${number} })
\`\`\`

| what | how many |
|---|---:|
| callers of ${number} | 12 |

Tale ${number} ends.
`
}

export const TALE_POINTS = ["begins", "goes on", "turns", "comes back"] as const
