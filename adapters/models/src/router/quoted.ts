import type { WrittenCall } from "./forms.ts"

/**
 * Whether a block of a reply stands in what the model was given. It may come back in another layout than a tool showed it
 * in, as with numbers before its lines, with the marks of a diff, as JSON in JSON or as HTML; and in another wrapping. So only
 * letters are compared. Two calls that differ in nothing but numbers and signs count as one: the model is then not
 * understood, which is the lesser evil.
 */
export function quoting(given: readonly string[]): (source: string, calls: readonly WrittenCall[]) => boolean {
  const texts = given.map(letters)
  return (source, calls) => {
    const wanted = [source, jsonIn(source), ...calls.flatMap(spellings)].map(letters).filter((one) => one !== "")
    return texts.some((text) => wanted.some((one) => text.includes(one)))
  }
}

/** The JSON that a mark wraps, when it names the tool: arguments by themselves may well be alike. */
function jsonIn(source: string): string {
  const json = /[{[][\s\S]*[}\]]/.exec(source)?.[0] ?? ""
  return /"(?:name|function|tool|tool_name)"/.test(json) ? json : ""
}

function spellings({ name, arguments: input }: WrittenCall): readonly string[] {
  return ["arguments", "parameters", "args", "input"].flatMap((key) => [
    JSON.stringify({ name, [key]: input }),
    JSON.stringify({ [key]: input, name }),
  ])
}

/** Where a search found a line, escapes of JSON, and entities of HTML: they would put letters between letters. */
const FOREIGN = /^[^\s:]{1,200}[:-]\d+[:-]|\\u[0-9a-f]{4}|\\[bfnrt]|&(?:#\w{1,6}|[a-z]{2,6});/gim

function letters(text: string): string {
  return text.replace(FOREIGN, "").replace(/\P{L}+/gu, "")
}
