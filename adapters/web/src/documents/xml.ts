import { Parser } from "htmlparser2"

export interface XmlNode {
  /** Without its prefix: `p` of `w:p`. */
  readonly name: string
  readonly attributes: Readonly<Record<string, string>>
  readonly children: (XmlNode | string)[]
}

const NODES_MAX = 2_000_000
const DEPTH_MAX = 256

/** Reads XML without its prefixes. Entities other than XML's own stay as they are written: none is ever expanded. */
export function xmlOf(bytes: Uint8Array): XmlNode {
  const root: XmlNode = { name: "", attributes: {}, children: [] }
  const open: XmlNode[] = [root]
  let nodes = 0
  let skipped = 0
  const parser = new Parser(
    {
      onopentag(tag, attributes) {
        nodes += 1
        if (open.length >= DEPTH_MAX || nodes > NODES_MAX) {
          skipped += 1
          return
        }
        const bare = Object.entries(attributes).map(([name, value]) => [plain(name), value] as const)
        const node = { name: plain(tag), attributes: Object.fromEntries(bare), children: [] }
        open.at(-1)?.children.push(node)
        open.push(node)
      },
      ontext(text) {
        if (skipped === 0) open.at(-1)?.children.push(text)
      },
      onclosetag() {
        if (skipped > 0) skipped -= 1
        else open.pop()
      },
    },
    { xmlMode: true, decodeEntities: true },
  )
  parser.end(new TextDecoder().decode(bytes))
  return root
}

const plain = (name: string) => name.slice(name.indexOf(":") + 1)

/** All nodes of these names, in order; what is inside of one is not looked through. */
export function all(node: XmlNode, ...names: readonly string[]): readonly XmlNode[] {
  return node.children.flatMap((child) =>
    typeof child === "string" ? [] : names.includes(child.name) ? [child] : all(child, ...names),
  )
}

export function first(node: XmlNode | undefined, name: string): XmlNode | undefined {
  return node === undefined ? undefined : all(node, name)[0]
}

/** All text in it. */
export function textIn(node: XmlNode): string {
  return node.children.map((child) => (typeof child === "string" ? child : textIn(child))).join("")
}
