import { lazy } from "@skein/protocol"

const definition = lazy(
  () => /^ {0,3}\[[^\][]{1,200}\]:[ \t]*\S{1,2000}(?:[ \t]+(?:"[^"]*"|'[^']*'|\([^()]*\)))?[ \t]*$/,
)

/** The definitions of links that a block begins with, and what is left of it. */
export function definitionsOf(source: string): { readonly definitions: readonly string[]; readonly rest: string } {
  const lines = source.split("\n")
  let count = 0
  while (count < lines.length && definition().test(lines[count] ?? "")) count += 1
  return { definitions: lines.slice(0, count), rest: count === 0 ? source : lines.slice(count).join("\n") }
}
