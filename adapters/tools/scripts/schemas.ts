import { join } from "node:path"
import { BUILTINS } from "../src/builtins.ts"
import { schemaOf } from "../src/input/schema.ts"

// Writes src/schemas.ts anew from the tools' own schemas; a test says when that is due.
const rows = BUILTINS.map((tool) => `  ${tool.name}: ${JSON.stringify(schemaOf(tool))},`)
const text = `import type { JsonSchema } from "./input/lenient.ts"

/**
 * The built-in tools' inputs as JSON Schema, generated from their zod schemas by \`scripts/schemas.ts\`: building them at
 * start would cost more than starting. A test compares the two.
 */
// biome-ignore format: a tool a line, as it is generated.
export const SCHEMAS: Readonly<Record<string, JsonSchema>> = {
${rows.join("\n")}
}
`
const path = join(import.meta.dir, "../src/schemas.ts")
await Bun.write(path, text)
await Bun.spawn([
  process.execPath,
  join(import.meta.dir, "../../../node_modules/@biomejs/biome/bin/biome"),
  "format",
  "--write",
  path,
]).exited
