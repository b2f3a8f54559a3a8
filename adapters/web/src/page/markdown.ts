import type { Element } from "./tree.ts"

export interface MarkdownOptions {
  /** What addresses in the page are seen from. */
  readonly base: string
  /** Marks of Markdown, links and pictures; without, the words alone. */
  readonly isMarked: boolean
}

/** A page as Markdown, or as plain text in the same layout. */
export function markdownOf(root: Element, options: MarkdownOptions): string {
  const text = blocks(root.children, options).join("\n\n")
  return text
    .replace(/[ \t]+$/gm, "")
    .replace(/\n{3,}/g, "\n\n")
    .trim()
}

const BLOCKS: ReadonlySet<string> = new Set([
  ...["address", "article", "aside", "blockquote", "body", "center", "dd", "details", "div", "dl", "dt", "fieldset"],
  ...[
    "figcaption",
    "figure",
    "footer",
    "form",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "head",
    "header",
    "hr",
    "html",
    "li",
  ],
  ...[
    "main",
    "nav",
    "ol",
    "p",
    "pre",
    "section",
    "summary",
    "table",
    "tbody",
    "td",
    "tfoot",
    "th",
    "thead",
    "tr",
    "ul",
  ],
])

/** Blocks of these children; what stands between blocks is a paragraph. */
function blocks(children: Element["children"], options: MarkdownOptions): readonly string[] {
  const out: string[] = []
  let line: Element["children"] = []
  const flush = () => {
    const text = inline(line, options).trim()
    if (text !== "") out.push(text)
    line = []
  }
  for (const child of children) {
    if (typeof child === "string" || !isBlock(child)) line.push(child)
    else {
      flush()
      const text = block(child, options)
      if (text.trim() !== "") out.push(text)
    }
  }
  flush()
  return out
}

/** An element without a layout of its own is a block when something in it is one. */
function isBlock(element: Element): boolean {
  return BLOCKS.has(element.tag) || element.children.some((child) => typeof child !== "string" && isBlock(child))
}

function block(element: Element, options: MarkdownOptions): string {
  const { tag, children } = element
  const inner = () => blocks(children, options).join("\n\n")
  switch (tag) {
    case "h1":
    case "h2":
    case "h3":
    case "h4":
    case "h5":
    case "h6": {
      const text = inline(children, options).trim()
      return options.isMarked && text !== "" ? `${"#".repeat(Number(tag[1]))} ${text}` : text
    }
    case "pre":
      return codeBlock(element, options)
    case "blockquote":
      return options.isMarked ? prefixed(inner(), "> ", "> ") : inner()
    case "ul":
    case "ol":
      return list(element, options)
    case "table":
      return table(element, options)
    case "hr":
      return options.isMarked ? "---" : ""
    case "dt":
      return options.isMarked ? strong(inline(children, options)) : inline(children, options).trim()
    case "dd":
      return prefixed(inner(), "  ", "  ")
    default:
      return inner()
  }
}

function prefixed(text: string, first: string, rest: string): string {
  return text
    .split("\n")
    .map((line, at) => `${at === 0 ? first : line === "" ? rest.trimEnd() : rest}${line}`)
    .join("\n")
}

function codeBlock(element: Element, { isMarked }: MarkdownOptions): string {
  const text = rawText(element).replace(/^\n/, "").trimEnd()
  if (!isMarked) return text
  const code = element.children.find((child) => typeof child !== "string" && child.tag === "code")
  const names = `${element.attributes.class ?? ""} ${typeof code === "object" ? (code.attributes.class ?? "") : ""}`
  const language = /(?:^|\s)(?:language|lang|highlight-source|brush:)-?\s*([\w+#-]{1,20})/i.exec(names)?.[1] ?? ""
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([ticks]) => ticks.length))
  const fence = "`".repeat(longest + 1)
  return `${fence}${language}\n${text}\n${fence}`
}

function list(element: Element, options: MarkdownOptions): string {
  let number = Number(element.attributes.start ?? 1) || 1
  const items = element.children.flatMap((child) => {
    if (typeof child === "string" || child.tag !== "li") {
      const text = typeof child === "string" ? child.trim() : block(child, options).trim()
      return text === "" ? [] : [prefixed(text, "  ", "  ")]
    }
    const mark = element.tag === "ol" ? `${number++}. ` : "- "
    // What belongs together stays together: no empty line within an item.
    const text = blocks(child.children, options).join("\n")
    return text === "" ? [] : [prefixed(text, mark, " ".repeat(mark.length))]
  })
  return items.join("\n")
}

