import type { Node } from "web-tree-sitter"
import type { CompiledPattern, Pattern } from "./pattern.ts"

export interface Span {
  readonly start: number
  readonly end: number
}

export interface SyntaxMatch extends Span {
  /** What stands in each hole. */
  readonly holes: ReadonlyMap<string, Span>
}

/** Trying every way to share out many holes can take for ever; what is over this does not match. */
const STEPS_MAX = 20_000

/** Outermost matches in order; none lies in another. */
export function matchesIn(root: Node, { pattern, endsStatement }: CompiledPattern): readonly SyntaxMatch[] {
  const found: SyntaxMatch[] = []
  let free = 0
  for (const node of root.descendantsOfType(pattern.type)) {
    if (node === null || node.startIndex < free) continue
    const holes = new Matching().match(pattern, node, new Map())
    if (holes === undefined) continue
    // A statement's own end is left where the pattern has none.
    const keepsEnd = !endsStatement && node.text.endsWith(";")
    found.push({ start: node.startIndex, end: node.endIndex - (keepsEnd ? 1 : 0), holes: spansOf(holes) })
    free = node.endIndex
  }
  return found
}

interface Held extends Span {
  readonly text: string
}
type Holes = ReadonlyMap<string, Held>

const spansOf = (holes: Holes) => new Map([...holes].map(([name, { start, end }]) => [name, { start, end }]))

class Matching {
  #steps = 0

  match(pattern: Pattern, node: Node, holes: Holes): Holes | undefined {
    this.#steps += 1
    if (this.#steps > STEPS_MAX) return undefined
    switch (pattern.kind) {
      case "hole":
        return node.isNamed ? held(pattern.name, [node], holes) : undefined
      case "leaf":
        return node.type === pattern.type && node.text === pattern.text ? holes : undefined
      case "tree": {
        if (node.type !== pattern.type) return undefined
        return this.#row(pattern.children, childrenOf(node), holes)
      }
    }
  }

  /** Comments, and marks that the pattern does not have, may stand between. */
  #row(patterns: readonly Pattern[], nodes: readonly Node[], holes: Holes): Holes | undefined {
    const [first, ...rest] = patterns
    if (first === undefined) return nodes.every(isLight) ? holes : undefined
    if (first.kind === "hole" && first.isMany) return this.#many(first.name, rest, nodes, holes)
    const [node, ...others] = nodes
    if (node === undefined) return undefined
    const matched = this.match(first, node, holes)
    const whole = matched === undefined ? undefined : this.#row(rest, others, matched)
    return (
      whole ?? (isLight(node) ? this.#row(patterns, others, holes) : undefined) ?? this.#none(patterns, nodes, holes)
    )
  }

  /** A comma and no number of pieces behind it: `f(a)` for `f($A, $$$REST)`. */
  #none([mark, many, ...rest]: readonly Pattern[], nodes: readonly Node[], holes: Holes): Holes | undefined {
    if (!isComma(mark) || many?.kind !== "hole" || !many.isMany) return undefined
    const empty = held(many.name, [], holes)
    return empty === undefined ? undefined : this.#row(rest, nodes, empty)
  }

  /** As few as will do. With none, the mark that would part them from what follows is not there either. */
  #many(name: string, rest: readonly Pattern[], nodes: readonly Node[], holes: Holes): Holes | undefined {
    for (let count = 0; count <= nodes.length && this.#steps <= STEPS_MAX; count++) {
      const taken = held(name, nodes.slice(0, count), holes)
      if (taken === undefined) continue
      const whole = this.#row(rest, nodes.slice(count), taken)
      if (whole !== undefined) return whole
      const [mark, ...others] = rest
      if (count > 0 || !isComma(mark)) continue
      const without = this.#row(others, nodes, taken)
      if (without !== undefined) return without
    }
    return undefined
  }
}

const isComma = (pattern: Pattern | undefined) => pattern?.kind === "leaf" && !pattern.isNamed && pattern.text === ","
const childrenOf = (node: Node) => node.children.filter((child) => child !== null)
const isLight = (node: Node) => !node.isNamed || node.isExtra

/** A name that stands twice holds the same words twice. */
function held(name: string, nodes: readonly Node[], holes: Holes): Holes | undefined {
  if (name.startsWith("_")) return holes
  const [first, last] = [nodes[0], nodes.at(-1)]
  const text = nodes.map((node) => node.text).join(" ")
  const known = holes.get(name)
  if (known !== undefined) return known.text === text ? holes : undefined
  return new Map(holes).set(name, { start: first?.startIndex ?? 0, end: last?.endIndex ?? 0, text })
}
