/** A part of a text: `to` is after its last character. */
export interface Span {
  readonly from: number
  readonly to: number
}

/**
 * Where the elements of a list stand in JSON that is known to be whole, and what is between the list's brackets. `key` is
 * the list's name in the outermost object; of several of one name the last, as parsers have it.
 */
export function elementsOf(json: string, key: string): { readonly elements: readonly Span[]; readonly inside: Span } {
  let list: number | undefined
  for (const { name, from } of members(json)) if (name === key) list = from
  if (list === undefined || json[list] !== "[") throw new Error(`The JSON has no list ${key}.`)
  const elements: Span[] = []
  let at = spaceAfter(json, list + 1)
  while (json[at] !== "]") {
    const to = valueEnd(json, at)
    elements.push({ from: at, to })
    at = spaceAfter(json, to)
    if (json[at] === ",") at = spaceAfter(json, at + 1)
  }
  return { elements, inside: { from: list + 1, to: at } }
}

/** The members of the outermost object: their names, and where their values begin. */
function* members(json: string): Generator<{ readonly name: unknown; readonly from: number }> {
  let at = spaceAfter(json, json.indexOf("{") + 1)
  while (json[at] === '"') {
    const end = valueEnd(json, at)
    const from = spaceAfter(json, json.indexOf(":", end) + 1)
    yield { name: JSON.parse(json.slice(at, end)), from }
    at = spaceAfter(json, valueEnd(json, from))
    if (json[at] === ",") at = spaceAfter(json, at + 1)
  }
}

function spaceAfter(json: string, from: number): number {
  let at = from
  while (at < json.length && " \t\r\n".includes(json.charAt(at))) at += 1
  return at
}

/** Where the value that begins here ends. */
function valueEnd(json: string, from: number): number {
  const first = json.charAt(from)
  if (first === '"') return textEnd(json, from) + 1
  if (first === "{" || first === "[") return nestedEnd(json, from)
  let at = from
  while (at < json.length && !",]} \t\r\n".includes(json.charAt(at))) at += 1
  return at
}

function nestedEnd(json: string, from: number): number {
  let depth = 0
  for (let at = from; at < json.length; at += 1) {
    const sign = json.charAt(at)
    if (sign === '"') at = textEnd(json, at)
    else if (sign === "{" || sign === "[") depth += 1
    else if (sign === "}" || sign === "]") depth -= 1
    if (depth === 0) return at + 1
  }
  return json.length
}

/** Where its closing quote stands. */
function textEnd(json: string, from: number): number {
  let at = from + 1
  while (at < json.length && json[at] !== '"') at += json[at] === "\\" ? 2 : 1
  return at
}
