import * as z from "@skein/protocol/schema"
import { defineTool } from "../define.ts"
import { countOf } from "./glob.ts"
import { onOneLine } from "./ripgrep.ts"
import { type ListedFolder, planFolder } from "./scope.ts"

interface ListInput {
  readonly path: string
  readonly limit: number
}

export const list = defineTool<ListInput, ListedFolder>({
  name: "list",
  description: "List a folder, sorted; folders end in `/`, links in `@`.",
  input: () => z.strictObject({ path: z.string().default("."), limit: z.int().min(1).max(2_000).default(500) }),
  kind: "read",
  effects: ["read"],
  canBeLayered: true,
  isConcurrent: true,
  title: ({ path }) => `list ${path}`,
  paths: ({ path }) => [path],
  plan: ({ path }, world, context) => planFolder(path, world, context),
  async run({ limit }, { files }, _context, folder) {
    const entries = await files.list(folder.path)
    const names = entries.map(({ name, kind }) => onOneLine(name) + (MARKS[kind] ?? "")).toSorted()
    const shown = names.slice(0, limit)
    const more = names.length - shown.length
    const isOwn = folder.isInside && !folder.isVendored
    const lines = names.length === 0 ? ["(empty)"] : [...shown, ...(more > 0 ? [`(${more} more)`] : [])]
    return {
      forModel: [{ type: "text", text: lines.join("\n") }],
      forHuman: {
        kind: "listing",
        body: lines.join("\n"),
        summary: countOf(names.length, "entrie").replace(/entrie$/, "entry"),
      },
      provenance: isOwn ? { source: "workspace", isTrusted: true } : { source: folder.path, isTrusted: false },
    }
  },
})

const MARKS: Readonly<Record<string, string>> = { directory: "/", link: "@", other: "=" }
