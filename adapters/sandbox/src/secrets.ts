import { readdirSync } from "node:fs"
import { join } from "node:path"
import { HOMES, secretStores } from "@skein/core/ports"
import { reach } from "./paths.ts"

/** Paths no command may see, there or not. `extra` are the host's own: where skein keeps its data and settings. */
export function hiddenPaths(home: string | undefined, extra: readonly string[]): readonly string[] {
  const others = HOMES.parents.flatMap((parent) =>
    (reach(() => readdirSync(parent)) ?? []).map((name) => join(parent, name)),
  )
  return [...secretStores([...(home === undefined ? [] : [home]), HOMES.root, ...others]), ...extra]
}
