/** A piece of a document: text, or an element by its HTML name. */
export type MarkdownNode = string | MarkdownElement

/** A node of what Markdown was read as. */
export interface MarkdownElement {
  readonly type: string
  readonly children: readonly MarkdownNode[]
  readonly href?: string | undefined
  readonly alt?: string | undefined
  readonly language?: string | undefined
  readonly align?: string | undefined
  readonly start?: number | undefined
  readonly isChecked?: boolean | undefined
}

/** CommonMark with GFM's tables, strikethrough, checkboxes and bare links. Nothing of it is ever run or fetched. */
export function parseMarkdown(text: string): readonly MarkdownNode[] {
  const root: unknown = Bun.markdown.react(text, undefined, { autolinks: true })
  return childrenOf(propsOf(root).children, 0)
}

/** Deeper nesting is nobody's answer; it is left out, as the stack has an end too. */
const DEPTH_MAX = 60

function childrenOf(children: unknown, depth: number): readonly MarkdownNode[] {
  if (!Array.isArray(children) || depth > DEPTH_MAX) return []
  const nodes: MarkdownNode[] = []
  for (const child of children) {
    const last = nodes.at(-1)
    if (typeof child !== "string") nodes.push(elementOf(child, depth))
    // Text comes in pieces: whether a character hides something is seen by its neighbours.
    else if (typeof last === "string") nodes[nodes.length - 1] = last + child
    else nodes.push(child)
  }
  return nodes
}

function elementOf(value: unknown, depth: number): MarkdownElement {
  const props = propsOf(value)
  const type = isRecord(value) && typeof value.type === "string" ? value.type : "span"
  return {
    type,
    children: childrenOf(props.children, depth + 1),
    href: text(props.href) ?? text(props.src),
    alt: text(props.alt),
    language: text(props.language),
    align: text(props.align),
    start: typeof props.start === "number" ? props.start : undefined,
    isChecked: typeof props.checked === "boolean" ? props.checked : undefined,
  }
}

function propsOf(value: unknown): Readonly<Record<string, unknown>> {
  const props = isRecord(value) ? value.props : undefined
  return isRecord(props) ? props : {}
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null
}

function text(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined
}

/** What would be read aloud. */
export function plainText(nodes: readonly MarkdownNode[]): string {
  return nodes.map((node) => (typeof node === "string" ? node : plainText(node.children))).join("")
}
