import { join } from "node:path"
import { toolsPage } from "./tools-page.ts"

// Writes docs/tools.md anew from the tools' own declarations; a test says when that is due.
await Bun.write(join(import.meta.dir, "../../../docs/tools.md"), toolsPage())
