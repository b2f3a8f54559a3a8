import type { ServerRow } from "./row.ts"
import { SCRIPTING_ROWS } from "./rows-scripting.ts"
import { SYSTEMS_ROWS } from "./rows-systems.ts"
import { WEB_ROWS } from "./rows-web.ts"

/** Servers that are known without configuration. For a file the first whose language it is counts. */
export const SERVER_ROWS: readonly ServerRow[] = [...WEB_ROWS, ...SCRIPTING_ROWS, ...SYSTEMS_ROWS]
