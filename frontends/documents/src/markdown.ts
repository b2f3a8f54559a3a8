import { type HostedFacts, hostedWords, type Item, type SessionView, visible } from "@skein/protocol"
import { type RedactionReport, reportText } from "./redact/kinds.ts"
import {
  type Acted,
  type Chapter,
  chaptersOf,
  dateOf,
  diffsOf,
  factsOf,
  inputText,
  isSuccess,
  outputText,
  personsCommand,
  targetOf,
  titleOf,
  totalsOf,
} from "./story.ts"

/**
 * A session as Markdown to read: what the person said as quotations, tool calls folded. Nothing in it can end a fence, open
 * a tag or become a script, whoever wrote it.
 */
export function markdownOf(view: SessionView, options: { readonly report?: RedactionReport } = {}): string {
  const facts = [
    view.cwd === "" ? "" : span(view.cwd),
    dateOf(view.createdAt),
    view.settings.model === "" ? "" : span(view.settings.model),
    ...totalsOf(view),
  ]
  const taken = reportText(options.report ?? {})
  const blocks = [
    `# ${inline(titleOf(view))}`,
    facts.filter((fact) => fact !== "").join(" · "),
    ...chaptersOf(view).flatMap(chapter),
    ...(taken === "" ? [] : ["---", `*${inline(taken)}*`]),
  ]
  return `${blocks.filter((block) => block !== "").join("\n\n")}\n`
}

function chapter({ said, items }: Chapter): string[] {
  return [...(said === undefined || said.input.length === 0 ? [] : ["---", ...item(said)]), ...items.flatMap(item)]
}

function item(one: Item): string[] {
  switch (one.kind) {
    case "user_message":
      return [
        quotation(
          one.input
            .map((part) =>
              part.type === "text" ? part.text : `[picture${part.name === undefined ? "" : ` ${part.name}`}]`,
            )
            .join("\n\n"),
        ),
      ]
    case "agent_message":
      return one.status === "discarded" ? [] : [prose(one.text)]
    case "reasoning":
      return one.status === "discarded" || one.text.trim() === "" ? [] : folded("Thought", [prose(one.text)])
    case "hosted_call":
      return one.isDiscarded ? [] : folded(hostedWords(one), one.sources.length === 0 ? [] : [sourcesOf(one.sources)])
    case "tool_call":
      return call(one)
    case "shell":
      return call(personsCommand(one))
    case "compaction":
      return one.summary === undefined ? [] : folded("Older context was summarised", [prose(one.summary)])
    case "context":
      return one.sections.flatMap(({ source, path, text }) =>
        folded(`Context: ${path ?? source}`, [fenced(text, "text")]),
      )
    case "notice":
      return [`*${inline(one.text)}*`]
  }
}

/** Addresses of strangers: as text, not as links. */
function sourcesOf(sources: HostedFacts["sources"]): string {
  return fenced(sources.map(({ url, title }) => (title === undefined ? url : `${title}\n  ${url}`)).join("\n"), "text")
}

function call(one: Acted): string[] {
  const facts = factsOf(one)
  const target = targetOf(one)
  const end = facts.length > 0 ? ` (${facts.join(", ")})` : ""
  const about = `${isSuccess(one) ? "✓" : "✗"} ${one.name}${target === "" ? "" : ` ${target}`}${end}`
  const input = inputText(one)
  const output = outputText(one)
  return folded(about, [
    ...(input === "" ? [] : [fenced(input, one.toolKind === "execute" ? "sh" : "text")]),
    ...diffsOf(one).map((diff) => fenced(diff, "diff")),
    ...(output.trim() === "" ? [] : [fenced(output, "text")]),
  ])
}

function folded(summary: string, blocks: readonly string[]): string[] {
  if (blocks.length === 0) return [inline(summary)]
  return [`<details>\n<summary>${tag(summary)}</summary>`, ...blocks, "</details>"]
}

/** A fence longer than any run of backticks within. */
export function fenced(text: string, language: string): string {
  const shown = visible(text).replace(/\n$/, "")
  const longest = Math.max(2, ...[...shown.matchAll(/`+/g)].map(([run]) => run.length))
  const fence = "`".repeat(longest + 1)
  return `${fence}${language}\n${shown}\n${fence}`
}

function quotation(text: string): string {
  return lines(prose(text))
    .map((line) => `> ${line}`.trimEnd())
    .join("\n")
}

/** Markdown as the model wrote it, but that a fence left open is closed, tags are text and links lead nowhere odd. */
function prose(text: string): string {
  let fence = ""
  const made = lines(visible(text).trim()).map((line) => {
    const mark = /^ {0,3}(`{3,}|~{3,})/.exec(line)?.[1]
    if (fence !== "") {
      if (mark?.startsWith(fence) && line.trim() === mark) fence = ""
      return line
    }
    if (mark !== undefined) {
      fence = mark
      return line
    }
    return safeLine(line)
  })
  return [...made, ...(fence === "" ? [] : [fence])].join("\n")
}

/** Code spans stay; outside of them no tag opens and no link runs anything. */
function safeLine(line: string): string {
  return line
    .split(/(`[^`]*`)/)
    .map((part, at) => (at % 2 === 1 ? part : safeWords(part)))
    .join("")
}

function safeWords(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replace(/\]\((?!https?:\/\/|mailto:|[#./\w-]+\))/gi, "]\\(")
    .replace(/^( {0,3}\[[^\]]*\]):/, "$1\\:")
}

/** A text within a line: no mark of it means anything. */
function inline(text: string): string {
  return tag(text).replace(/[\\`*_[\]#|~]/g, "\\$&")
}

/** A text within a tag. */
function tag(text: string): string {
  return visible(text)
    .replace(/\s+/g, " ")
    .trim()
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
}

function span(text: string): string {
  const shown = visible(text).replace(/\s+/g, " ")
  const longest = Math.max(0, ...[...shown.matchAll(/`+/g)].map(([run]) => run.length))
  const ticks = "`".repeat(longest + 1)
  return longest > 0 ? `${ticks} ${shown} ${ticks}` : `${ticks}${shown}${ticks}`
}

function lines(text: string): string[] {
  return text.split("\n")
}
