import { defineExtension, defineTool } from "@skein/extension"
import { generatedAt, isGenerated } from "./generated.ts"

const madeBy = defineTool({
  name: "made_by",
  description: "Say whether a file is generated, by the words at its head or by .gitattributes, and what makes it.",
  input: {
    type: "object",
    properties: { path: { type: "string", description: "of a file in the workspace" } },
    required: ["path"],
  },
  effects: ["read"],
  async run({ path }, { cwd }) {
    const why = await generatedAt(cwd, path)
    return why === undefined ? `${path} is written by hand.` : `${path} is generated: ${why}`
  },
})

export const extension = defineExtension({
  tools: [madeBy],
  commands: [
    {
      name: "regenerate",
      summary: "Make a generated file anew from its source",
      usage: "<file>",
      async run(args, { cwd }) {
        const path = args.trim()
        const why = await generatedAt(cwd, path)
        if (why === undefined) throw new Error(`${path} is not generated. Name one that is.`)
        return `${path} is generated: ${why}\nFind what makes it, change that where it has to be, and make the file anew.`
      },
    },
  ],
  hooks: {
    PreToolUse: {
      match: "edit|multiedit|advanced_edit|write|apply_patch",
      async run({ input, cwd }, { storage }) {
        const { path } = input
        if (typeof path !== "string" || !(await isGenerated(cwd, path))) return undefined
        await storage.set("refused", Number((await storage.get("refused")) ?? 0) + 1)
        const reason = `${path} is generated: an edit is lost when it is made anew. Ask made_by, and change its source.`
        return { decision: "deny", reason }
      },
    },
  },
})
