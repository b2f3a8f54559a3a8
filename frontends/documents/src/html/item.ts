import { hostedWords, type InputPart, type Item } from "@skein/protocol"
import { type Acted, diffsOf, factsOf, inputText, isSuccess, outputText, personsCommand, targetOf } from "../story.ts"
import { diffHtml } from "./diff.ts"
import { escaped } from "./escape.ts"
import { proseHtml } from "./prose.ts"

/** One item of a session, as it stands on the page; empty when there is nothing to show. */
export function itemHtml(item: Item): string {
  switch (item.kind) {
    case "user_message":
      if (item.input.length === 0) return ""
      return `<section class="said${item.isSteer ? " steer" : ""}">${item.input.map(partHtml).join("\n")}</section>`
    case "agent_message":
      if (item.status === "discarded" || item.text.trim() === "") return ""
      return `<section class="answer">${proseHtml(item.text)}</section>`
    case "reasoning":
      if (item.status === "discarded" || item.text.trim() === "") return ""
      return folded("quiet", "thought", proseHtml(item.text))
    case "hosted_call":
      if (item.isDiscarded) return ""
      return folded("quiet", hostedWords(item), plain(item.sources.map(({ url }) => url).join("\n")))
    case "tool_call":
      return callHtml(item)
    case "shell":
      return callHtml(personsCommand(item))
    case "compaction":
      if (item.summary === undefined) return ""
      return folded("quiet", "older context was summarised", proseHtml(item.summary))
    case "context":
      return item.sections
        .map(({ source, path, text }) => folded("quiet", `context · ${path ?? source}`, plain(text)))
        .join("\n")
    case "notice":
      return `<p class="notice ${item.level}">${escaped(item.text)}</p>`
  }
}

function folded(style: string, summary: string, body: string): string {
  return `<details class="${style}"><summary>${escaped(summary)}</summary><div class="body">${body}</div></details>`
}

/** Pictures of other kinds could be programs; text of another kind than base64 could be anything. */
const PICTURE = /^image\/(?:png|jpeg|gif|webp)$/
const BASE64 = /^[A-Za-z0-9+/\s]+={0,2}\s*$/

function partHtml(part: InputPart): string {
  if (part.type === "text") return proseHtml(part.text)
  const name = escaped(part.name ?? "picture")
  if (!PICTURE.test(part.mediaType) || !BASE64.test(part.data)) return `<p class="notice">[${name}]</p>`
  return `<img alt="${name}" src="data:${part.mediaType};base64,${part.data.replace(/\s/g, "")}">`
}

const MARKS = { success: "✓", error: "✗", cancelled: "✗" } as const
/** Longer ones stay folded, so that a page can be skimmed. */
const OPEN_DIFF_LINES_MAX = 24

function callHtml(call: Acted): string {
  const mark = MARKS[call.state as keyof typeof MARKS] ?? "◌"
  const diffs = diffsOf(call)
  const lines = diffs.reduce((sum, diff) => sum + diff.split("\n").length, 0)
  const isOpen = diffs.length > 0 && lines <= OPEN_DIFF_LINES_MAX && isSuccess(call)
  const head = [
    `<span class="mark">${mark}</span>`,
    `<span class="name">${escaped(call.name)}</span>`,
    `<span class="title">${escaped(targetOf(call))}</span>`,
    `<span class="facts">${escaped(factsOf(call).join(" · "))}</span>`,
  ]
  const body = bodyOf(call, diffs)
  const style = `call ${call.state}`
  if (body === "") return `<div class="${style}"><div class="head">${head.join("")}</div></div>`
  const open = isOpen ? " open" : ""
  return `<details class="${style}"${open}><summary>${head.join("")}</summary><div class="body">${body}</div></details>`
}

function bodyOf(call: Acted, diffs: readonly string[]): string {
  const input = inputText(call)
  const output = outputText(call)
  const isSaid = input.trim() === call.title.trim()
  const images = (call.result?.forModel ?? []).filter((block) => block.type === "image")
  return [
    ...(input === "" || isSaid ? [] : [`<pre class="input">${escaped(input)}</pre>`]),
    ...diffs.map(diffHtml),
    ...(output.trim() === "" ? [] : [plain(output)]),
    ...images.map(partHtml),
  ].join("\n")
}

function plain(text: string): string {
  return `<pre>${escaped(text.replace(/\n$/, ""))}</pre>`
}
