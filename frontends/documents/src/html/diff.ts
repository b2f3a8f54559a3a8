import { escaped } from "./escape.ts"

/** A diff, each line with what it means. */
export function diffHtml(diff: string): string {
  const lines = diff.replace(/\n$/, "").split("\n").map(line)
  return `<pre class="diff">${lines.join("")}</pre>`
}

function line(text: string): string {
  return `<span class="${kindOf(text)}">${escaped(text)}\n</span>`
}

function kindOf(line: string): string {
  if (/^(\+\+\+|---)( |$)|^\*\*\* |^(diff|index|new file|deleted file) /.test(line)) return "file"
  if (line.startsWith("@@")) return "hunk"
  return line.startsWith("+") ? "add" : line.startsWith("-") ? "del" : "same"
}
