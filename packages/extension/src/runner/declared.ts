import type { Extension, HookEvent, InputSchema } from "../index.ts"
import type { Declarations } from "../wire.ts"

/** What a module exports as an extension. Throws an Error that says what is missing. */
export function extensionIn(module: { readonly default?: unknown; readonly extension?: unknown }): Extension {
  const found = module.default ?? module.extension
  if (typeof found !== "object" || found === null)
    throw new Error(
      "The module exports no extension: export const extension = defineExtension({ tools: [], commands: [], hooks: {} })",
    )
  return found
}

/** Everything of an extension that is no code. */
export function declarationsOf({ tools = [], commands = [], hooks = {} }: Extension): Declarations {
  return {
    tools: tools.map(({ name, description, input, effects, timeoutMs }) => ({
      ...{ name, description, inputSchema: schemaOf(input) },
      ...{ effects, timeoutMs },
    })),
    commands: commands.map(({ name, summary, usage = "" }) => ({ name, summary, usage })),
    hooks: (Object.keys(hooks) as HookEvent[]).map((event) => {
      const hook = hooks[event]
      return { event, match: typeof hook === "object" ? hook.match : undefined }
    }),
  }
}

function schemaOf(input: InputSchema): object {
  const { toJSONSchema } = input
  return typeof toJSONSchema === "function" ? toJSONSchema.call(input) : input
}