const COLUMNS_MAX = 50

function table(element: Element, options: MarkdownOptions): string {
  const rows = rowsOf(element).map((row) =>
    row.children.flatMap((cell) =>
      typeof cell === "string" || (cell.tag !== "td" && cell.tag !== "th")
        ? []
        : [blocks(cell.children, options).join(" ").replace(/\s+/g, " ").trim()],
    ),
  )
  const columns = Math.min(COLUMNS_MAX, Math.max(0, ...rows.map((row) => row.length)))
  // Tables of one column are how pages were laid out once.
  if (columns < 2) return rows.flat().filter(Boolean).join("\n\n")
  if (!options.isMarked) return rows.map((row) => row.join("\t")).join("\n")
  const line = (cells: readonly string[]) =>
    `| ${Array.from({ length: columns }, (_, at) => (cells[at] ?? "").replaceAll("|", "\\|")).join(" | ")} |`
  const [head = [], ...body] = rows
  return [line(head), line(Array.from({ length: columns }, () => "---")), ...body.map(line)].join("\n")
}

/** Not those of tables inside. */
function rowsOf(element: Element): readonly Element[] {
  return element.children.flatMap((child) =>
    typeof child === "string" ? [] : child.tag === "tr" ? [child] : SECTIONS.has(child.tag) ? rowsOf(child) : [],
  )
}

const SECTIONS: ReadonlySet<string> = new Set(["thead", "tbody", "tfoot"])

function inline(children: Element["children"], options: MarkdownOptions): string {
  return children
    .map((child) => (typeof child === "string" ? child.replace(/[\s\u00a0]+/g, " ") : inlineOf(child, options)))
    .join("")
    .replace(/ {2,}/g, " ")
    .replace(/ ?\n ?/g, "\n")
}

function inlineOf(element: Element, options: MarkdownOptions): string {
  const { tag, children, attributes } = element
  const text = () => inline(children, options)
  if (tag === "br") return "\n"
  if (tag === "img") return options.isMarked ? picture(attributes, options) : (attributes.alt ?? "")
  if (!options.isMarked) return text()
  switch (tag) {
    case "a":
      return link(text(), attributes.href, options)
    case "strong":
    case "b":
      return strong(text())
    case "em":
    case "i":
      return wrapped(text(), "*")
    case "code":
    case "kbd":
    case "samp":
    case "tt":
      return ticked(rawText(element))
    case "del":
    case "s":
      return wrapped(text(), "~~")
    default:
      return text()
  }
}

const strong = (text: string) => wrapped(text, "**")

/** Marks stand at words, spaces beside them. */
function wrapped(text: string, mark: string): string {
  const [, before = "", inner = "", after = ""] = /^(\s*)(.*?)(\s*)$/s.exec(text) ?? []
  return inner === "" ? text : `${before}${mark}${inner}${mark}${after}`
}

function ticked(text: string): string {
  const plain = text.replace(/\s+/g, " ")
  if (plain.trim() === "") return plain
  return plain.includes("`") ? `\`\` ${plain} \`\`` : `\`${plain}\``
}

const ADDRESS_CHARS_MAX = 500

function link(text: string, href: string | undefined, { base }: MarkdownOptions): string {
  const address = seenFrom(href, base)
  const label = text.trim()
  if (address === undefined || label === "") return text
  if (label === address) return `<${address}>`
  return `[${label.replace(/\n+/g, " ")}](${address})`
}

function picture({ alt = "", src }: Readonly<Record<string, string>>, { base }: MarkdownOptions): string {
  const address = seenFrom(src, base)
  return alt.trim() === "" || address === undefined ? alt.trim() : `![${alt.replace(/\s+/g, " ").trim()}](${address})`
}

/** Absolute; undefined for what is no address of the web, and for one too long to be worth its room. */
function seenFrom(href: string | undefined, base: string): string | undefined {
  if (href === undefined || href.startsWith("#") || !URL.canParse(href, base)) return undefined
  const url = new URL(href, base)
  const isOfWeb = url.protocol === "http:" || url.protocol === "https:" || url.protocol === "mailto:"
  const text = url.href.replaceAll("(", "%28").replaceAll(")", "%29")
  return isOfWeb && text.length <= ADDRESS_CHARS_MAX ? text : undefined
}

function rawText(element: Element): string {
  return element.children
    .map((child) => (typeof child === "string" ? child : child.tag === "br" ? "\n" : rawText(child)))
    .join("")
}
